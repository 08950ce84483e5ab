import type { Clock, Log } from '../domain/ports.ts';
import { beatInterval, type DirectoryLock } from './directory-lock.ts';
import { wordsOf } from './faults.ts';

/** Shows other hosts that we live, and learns when one of them took the directory all the same. */
export interface Heartbeat {
  /** Never rejects. */
  beat(): Promise<void>;
  /** Beats every five seconds until the work is done, however long it takes. */
  during<A>(work: Promise<A>): Promise<A>;
  /** Set when the directory's lock was lost to another process. */
  trouble(): string | undefined;
}

export const createHeartbeat = (clock: Clock, log: Log, lock: DirectoryLock): Heartbeat => {
  let lost = false;

  const beat = async (): Promise<void> => {
    try {
      lost = !(await lock.beat());
    } catch (error) {
      log.warn('lock.json could not be touched', { error: wordsOf(error) });
    }
  };

  const beatUntil = async (done: AbortSignal): Promise<void> => {
    while (!done.aborted) {
      await clock.sleep(beatInterval, done);
      if (!done.aborted) await beat();
    }
  };

  return {
    beat,
    during: async (work) => {
      const done = new AbortController();
      const beating = beatUntil(done.signal);
      try {
        return await work;
      } finally {
        done.abort();
        await beating;
      }
    },
    trouble: () =>
      lost ? 'another process took over the directory of this one: stop one of the two' : undefined,
  };
};
