import { z } from 'zod';
import { listAll } from '../../domain/listing.ts';
import { type Cloud, CloudFault } from '../../domain/ports.ts';
import { CloudId } from '../../domain/principal.ts';
import type { AssignmentTarget } from './target.ts';

/** The form of a job's id is not confirmed; one that could not stand in a path counts as none. */
export const JobId = CloudId.optional().catch(undefined);

/** IAM Identity Center answers with this for a deletion; all but the id may be missing in its models. */
const Deletion = z.object({
  request_id: JobId,
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  principal_id: z.string().nullish(),
  principal_type: z.string().nullish(),
  target_id: z.string().nullish(),
  permission_set_id: z.string().nullish(),
});
const RunningRow = z.object({ request_id: JobId });
/** What the cloud answers to a deletion, and to whoever asks how it goes. */
export const DeletionStatus = z.object({ account_assignment_deletion_status: Deletion });

/**
 * How one deletion goes.
 * @throws {CloudFault} also when the cloud knows no such job any more
 */
export const statusOf = async (target: AssignmentTarget, job: string, cloud: Cloud) => {
  const { body } = await cloud.call({
    service: 'identitycenter',
    method: 'GET',
    path: ['v1', 'instances', target.instance, 'account-assignments', 'deletion-status', job],
    answer: DeletionStatus,
    effect: 'read',
  });
  return body.account_assignment_deletion_status;
};

/** What the running deletions tell of one grant. */
export interface Running {
  readonly job?: string;
  /** Every running deletion could be asked what it deletes, and told of something else. */
  readonly surely: boolean;
}

/** Each has to be asked for, because the list rows do not name the target. */
const askForJob = async (target: AssignmentTarget, cloud: Cloud): Promise<Running> => {
  const running = await listAll(
    cloud,
    {
      service: 'identitycenter',
      path: ['v1', 'instances', target.instance, 'account-assignments', 'deletion-statuses'],
      query: { status: 'IN_PROGRESS' },
    },
    'account_assignments_deletion_status',
    RunningRow,
  );
  const jobs = running.flatMap(({ request_id }) => request_id ?? []);
  let surely = jobs.length === running.length;
  for (const job of jobs) {
    const status = await statusOf(target, job, cloud);
    const fields = [
      [status.principal_id, target.principal],
      [status.principal_type, target.principal_type],
      [status.target_id, target.account],
      [status.permission_set_id, target.permission_set],
    ] as const;
    if (fields.every(([told, own]) => told === own)) return { job, surely };
    // What is not told may be this grant.
    surely &&= fields.some(([told, own]) => told && told !== own);
  }
  return { surely };
};

/**
 * A running deletion of this very grant, whoever began it.
 * @throws {CloudFault} unless running deletions may not be asked for at all: then the listing of grants is all there is
 */
export const runningJob = (target: AssignmentTarget, cloud: Cloud): Promise<Running> =>
  askForJob(target, cloud).catch((error: unknown) => {
    if (error instanceof CloudFault && error.family === 'refused' && !error.retryable) {
      return { surely: false };
    }
    throw error;
  });
