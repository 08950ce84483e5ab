import { realClock } from '../src/clock.ts';
import { assignmentKey } from '../src/domain/assignment.ts';
import { digestOf } from '../src/domain/digest.ts';
import type { Fact } from '../src/domain/facts.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { People } from '../src/domain/ports.ts';
import { registry } from '../src/revocations/registry.ts';
import type { Assignment, Organisation } from '../src/sandbox/cloud/organisation.ts';
import { kindNamed } from '../src/workflow/needs.ts';
import { silent } from './cloud.ts';
import { openLedger } from './open-ledger.ts';

/** Nobody can be asked: what goes on by rule needs nobody. */
export const nobody: People = {
  who: async () => 'could not ask',
  seats: async (_user, ids) => ({ held: [], unknown: ids }),
  members: async () => 'could not ask',
  behind: async () => 'could not ask',
  staff: async () => 'could not ask',
  groupName: async () => undefined,
};

const minute = 60_000;

export const policy: Policy = {
  requesters: ['U1'],
  approvers: { anyone: ['U2'], together: [] },
  approversOf: {},
  approvalsNeeded: 1,
  approvalsNeededOf: {},
  coolOff: 0,
  escalateTo: [],
  escalateAfter: 10 * minute,
  requireApproval: 'risky',
  groupThreshold: 5,
  unapprovedLimit: 1_000,
  protectedPrincipals: [],
  approvalWindow: 30 * minute,
  executionWindow: 60 * minute,
};

/** A request for one assignment that went on by rule. */
export const approvedFacts = (
  row: Assignment,
  { instance }: Organisation,
  now: number,
  channel = 'C1',
): readonly Fact[] => {
  const kind = kindNamed(registry, 'account-assignment');
  const target = {
    instance: instance.instance_id,
    principal_type: row.principal_type,
    principal: row.principal_id,
    account: row.account_id,
    permission_set: row.permission_set_id,
  };
  const grants = [{ key: assignmentKey(row), words: 'one permission set on one account' }];
  const digest = digestOf(kind.name, target, grants);
  return [
    {
      fact: 'requested',
      by: { team: 'T1', user: 'U1', name: 'Alice', email: 'alice@example.com' },
      via: {},
      kind: kind.name,
      target,
      impact: { title: kind.title, lines: [], names: [], grants, residual: [], people: [] },
      digest,
      principal: kind.principal(target),
      reason: 'A contract has ended',
      approvals: 0,
      from: policy.approvers,
      because: [],
      approveBefore: now + policy.approvalWindow,
      channel,
      askedIn: channel,
    },
    {
      fact: 'approved',
      digest,
      rule: 'No rule asks for a second approver.',
      startBefore: now + policy.executionWindow,
    },
  ];
};

/** Makes a ledger in which all of these are approved and nothing is begun. */
export const writeApproved = async (
  directory: string,
  auditKey: string,
  rows: readonly Assignment[],
  organisation: Organisation,
  channel?: string,
): Promise<void> => {
  const ledger = await openLedger(directory, auditKey, silent);
  const now = realClock.now();
  await Promise.all(
    rows.map((row) => ledger.append('new', 0, approvedFacts(row, organisation, now, channel))),
  );
  await ledger.close();
};
