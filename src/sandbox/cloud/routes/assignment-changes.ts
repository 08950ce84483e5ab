import { z } from 'zod';
import { type Assignment, type AssignmentJob, sameAssignment, settle } from '../organisation.ts';
import { Refusal, voices } from '../refusals.ts';
import { type Answer, type Route, route, type World } from '../route.ts';
import { jobRow } from './assignment-jobs.ts';
import { requireAccount, requirePermissionSet } from './permission-sets.ts';
import {
  instanceParams,
  instancePath,
  noQuery,
  principalExists,
  principalId,
  principalType,
  requireInstance,
  requireStore,
  someId,
  storeId,
} from './shapes.ts';

const change = {
  service: 'identitycenter',
  method: 'POST',
  effect: 'change',
  voice: voices.identityCenter,
  params: instanceParams,
  query: noQuery,
} as const;

const assignmentBody = z
  .strictObject({
    permission_set_id: someId,
    principal_id: principalId,
    principal_type: principalType,
    target_id: someId,
    target_type: z.literal('ACCOUNT'),
  })
  .transform(
    ({ target_id, permission_set_id, principal_id, principal_type }): Assignment => ({
      account_id: target_id,
      permission_set_id,
      principal_id,
      principal_type,
    }),
  );

const refuseWhileBusy = ({ organisation }: World, wanted: Assignment): void => {
  if (organisation.deletions.some((job) => !job.settled && sameAssignment(job.assignment, wanted)))
    throw new Refusal(409, 'IIC.1006', 'Concurrency conflicts. Try again later.');
};

/** Why a deletion accepted now will fail, undefined when it will not. */
const failureOf = (
  { organisation, switches }: World,
  row: Assignment,
  listed: boolean,
): string | undefined => {
  if (!listed) return 'The account assignment does not exist.';
  if (switches.failDeletions !== undefined) return switches.failDeletions;
  if (switches.failDeletionsInAccounts.has(row.account_id))
    return `The permissions in account ${row.account_id} could not be removed.`;
  if (!principalExists(organisation, row.principal_type, row.principal_id))
    return `Principal ${row.principal_id} does not exist in the identity store.`;
  return undefined;
};

const newJob = (
  world: World,
  row: Assignment,
  delayMs: number,
  failure: string | undefined,
): AssignmentJob => ({
  request_id: world.newId(),
  created_date: world.now,
  assignment: row,
  doneAt: world.now + delayMs,
  ...(failure === undefined ? {} : { failure_reason: failure }),
  settled: false,
});

const deleteAssignment = (world: World, row: Assignment): Answer => {
  const { organisation, switches, now } = world;
  requirePermissionSet(world, row.permission_set_id);
  requireAccount(world, row.account_id);
  const listed = organisation.assignments.some((one) => sameAssignment(one, row));
  if (!listed && switches.missingAssignment === '404')
    throw voices.identityCenter.notFound('account assignment');
  refuseWhileBusy(world, row);
  if (!listed && switches.missingAssignment === '409')
    throw new Refusal(409, 'IIC.1007', 'Data modification failed.');
  const job = newJob(world, row, switches.deletionDelayMs, failureOf(world, row, listed));
  organisation.deletions.push(job);
  settle(organisation, now);
  return { status: 200, body: { account_assignment_deletion_status: jobRow(job) } };
};

const createAssignment = (world: World, row: Assignment): Answer => {
  const { organisation } = world;
  requirePermissionSet(world, row.permission_set_id);
  requireAccount(world, row.account_id);
  if (!principalExists(organisation, row.principal_type, row.principal_id))
    throw voices.identityCenter.notFound(`principal ${row.principal_id}`);
  refuseWhileBusy(world, row);
  if (organisation.assignments.some((one) => sameAssignment(one, row)))
    throw new Refusal(409, 'IIC.1257', 'Duplicate entity objects.');
  organisation.assignments.push(row);
  const job = { ...newJob(world, row, 0, undefined), settled: true };
  organisation.creations.push(job);
  return { status: 200, body: { account_assignment_creation_status: jobRow(job) } };
};

/** Everything that changes assignments. */
export const assignmentChangeRoutes: readonly Route[] = [
  route({
    ...change,
    operation: 'DeleteAccountAssignment',
    path: `${instancePath}/account-assignments/delete`,
    action: 'IdentityCenter:accountAssignment:delete',
    body: assignmentBody,
    answer: ({ params, body }, world) => {
      requireInstance(world.organisation, params);
      return deleteAssignment(world, body);
    },
  }),
  route({
    ...change,
    operation: 'CreateAccountAssignment',
    path: `${instancePath}/account-assignments/create`,
    action: 'IdentityCenter:accountAssignment:create',
    body: assignmentBody,
    answer: ({ params, body }, world) => {
      requireInstance(world.organisation, params);
      return createAssignment(world, body);
    },
  }),
  route({
    ...change,
    operation: 'DisassociateProfile',
    path: `${instancePath}/disassociate-profile`,
    action: 'IdentityCenter:accountAssignment:disassociationProfile',
    body: z.strictObject({ id: principalId, accessor_type: principalType, identity_store_id: storeId }),
    answer: ({ params, body }, world) => {
      const { organisation, switches, now } = world;
      requireInstance(organisation, params);
      requireStore(organisation, body);
      const assignments = organisation.assignments.filter(
        (row) => row.principal_id === body.id && row.principal_type === body.accessor_type,
      );
      if (assignments.length === 0 && !principalExists(organisation, body.accessor_type, body.id))
        throw voices.identityCenter.notFound(`${body.accessor_type} ${body.id}`);
      organisation.disassociations.push({ doneAt: now + switches.disassociateDelayMs, assignments });
      settle(organisation, now);
      return { status: 200 };
    },
  }),
];
