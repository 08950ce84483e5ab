import { z } from 'zod';
import type { Identity, LedgerRecord } from './facts.ts';
import { isFinal, isOpen, type State } from './request.ts';

/** What lists, searches and the policy's look back need of a request without reading all of its facts. */
export const Summary = z.object({
  id: z.string(),
  state: z.custom<State>((value) => typeof value === 'string'),
  /** The runner has work with it. */
  open: z.boolean(),
  kind: z.string(),
  title: z.string(),
  principal: z.string(),
  requester: z.string(),
  requesterName: z.string(),
  requestedAt: z.number(),
  incident: z.string().optional(),
  /** Went on by rule, without a second approver. */
  byRule: z.boolean(),
  approvals: z.number(),
  given: z.array(z.string()),
  /** Lower-case e-mails and user name of the affected person, who may not see the request until it is final. */
  affected: z.array(z.string()),
});
export type Summary = z.infer<typeof Summary>;

const namesOf = (affected: Identity | undefined): string[] =>
  affected === undefined ? [] : [affected.userName, ...affected.emails].map((name) => name.toLowerCase());

const become = (summary: Summary, state: State): Summary => ({ ...summary, state, open: isOpen(state) });

/** The summary after one more fact of the request. Keeps no grants, so it stays small for any impact. */
export const summarise = (before: Summary | undefined, record: LedgerRecord): Summary => {
  const fact = record.fact;
  if (before === undefined) {
    if (fact.fact !== 'requested') throw new Error(`${record.id} does not begin with "requested"`);
    return {
      id: record.id,
      state: 'requested',
      open: true,
      kind: fact.kind,
      title: fact.impact.title,
      principal: fact.principal,
      requester: fact.by.user,
      requesterName: fact.by.name,
      requestedAt: record.at,
      ...(fact.incident !== undefined && { incident: fact.incident }),
      byRule: false,
      approvals: fact.approvals,
      given: [],
      affected: namesOf(fact.affected),
    };
  }
  switch (fact.fact) {
    case 'approved': {
      if (fact.by === undefined) return become({ ...before, byRule: true }, 'approved');
      const given = [...before.given, fact.by.user];
      return become({ ...before, given }, given.length >= before.approvals ? 'approved' : 'requested');
    }
    case 'approval_void': {
      const given = before.given.filter((user) => user !== fact.user);
      return become({ ...before, given }, given.length >= before.approvals ? 'approved' : 'requested');
    }
    case 'step_started':
      return become(before, 'executing');
    case 'step_outcome':
      return become(before, fact.outcome === 'refused' ? 'executing' : 'verifying');
    case 'denied':
    case 'cancelled':
    case 'expired':
    case 'halted':
    case 'succeeded':
    case 'unverified':
    case 'partly_failed':
    case 'failed':
      return become(before, fact.fact);
    default:
      return before;
  }
};

/** Whether somebody with this Slack e-mail is the affected person and may not be told of the request yet. */
export const isHiddenFrom = (summary: Summary, email: string | undefined): boolean => {
  if (isFinal(summary.state) || summary.affected.length === 0) return false;
  if (email === undefined) return true;
  const mail = email.toLowerCase();
  return summary.affected.includes(mail) || summary.affected[0] === mail.split('@')[0];
};
