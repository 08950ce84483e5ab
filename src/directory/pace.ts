import type { Clock } from '../domain/ports.ts';

/** Gives each job its turn, one after another. The promise is the job's own. */
export type Pace = <T>(job: () => Promise<T>) => Promise<T>;

/**
 * The largest listings are read one page at a time, whichever it is, so that people's own questions find room.
 * @param interval least time between the beginnings of two jobs, in ms
 */
export const createPace = (clock: Pick<Clock, 'now' | 'sleep'>, interval: number): Pace => {
  let last: Promise<unknown> = Promise.resolve();
  let opens = Number.NEGATIVE_INFINITY;
  return (job) => {
    const turn = last.then(async () => {
      // More than that only when the clock was set back.
      const wait = Math.min(interval, opens - clock.now());
      if (wait > 0) await clock.sleep(wait);
      opens = clock.now() + interval;
      return job();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
};
