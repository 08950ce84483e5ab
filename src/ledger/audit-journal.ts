import { join } from 'node:path';
import { type FileSystem, realFileSystem } from './file-system.ts';
import { createKeyRing } from './key-ring.ts';
import { beginning, type JournalEnd, type PlacedRecord, verifyJournal } from './verify-journal.ts';

export interface AuditOptions {
  readonly directory: string;
  readonly auditKey: string;
  readonly oldKeys: readonly string[];
  readonly files?: FileSystem;
}

/**
 * Reads and verifies a whole journal, record by record, without taking the directory: a bot may be running there.
 * `rest` of what it returns is not empty when the bot was writing at that moment, or was killed while it wrote.
 * @throws {JournalDamage} at the first line that is not what was written
 */
export async function* auditJournal(options: AuditOptions): AsyncGenerator<PlacedRecord, JournalEnd> {
  const { directory, auditKey, oldKeys, files = realFileSystem } = options;
  const file = await files.open(join(directory, 'journal.jsonl'), 'read');
  try {
    const keys = createKeyRing(auditKey, oldKeys);
    return yield* verifyJournal(file, keys, beginning, await file.size());
  } finally {
    await file.close();
  }
}
