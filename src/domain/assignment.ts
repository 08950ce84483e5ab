import { z } from 'zod';
import type { Grant } from './facts.ts';
import { inTurns } from './in-turns.ts';
import { listAll } from './listing.ts';
import { countWords } from './measure-words.ts';
import { nextTurn } from './next-turn.ts';
import type { Cloud, Directory, DirectoryGroup, Instance } from './ports.ts';
import type { PrincipalType } from './principal.ts';
import { kooCommand } from './restore.ts';

/** One row of the account assignment listings of IAM Identity Center. One with an empty field may be anybody's. */
export const Assignment = z.object({
  account_id: z.string().min(1),
  permission_set_id: z.string().min(1),
  principal_id: z.string().min(1),
  principal_type: z.string().min(1),
});
export type Assignment = z.infer<typeof Assignment>;

export const assignmentKey = (row: Assignment): string =>
  [row.principal_type, row.principal_id, row.account_id, row.permission_set_id].join('/');

/** Each grant once: a row that moved from one page to the next while they were read is still one grant. */
export const eachOnce = (rows: readonly Assignment[]): readonly Assignment[] => [
  ...new Map(rows.map((row) => [assignmentKey(row), row])).values(),
];

/** The grant with only ids in words: for rows met while proving, when nothing but the row was read. */
const bareGrant = (row: Assignment): Grant => ({
  key: assignmentKey(row),
  words: `permission set ${row.permission_set_id} on account ${row.account_id}`,
});

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

const wordsOf = async (
  what: 'account' | 'permission-set',
  ids: readonly string[],
  directory: Directory,
): Promise<ReadonlyMap<string, string>> =>
  new Map(await inTurns(distinct(ids), async (id) => [id, await directory.wordsFor(what, id)] as const));

/** Names of permission sets are unique in an instance, so the id beside the name would only be noise. */
const withoutId = (words: string, id: string): string =>
  words.endsWith(` (${id})`) ? words.slice(0, -id.length - 3) : words;

/** Names of permission sets by id; the id itself where the name could not be read. Never fails. */
export const setNames = async (
  ids: readonly string[],
  directory: Directory,
): Promise<ReadonlyMap<string, string>> =>
  new Map(
    [...(await wordsOf('permission-set', ids, directory))].map(([id, words]) => [id, withoutId(words, id)]),
  );

/** Tells what a row of these gives: `PowerUser on prod-core (5685…)`. Never fails. */
export const accessWords = async (
  rows: readonly Assignment[],
  directory: Directory,
): Promise<(row: Assignment) => string> => {
  const [sets, accounts] = await Promise.all([
    setNames(
      rows.map((row) => row.permission_set_id),
      directory,
    ),
    wordsOf(
      'account',
      rows.map((row) => row.account_id),
      directory,
    ),
  ]);
  return ({ permission_set_id: set, account_id: account }) =>
    `${sets.get(set) ?? set} on ${accounts.get(account) ?? account}`;
};

/** CreateAccountAssignment by hand. */
const restoreOf = (row: Assignment, { instanceId, region }: Instance): string =>
  kooCommand('IdentityCenter', 'CreateAccountAssignment', {
    'cli-region': region,
    instance_id: instanceId,
    permission_set_id: row.permission_set_id,
    principal_id: row.principal_id,
    principal_type: row.principal_type,
    target_id: row.account_id,
    target_type: 'ACCOUNT',
  });

/** So many grants are put into words in one go: a few milliseconds. */
const grantsAtOnce = 250;

/**
 * The grants with the names of account and permission set, and the commands that give them back.
 * @throws {CloudFault} when the cloud could not be asked where Identity Center is
 */
export const namedGrants = async (
  rows: readonly Assignment[],
  directory: Directory,
): Promise<readonly Grant[]> => {
  const [instance, wordsFor] = await Promise.all([directory.instance(), accessWords(rows, directory)]);
  const grants: Grant[] = [];
  for (const [index, row] of rows.entries()) {
    if (index > 0 && index % grantsAtOnce === 0) await nextTurn();
    grants.push({ key: assignmentKey(row), words: wordsFor(row), restore: restoreOf(row, instance) });
  }
  return grants;
};

/** How wide assignments reach: `5,000 grants on 500 accounts`. */
export const reachWords = (rows: readonly Assignment[]): string => {
  const accounts = distinct(rows.map((row) => row.account_id)).length;
  return `${countWords(rows.length, 'grant')} on ${countWords(accounts, 'account')}`;
};

/**
 * All assignments of one principal, to the last page. Rows of another principal are dropped: both id and type are
 * compared, whatever the server filtered.
 */
export const assignmentsOf = async (
  cloud: Cloud,
  instance: string,
  type: PrincipalType,
  id: string,
): Promise<readonly Assignment[]> => {
  const rows = await listAll(
    cloud,
    {
      service: 'identitycenter',
      path: ['v1', 'instances', instance, 'account-assignments-for-principals'],
      query: { principal_id: id, principal_type: type },
    },
    'account_assignments',
    Assignment,
  );
  return eachOnce(rows.filter((row) => row.principal_id === id && row.principal_type === type));
};

/** Splits what is listed now into the step's grants that remain and the grants that are new since. */
export const compare = (rows: readonly Assignment[], grants: readonly string[]) => {
  const ofStep = new Set(grants);
  return {
    remaining: rows.map(assignmentKey).filter((key) => ofStep.has(key)),
    since: rows.filter((row) => !ofStep.has(assignmentKey(row))).map(bareGrant),
  };
};

/** What a user reaches in accounts through groups. */
export interface ReachByGroups {
  readonly groups: readonly { readonly group: DirectoryGroup; readonly rows: readonly Assignment[] }[];
  /** Groups whose assignments were not read, because the user is in so many. */
  readonly unread: number;
}

/** Everything that a user reaches in accounts: by assignments of their own, and by those of groups. */
export interface Reach extends ReachByGroups {
  readonly own: readonly Assignment[];
}

/** A user may be in 1,000 groups; so many can be read while somebody waits. */
const mostGroups = 100;

/**
 * @param but a group that is left out
 * @throws {CloudFault} when the cloud could not be asked
 */
export const reachByGroups = async (
  user: string,
  cloud: Cloud,
  directory: Directory,
  but?: string,
): Promise<ReachByGroups> => {
  const [{ instanceId }, all] = await Promise.all([directory.instance(), directory.groupsOf(user)]);
  const groups = all.filter((group) => group.id !== but);
  return {
    groups: await inTurns(groups.slice(0, mostGroups), async (group) => ({
      group,
      rows: await assignmentsOf(cloud, instanceId, 'GROUP', group.id),
    })),
    unread: Math.max(0, groups.length - mostGroups),
  };
};

/**
 * @param but a group that is left out
 * @throws {CloudFault} when the cloud could not be asked
 */
export const reachOf = async (
  user: string,
  cloud: Cloud,
  directory: Directory,
  but?: string,
): Promise<Reach> => {
  const { instanceId } = await directory.instance();
  const [own, byGroups] = await Promise.all([
    assignmentsOf(cloud, instanceId, 'USER', user),
    reachByGroups(user, cloud, directory, but),
  ]);
  return { own, ...byGroups };
};

/** All assignments of a reach. */
export const rowsOf = ({ own, groups }: Reach): readonly Assignment[] => [
  ...own,
  ...groups.flatMap(({ rows }) => rows),
];
