import { readLedgerConfig } from '../config/ledger.ts';
import { problemText } from '../config.ts';
import { wordsOf } from '../ledger/faults.ts';
import { readExport } from './export.ts';
import { journalProblems } from './journal.ts';
import { type End, ends, type Job, type Place, say, WrongUsage } from './place.ts';
import { readVerify } from './verify.ts';

const usage = `Usage:

  portcullis audit verify [--anchor SEQ:HASH]... [--anchors FILE]...
      Verifies every line of the ledger: chain, keys and order. An anchor is the SEQ:HASH at the
      end of an audit post; FILE holds pasted or exported posts, or one anchor a line.
      Without an anchor only the bot's last checkpoint (state.json) shows whether facts were cut
      off at the end, and whoever cuts them off can change that too.

  portcullis audit export [--format jsonl|csv] [--out FILE]
      Writes all facts to standard output or into a new FILE: as they stand in the ledger (jsonl,
      one a line) or for spreadsheets (csv). Each fact is verified before it is written.

  portcullis help

DATA_DIR, AUDIT_KEY and AUDIT_KEYS_OLD are read from the environment and from .env in the working
directory. The bot may be running meanwhile.

Ends: 0 all is well, 64 wrong usage, 65 the ledger is damaged or not what an anchor says,
78 configuration, 1 anything else.
`;

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<Job>>> = {
  'audit verify': readVerify,
  'audit export': readExport,
};

const asksForHelp = (args: readonly string[]): boolean =>
  args[0] === 'help' || args.includes('--help') || args.includes('-h');

/** @throws {WrongUsage} */
const readCommand = (args: readonly string[]): Promise<Job> => {
  const name = args.slice(0, 2).join(' ');
  const read = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (read !== undefined) return read(args.slice(2));
  throw new WrongUsage(name === '' ? 'a command is missing' : `there is no command "${name}"`);
};

const run = async (args: readonly string[], place: Place): Promise<End> => {
  const job = await readCommand(args);
  const read = readLedgerConfig(place.env);
  const problems = [...place.unread, ...(read.ok ? await journalProblems(read.ledger) : read.problems)];
  if (read.ok && problems.length === 0) return job(read.ledger, place);
  place.stderr.write(`${problemText(problems)}\n`);
  return ends.configuration;
};

/**
 * The commands of the terminal.
 * @param args what stands behind `portcullis`
 */
export const portcullis = async (args: readonly string[], place: Place): Promise<End> => {
  if (asksForHelp(args)) {
    place.stdout.write(usage);
    return ends.fine;
  }
  try {
    return await run(args, place);
  } catch (error) {
    if (error instanceof WrongUsage) {
      say(place.stderr, [`portcullis: ${error.message}.`]);
      place.stderr.write(`\n${usage}`);
      return ends.usage;
    }
    say(place.stderr, [`portcullis could not finish: ${wordsOf(error)}.`]);
    return ends.other;
  }
};
