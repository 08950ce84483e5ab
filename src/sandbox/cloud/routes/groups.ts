import { z } from 'zod';
import type { Group } from '../organisation.ts';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { voices } from '../refusals.ts';
import { type Route, route, type World } from '../route.ts';
import { noBody, noQuery, principalId, requireStore, storeParams, storePath } from './shapes.ts';
import { attributeValue, uniqueAttribute } from './users.ts';

const read = {
  service: 'identitystore',
  voice: voices.identityCenter,
  method: 'GET',
  effect: 'read',
  body: noBody,
} as const;
const ask = {
  service: 'identitystore',
  voice: voices.identityCenter,
  method: 'POST',
  effect: 'read',
} as const;

const rowOf = (group: Group, { organisation }: World) => ({
  ...group,
  external_id: '',
  external_ids: [],
  identity_store_id: organisation.instance.identity_store_id,
  created_by: organisation.managementAccountId,
  updated_at: group.created_at,
  updated_by: organisation.managementAccountId,
});

/** @throws {Refusal} 404 */
export const requireGroup = ({ organisation }: World, id: string): Group => {
  const found = organisation.groups.find((group) => group.group_id === id);
  if (found === undefined) throw voices.identityCenter.notFound(`group ${id}`);
  return found;
};

/** The groups of the identity store; the list's name filter is documented as fuzzy. */
export const groupRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListGroups',
    path: `${storePath}/groups`,
    action: 'IdentityCenter:group:list',
    params: storeParams,
    query: z.strictObject({ ...pagingQuery, display_name: z.string().min(1).max(128).optional() }),
    answer: ({ params, query }, world) => {
      const { organisation, switches } = world;
      requireStore(organisation, params);
      const part = query.display_name?.toLowerCase() ?? '';
      const rows = organisation.groups.filter((group) => group.display_name.toLowerCase().includes(part));
      const listing = JSON.stringify(['groups', part]);
      const page = pageOf(rows, (group) => group.group_id, { ...query, listing }, { ...world, ...read });
      const groups = page.rows.map((group) => rowOf(group, world));
      return { status: 200, body: { groups, page_info: pageInfo(page, switches.nextMarkerEnd) } };
    },
  }),
  route({
    ...read,
    operation: 'DescribeGroup',
    path: `${storePath}/groups/{group_id}`,
    action: 'IdentityCenter:group:describe',
    params: storeParams.extend({ group_id: principalId }),
    query: noQuery,
    answer: ({ params }, world) => {
      requireStore(world.organisation, params);
      return { status: 200, body: rowOf(requireGroup(world, params.group_id), world) };
    },
  }),
  route({
    ...ask,
    operation: 'DescribeGroups',
    path: `${storePath}/groups/batch-query`,
    action: 'IdentityCenter:group:describeGroups',
    params: storeParams,
    query: noQuery,
    body: z.strictObject({ group_ids: z.array(principalId).min(1).max(100) }),
    answer: ({ params, body }, world) => {
      requireStore(world.organisation, params);
      const groups = world.organisation.groups
        .filter((group) => body.group_ids.includes(group.group_id))
        .map((group) => rowOf(group, world));
      return { status: 200, body: { groups } };
    },
  }),
  route({
    ...ask,
    operation: 'GetGroupId',
    path: `${storePath}/groups/retrieve-group-id`,
    action: 'IdentityCenter:group:getId',
    params: storeParams,
    query: noQuery,
    body: uniqueAttribute('display_name'),
    answer: ({ params, body }, { organisation }) => {
      requireStore(organisation, params);
      const name = attributeValue(body);
      const group = organisation.groups.find((one) => one.display_name === name);
      if (group === undefined)
        throw voices.identityCenter.notFound(`group ${name ?? 'with this external id'}`);
      const { identity_store_id } = organisation.instance;
      return { status: 200, body: { identity_store_id, group_id: group.group_id } };
    },
  }),
];
