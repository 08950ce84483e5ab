import { join } from 'node:path';
import { type FileSystem, realFileSystem } from './file-system.ts';
import { createKeyRing } from './key-ring.ts';
import { refuseChangedNewline } from './replay.ts';
import { statePath, unseal } from './state-file.ts';
import {
  beginning,
  type JournalEnd,
  type Position,
  type VerifiedLine,
  verifyJournal,
} from './verify-journal.ts';

export const journalPath = (directory: string): string => join(directory, 'journal.jsonl');

export interface AuditOptions {
  readonly directory: string;
  readonly auditKey: string;
  readonly oldKeys: readonly string[];
  readonly files?: FileSystem;
}

/**
 * Up to where the bot has written the journal, by its last checkpoint; undefined without one. To be read before the
 * journal, which may grow meanwhile.
 */
export const checkpointOf = async (
  options: AuditOptions,
): Promise<Pick<Position, 'seq' | 'hash'> | undefined> => {
  const { directory, auditKey, oldKeys, files = realFileSystem } = options;
  const text = await files.readText(statePath(directory));
  const checkpoint = text === undefined ? null : unseal(text, createKeyRing(auditKey, oldKeys));
  return checkpoint === null ? undefined : { seq: checkpoint.seq, hash: checkpoint.hash };
};

/**
 * Reads and verifies a whole journal, record by record, without taking the directory: a bot may be running there.
 * An append that is not whole is left out, as at a start of the bot: `rest` of what this returns holds its bytes when
 * the bot was writing at that moment, or was stopped while it wrote.
 * @throws {JournalDamage} at the first line that is not what was written
 */
export async function* auditJournal(options: AuditOptions): AsyncGenerator<VerifiedLine, JournalEnd> {
  const { directory, auditKey, oldKeys, files = realFileSystem } = options;
  const file = await files.open(journalPath(directory), 'read');
  try {
    const keys = createKeyRing(auditKey, oldKeys);
    const size = await file.size();
    const chunks = verifyJournal(file, keys, beginning, size);
    let whole = beginning;
    let append: VerifiedLine[] = [];
    let next = await chunks.next();
    for (; next.done !== true; next = await chunks.next()) {
      for (const line of next.value) {
        append.push(line);
        const { record, end } = line;
        if (record.more !== undefined) continue;
        yield* append;
        append = [];
        whole = { seq: record.seq, hash: record.hash, offset: end };
      }
    }
    refuseChangedNewline(next.value);
    return { ...whole, rest: await file.read(whole.offset, size - whole.offset) };
  } finally {
    await file.close();
  }
}
