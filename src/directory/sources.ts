import type { Clock, Cloud, Log, Lookup, LookupContext, Project } from '../domain/ports.ts';
import { PrincipalType } from '../domain/principal.ts';
import type { Accounts } from './accounts.ts';
import { type Assigned, createAssigned } from './assigned.ts';
import type { Candidate } from './candidate.ts';
import {
  accountCandidate,
  groupCandidate,
  iamUserCandidate,
  namedCandidate,
  userCandidate,
} from './choices.ts';
import { createGroupsOfUser } from './groups-of-user.ts';
import type { IdentityStore } from './identity-store.ts';
import type { Home } from './instance.ts';
import { createListing, type Listing } from './listing.ts';
import { iamUsers, modelArtsUsers } from './modelarts-users.ts';
import { createPace } from './pace.ts';
import type { ReadPage } from './pages.ts';
import type { PermissionSets } from './permission-sets.ts';
import type { Projects } from './projects.ts';
import type { Source } from './source.ts';

/** How old the index of a large listing may be, in ms: 100,000 users are 1,000 pages. */
const indexAge = 15 * 60_000;
/** How old a small listing may be that is read at once, in ms; at twice this age people wait for a new one. */
const smallAge = 30_000;
/** Between two pages of users or groups, in ms: 20 of the 50 calls that the client makes in a second. */
const pageInterval = 50;

export interface SourceParts {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly log: Log;
  readonly home: Home;
  readonly store: IdentityStore;
  readonly accounts: Accounts;
  readonly permissionSets: PermissionSets;
  readonly projects: Projects;
}

export interface Sources {
  readonly users: Source;
  readonly groups: Source;
  readonly accounts: Source;
  readonly permissionSets: Source;
  /** The source of a look-up; undefined when the fields that it depends on are not filled in. */
  of(lookup: Lookup, context: LookupContext): Promise<Source | undefined>;
}

const mapped = <T>(value: T | undefined, make: (value: T) => Candidate): Candidate | undefined =>
  value === undefined ? undefined : make(value);

/** The cloud filters by user name only; for an e-mail that is often the e-mail itself, or what stands before the @. */
const userNamesIn = (text: string): readonly string[] => {
  const at = text.indexOf('@');
  return at > 0 ? [text, text.slice(0, at)] : [text];
};

export const createSources = (parts: SourceParts): Sources => {
  const { cloud, clock, log, store, accounts, permissionSets, projects } = parts;
  const pace = createPace(clock, pageInterval);

  const large = <Row>(what: string, page: ReadPage<Row>, make: (row: Row) => Candidate): Listing => {
    const read: ReadPage<Candidate> = async (marker) => {
      const { rows, next } = await page(marker);
      return { rows: rows.map(make), next };
    };
    return createListing({ what, clock, log, maxAge: indexAge, read });
  };
  const gently =
    <Row>(page: ReadPage<Row>): ReadPage<Row> =>
    (marker) =>
      pace(() => page(marker));
  const small = (what: string, read: () => Promise<readonly Candidate[]>): Listing =>
    createListing({ what, clock, log, maxAge: smallAge, read: async () => ({ rows: await read() }) });

  const users: Source = {
    listing: large('users', gently(store.userPage), userCandidate),
    byId: async (id) => mapped(await store.user(id), userCandidate),
    named: async (text) => {
      const found = await Promise.all(userNamesIn(text).map(store.usersNamed));
      return found.flat().map(userCandidate);
    },
  };
  const groups: Source = {
    listing: large('groups', gently(store.groupPage), groupCandidate),
    byId: async (id) => mapped(await store.group(id), groupCandidate),
    named: async (text) => (await store.groupsNamed(text)).map(groupCandidate),
  };
  const everyAccount: Source = {
    listing: large('accounts', accounts.page, accountCandidate),
    byId: async (id) => mapped(await accounts.byId(id), accountCandidate),
  };
  const everySet: Source = {
    listing: large('permission sets', permissionSets.page, (set) => namedCandidate(set)),
    byId: async (id) => mapped(await permissionSets.byId(id), (set) => namedCandidate(set)),
  };
  const everyProject: Source = {
    listing: small('projects', async () =>
      (await projects.all()).map((project) => namedCandidate(project, project.region)),
    ),
    // The configuration is all there is to ask.
    byId: async () => undefined,
  };

  const assigned = createAssigned(cloud, clock, log, parts.home);
  /** All there are, until it is known whose they must be. */
  const ofHolder = (everything: Source, idOf: Parameters<Assigned>[1], context: LookupContext): Source => {
    const type = PrincipalType.safeParse(context.principal_type);
    const { principal: id, account } = context;
    if (!type.success || !id) return everything;
    return assigned(everything, idOf, { type: type.data, id, ...(account && { account }) });
  };

  const groupsOfUser = createGroupsOfUser(store, groups, clock, log);

  const usersOfProjects = new Map<string, Source>();
  const sourceOfProject = (project: Project): Source => ({
    listing: small('users of this project', async () =>
      (await modelArtsUsers(cloud, project, log)).map(iamUserCandidate),
    ),
    byId: async (id) => {
      const user = (await iamUsers(cloud)).find((one) => one.id === id);
      return mapped(user, (one) => namedCandidate({ id: one.id, name: one.userName }));
    },
  });
  const usersOfProject = async (id: string | undefined): Promise<Source | undefined> => {
    const project = (await projects.all()).find((one) => one.id === id);
    if (project === undefined) return undefined;
    const source = usersOfProjects.get(project.id) ?? sourceOfProject(project);
    usersOfProjects.set(project.id, source);
    return source;
  };

  return {
    users,
    groups,
    accounts: everyAccount,
    permissionSets: everySet,
    async of(lookup, context) {
      switch (lookup) {
        case 'principal':
          if (context.principal_type === 'USER') return users;
          return context.principal_type === 'GROUP' ? groups : undefined;
        case 'group-of-user':
          return context.principal ? groupsOfUser(context.principal) : undefined;
        case 'account':
          return ofHolder(everyAccount, (row) => row.account_id, context);
        case 'permission-set':
          return ofHolder(everySet, (row) => row.permission_set_id, context);
        case 'project':
          return everyProject;
        case 'modelarts-user':
          return usersOfProject(context.project);
        default:
          return lookup satisfies never;
      }
    },
  };
};
