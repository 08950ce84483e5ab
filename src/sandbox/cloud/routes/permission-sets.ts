import { z } from 'zod';
import type { Assignment, PermissionSet } from '../organisation.ts';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { Refusal, voices } from '../refusals.ts';
import { type Route, route, type World } from '../route.ts';
import { instanceParams, instancePath, noBody, noQuery, requireInstance, someId } from './shapes.ts';

const read = {
  service: 'identitycenter',
  method: 'GET',
  effect: 'read',
  voice: voices.identityCenter,
} as const;
const setParams = instanceParams.extend({ permission_set_id: someId });
const provisioning = z
  .enum(['LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'])
  .optional();

const urnOf = (set: PermissionSet, instanceId: string): string =>
  `IdentityCenter:::permissionSet:${instanceId}/${set.permission_set_id}`;

const rowOf = (set: PermissionSet, { organisation }: World) => ({
  ...set,
  relay_state: '',
  permission_urn: urnOf(set, organisation.instance.instance_id),
});

/** @throws {Refusal} 404 `IIC.1205` */
export const requirePermissionSet = ({ organisation }: World, id: string): PermissionSet => {
  const found = organisation.permissionSets.find((set) => set.permission_set_id === id);
  if (found === undefined) throw new Refusal(404, 'IIC.1205', 'The permission set does not exist.');
  return found;
};

/** @throws {Refusal} 400 `IIC.1210` */
export const requireAccount = ({ organisation }: World, id: string): void => {
  if (!organisation.accounts.some((account) => account.id === id))
    throw new Refusal(400, 'IIC.1210', 'Account not found.');
};

/** Distinct values of one field of the assignments; everything assigned counts as provisioned in its latest form. */
const provisioned = (
  { organisation }: World,
  status: z.infer<typeof provisioning>,
  match: (row: Assignment) => boolean,
  field: 'account_id' | 'permission_set_id',
): string[] =>
  status === 'LATEST_PERMISSION_SET_NOT_PROVISIONED'
    ? []
    : [...new Set(organisation.assignments.filter(match).map((row) => row[field]))];

export const permissionSetRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListPermissionSets',
    path: `${instancePath}/permission-sets`,
    action: 'IdentityCenter:permissionSet:list',
    params: instanceParams,
    query: z.strictObject({
      ...pagingQuery,
      permission_set_id: someId.optional(),
      name: z.string().min(1).max(32).optional(),
      permission_urn: z.string().min(1).optional(),
    }),
    body: noBody,
    answer: ({ params, query }, world) => {
      requireInstance(world.organisation, params);
      const { permission_set_id: id, name, permission_urn: urn } = query;
      const rows = world.organisation.permissionSets
        .filter((set) => id === undefined || set.permission_set_id === id)
        .filter((set) => name === undefined || set.name === name)
        .filter((set) => urn === undefined || urnOf(set, params.instance_id) === urn);
      const listing = JSON.stringify(['permission-sets', id, name, urn]);
      const page = pageOf(rows, (set) => set.permission_set_id, { ...query, listing }, { ...world, ...read });
      const permission_sets = page.rows.map((set) => rowOf(set, world));
      return {
        status: 200,
        body: { permission_sets, page_info: pageInfo(page, world.switches.nextMarkerEnd) },
      };
    },
  }),
  route({
    ...read,
    operation: 'DescribePermissionSet',
    path: `${instancePath}/permission-sets/{permission_set_id}`,
    action: 'IdentityCenter:permissionSet:describe',
    params: setParams,
    query: noQuery,
    body: noBody,
    answer: ({ params }, world) => {
      requireInstance(world.organisation, params);
      const permission_set = rowOf(requirePermissionSet(world, params.permission_set_id), world);
      return { status: 200, body: { permission_set } };
    },
  }),
  route({
    ...read,
    operation: 'ListPermissionSetsProvisionedToAccount',
    path: `${instancePath}/permission-sets/provisioned-to-accounts`,
    action: 'IdentityCenter:permissionSet:listProvisionedToAccount',
    params: instanceParams,
    query: z.strictObject({ ...pagingQuery, account_id: someId, provisioning_status: provisioning }),
    body: noBody,
    answer: ({ params, query }, world) => {
      requireInstance(world.organisation, params);
      requireAccount(world, query.account_id);
      const match = (row: Assignment) => row.account_id === query.account_id;
      const ids = provisioned(world, query.provisioning_status, match, 'permission_set_id');
      const listing = JSON.stringify(['provisioned', query.account_id]);
      const page = pageOf(ids, (id) => id, { ...query, listing }, { ...world, ...read });
      return {
        status: 200,
        body: { permission_sets: page.rows, page_info: pageInfo(page, world.switches.nextMarkerEnd) },
      };
    },
  }),
  route({
    ...read,
    operation: 'ListAccountsForProvisionedPermissionSet',
    path: `${instancePath}/permission-sets/{permission_set_id}/accounts`,
    action: 'IdentityCenter:permissionSet:listAccountsForProvisioned',
    params: setParams,
    query: z.strictObject({ ...pagingQuery, provisioning_status: provisioning }),
    body: noBody,
    answer: ({ params, query }, world) => {
      requireInstance(world.organisation, params);
      requirePermissionSet(world, params.permission_set_id);
      const match = (row: Assignment) => row.permission_set_id === params.permission_set_id;
      const ids = provisioned(world, query.provisioning_status, match, 'account_id');
      const listing = JSON.stringify(['accounts-of-set', params.permission_set_id]);
      const page = pageOf(ids, (id) => id, { ...query, listing }, { ...world, ...read });
      return {
        status: 200,
        body: { account_ids: page.rows, page_info: pageInfo(page, world.switches.nextMarkerEnd) },
      };
    },
  }),
];
