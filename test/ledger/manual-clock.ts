import type { Clock } from '../../src/domain/ports.ts';

/** A clock that stands still until it is told the time; who sleeps wakes when the time has come. */
export const manualClock = (start = 1_700_000_000_000) => {
  let now = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = () => {
    const due = sleepers.filter((sleeper) => sleeper.at <= now);
    sleepers = sleepers.filter((sleeper) => sleeper.at > now);
    for (const sleeper of due) sleeper.wake();
  };
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        });
      }),
  };
  return {
    ...clock,
    set: (time: number) => {
      now = time;
      settle();
    },
    advance: (ms: number) => {
      now += ms;
      settle();
    },
    sleeping: () => sleepers.length,
  };
};
export type ManualClock = ReturnType<typeof manualClock>;
