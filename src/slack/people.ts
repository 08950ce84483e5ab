import { z } from 'zod';
import type { Answer, Clock, KnownPerson, Log, People, Role, Standing } from '../domain/ports.ts';
import { createCache } from './cache.ts';
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

export interface PeopleOptions {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
  /** The workspace in which the bot is installed; undefined until Slack has told it. */
  readonly team: () => string | undefined;
  /** Slack user ids and user group ids. */
  readonly roles: Readonly<Record<Role, readonly string[]>>;
}

const isGroup = (id: string): boolean => id.startsWith('S');

/** The people of the workspace, asked of Slack and kept no longer than the caller allows. */
export const createPeople = ({ client, clock, log, team, roles }: PeopleOptions): People => {
  const users = createCache<KnownPerson | 'could not ask'>(
    clock,
    async (id) => {
      const home = team();
      if (home === undefined) return 'could not ask';
      try {
        const answer = await client.users.info({ user: id });
        return known(SlackUser.parse(answer.user), home);
      } catch (error) {
        log.warn('Slack could not be asked about a person', { user: id, code: slackFault(error).code });
        return 'could not ask';
      }
    },
    (value) => value !== 'could not ask',
  );

  const groups = createCache<readonly string[] | 'could not ask'>(
    clock,
    async (id) => {
      try {
        const answer = await client.usergroups.users.list({ usergroup: id });
        return z.array(z.string()).parse(answer.users);
      } catch (error) {
        log.warn('Slack could not be asked about a user group', { group: id, code: slackFault(error).code });
        return 'could not ask';
      }
    },
    (value) => value !== 'could not ask',
  );

  const has = async (role: Role, user: string, maxAge: number): Promise<Answer> => {
    if (roles[role].includes(user)) return 'yes';
    const members = await Promise.all(roles[role].filter(isGroup).map((id) => groups.get(id, maxAge)));
    if (members.some((list) => list !== 'could not ask' && list.includes(user))) return 'yes';
    return members.includes('could not ask') ? 'could not ask' : 'no';
  };

  return {
    who: (user, maxAge) => users.get(user, maxAge),
    has,
    async all(role, maxAge) {
      const lists = await Promise.all(roles[role].filter(isGroup).map((id) => groups.get(id, maxAge)));
      const ids = new Set(roles[role].filter((id) => !isGroup(id)));
      for (const list of lists) {
        if (list === 'could not ask') return 'could not ask';
        for (const id of list) ids.add(id);
      }
      const people = await Promise.all([...ids].map((id) => users.get(id, maxAge)));
      const found = people.flatMap((person) => (person === 'could not ask' ? [] : [person.person]));
      return found.length === people.length ? found : 'could not ask';
    },
  };
};
