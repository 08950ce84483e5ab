import type { Clock, Cloud, Directory, DirectoryGroup, Log, Named, PermissionSet } from '../domain/ports.ts';
import { CloudId } from '../domain/principal.ts';
import { createAccounts } from './accounts.ts';
import { cached } from './cached.ts';
import { createIdentityStore } from './identity-store.ts';
import { createHome, type HomeConfig } from './instance.ts';
import { best } from './match.ts';
import { membersOf } from './members.ts';
import { iamUsers } from './modelarts-users.ts';
import { createPermissionSets } from './permission-sets.ts';
import { type ConfiguredProject, createProjects } from './projects.ts';
import { resolveText } from './resolve.ts';
import { createSources } from './sources.ts';

/** How old a listing may be, in ms, from which people choose. What they chose is read again by its id. */
const listingAge = 60_000;

export interface DirectoryParts {
  readonly cloud: Cloud;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly config: HomeConfig & {
    /** ModelArts projects. */
    readonly projects: readonly ConfiguredProject[];
  };
}

/** Look-ups in the cloud: by exact id always as it is now, in lists not older than a minute. */
export const createDirectory = ({ cloud, clock, log, config }: DirectoryParts): Directory => {
  const home = createHome(cloud, clock, config);
  const store = createIdentityStore(cloud, home);
  const users = cached(clock, listingAge, store.users);
  const groups = cached(clock, listingAge, store.groups);
  const accounts = createAccounts(cloud);
  const permissionSets = createPermissionSets(cloud, home);
  const projects = createProjects(cloud, clock, listingAge, config.projects, log);
  const allAccounts = cached(clock, listingAge, accounts.all);
  const allSets = cached(clock, listingAge, permissionSets.all);
  const sources = createSources(
    {
      cloud,
      clock,
      log,
      store: { ...store, users: users.get, groups: groups.get },
      accounts: { ...accounts, all: allAccounts.get },
      permissionSets: { ...permissionSets, all: allSets.get },
      projects,
    },
    listingAge,
  );

  /** The name of a group of which only the id is known; the id where the group has gone meanwhile. */
  const groupWithName = async (id: string): Promise<DirectoryGroup> =>
    groups.peek()?.find((group) => group.id === id) ?? (await store.group(id)) ?? { id, displayName: id };

  const named = async (what: 'account' | 'permission-set', id: string): Promise<Named | undefined> => {
    const rows: readonly (Named | PermissionSet)[] = await (what === 'account' ? allAccounts : allSets).get();
    const listed = rows.find((row) => row.id === id);
    return listed ?? (what === 'account' ? accounts.byId(id) : permissionSets.byId(id));
  };

  return {
    instance: home.instance,
    async suggest(lookup, context, text, limit) {
      const source = await sources(lookup, context);
      return source === undefined ? { choices: [], more: false } : best(await source.list(), text, limit);
    },
    async resolve(lookup, context, text) {
      const source = await sources(lookup, context);
      return source === undefined ? [] : resolveText(source, text);
    },
    user: store.user,
    group: store.group,
    account: accounts.byId,
    permissionSet: permissionSets.byId,
    async project(id) {
      return (await projects.all()).find((project) => project.id === id);
    },
    async iamUser(id) {
      if (!CloudId.safeParse(id).success) return undefined;
      const user = (await iamUsers(cloud)).find((one) => one.id === id);
      return user && { ...user, emails: [] };
    },
    async groupsOf(userId) {
      const ids = await store.groupIdsOf(userId);
      return Promise.all(ids.map(groupWithName));
    },
    membersOf: (groupId) => membersOf(groupId, store, users.get, log),
    async wordsFor(what, id) {
      try {
        const found = await named(what, id);
        return found === undefined || found.name === id ? id : `${found.name} (${id})`;
      } catch (error) {
        log.warn('a name could not be looked up', { what, id, error: String(error) });
        return id;
      }
    },
  };
};
