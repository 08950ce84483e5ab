import { earliest } from '../domain/earliest.ts';
import type { Clock } from '../domain/ports.ts';

interface Waiting {
  readonly since: number;
  readonly wait: number;
}

export interface NextTriesOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** First and longest wait (ms) for what fails again and again. */
  readonly least: number;
  readonly most: number;
}

/** What is still to be done, each at a time of its own. */
export const createNextTries = (ids: Iterable<string>, { clock, least, most }: NextTriesOptions) => {
  const waiting = new Map<string, Waiting>();

  /** None is left when the clock was put back: nobody knows how much has passed. */
  const leftOf = ({ since, wait }: Waiting): number => {
    const passed = clock.now() - since;
    return passed < 0 ? 0 : Math.max(0, wait - passed);
  };
  const put = (id: string, wait: number): void => {
    waiting.set(id, { since: clock.now(), wait });
  };
  for (const id of ids) put(id, 0);

  return {
    /** To be done once, `least` from now. */
    soon: (id: string): void => put(id, least),
    /** It failed; each further time the wait is twice as long. */
    afterFailure: (id: string): void =>
      put(id, Math.min(most, Math.max(least, 2 * (waiting.get(id)?.wait ?? 0)))),
    done: (id: string): void => {
      waiting.delete(id);
    },
    /** Nothing keeps it from being done now. */
    isFree(id: string): boolean {
      const one = waiting.get(id);
      return one === undefined || leftOf(one) === 0;
    },
    due: (): readonly string[] => Array.from(waiting).flatMap(([id, one]) => (leftOf(one) === 0 ? [id] : [])),
    /** Milliseconds until something is due. */
    rest: (): number => earliest(Array.from(waiting.values(), leftOf)),
  };
};
