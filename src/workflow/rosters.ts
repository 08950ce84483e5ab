import type { Fact, Member } from '../domain/facts.ts';
import type { Roster } from '../domain/in-force.ts';
import { groupsOf } from '../domain/policy.ts';
import { inTurn } from './in-turn.ts';
import { atTheClick, type Needs, whileLooking } from './needs.ts';

/** How often (ms) the groups are looked at when nobody clicks. */
const lookInterval = 60_000;

/** Of this many of those who came or went the names are told; of the others the ids. */
const mostNamed = 20;

type GroupNeeds = Pick<Needs, 'people' | 'ledger' | 'log'>;

export interface Rosters {
  /**
   * Puts on record who is in these user groups, as Slack tells it now. A group that Slack could not be asked about
   * stays as it was.
   * @throws {LedgerFault} when the ledger cannot be written
   */
  level(groups: readonly string[]): Promise<void>;
  /** Looks once a minute from here on. */
  start(): void;
  stop(): Promise<void>;
}

const membersNamed = async (
  { people }: Pick<Needs, 'people'>,
  users: readonly string[],
): Promise<readonly Member[]> =>
  Promise.all(
    users.map(async (user, index) => {
      const who = index < mostNamed ? await people.who(user, whileLooking) : 'could not ask';
      return who === 'could not ask' ? { user } : { user, name: who.person.name };
    }),
  );

const changeOf = async (
  needs: Pick<Needs, 'people'>,
  group: string,
  roster: Roster | undefined,
  members: readonly string[],
): Promise<Fact | undefined> => {
  const known = Object.keys(roster ?? {});
  const added = members.filter((user) => !known.includes(user));
  const removed = known.filter((user) => !members.includes(user));
  if (roster !== undefined && added.length + removed.length === 0) return undefined;
  const name = await needs.people.groupName(group);
  return {
    fact: 'group_changed',
    group,
    ...(name !== undefined && { name }),
    first: roster === undefined,
    added: await membersNamed(needs, added),
    removed: await membersNamed(needs, removed),
  };
};

const levelOne = async (needs: GroupNeeds, group: string): Promise<void> => {
  const members = await needs.people.members(group, atTheClick);
  if (members === 'could not ask') return;
  const change = await changeOf(needs, group, needs.ledger.inForce().rosters[group], members);
  if (change !== undefined) await needs.ledger.append('bot', null, [change]);
};

/** Keeps on record who is in the user groups that the policy names. */
export const createRosters = (needs: GroupNeeds & Pick<Needs, 'policy' | 'clock'>): Rosters => {
  const stop = new AbortController();
  let loop: Promise<void> | undefined;

  /** One look after the other, so that no change is told twice. */
  const level = (groups: readonly string[], until?: AbortSignal): Promise<void> =>
    inTurn(needs.ledger, 'rosters', async () => {
      for (const group of groups) if (until?.aborted !== true) await levelOne(needs, group);
    });

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        // A stop has no time for several questions that Slack does not answer.
        await level(groupsOf(needs.policy), stop.signal);
      } catch (error) {
        needs.log.error('Who is in the groups of the policy could not be put on record', { error });
      }
      await needs.clock.sleep(lookInterval, stop.signal);
    }
  };

  return {
    level: (groups) => level(groups),
    start(): void {
      loop = run();
    },
    async stop(): Promise<void> {
      stop.abort();
      await loop;
      await level([]);
    },
  };
};
