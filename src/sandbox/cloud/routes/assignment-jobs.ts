import { z } from 'zod';
import type { AssignmentJob } from '../organisation.ts';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { voices } from '../refusals.ts';
import { type Route, route } from '../route.ts';
import { instanceParams, instancePath, noBody, noQuery, requireInstance, someId } from './shapes.ts';

const read = {
  service: 'identitycenter',
  method: 'GET',
  effect: 'read',
  voice: voices.identityCenter,
} as const;
const jobStatus = z.enum(['IN_PROGRESS', 'SUCCEEDED', 'FAILED']);

const statusOf = (job: AssignmentJob): z.infer<typeof jobStatus> => {
  if (!job.settled) return 'IN_PROGRESS';
  return job.failure_reason === undefined ? 'SUCCEEDED' : 'FAILED';
};

/** The status object of creations and deletions; the reason shows only once the job has failed. */
export const jobRow = (job: AssignmentJob) => ({
  created_date: job.created_date,
  ...(statusOf(job) === 'FAILED' ? { failure_reason: job.failure_reason } : {}),
  permission_set_id: job.assignment.permission_set_id,
  principal_id: job.assignment.principal_id,
  principal_type: job.assignment.principal_type,
  request_id: job.request_id,
  status: statusOf(job),
  target_id: job.assignment.account_id,
  target_type: 'ACCOUNT',
});

const sorts = [
  {
    noun: 'deletion',
    jobs: 'deletions',
    describe: 'DescribeAccountAssignmentDeletionStatus',
    list: 'ListAccountAssignmentDeletionStatus',
    describeAction: 'IdentityCenter:accountAssignment:describeDeletionStatus',
    listAction: 'IdentityCenter:accountAssignment:listDeletionStatus',
  },
  {
    noun: 'creation',
    jobs: 'creations',
    describe: 'DescribeAccountAssignmentCreationStatus',
    list: 'ListAccountAssignmentCreationStatus',
    describeAction: 'IdentityCenter:accountAssignment:describeCreationStatus',
    listAction: 'IdentityCenter:accountAssignment:listCreationStatus',
  },
] as const;

/** Status of creations and deletions, one by one and listed. */
export const assignmentJobRoutes: readonly Route[] = sorts.flatMap((sort) => [
  route({
    ...read,
    operation: sort.describe,
    path: `${instancePath}/account-assignments/${sort.noun}-status/{request_id}`,
    action: sort.describeAction,
    params: instanceParams.extend({ request_id: someId }),
    query: noQuery,
    body: noBody,
    answer: ({ params }, { organisation }) => {
      requireInstance(organisation, params);
      const job = organisation[sort.jobs].find((one) => one.request_id === params.request_id);
      if (job === undefined) throw voices.identityCenter.notFound(`request ${params.request_id}`);
      return { status: 200, body: { [`account_assignment_${sort.noun}_status`]: jobRow(job) } };
    },
  }),
  route({
    ...read,
    operation: sort.list,
    path: `${instancePath}/account-assignments/${sort.noun}-statuses`,
    action: sort.listAction,
    params: instanceParams,
    query: z.strictObject({ ...pagingQuery, status: jobStatus.optional() }),
    body: noBody,
    answer: ({ params, query }, world) => {
      requireInstance(world.organisation, params);
      const jobs = world.organisation[sort.jobs].filter(
        (job) => query.status === undefined || statusOf(job) === query.status,
      );
      const keyOf = (job: AssignmentJob) => `${String(job.created_date).padStart(16, '0')}/${job.request_id}`;
      const listing = JSON.stringify([sort.jobs, query.status]);
      const page = pageOf(jobs, keyOf, { ...query, listing }, { ...world, ...read });
      const rows = page.rows.map((job) => ({
        created_date: job.created_date,
        request_id: job.request_id,
        status: statusOf(job),
      }));
      return {
        status: 200,
        body: {
          [`account_assignments_${sort.noun}_status`]: rows,
          page_info: pageInfo(page, world.switches.nextMarkerEnd),
        },
      };
    },
  }),
]);
