import { JournalDamage, wordsOf } from './faults.ts';
import type { OpenFile } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';
import { restoreRemedy } from './line.ts';
import { beginning, type Position, verifyJournal } from './verify-journal.ts';

/**
 * Verifies what a start from a checkpoint left out, while the bot works already: the file is read in chunks, and
 * between them the event loop goes on.
 * @param until the checkpoint that the start went from
 * @returns the damage found; undefined when there is none, or when `signal` ended it
 */
export const verifyEarlier = async (
  file: Pick<OpenFile, 'read'>,
  keys: KeyRing,
  until: Position,
  signal: AbortSignal,
): Promise<JournalDamage | undefined> => {
  const chunks = verifyJournal(file, keys, beginning, until.offset);
  let line = 1;
  try {
    let next = await chunks.next();
    for (; next.done !== true; next = await chunks.next()) {
      line += next.value.length;
      if (signal.aborted) {
        await chunks.return({ ...beginning, rest: Buffer.of() });
        return undefined;
      }
    }
    if (next.value.hash === until.hash) return undefined;
    return new JournalDamage(line, 'it is not where the checkpoint knew it', restoreRemedy);
  } catch (error) {
    if (error instanceof JournalDamage) return error;
    return new JournalDamage(
      line,
      `it could not be read (${wordsOf(error)})`,
      'Look at the disk of DATA_DIR',
    );
  }
};
