import type { Clock, Log } from '../domain/ports.ts';
import { type Candidate, candidate } from './candidate.ts';
import { namedCandidate, nameIn } from './choices.ts';
import type { IdentityStore } from './identity-store.ts';
import { createListing } from './listing.ts';
import { remembering } from './remembering.ts';
import type { Source } from './source.ts';

/** How old the memberships may be from which people choose, in ms; the review reads them again. */
const maxAge = 15_000;
/** Users whose memberships are remembered at a time: as many as there may be open forms, and more. */
const mostUsers = 100;

/** Of the groups, those that a user is in; others only by their whole id. */
export const createGroupsOfUser = (
  store: Pick<IdentityStore, 'groupIdsOf'>,
  groups: Source,
  clock: Pick<Clock, 'now'>,
  log: Log,
): ((user: string) => Source) => {
  const sources = remembering<Source>(mostUsers);

  /** The name from the listing as far as it is read; a user is in few groups, so the others are asked for. */
  const candidateOf = async (id: string): Promise<Candidate> => {
    const listed = groups.listing.known().index.byId(id);
    if (listed !== undefined) return candidate(listed, [id, nameIn(listed)]);
    return (await groups.byId(id)) ?? namedCandidate({ id, name: id });
  };

  return (user) =>
    sources(user, () => ({
      listing: createListing({
        what: 'groups of this user',
        clock,
        log,
        maxAge,
        read: async () => ({ rows: await Promise.all((await store.groupIdsOf(user)).map(candidateOf)) }),
      }),
      whenEmpty: 'This user is in no group.',
      byId: groups.byId,
    }));
};
