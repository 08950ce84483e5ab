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
    async seats(user, ids, maxAge) {
      const seats = await bounded(people.seats(user, ids, maxAge));
      return seats === 'could not ask' ? { held: [], unknown: ids } : seats;
    },
    members: (group, maxAge) => bounded(people.members(group, maxAge)),
    behind: (ids, maxAge) => bounded(people.behind(ids, maxAge)),
    staff: (ids, maxAge) => bounded(people.staff(ids, maxAge)),
    async groupName(group) {
      const name = await bounded(people.groupName(group));
      return name === 'could not ask' ? undefined : name;
    },
  };
};
