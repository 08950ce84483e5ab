import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Problem } from '../config/problems.ts';
import { type LedgerConfig, variables } from '../config.ts';
import { forTerminal } from '../domain/text.ts';
import { type AuditOptions, auditJournal, checkpointOf, journalPath } from '../ledger/audit-journal.ts';
import { errorCode, JournalDamage } from '../ledger/faults.ts';
import type { JournalEnd, VerifiedLine } from '../ledger/verify-journal.ts';
import type { Anchor } from './anchors.ts';
import { count } from './count.ts';

/** How the reading ended: at the end of the journal, or at damage. */
export type Outcome = JournalEnd | JournalDamage;

const auditOptions = ({ directory, auditKey, oldKeys }: LedgerConfig): AuditOptions => ({
  directory,
  auditKey: auditKey.reveal(),
  oldKeys: oldKeys.map((key) => key.reveal()),
});

/** What the bot's last checkpoint says of the journal, as an anchor. */
export const checkpointAnchors = async (ledger: LedgerConfig): Promise<readonly Anchor[]> => {
  const checkpoint = await checkpointOf(auditOptions(ledger));
  return checkpoint === undefined
    ? []
    : [{ ...checkpoint, from: 'the checkpoint in state.json', isCheckpoint: true }];
};

/** The journal's verified lines, up to its end or to the first that is not what was written. */
export async function* readJournal(ledger: LedgerConfig): AsyncGenerator<VerifiedLine, Outcome> {
  try {
    return yield* auditJournal(auditOptions(ledger));
  } catch (error) {
    if (error instanceof JournalDamage) return error;
    throw error;
  }
}

/** What is wrong with DATA_DIR when there is no journal to read. */
export const journalProblems = async ({ directory }: LedgerConfig): Promise<readonly Problem[]> => {
  try {
    await access(journalPath(directory), constants.R_OK);
    return [];
  } catch (error) {
    const path = forTerminal(resolve(journalPath(directory)));
    const wrong =
      errorCode(error) === 'ENOENT'
        ? `leads to no journal: there is no ${path}`
        : `leads to a journal that cannot be read: ${path} (${errorCode(error)})`;
    return variables
      .filter(({ name }) => name === 'DATA_DIR')
      .map(({ name, form, source }) => ({ name, wrong, form, source }));
  }
};

/** What is said of an append that is not whole; nothing when the journal ends with a whole one. */
export const restLines = ({ seq, rest }: Pick<JournalEnd, 'seq' | 'rest'>): readonly string[] =>
  rest.length === 0
    ? []
    : [
        `${count(rest.length, 'byte')} after line ${seq} are no whole append. If the bot is writing right now, or was stopped in the middle of writing, nobody was told of them, and this is no damage.`,
      ];
