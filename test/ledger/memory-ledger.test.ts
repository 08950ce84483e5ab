import { expect, it } from 'vitest';
import { createMemoryLedger, createMemoryStore, openMemoryLedger } from '../support/memory-ledger.ts';
import { describeLedger } from './contract.ts';
import { anchor, requested } from './facts.ts';
import { manualClock } from './manual-clock.ts';

describeLedger('memory ledger', async (clock) => createMemoryLedger({ clock }));

// Whatever one instance has done, the other one goes on with it.
describeLedger('two instances of the memory ledger, asked in turn,', async (clock) => {
  const store = createMemoryStore();
  const one = openMemoryLedger(store, { clock });
  const two = openMemoryLedger(store, { clock });
  const close = async (): Promise<void> => {
    await one.close();
    await two.close();
  };
  let turn = 0;
  return new Proxy(one, {
    get: (_, name): unknown => {
      if (name === 'close') return close;
      turn += 1;
      return Reflect.get(turn % 2 === 0 ? one : two, name);
    },
  });
});

it('shares facts, cursors, leases and wakes among the instances on one store', async () => {
  const store = createMemoryStore();
  const clock = manualClock();
  const [one, two] = [openMemoryLedger(store, { clock }), openMemoryLedger(store, { clock })];
  let woken = 0;
  two.subscribe(() => {
    woken += 1;
  });
  await one.append('new', 0, [requested()], { once: 'draft' });
  expect(await two.append('new', 0, [requested()], { once: 'draft' })).toMatchObject({ result: 'already' });
  await one.moveCursor('audit', 1);
  await one.lease('runner', 10);
  await one.close();
  expect(two.open()).toEqual(['R-000001']);
  expect(two.cursor('audit')).toBe(1);
  expect(await two.lease('runner', 10)).toBeNull();
  expect(woken).toBe(1);
});

it('fails appends while the store is in trouble', async () => {
  const store = createMemoryStore();
  const ledger = openMemoryLedger(store, { clock: manualClock() });
  store.trouble = 'the disk is full';
  await expect(ledger.append('bot', null, [anchor])).rejects.toThrow('the disk is full');
  expect(ledger.trouble()).toBe('the disk is full');
  store.trouble = undefined;
  expect(await ledger.append('bot', null, [anchor])).toMatchObject({ seq: 1 });
});
