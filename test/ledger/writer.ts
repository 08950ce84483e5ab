import { openFileLedger } from '../../src/ledger/file-ledger.ts';
import { thisProcess } from '../../src/ledger/process-identity.ts';
import { anchor } from './facts.ts';
import { manualClock } from './manual-clock.ts';
import { silent } from './silent-log.ts';

/** A process that appends until it is killed and prints each sequence number after it was acknowledged. */
const [directory = '', auditKey = ''] = process.argv.slice(2);
const ledger = await openFileLedger({
  directory,
  clock: manualClock(),
  log: silent,
  auditKey,
  oldKeys: [],
  instance: `writer-${process.pid}`,
  identity: await thisProcess(),
});
for (;;) {
  const appended = await Promise.all([
    ledger.append('bot', null, [anchor, anchor]),
    ledger.append('bot', null, [{ fact: 'anchor', words: 'x'.repeat(20_000) }]),
  ]);
  for (const one of appended) if (one.result === 'appended') process.stdout.write(`${one.seq}\n`);
}
