import { z } from 'zod';
import type { User } from '../organisation.ts';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { Refusal, voices } from '../refusals.ts';
import { type Route, route, type World } from '../route.ts';
import { noBody, noQuery, principalId, requireStore, storeParams, storePath, takeEffect } from './shapes.ts';

const identityStore = { service: 'identitystore', voice: voices.identityCenter, body: noBody } as const;
const read = { ...identityStore, method: 'GET', effect: 'read' } as const;
/** Look-ups that are sent as POST. */
const ask = {
  service: 'identitystore',
  voice: voices.identityCenter,
  method: 'POST',
  effect: 'read',
} as const;
const userParams = storeParams.extend({ user_id: principalId });

/** The body of the exact look-ups of users and groups: one attribute, never an external id beside it. */
export const uniqueAttribute = (path: string) =>
  z.strictObject({
    alternate_identifier: z.union([
      z.strictObject({
        unique_attribute: z.strictObject({
          attribute_path: z.literal(path),
          attribute_value: z.string().min(1),
        }),
      }),
      z.strictObject({
        external_id: z.strictObject({ id: z.string().min(1).max(256), issuer: z.string().min(1).max(100) }),
      }),
    ]),
  });

/** The value asked for; undefined when an external id was given, because nobody here has one. */
export const attributeValue = (body: z.infer<ReturnType<typeof uniqueAttribute>>): string | undefined =>
  'unique_attribute' in body.alternate_identifier
    ? body.alternate_identifier.unique_attribute.attribute_value
    : undefined;

const rowOf = (user: User, { organisation }: World) => ({
  ...user,
  identity_store_id: organisation.instance.identity_store_id,
  user_type: 'DEFAULT',
  external_ids: [],
  created_by: organisation.managementAccountId,
  updated_by: organisation.managementAccountId,
});

/** @throws {Refusal} 404 */
export const requireUser = ({ organisation }: World, id: string): User => {
  const found = organisation.users.find((user) => user.user_id === id);
  if (found === undefined) throw voices.identityCenter.notFound(`user ${id}`);
  return found;
};

const nameFits = (user: User, asked: string, match: 'exact' | 'fuzzy'): boolean =>
  match === 'exact' ? user.user_name === asked : user.user_name.toLowerCase().includes(asked.toLowerCase());

const setEnabled = (enabled: boolean): Route =>
  route({
    ...identityStore,
    method: 'POST',
    effect: 'change',
    operation: enabled ? 'EnableUser' : 'DisableUser',
    path: `${storePath}/users/{user_id}/${enabled ? 'enable' : 'disable'}`,
    action: `IdentityCenter:user:${enabled ? 'enableUser' : 'disableUser'}`,
    params: userParams,
    query: noQuery,
    answer: ({ params }, world) => {
      requireStore(world.organisation, params);
      const user = requireUser(world, params.user_id);
      if (user.enabled === enabled)
        throw enabled
          ? new Refusal(400, 'IIC.1318', 'User enabled.')
          : new Refusal(400, 'IIC.1317', 'User disabled.');
      takeEffect(world, () => {
        user.enabled = world.switches.writtenBack || enabled;
        user.updated_at = world.now;
      });
      return { status: 200 };
    },
  });

/** The people of the identity store. */
export const userRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListUsers',
    path: `${storePath}/users`,
    action: 'IdentityCenter:user:list',
    params: storeParams,
    query: z.strictObject({ ...pagingQuery, user_name: z.string().min(1).max(128).optional() }),
    answer: ({ params, query }, world) => {
      const { organisation, switches } = world;
      requireStore(organisation, params);
      const { user_name: name } = query;
      const rows =
        name === undefined
          ? organisation.users
          : organisation.users.filter((user) => nameFits(user, name, switches.userNameMatch));
      const listing = JSON.stringify(['users', name]);
      const page = pageOf(rows, (user) => user.user_id, { ...query, listing }, { ...world, ...read });
      const users = page.rows.map((user) => rowOf(user, world));
      return { status: 200, body: { users, page_info: pageInfo(page, switches.nextMarkerEnd) } };
    },
  }),
  route({
    ...read,
    operation: 'DescribeUser',
    path: `${storePath}/users/{user_id}`,
    action: 'IdentityCenter:user:describe',
    params: userParams,
    query: noQuery,
    answer: ({ params }, world) => {
      requireStore(world.organisation, params);
      const user = requireUser(world, params.user_id);
      const email_verified = user.emails.some((email) => email.verification_status === 'VERIFIED');
      return { status: 200, body: { ...rowOf(user, world), email_verified } };
    },
  }),
  route({
    ...ask,
    operation: 'DescribeUsers',
    path: `${storePath}/users/batch-query`,
    action: 'IdentityCenter:user:describeUsers',
    params: storeParams,
    query: noQuery,
    body: z.strictObject({ user_ids: z.array(principalId).min(1).max(100) }),
    answer: ({ params, body }, world) => {
      requireStore(world.organisation, params);
      const asked = new Set(body.user_ids);
      const users = world.organisation.users
        .filter((user) => asked.has(user.user_id))
        .map((user) => rowOf(user, world));
      return { status: 200, body: { users } };
    },
  }),
  route({
    ...ask,
    operation: 'GetUserId',
    path: `${storePath}/users/retrieve-user-id`,
    action: 'IdentityCenter:user:getId',
    params: storeParams,
    query: noQuery,
    body: uniqueAttribute('user_name'),
    answer: ({ params, body }, { organisation }) => {
      requireStore(organisation, params);
      const name = attributeValue(body);
      const user = organisation.users.find((one) => one.user_name === name);
      if (user === undefined) throw voices.identityCenter.notFound(`user ${name ?? 'with this external id'}`);
      const { identity_store_id } = organisation.instance;
      return { status: 200, body: { identity_store_id, user_id: user.user_id } };
    },
  }),
  setEnabled(false),
  setEnabled(true),
];
