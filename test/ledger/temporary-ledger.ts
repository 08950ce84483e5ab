import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type FileLedger, type FileLedgerOptions, openFileLedger } from '../../src/ledger/file-ledger.ts';
import { thisProcess } from '../../src/ledger/process-identity.ts';
import { manualClock } from './manual-clock.ts';
import { silent } from './silent-log.ts';

export const auditKey = 'k'.repeat(32);
let instances = 0;

/** A path that is removed after the test. */
export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-ledger-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'data');
};

/** A file ledger that is closed after the test. */
export const openTemporary = async (
  directory: string,
  changes: Partial<FileLedgerOptions> = {},
): Promise<FileLedger> => {
  instances += 1;
  const ledger = await openFileLedger({
    directory,
    clock: manualClock(),
    log: silent,
    auditKey,
    oldKeys: [],
    instance: `instance-${instances}`,
    identity: await thisProcess(),
    ...changes,
  });
  onTestFinished(() => ledger.close());
  return ledger;
};
