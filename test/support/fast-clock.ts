import { realClock } from '../../src/clock.ts';
import type { Clock } from '../../src/domain/ports.ts';

/** Real time that a test can let run faster: an hour in some seconds. Whoever sleeps already goes on as they began. */
export const createFastClock = () => {
  let speed = 1;
  let from = { real: realClock.now(), virtual: realClock.now() };
  const now = (): number => Math.floor(from.virtual + (realClock.now() - from.real) * speed);
  const clock: Clock = { now, sleep: (ms, signal) => realClock.sleep(ms / speed, signal) };
  return {
    ...clock,
    /** @param times how many times as fast as real time */
    run(times: number): void {
      from = { real: realClock.now(), virtual: now() };
      speed = times;
    },
  };
};
