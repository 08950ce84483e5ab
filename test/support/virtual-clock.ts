import type { Clock } from '../../src/domain/ports.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Lets everything go on that does not wait for the clock: promises run to their end before an immediate does. */
export const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/**
 * Time as a part: it stands still until a test moves it. Who sleeps wakes in the order of the deadlines, and what
 * follows from each waking is done before the next one wakes.
 */
export const createVirtualClock = (start = Date.UTC(2026, 2, 14, 15, 0, 0)) => {
  let now = start;
  let sleepers: Sleeper[] = [];

  const wakeNext = async (limit: number): Promise<boolean> => {
    await settle();
    const at = Math.min(...sleepers.map((sleeper) => sleeper.at));
    if (at > limit || sleepers.length === 0) return false;
    now = Math.max(now, at);
    for (const due of sleepers.filter((sleeper) => sleeper.at <= now)) due.wake();
    await settle();
    return true;
  };

  return {
    now: (): number => now,
    sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const wake = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { at: now + Math.max(0, ms), wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', wake);
      }),
    /** Moves time by hand; everything that is due on the way happens, in order. */
    advance: async (ms: number): Promise<void> => {
      const target = now + ms;
      while (await wakeNext(target));
      now = target;
    },
    /**
     * Jumps from sleeper to sleeper until the condition holds.
     * @throws when it does not hold within `limitMs`, or nobody sleeps any more
     */
    runUntil: async (condition: () => boolean, limitMs = 24 * 60 * 60_000): Promise<void> => {
      const limit = now + limitMs;
      await settle();
      while (!condition()) {
        if (!(await wakeNext(limit))) throw new Error(`It did not come true within ${limitMs} ms`);
      }
    },
    /** A process was cut off: whoever slept in it never wakes. */
    forget: (): void => {
      sleepers = [];
    },
    /** How many sleep now: 0 after an orderly stop. */
    sleeping: (): number => sleepers.length,
  } satisfies Clock & Record<string, unknown>;
};
