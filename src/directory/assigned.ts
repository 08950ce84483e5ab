import { type Assignment, assignmentsOf } from '../domain/assignment.ts';
import type { Clock, Cloud, Log } from '../domain/ports.ts';
import type { PrincipalType } from '../domain/principal.ts';
import { cached } from './cached.ts';
import { type Candidate, candidate } from './candidate.ts';
import { nameIn } from './choices.ts';
import type { Home } from './instance.ts';
import { createListing } from './listing.ts';
import { remembering } from './remembering.ts';
import type { Source } from './source.ts';

/** How old the assignments may be from which people choose, in ms; the review reads them again. */
const maxAge = 15_000;
/** Principals whose assignments are remembered at a time: as many as there may be open forms, and more. */
const mostPrincipals = 100;

/** Whose access, and on which account if that is chosen already. */
interface Holder {
  readonly type: PrincipalType;
  readonly id: string;
  readonly account?: string;
}

const noteFor = ({ type, account }: Holder): string => {
  const who = type === 'USER' ? 'user' : 'group';
  const where = account === undefined ? '' : ' on this account';
  return `Nothing is assigned to this ${who} itself${where}.`;
};

/** Of accounts or permission sets, those that a principal really has; others only by their whole id. */
export type Assigned = (everything: Source, idOf: (row: Assignment) => string, holder: Holder) => Source;

export const createAssigned = (
  cloud: Cloud,
  clock: Pick<Clock, 'now'>,
  log: Log,
  home: Pick<Home, 'instance'>,
): Assigned => {
  const rowsByHolder = remembering<() => Promise<readonly Assignment[]>>(mostPrincipals);
  const sources = remembering<Source>(2 * mostPrincipals);

  const rowsOf = ({ type, id }: Holder) =>
    rowsByHolder(`${type}/${id}`, () => {
      const read = async () => assignmentsOf(cloud, (await home.instance()).instanceId, type, id);
      return cached(clock, maxAge, read).get;
    });

  return (everything, idOf, holder) => {
    const { what } = everything.listing;
    const idsOf = async (): Promise<ReadonlySet<string>> => {
      const rows = await rowsOf(holder)();
      const here = rows.filter((row) => holder.account === undefined || row.account_id === holder.account);
      return new Set(here.map(idOf));
    };
    /** Names come from the listing of everything; what is not in it goes by its id. */
    const candidates = async (): Promise<readonly Candidate[]> => {
      const [ids, all] = await Promise.all([idsOf(), everything.listing.whole()]);
      return Array.from(ids, (id) => {
        const choice = all.byId(id) ?? { id, words: id };
        return candidate(choice, [id, nameIn(choice)]);
      });
    };
    return sources([what, holder.type, holder.id, holder.account ?? ''].join('/'), () => ({
      listing: createListing({
        what: `${what} of this ${holder.type === 'USER' ? 'user' : 'group'}`,
        clock,
        log,
        maxAge,
        read: async () => ({ rows: await candidates() }),
      }),
      whenEmpty: noteFor(holder),
      async byId(id) {
        const [found, ids] = await Promise.all([everything.byId(id), idsOf()]);
        if (found === undefined || ids.has(id)) return found;
        return { ...found, choice: { ...found.choice, detail: 'not assigned to the one who is chosen' } };
      },
    }));
  };
};
