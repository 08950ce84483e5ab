import { z } from 'zod';
import type { Grant } from './facts.ts';
import { listAll } from './listing.ts';
import type { Cloud, Directory, DirectoryGroup } from './ports.ts';
import type { PrincipalType } from './principal.ts';

/** One row of the account assignment listings of IAM Identity Center. */
export const Assignment = z.object({
  account_id: z.string(),
  permission_set_id: z.string(),
  principal_id: z.string(),
  principal_type: z.string(),
});
export type Assignment = z.infer<typeof Assignment>;

export const assignmentKey = (row: Assignment): string =>
  [row.principal_type, row.principal_id, row.account_id, row.permission_set_id].join('/');

/** The grant with only ids in words: for rows met while proving, when nothing but the row was read. */
const bareGrant = (row: Assignment): Grant => ({
  key: assignmentKey(row),
  words: `permission set ${row.permission_set_id} on account ${row.account_id}`,
});

/** The grant with the names of account and permission set. */
export const namedGrant = async (row: Assignment, directory: Directory): Promise<Grant> => {
  const [set, account] = await Promise.all([
    directory.wordsFor('permission-set', row.permission_set_id),
    directory.wordsFor('account', row.account_id),
  ]);
  return { key: assignmentKey(row), words: `${set} on ${account}` };
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
  const own = rows.filter((row) => row.principal_id === id && row.principal_type === type);
  // A row that moved from one page to the next while they were read is still one grant.
  return [...new Map(own.map((row) => [assignmentKey(row), row])).values()];
};

/** Splits what is listed now into the step's grants that remain and the grants that are new since. */
export const compare = (rows: readonly Assignment[], grants: readonly string[]) => ({
  remaining: rows.map(assignmentKey).filter((key) => grants.includes(key)),
  since: rows.filter((row) => !grants.includes(assignmentKey(row))).map(bareGrant),
});

/** Everything that a user reaches in accounts: by assignments of their own, and by those of each group. */
export interface Reach {
  readonly own: readonly Assignment[];
  readonly groups: readonly { readonly group: DirectoryGroup; readonly rows: readonly Assignment[] }[];
}

/** @throws {CloudFault} when the cloud could not be asked */
export const reachOf = async (user: string, cloud: Cloud, directory: Directory): Promise<Reach> => {
  const { instanceId } = await directory.instance();
  const [own, groups] = await Promise.all([
    assignmentsOf(cloud, instanceId, 'USER', user),
    directory.groupsOf(user),
  ]);
  return {
    own,
    groups: await Promise.all(
      groups.map(async (group) => ({
        group,
        rows: await assignmentsOf(cloud, instanceId, 'GROUP', group.id),
      })),
    ),
  };
};

/** Ids of the permission sets behind everything that is reached. */
export const setsOf = ({ own, groups }: Reach): ReadonlySet<string> =>
  new Set([...own, ...groups.flatMap(({ rows }) => rows)].map((row) => row.permission_set_id));
