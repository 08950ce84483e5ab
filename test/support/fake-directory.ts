import type { Identity } from '../../src/domain/facts.ts';
import type {
  CloudFault,
  Directory,
  DirectoryGroup,
  DirectoryUser,
  Named,
  PermissionSet,
  Project,
} from '../../src/domain/ports.ts';

/** What the directory knows. A test changes it as it likes. */
export interface DirectoryContents {
  readonly instanceId: string;
  readonly identityStoreId: string;
  readonly users: DirectoryUser[];
  readonly groups: DirectoryGroup[];
  /** User ids by group id. */
  readonly members: Map<string, string[]>;
  /** Groups whose members cannot be counted. */
  readonly uncountable: Set<string>;
  readonly accounts: Named[];
  readonly permissionSets: PermissionSet[];
  readonly projects: Project[];
  readonly iamUsers: Identity[];
  /** While set, every question meets it. */
  fault: CloudFault | undefined;
}

const byId = <T extends { readonly id: string }>(rows: readonly T[], id: string): T | undefined =>
  rows.find((row) => row.id === id);

export const createFakeDirectory = (contents: DirectoryContents): Directory => {
  const answer = async <T>(make: () => T): Promise<T> => {
    await Promise.resolve();
    if (contents.fault) throw contents.fault;
    return make();
  };
  return {
    instance: () =>
      answer(() => ({ instanceId: contents.instanceId, identityStoreId: contents.identityStoreId })),
    suggest: () => answer(() => ({ choices: [], more: false })),
    resolve: () => answer(() => []),
    user: (id) => answer(() => byId(contents.users, id)),
    group: (id) => answer(() => byId(contents.groups, id)),
    account: (id) => answer(() => byId(contents.accounts, id)),
    permissionSet: (id) => answer(() => byId(contents.permissionSets, id)),
    project: (id) => answer(() => byId(contents.projects, id)),
    iamUser: (id) => answer(() => byId(contents.iamUsers, id)),
    wordsFor: async (what, id) => {
      const named = byId(what === 'account' ? contents.accounts : contents.permissionSets, id);
      return named === undefined ? id : `${named.name} (${id})`;
    },
    groupsOf: (userId) =>
      answer(() => contents.groups.filter((group) => contents.members.get(group.id)?.includes(userId))),
    membersOf: (groupId) =>
      answer(() => {
        if (contents.uncountable.has(groupId)) return 'unknown';
        return (contents.members.get(groupId) ?? []).flatMap((id) => byId(contents.users, id) ?? []);
      }),
  };
};

/** A directory that knows these, and nothing else. */
export const directoryOf = (known: Partial<DirectoryContents>): Directory =>
  createFakeDirectory({
    instanceId: 'ins-1',
    identityStoreId: 'd-1',
    users: [],
    groups: [],
    members: new Map(),
    uncountable: new Set(),
    accounts: [],
    permissionSets: [],
    projects: [],
    iamUsers: [],
    fault: undefined,
    ...known,
  });
