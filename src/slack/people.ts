import { z } from 'zod';
import { isUserGroup } from '../domain/approvers.ts';
import { inTurns } from '../domain/in-turns.ts';
import type { Clock, KnownPerson, Log, People, SeatedPerson, Seats, Standing } from '../domain/ports.ts';
import { createCache, restAfter } from './cache.ts';
import type { WebClient } from './clients.ts';
import { slackFault } from './slack-fault.ts';

/** A user as `users.info` tells it; only what is used. */
const SlackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_email_confirmed: z.boolean().optional(),
  profile: z
    .object({
      email: z.string().optional(),
      real_name: z.string().optional(),
      display_name: z.string().optional(),
    })
    .optional(),
});
type SlackUser = z.infer<typeof SlackUser>;

const UserGroups = z.object({ usergroups: z.array(z.object({ id: z.string(), handle: z.string() })) });

const standingOf = (user: SlackUser, team: string): Standing => {
  if (user.deleted) return 'deactivated';
  if (user.is_bot) return 'bot';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== team)) return 'stranger';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  return 'full member';
};

const known = (user: SlackUser, team: string): KnownPerson => {
  const name =
    user.profile?.real_name || user.real_name || user.profile?.display_name || user.name || user.id;
  const email = user.profile?.email;
  return {
    person: { team: user.team_id ?? team, user: user.id, name, ...(email && { email }) },
    standing: standingOf(user, team),
    emailConfirmed: user.is_email_confirmed !== false,
  };
};

/** Behind an id, also of a user group, that Slack does not know, such as one that was mistyped in the configuration. */
const unknownTo = (team: string, user: string): KnownPerson => ({
  person: { team, user, name: user },
  standing: 'unknown to Slack',
  emailConfirmed: false,
});

export interface PeopleOptions {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
  /** The workspace in which the bot is installed; undefined until Slack has told it. */
  readonly team: () => string | undefined;
}

/** How long (ms) the name of a user group is believed. */
const nameAge = 60 * 60_000;

/** How long (ms) the e-mails of a staff are believed, of whom Slack tells about a hundred in a minute. */
const emailAge = 60 * 60_000;

/** How long (ms) they are while Slack cannot be asked. */
const oldestEmail = 24 * 60 * 60_000;

/** No user group is asked about more often than once in this time (ms). */
const freshest = 10_000;

/** The people of the workspace, asked of Slack and kept no longer than the caller allows. */
export const createPeople = ({ client, clock, log, team }: PeopleOptions): People => {
  const users = createCache<KnownPerson | 'could not ask'>(clock, async (id) => {
    const home = team();
    if (home === undefined) return { value: 'could not ask', rest: 0 };
    if (isUserGroup(id)) return { value: unknownTo(home, id) };
    try {
      const answer = await client.users.info({ user: id });
      return { value: known(SlackUser.parse(answer.user), home) };
    } catch (error) {
      const { code } = slackFault(error);
      if (code === 'user_not_found') {
        log.warn('Slack knows nobody by this id; is it mistyped in REQUESTERS or APPROVERS?', { user: id });
        return { value: unknownTo(home, id) };
      }
      log.warn('Slack could not be asked about a person', { user: id, code });
      return { value: 'could not ask', rest: restAfter(error) };
    }
  });

  const groups = createCache<readonly string[] | 'unknown to Slack' | 'could not ask'>(clock, async (id) => {
    try {
      const answer = await client.usergroups.users.list({ usergroup: id });
      return { value: z.array(z.string()).parse(answer.users) };
    } catch (error) {
      const { code } = slackFault(error);
      if (code === 'no_such_subteam') {
        log.warn('Slack knows no such user group; is it disabled, or mistyped in REQUESTERS or APPROVERS?', {
          group: id,
        });
        return { value: 'unknown to Slack' };
      }
      log.warn('Slack could not be asked about a user group', { group: id, code });
      return { value: 'could not ask', rest: restAfter(error) };
    }
  });

  /** Nobody is in a group that there is not. */
  const members: People['members'] = async (group, maxAge) => {
    const found = await groups.get(group, maxAge);
    return found === 'unknown to Slack' ? [] : found;
  };

  const names = createCache<ReadonlyMap<string, string>>(clock, async () => {
    try {
      const { usergroups } = UserGroups.parse(await client.usergroups.list());
      return { value: new Map(usergroups.map(({ id, handle }) => [id, `@${handle}`])) };
    } catch (error) {
      log.warn('Slack could not be asked how the user groups are called', { code: slackFault(error).code });
      return { value: new Map(), rest: restAfter(error) };
    }
  });

  const seats: People['seats'] = async (user, ids, maxAge) => {
    const held: string[] = [];
    const unknown: string[] = [];
    const asked = ids.map(async (id) => {
      if (!isUserGroup(id)) return id === user;
      const before = await members(id, maxAge);
      if (before !== 'could not ask' && before.includes(user)) return true;
      // Somebody may have been let in just now, so a no is never an old one.
      const now = await members(id, Math.min(maxAge, freshest));
      return now === 'could not ask' ? undefined : now.includes(user);
    });
    for (const [index, answer] of (await Promise.all(asked)).entries()) {
      if (answer !== false) (answer ? held : unknown).push(ids[index] ?? '');
    }
    return { held, unknown } satisfies Seats;
  };

  /** An unknown group stands for itself, so that it is named, and whoever may be meant by it counts as unread. */
  const seatsBehind = async (ids: readonly string[], maxAge: number) => {
    const lists = await Promise.all(
      ids.map((id) => (isUserGroup(id) ? groups.get(id, maxAge) : Promise.resolve([id]))),
    );
    const seatsOf = new Map<string, string[]>();
    for (const [index, list] of lists.entries()) {
      if (list === 'could not ask') return 'could not ask';
      const id = ids[index] ?? '';
      const behind = list === 'unknown to Slack' ? [id] : list;
      for (const user of behind) seatsOf.set(user, [...(seatsOf.get(user) ?? []), id]);
    }
    return seatsOf;
  };

  /** @param oldest how old (ms) the answer about a person may be while Slack cannot be asked */
  const everybody = async (
    seatsOf: ReadonlyMap<string, readonly string[]>,
    maxAge: number,
    oldest: number,
  ): Promise<readonly SeatedPerson[] | 'could not ask'> => {
    let isAsked = true;
    const people = await inTurns([...seatsOf], async ([user, own]) => {
      // After one that could not be asked about, Slack would refuse the others too, and for longer.
      const who = isAsked ? await users.get(user, maxAge) : 'could not ask';
      if (who === 'could not ask') isAsked = false;
      const known = who === 'could not ask' ? users.known(user, oldest) : who;
      return known === undefined || known === 'could not ask' ? [] : [{ ...known, seats: own }];
    });
    const found = people.flat();
    return found.length === seatsOf.size ? found : 'could not ask';
  };

  return {
    who: (user, maxAge) => users.get(user, maxAge),
    seats,
    members,
    async behind(ids, maxAge) {
      const seatsOf = await seatsBehind(ids, maxAge);
      return seatsOf === 'could not ask' ? seatsOf : everybody(seatsOf, maxAge, maxAge);
    },
    async staff(ids, maxAge) {
      const seatsOf = await seatsBehind(ids, maxAge);
      if (seatsOf === 'could not ask') return seatsOf;
      const people = await everybody(seatsOf, Math.max(maxAge, emailAge), oldestEmail);
      return people === 'could not ask' ? people : people.map(({ person }) => person);
    },
    async groupName(group) {
      return (await names.get('all', nameAge)).get(group);
    },
  };
};
