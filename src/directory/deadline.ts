import type { Clock } from '../domain/ports.ts';

export const late = Symbol('late');

/** One moment until which several answers are waited for, each as far as there is time left. */
export interface Deadline {
  /** The answer, or `late`. Rejects as the promise does while there is time; nobody hears of it afterwards. */
  readonly by: <T>(answer: Promise<T>) => Promise<T | typeof late>;
}

/**
 * Lets the work wait for answers until `ms` milliseconds from now.
 * @throws what the work throws
 */
export const withDeadline = async <T>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> => {
  const ended = new AbortController();
  const over = clock.sleep(ms, ended.signal).then((): typeof late => late);
  try {
    return await work({ by: (answer) => Promise.race([answer, over]) });
  } finally {
    ended.abort();
  }
};

/** The answer, or `late` when it takes longer than `ms` milliseconds. */
export const inTime = <T>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  answer: Promise<T>,
): Promise<T | typeof late> => withDeadline(clock, ms, ({ by }) => by(answer));
