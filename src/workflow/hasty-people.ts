import type { Clock, People } from '../domain/ports.ts';

/**
 * The same people, who have until `deadline` (ms since the epoch) to answer all questions together. What has not
 * been answered by then could not be asked, which is never taken for a yes.
 */
export const hastyPeople = (people: People, clock: Clock, deadline: number): People => {
  const bounded = async <T>(work: Promise<T>): Promise<T | 'could not ask'> => {
    const over = new AbortController();
    const late = clock.sleep(deadline - clock.now(), over.signal).then(() => 'could not ask' as const);
    return Promise.race([work, late]).finally(() => over.abort());
  };
  return {
    who: (user, maxAge) => bounded(people.who(user, maxAge)),
    has: (role, user, maxAge) => bounded(people.has(role, user, maxAge)),
    all: (role, maxAge) => bounded(people.all(role, maxAge)),
  };
};
