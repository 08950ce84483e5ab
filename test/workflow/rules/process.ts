import { type Cloud, LedgerFault } from '../../../src/domain/ports.ts';
import { createRechecker } from '../../../src/workflow/rechecker.ts';
import { createRefusals } from '../../../src/workflow/refusals.ts';
import { createRosters } from '../../../src/workflow/rosters.ts';
import { createRunner } from '../../../src/workflow/runner.ts';
import { createSubmit } from '../../../src/workflow/submit.ts';
import { openMemoryLedger } from '../../support/memory-ledger.ts';
import type { World } from '../../support/world.ts';

/** What befalls one effect of the process: an append, or a changing call. */
export interface Mishap {
  readonly at: 'append' | 'call';
  /** How many effects of that sort go well before. */
  readonly after: number;
  /** The process is cut off before or after the effect, or the append fails and nothing is written. */
  readonly what: 'cut before' | 'cut after' | 'fails';
}

/** How long after a success the cloud is read again, in ms. */
export const recheckTimes = [30_000, 3 * 60_000];

/**
 * One process of the bot on a world that outlives it. All that it does goes through its hands, so once it is cut off
 * nothing of it acts any more, wherever it was, and whoever waits for it waits for ever.
 */
export const createProcess = (world: World, mishaps: Mishap[]) => {
  const own = openMemoryLedger(world.memory, world);
  const never = new Promise<never>(() => {});
  let isCut = false;
  let tellCut = (_how: 'cut off'): void => {};
  const cutOff = new Promise<'cut off'>((resolve) => {
    tellCut = resolve;
  });

  const cut = async (): Promise<never> => {
    isCut = true;
    world.clock.forget();
    await own.close();
    tellCut('cut off');
    return never;
  };

  const mishapAt = (at: Mishap['at']): Mishap['what'] | undefined => {
    const index = mishaps.findIndex((mishap) => mishap.at === at);
    const next = mishaps[index];
    if (next === undefined) return undefined;
    mishaps.splice(index, 1, ...(next.after > 0 ? [{ ...next, after: next.after - 1 }] : []));
    return next.after > 0 ? undefined : next.what;
  };

  const effect = async <T>(at: Mishap['at'], act: () => Promise<T>): Promise<T> => {
    if (isCut) return never;
    const mishap = mishapAt(at);
    if (mishap === 'fails') throw new LedgerFault('the disk is full');
    if (mishap === 'cut before') return cut();
    const done = await act();
    return mishap === 'cut after' ? cut() : done;
  };

  const call: Cloud['call'] = (request) => {
    if (isCut) return never;
    return request.effect === 'change'
      ? effect('call', () => world.cloud.call(request))
      : world.cloud.call(request);
  };

  const parts = {
    ...world.needs,
    ledger: {
      ...own,
      append: (...args: Parameters<typeof own.append>) => effect('append', () => own.append(...args)),
      lease: (...args: Parameters<typeof own.lease>) => (isCut ? never : own.lease(...args)),
    },
    cloud: { call },
    clock: {
      now: world.clock.now,
      sleep: (ms: number, signal?: AbortSignal) => (isCut ? never : world.clock.sleep(ms, signal)),
    },
  };
  const needs = { ...parts, rosters: createRosters(parts) };
  const refusals = createRefusals(needs);
  const runner = createRunner(needs);
  const rechecker = createRechecker(needs, recheckTimes);

  return {
    needs,
    refusals,
    submit: createSubmit(needs),
    isCut: (): boolean => isCut,
    /** Somebody does something in this process; it may be cut off under their hands. */
    within: <T>(work: () => Promise<T>): Promise<T | 'cut off'> =>
      isCut ? cutOff : Promise.race([work(), cutOff]),
    start: (): void => {
      runner.start();
      rechecker.start();
      needs.rosters.start();
    },
    /** An orderly stop, as `bot.ts` makes it. */
    stop: async (): Promise<void> => {
      await needs.rosters.stop();
      await rechecker.stop();
      await runner.stop();
      await refusals.sweep(true);
    },
  };
};
export type Process = ReturnType<typeof createProcess>;
