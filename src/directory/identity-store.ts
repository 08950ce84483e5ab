import { z } from 'zod';
import { listAll } from '../domain/listing.ts';
import type { Cloud, CloudRequest, DirectoryGroup, DirectoryUser } from '../domain/ports.ts';
import { readById } from './by-id.ts';
import type { Home } from './instance.ts';
import { type ReadPage, readPage } from './pages.ts';

/** The SDK's models make nearly everything optional; only what cannot be done without is asked for. */
const User = z
  .object({
    user_id: z.string(),
    user_name: z.string(),
    display_name: z.string().nullish(),
    enabled: z.boolean().nullish(),
    emails: z.array(z.object({ value: z.string().nullish(), primary: z.boolean().nullish() })).nullish(),
  })
  .transform(
    (row): DirectoryUser => ({
      id: row.user_id,
      userName: row.user_name,
      displayName: row.display_name || row.user_name,
      enabled: row.enabled ?? true,
      // The main one first.
      emails: (row.emails ?? [])
        .toSorted((one, other) => Number(other.primary ?? false) - Number(one.primary ?? false))
        .flatMap(({ value }) => (value ? [value] : [])),
    }),
  );

const Group = z
  .object({ group_id: z.string(), display_name: z.string().nullish() })
  .transform((row): DirectoryGroup => ({ id: row.group_id, displayName: row.display_name || row.group_id }));

const Membership = z.object({
  group_id: z.string().min(1),
  member_id: z.object({ user_id: z.string().min(1) }),
});

/** Most ids in one question; the cloud's own limit is not published. */
const batchSize = 100;

/** Reads of the identity store, straight from the cloud. All throw {@link CloudFault}. */
export interface IdentityStore {
  readonly userPage: ReadPage<DirectoryUser>;
  readonly groupPage: ReadPage<DirectoryGroup>;
  readonly users: () => Promise<readonly DirectoryUser[]>;
  /** Users whom the cloud's own filter finds; whether it is exact is not published. */
  readonly usersNamed: (userName: string) => Promise<readonly DirectoryUser[]>;
  readonly user: (id: string) => Promise<DirectoryUser | undefined>;
  /** Those of the ids that exist. */
  readonly usersByIds: (ids: readonly string[]) => Promise<readonly DirectoryUser[]>;
  /** Groups with the text in their name: the first page, because a short text is in thousands. */
  readonly groupsNamed: (part: string) => Promise<readonly DirectoryGroup[]>;
  readonly group: (id: string) => Promise<DirectoryGroup | undefined>;
  readonly groupIdsOf: (userId: string) => Promise<readonly string[]>;
  readonly memberIdsOf: (groupId: string) => Promise<readonly string[]>;
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

export const createIdentityStore = (cloud: Cloud, home: Home): IdentityStore => {
  const place = async (...path: readonly string[]) => {
    const [{ identityStoreId }, region] = await Promise.all([home.instance(), home.region()]);
    return {
      service: 'identitystore',
      region,
      path: ['v1', 'identity-stores', identityStoreId, ...path],
    } as const;
  };
  const list = async <Row>(
    path: string,
    key: string,
    row: z.ZodType<Row>,
    query: CloudRequest<Row>['query'],
  ) => listAll(cloud, { ...(await place(path)), ...(query && { query }) }, key, row);
  const describe =
    <Row>(answer: z.ZodType<Row>) =>
    async (at: Awaited<ReturnType<typeof place>>): Promise<Row> => {
      const { body } = await cloud.call({ ...at, method: 'GET', answer, effect: 'read' });
      return body;
    };

  const users = () => list('users', 'users', User, undefined);
  const groups = () => list('groups', 'groups', Group, undefined);
  return {
    userPage: async (marker) => readPage(cloud, await place('users'), 'users', User, marker),
    groupPage: async (marker) => readPage(cloud, await place('groups'), 'groups', Group, marker),
    users,
    usersNamed: (user_name) => list('users', 'users', User, { user_name }),
    user: (id) => readById(id, () => place('users', id), describe(User), users),
    async usersByIds(ids) {
      const found: DirectoryUser[] = [];
      for (let from = 0; from < ids.length; from += batchSize) {
        const { body } = await cloud.call({
          ...(await place('users', 'batch-query')),
          method: 'POST',
          body: { user_ids: ids.slice(from, from + batchSize) },
          answer: z.object({ users: z.array(User) }),
          effect: 'read',
        });
        found.push(...body.users);
      }
      return found;
    },
    async groupsNamed(display_name) {
      const named = { ...(await place('groups')), query: { display_name } };
      return (await readPage(cloud, named, 'groups', Group, undefined)).rows;
    },
    group: (id) => readById(id, () => place('groups', id), describe(Group), groups),
    async groupIdsOf(userId) {
      const rows = await list('group-memberships-for-member', 'group_memberships', Membership, {
        user_id: userId,
      });
      return distinct(rows.filter((row) => row.member_id.user_id === userId).map((row) => row.group_id));
    },
    async memberIdsOf(groupId) {
      const rows = await list('group-memberships', 'group_memberships', Membership, { group_id: groupId });
      return distinct(rows.filter((row) => row.group_id === groupId).map((row) => row.member_id.user_id));
    },
  };
};
