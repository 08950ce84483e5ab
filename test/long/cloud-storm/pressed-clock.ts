import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import type { Clock } from '../../../src/domain/ports.ts';
import { settle } from '../../support/virtual-clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** The request as the very object that it is: its identity pairs a beginning with an end. */
const About = z.object({ request: z.unknown() });

/** The HTTP exchanges of the client that are under way, as undici tells of them. */
const watchExchanges = () => {
  const underWay = new Set<unknown>();
  let ended = () => {};
  const begin = (message: unknown) => void underWay.add(About.parse(message).request);
  const end = (message: unknown) => {
    underWay.delete(About.parse(message).request);
    ended();
  };
  const channels = [
    ['undici:request:create', begin],
    ['undici:request:trailers', end],
    ['undici:request:error', end],
  ] as const;
  for (const [name, listener] of channels) subscribe(name, listener);
  return {
    areUnderWay: () => underWay.size > 0,
    nextEnd: () =>
      new Promise<void>((resolve) => {
        ended = resolve;
      }),
    stop: () => {
      for (const [name, listener] of channels) unsubscribe(name, listener);
    },
  };
};

/** A clock that stands still while anything is on its way over the network, and otherwise jumps to who wakes next. */
export const createPressedClock = () => {
  let now = Date.UTC(2026, 2, 14, 15);
  /** In the order of their deadlines. */
  const sleepers: Sleeper[] = [];
  const exchanges = watchExchanges();

  /** Where a deadline stands in the line: after all that are as early. */
  const placeOf = (at: number): number => {
    let [low, high] = [0, sleepers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sleepers[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          wake();
        };
        const sleeper = { at: now + Math.max(0, ms), wake };
        sleepers.splice(placeOf(sleeper.at), 0, sleeper);
        signal?.addEventListener('abort', leave);
      }),
  };

  return {
    ...clock,
    /** Lets time pass until the condition holds. @throws when nobody waits for anything any more */
    runUntil: async (condition: () => boolean): Promise<void> => {
      for (;;) {
        await settle();
        if (condition()) return;
        if (exchanges.areUnderWay()) {
          await exchanges.nextEnd();
          continue;
        }
        const next = sleepers.shift();
        if (next === undefined) throw new Error('Nobody waits for anything, and it has not come true');
        now = Math.max(now, next.at);
        next.wake();
      }
    },
    stop: exchanges.stop,
  };
};
