import { assignmentsOf, eachOnce, namedGrants } from '../domain/assignment.ts';
import { defineKind, type Look } from '../domain/kind.ts';
import { ahead } from '../domain/listing.ts';
import {
  knowPrincipal,
  membersLines,
  principalField,
  principalKey,
  principalRisk,
  principalTypeField,
} from '../domain/principal.ts';
import { consolesFor, membersKeep, orSaid, outliving, portalSentences } from '../domain/residual.ts';
import { DeletionStatus, JobId, runningJob, statusOf } from './account-assignment/deletions.ts';
import { otherAssignments, sameThroughGroups } from './account-assignment/remains.ts';
import { AssignmentTarget, holders, isOf, keyOf } from './account-assignment/target.ts';

/** Remove exactly one (principal, account, permission set): an asynchronous deletion with a status to ask. */
export const accountAssignment = defineKind<AssignmentTarget>({
  name: 'account-assignment',
  command: {
    name: '/revoke-assignment',
    description: 'Take away one permission set on one account from a user or group in IAM Identity Center',
    usage: '[name, e-mail, id or @person] [INC-42] ["reason"]',
  },
  title: 'Revoke one assignment',
  about: 'Removes one permission set on one account from one user or group in IAM Identity Center.',
  fields: [
    principalTypeField,
    principalField,
    {
      id: 'account',
      label: 'Account',
      hint: 'Type a part of the name or an id.',
      type: 'lookup',
      lookup: 'account',
      within: ['principal_type', 'principal'],
    },
    {
      id: 'permission_set',
      label: 'Permission set',
      hint: 'Type a part of the name or an id.',
      type: 'lookup',
      lookup: 'permission-set',
      within: ['principal_type', 'principal', 'account'],
    },
  ],
  spoken: ['principal'],
  target: AssignmentTarget,

  async aim(values, directory) {
    const { instanceId } = await directory.instance();
    const target = AssignmentTarget.safeParse({ ...values, instance: instanceId });
    if (target.success) return { result: 'aimed', target: target.data };
    const fields = new Set(target.error.issues.map((issue) => String(issue.path[0])));
    return {
      result: 'wrong',
      errors: Object.fromEntries(
        [...fields].map((field) => [field, 'Choose one from the list, or type its id.']),
      ),
    };
  },

  async impact(target, cloud, directory) {
    const all = ahead(assignmentsOf(cloud, target.instance, target.principal_type, target.principal));
    const [principal, account, set] = await Promise.all([
      knowPrincipal(target.principal_type, target.principal, directory),
      directory.account(target.account),
      directory.permissionSet(target.permission_set),
    ]);
    if (typeof principal === 'string') return { result: 'no-such', words: principal };
    if (account === undefined) {
      return { result: 'no-such', words: `There is no such account in the organization: ${target.account}.` };
    }
    if (set === undefined) {
      return { result: 'no-such', words: `There is no such permission set: ${target.permission_set}.` };
    }
    const rows = await holders(target, cloud);
    const own = eachOnce(rows.filter((row) => isOf(row, target)));
    const isUser = target.principal_type === 'USER';
    const [grants, same, others, portal] = await Promise.all([
      namedGrants(own, directory),
      isUser
        ? orSaid('Groups of the user', () => sameThroughGroups(target, principal, rows, directory))
        : [membersKeep],
      orSaid('Other assignments', async () =>
        otherAssignments(target, principal, `${account.name} (${account.id})`, await all, directory),
      ),
      isUser ? portalSentences(target.principal, principal, cloud, directory) : [],
    ]);
    const consoles = consolesFor(set.sessionDuration === undefined ? [] : [set.sessionDuration]);
    return {
      result: 'assessed',
      impact: {
        title: `Revoke ${set.name} on ${account.name} (${account.id}) from ${principal.words}`,
        lines: [
          `From ${principal.words}`,
          `Account ${account.name} (${account.id})`,
          `Permission set ${set.name} (${set.id})`,
          ...(own.length > 0 ? membersLines(target.principal_type, principal) : []),
        ],
        names: [...principal.names],
        grants: [...grants],
        residual: [...same, ...others, ...portal, ...consoles.sentences],
        ...outliving(consoles),
        people: principal.people,
      },
    };
  },

  risk: (target, impact) => principalRisk(target, impact, false),

  principal: principalKey,

  steps: (target, impact) => [
    {
      key: 'delete',
      words: 'delete the account assignment',
      target,
      grants: impact.grants.map((grant) => grant.key),
    },
  ],

  async start(step, cloud) {
    const target = AssignmentTarget.parse(step.target);
    const answer = await cloud.call({
      service: 'identitycenter',
      method: 'POST',
      path: ['v1', 'instances', target.instance, 'account-assignments', 'delete'],
      body: {
        permission_set_id: target.permission_set,
        principal_id: target.principal,
        principal_type: target.principal_type,
        target_id: target.account,
        target_type: 'ACCOUNT',
      },
      answer: DeletionStatus,
      effect: 'change',
    });
    const job = answer.body.account_assignment_deletion_status.request_id;
    return {
      status: answer.status,
      ...(job !== undefined && { job }),
      ...(answer.requestId !== undefined && { cloudRequest: answer.requestId }),
    };
  },

  async look(step, job, cloud): Promise<Look> {
    const target = AssignmentTarget.parse(step.target);
    const isListed = async () => (await holders(target, cloud)).some((row) => isOf(row, target));
    const gone = { state: 'gone', remaining: [], since: [] } as const;
    if (!(await isListed())) return gone;
    const listed = { remaining: [keyOf(target)], since: [] };
    if (job === null) return { state: 'present', surely: false, ...listed };
    const own = JobId.parse(job);
    let failure: string | undefined;
    if (own !== undefined) {
      const { status, failure_reason } = await statusOf(target, own, cloud);
      if (status === 'SUCCEEDED') return { state: 'present', surely: false, ...listed };
      if (status !== 'FAILED') return { state: 'pending', job: own, ...listed };
      failure = failure_reason ?? 'the cloud gave no reason';
    }
    // A deletion also fails while somebody else's of the same grant runs, which takes it all the same.
    const running = await runningJob(target, cloud);
    if (running.job !== undefined) return { state: 'pending', job: running.job, ...listed };
    if (failure === undefined && !running.surely) return { state: 'present', surely: false, ...listed };
    // One may have come to its end between the two listings.
    if (!(await isListed())) return gone;
    if (failure !== undefined) return { state: 'failed', reason: failure, ...listed };
    return { state: 'present', surely: true, ...listed };
  },
});
