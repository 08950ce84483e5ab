import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openFileLedger } from '../../src/ledger/file-ledger.ts';
import { describeLedger } from './contract.ts';
import { silent } from './silent-log.ts';

describeLedger('file ledger', async (clock) => {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-ledger-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return openFileLedger({ directory, clock, log: silent, auditKey: 'k'.repeat(32), oldKeys: [] });
});
