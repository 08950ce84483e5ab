import type { Clock, Cloud, Directory, DirectoryGroup, Log } from '../domain/ports.ts';
import { CloudId } from '../domain/principal.ts';
import { createAccounts } from './accounts.ts';
import { cached } from './cached.ts';
import { inLine, nameIn } from './choices.ts';
import { createIdentityStore } from './identity-store.ts';
import { createHome, type HomeConfig } from './instance.ts';
import { membersOf } from './members.ts';
import { iamUsers } from './modelarts-users.ts';
import { createPermissionSets } from './permission-sets.ts';
import { type ConfiguredProject, createProjects } from './projects.ts';
import { resolveText } from './resolve.ts';
import { createSources } from './sources.ts';
import { suggestFrom } from './suggest.ts';

/** How old the names of projects may be, and the users of groups whose members cannot be asked for by id; in ms. */
const shortAge = 60_000;

export interface DirectoryParts {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: HomeConfig & {
    /** ModelArts projects. */
    readonly projects: readonly ConfiguredProject[];
  };
}

/** Look-ups in the cloud: by exact id always as it is now, in lists that are kept in memory and read anew. */
export const createDirectory = ({ cloud, clock, log, config }: DirectoryParts): Directory => {
  const home = createHome(cloud, clock, config);
  const store = createIdentityStore(cloud, home);
  const users = cached(clock, shortAge, store.users);
  const accounts = createAccounts(cloud);
  const permissionSets = createPermissionSets(cloud, home);
  const projects = createProjects(cloud, clock, shortAge, config.projects, log);
  const sources = createSources({ cloud, clock, log, home, store, accounts, permissionSets, projects });

  /** The name of a group of which only the id is known; the id where the group has gone meanwhile. */
  const groupWithName = async (id: string): Promise<DirectoryGroup> => {
    const listed = sources.groups.listing.known().index.byId(id);
    if (listed !== undefined) return { id, displayName: nameIn(listed) };
    return (await store.group(id)) ?? { id, displayName: id };
  };

  return {
    async instance() {
      const [instance, region] = await Promise.all([home.instance(), home.region()]);
      return { ...instance, region };
    },
    async suggest(lookup, context, text, limit) {
      const found = await suggestFrom(sources.of(lookup, context), text, limit, clock);
      return { ...found, choices: found.choices.map(inLine) };
    },
    async resolve(lookup, context, text) {
      const source = await sources.of(lookup, context);
      return source === undefined ? [] : (await resolveText(source, text, clock)).map(inLine);
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
      const source = what === 'account' ? sources.accounts : sources.permissionSets;
      try {
        const listed = (await source.listing.whole()).byId(id);
        return (listed ?? (await source.byId(id))?.choice)?.words ?? id;
      } catch (error) {
        log.warn('a name could not be looked up', { what, id, error: String(error) });
        return id;
      }
    },
  };
};
