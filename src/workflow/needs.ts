import type { Kind } from '../domain/kind.ts';
import type { Policy } from '../domain/policy.ts';
import type { Clock, Cloud, Directory, Ledger, Log, People } from '../domain/ports.ts';
import type { Rosters } from './rosters.ts';

/** How old an answer about people may be, in ms: at the click, and where somebody only looks or fills in. */
export const atTheClick = 10_000;
export const whileLooking = 5 * 60_000;

/** The parts from which each verb takes the few that it names. */
export interface Needs {
  readonly ledger: Ledger;
  readonly people: People;
  readonly rosters: Pick<Rosters, 'level'>;
  readonly cloud: Cloud;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  readonly kinds: readonly Kind[];
}

export const kindNamed = (kinds: readonly Kind[], name: string): Kind => {
  const kind = kinds.find((candidate) => candidate.name === name);
  if (kind === undefined) throw new Error(`There is no kind of revocation named "${name}" in this version`);
  return kind;
};
