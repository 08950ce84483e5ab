import { z } from 'zod';
import type { Assignment } from '../organisation.ts';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { voices } from '../refusals.ts';
import { type Answer, type Route, route, type World } from '../route.ts';
import { requireAccount, requirePermissionSet } from './permission-sets.ts';
import {
  instanceParams,
  instancePath,
  noBody,
  principalExists,
  principalId,
  principalType,
  requireInstance,
  someId,
} from './shapes.ts';

const read = {
  service: 'identitycenter',
  method: 'GET',
  effect: 'read',
  voice: voices.identityCenter,
} as const;

const keyOf = (row: Assignment): string =>
  [row.principal_id, row.principal_type, row.account_id, row.permission_set_id].join('/');

const assignmentPage = (
  world: World,
  rows: readonly Assignment[],
  asked: { listing: string; limit: number; marker?: string | undefined },
): Answer => {
  const page = pageOf(rows, keyOf, asked, { ...world, ...read });
  return {
    status: 200,
    body: { account_assignments: page.rows, page_info: pageInfo(page, world.switches.nextMarkerEnd) },
  };
};

/** The two listings that prove what a principal can reach. */
export const assignmentListRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListAccountAssignments',
    path: `${instancePath}/account-assignments`,
    action: 'IdentityCenter:accountAssignment:list',
    params: instanceParams,
    query: z.strictObject({ ...pagingQuery, account_id: someId, permission_set_id: someId.optional() }),
    body: noBody,
    answer: ({ params, query }, world) => {
      const { account_id: account, permission_set_id: set } = query;
      requireInstance(world.organisation, params);
      requireAccount(world, account);
      if (set !== undefined) requirePermissionSet(world, set);
      const rows = world.organisation.assignments.filter(
        (row) => row.account_id === account && (set === undefined || row.permission_set_id === set),
      );
      return assignmentPage(world, rows, { ...query, listing: JSON.stringify(['of-account', account, set]) });
    },
  }),
  route({
    ...read,
    operation: 'ListAccountAssignmentsForPrincipal',
    path: `${instancePath}/account-assignments-for-principals`,
    action: 'IdentityCenter:accountAssignmentForPrincipals:list',
    params: instanceParams,
    query: z.strictObject({
      ...pagingQuery,
      principal_id: principalId,
      principal_type: principalType,
      account_id: someId.optional(),
    }),
    body: noBody,
    answer: ({ params, query }, world) => {
      const { principal_id: id, principal_type: type, account_id: account } = query;
      requireInstance(world.organisation, params);
      const rows = world.organisation.assignments.filter(
        (row) =>
          row.principal_id === id &&
          row.principal_type === type &&
          (account === undefined || row.account_id === account),
      );
      // 404 is not documented here; a removed principal whose assignments remain is still listed.
      if (rows.length === 0 && !principalExists(world.organisation, type, id))
        throw voices.identityCenter.badRequest(`principal ${id} does not exist`);
      return assignmentPage(world, rows, {
        ...query,
        listing: JSON.stringify(['of-principal', type, id, account]),
      });
    },
  }),
];
