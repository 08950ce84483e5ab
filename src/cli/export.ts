import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode, JournalDamage, wordsOf } from '../ledger/faults.ts';
import type { VerifiedLine } from '../ledger/verify-journal.ts';
import { count } from './count.ts';
import { csvHead, csvLine } from './csv.ts';
import { type Outcome, readJournal, restLines } from './journal.ts';
import { readOptions } from './options.ts';
import { ends, type Job, type Place, say, WrongUsage } from './place.ts';

/** How the facts are written down. */
interface Format {
  readonly head: string;
  readonly row: (line: VerifiedLine) => string | Uint8Array;
}

const newline = Buffer.from('\n');

const formats = {
  jsonl: async (): Promise<Format> => ({ head: '', row: ({ bytes }) => Buffer.concat([bytes, newline]) }),
  csv: async ({ sentences }: Place): Promise<Format> => {
    const sentenceOf = await sentences();
    return { head: csvHead, row: ({ record }) => csvLine(record, sentenceOf) };
  },
};

const isFormat = (name: string): name is keyof typeof formats => Object.hasOwn(formats, name);

/** Makes a file for its owner only. */
const createFile = async (path: string): Promise<Writable> => {
  try {
    return (await open(path, 'wx', 0o600)).createWriteStream();
  } catch (error) {
    throw new WrongUsage(
      errorCode(error) === 'EEXIST'
        ? `${path} is there already and is never overwritten: give --out another name`
        : `the file of --out cannot be made (${wordsOf(error)})`,
    );
  }
};

const wordsFor = (facts: number, outcome: Outcome): readonly string[] =>
  outcome instanceof JournalDamage
    ? [`The export stopped at damage; good before it: ${count(facts, 'fact')}.`, `${outcome.message}.`]
    : [`${count(facts, 'fact')} exported; chain and keys are good.`, ...restLines(outcome)];

const exportFacts =
  (name: keyof typeof formats, path: string | undefined): Job =>
  async (ledger, place) => {
    const { head, row } = await formats[name](place);
    const read: { facts: number; outcome?: Outcome } = { facts: 0 };
    const lines = async function* () {
      read.outcome = yield* readJournal(ledger);
    };
    const rows = async function* () {
      if (head !== '') yield head;
      for await (const line of lines()) {
        read.facts += 1;
        yield row(line);
      }
    };
    const out = path === undefined ? place.stdout : await createFile(path);
    await pipeline(rows, out, { end: path !== undefined }).catch((cause: unknown) => {
      if (errorCode(cause) !== 'EPIPE') throw cause;
      throw new Error('the output was closed before all facts were written', { cause });
    });
    if (read.outcome === undefined) throw new Error('the output ended before all facts were written');
    say(place.stderr, wordsFor(read.facts, read.outcome));
    return read.outcome instanceof JournalDamage ? ends.damage : ends.fine;
  };

/** `audit export`: all facts in order, each verified before it is written. */
export const readExport = async (args: readonly string[]): Promise<Job> => {
  const values = readOptions(args, ['format', 'out']);
  const format = values('format').at(-1) ?? 'jsonl';
  if (!isFormat(format)) throw new WrongUsage('--format should be jsonl or csv');
  return exportFacts(format, values('out').at(-1));
};
