import type {
  Clock,
  Cloud,
  DirectoryGroup,
  DirectoryUser,
  Log,
  Lookup,
  LookupContext,
  Named,
} from '../domain/ports.ts';
import type { Account, Accounts } from './accounts.ts';
import { type Cached, cached, derived } from './cached.ts';
import type { IdentityStore } from './identity-store.ts';
import { type Candidate, candidate } from './match.ts';
import { iamUsers, type ModelArtsUser, modelArtsUsers } from './modelarts-users.ts';
import type { PermissionSets } from './permission-sets.ts';
import type { Projects } from './projects.ts';

/** Where the candidates of one look-up come from. All throw {@link CloudFault}. */
export interface Source {
  /** All of them, from a listing that may be somewhat old. */
  readonly list: () => Promise<readonly Candidate[]>;
  /** One by its exact id, as it is now. */
  readonly byId: (id: string) => Promise<Candidate | undefined>;
  /** Those whom the cloud's own filter finds; they may be younger than the listing. */
  readonly named?: (text: string) => Promise<readonly Candidate[]>;
}

/** Tells which source a look-up has; undefined when the fields that it depends on are not filled in. */
export type Sources = (lookup: Lookup, context: LookupContext) => Promise<Source | undefined>;

const userCandidate = (user: DirectoryUser): Candidate => {
  const { id, userName, emails, displayName, enabled } = user;
  const words = `${displayName} (${[userName, ...emails].join(', ')})`;
  const choice = { id, words, ...(!enabled && { detail: 'disabled' }) };
  return candidate(choice, [id, ...emails, userName, displayName]);
};

/** Something that goes by one name; the id stands beside it, because such names need not be unique. */
const namedCandidate = ({ id, name }: Named, detail?: string): Candidate =>
  candidate({ id, words: name === id ? id : `${name} (${id})`, ...(detail !== undefined && { detail }) }, [
    id,
    name,
  ]);

const groupCandidate = ({ id, displayName }: DirectoryGroup): Candidate =>
  namedCandidate({ id, name: displayName });

const setCandidate = (set: Named): Candidate => namedCandidate(set);

const accountCandidate = (account: Account): Candidate =>
  namedCandidate(account, account.status === 'active' ? undefined : account.status.replace(/_/g, ' '));

const iamUserCandidate = ({ id, userName, authorized }: ModelArtsUser): Candidate =>
  namedCandidate(
    { id, name: userName },
    authorized ? undefined : 'no authorization of its own in this project',
  );

const mapped = <T>(value: T | undefined, make: (value: T) => Candidate): Candidate | undefined =>
  value === undefined ? undefined : make(value);

export interface SourceParts {
  readonly cloud: Cloud;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly store: IdentityStore;
  readonly accounts: Accounts;
  readonly permissionSets: PermissionSets;
  readonly projects: Projects;
}

/**
 * @param parts the listings in them may be kept ones
 * @param maxAge of the listings that are made here, in ms
 */
export const createSources = (parts: SourceParts, maxAge: number): Sources => {
  const { cloud, clock, log, store, accounts, permissionSets, projects } = parts;

  const users: Source = {
    list: derived(store.users, (rows) => rows.map(userCandidate)),
    byId: async (id) => mapped(await store.user(id), userCandidate),
    named: async (text) => (await store.usersNamed(text)).map(userCandidate),
  };
  const groups: Source = {
    list: derived(store.groups, (rows) => rows.map(groupCandidate)),
    byId: async (id) => mapped(await store.group(id), groupCandidate),
  };
  const everyAccount: Source = {
    list: derived(accounts.all, (rows) => rows.map(accountCandidate)),
    byId: async (id) => mapped(await accounts.byId(id), accountCandidate),
  };
  const sets: Source = {
    list: derived(permissionSets.all, (rows) => rows.map(setCandidate)),
    byId: async (id) => mapped(await permissionSets.byId(id), setCandidate),
  };
  const projectSource: Source = {
    list: async () => (await projects.all()).map((project) => namedCandidate(project, project.region)),
    // The configuration is all there is to ask.
    byId: async () => undefined,
  };

  const usersOfProjects = new Map<string, Cached<readonly Candidate[]>>();
  const usersOfProject = async (id: string | undefined): Promise<Source | undefined> => {
    const project = (await projects.all()).find((one) => one.id === id);
    if (project === undefined) return undefined;
    const known = usersOfProjects.get(project.id);
    const listing =
      known ??
      cached(clock, maxAge, async () => (await modelArtsUsers(cloud, project, log)).map(iamUserCandidate));
    usersOfProjects.set(project.id, listing);
    return {
      list: listing.get,
      byId: async (userId) => {
        const user = (await iamUsers(cloud)).find((one) => one.id === userId);
        return mapped(user, (one) => namedCandidate({ id: one.id, name: one.userName }));
      },
    };
  };

  return async (lookup, context) => {
    switch (lookup) {
      case 'principal':
        if (context.principal_type === 'USER') return users;
        return context.principal_type === 'GROUP' ? groups : undefined;
      case 'account':
        return everyAccount;
      case 'permission-set':
        return sets;
      case 'project':
        return projectSource;
      case 'modelarts-user':
        return usersOfProject(context.project);
      default:
        return lookup satisfies never;
    }
  };
};
