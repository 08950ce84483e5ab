import { realClock } from '../src/clock.ts';
import type { Log } from '../src/domain/ports.ts';
import { openFileLedger } from '../src/ledger/file-ledger.ts';
import { thisProcess } from '../src/ledger/process-identity.ts';

/** A ledger on the real disk, for one process. */
export const openLedger = async (directory: string, auditKey: string, log: Log) =>
  openFileLedger({
    directory,
    clock: realClock,
    log,
    auditKey,
    oldKeys: [],
    instance: 'benchmark',
    identity: await thisProcess(),
  });
