import { z } from 'zod';
import {
  Assignment,
  assignmentKey,
  assignmentsOf,
  eachOnce,
  namedGrants,
  reachWords,
  setNames,
} from '../domain/assignment.ts';
import { defineKind, type Look } from '../domain/kind.ts';
import { ahead, listAll } from '../domain/listing.ts';
import { countWords } from '../domain/measure-words.ts';
import { type Cloud, CloudFault, type Directory } from '../domain/ports.ts';
import {
  CloudId,
  type KnownPrincipal,
  knowPrincipal,
  membersLines,
  PrincipalType,
  principalField,
  principalKey,
  principalRisk,
  principalTypeField,
} from '../domain/principal.ts';
import {
  consolesFor,
  groupsNamed,
  groupWords,
  leaveCommand,
  membersKeep,
  orSaid,
  outliving,
  portalSentences,
  type Sentences,
} from '../domain/residual.ts';

const AssignmentTarget = z.object({
  instance: CloudId,
  principal_type: PrincipalType,
  principal: CloudId,
  account: CloudId,
  permission_set: CloudId,
});
type AssignmentTarget = z.infer<typeof AssignmentTarget>;

/** The form of a job's id is not confirmed; one that could not stand in a path counts as none. */
const JobId = CloudId.optional().catch(undefined);

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
const DeletionStatus = z.object({ account_assignment_deletion_status: Deletion });

const isOf = (row: Assignment, target: AssignmentTarget): boolean =>
  row.principal_id === target.principal &&
  row.principal_type === target.principal_type &&
  row.account_id === target.account &&
  row.permission_set_id === target.permission_set;

const keyOf = (target: AssignmentTarget): string =>
  assignmentKey({
    principal_type: target.principal_type,
    principal_id: target.principal,
    account_id: target.account,
    permission_set_id: target.permission_set,
  });

/** Everybody who has this permission set on this account: the grant itself, and groups that give the same. */
const holders = (target: AssignmentTarget, cloud: Cloud): Promise<readonly Assignment[]> =>
  listAll(
    cloud,
    {
      service: 'identitycenter',
      path: ['v1', 'instances', target.instance, 'account-assignments'],
      query: { account_id: target.account, permission_set_id: target.permission_set },
    },
    'account_assignments',
    Assignment,
  );

/** @param rows all that give this permission set on this account */
const sameThroughGroups = async (
  { principal }: AssignmentTarget,
  user: KnownPrincipal,
  rows: readonly Assignment[],
  directory: Directory,
): Promise<Sentences> => {
  const giving = new Set(rows.filter((row) => row.principal_type === 'GROUP').map((row) => row.principal_id));
  const same = (await directory.groupsOf(principal)).filter((group) => giving.has(group.id));
  const more = same.length - groupsNamed;
  return [
    ...same
      .slice(0, groupsNamed)
      .map(
        (group) =>
          `Warning: ${groupWords(group)} still grants exactly the same: ${leaveCommand(user, group)}`,
      ),
    ...(more > 0
      ? [`Warning: ${countWords(more, 'more group grants', 'more groups grant')} exactly the same.`]
      : []),
  ];
};

/** Permission sets that are named; the others are counted. */
const setsNamed = 5;

/** What else the principal has by assignments of its own: on the same account, and elsewhere. */
const otherAssignments = async (
  target: AssignmentTarget,
  { spoken }: KnownPrincipal,
  account: string,
  all: readonly Assignment[],
  directory: Directory,
): Promise<Sentences> => {
  const others = all.filter((row) => !isOf(row, target));
  const isHere = (row: Assignment) => row.account_id === target.account;
  const [here, elsewhere] = [others.filter(isHere), others.filter((row) => !isHere(row))];
  const shown = here.slice(0, setsNamed).map((row) => row.permission_set_id);
  const names = [...(await setNames(shown, directory)).values()];
  const unnamed = here.length - names.length;
  const list = [...names, ...(unnamed > 0 ? [`${unnamed} more`] : [])].join(', ');
  // A slash command's text names users only.
  const by = (command: string) => (target.principal_type === 'USER' ? `: ${command} ${spoken}` : '.');
  return [
    ...(here.length === 0
      ? []
      : [`Other permission sets on ${account} stay (${list})${by('/revoke-assignment')}`]),
    ...(elsewhere.length === 0 ? [] : [`Elsewhere stay ${reachWords(elsewhere)}${by('/revoke-profile')}`]),
  ];
};

const statusOf = async (target: AssignmentTarget, job: string, cloud: Cloud) => {
  const { body } = await cloud.call({
    service: 'identitycenter',
    method: 'GET',
    path: ['v1', 'instances', target.instance, 'account-assignments', 'deletion-status', job],
    answer: DeletionStatus,
    effect: 'read',
  });
  return body.account_assignment_deletion_status;
};

interface Running {
  readonly job?: string;
  /** Every running deletion could be asked what it deletes, and told of something else. */
  readonly surely: boolean;
}

/** A running deletion of this very grant, whoever began it: the list rows do not name the target. */
const runningJob = async (target: AssignmentTarget, cloud: Cloud): Promise<Running> => {
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
    const running = await runningJob(target, cloud).catch((error: unknown): Running => {
      // Where running deletions may not be asked for, the listing is all there is; what is known already holds.
      if (error instanceof CloudFault && error.family === 'refused' && !error.retryable)
        return { surely: false };
      throw error;
    });
    if (running.job !== undefined) return { state: 'pending', job: running.job, ...listed };
    if (failure === undefined && !running.surely) return { state: 'present', surely: false, ...listed };
    // One may have come to its end between the two listings.
    if (!(await isListed())) return gone;
    if (failure !== undefined) return { state: 'failed', reason: failure, ...listed };
    return { state: 'present', surely: true, ...listed };
  },
});
