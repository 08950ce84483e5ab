import type { Refusal } from '../domain/decide.ts';
import type { Fact, Via } from '../domain/facts.ts';
import { countWords } from '../domain/measure-words.ts';
import type { Verdict } from '../domain/policy.ts';
import type { People } from '../domain/ports.ts';
import { type Assessed, admitRequester, judgeNow } from './assess.ts';
import { hastyPeople } from './hasty-people.ts';
import { inTurn } from './in-turn.ts';
import { refuseInTrouble } from './ledger-trouble.ts';
import type { Needs } from './needs.ts';

/** A reviewed draft that its requester confirms. */
export interface Submission {
  /** The draft's id: a repeated delivery finds the first request. */
  readonly draft: string;
  readonly user: string;
  readonly via: Via;
  readonly assessed: Assessed;
  readonly reason: string;
  readonly incident?: string;
  /** The earlier request of which this one takes what is still there. */
  readonly retries?: string;
  /** What was typed where {@link Impact.confirm} asks for it. */
  readonly confirmation?: string;
  readonly channel: string;
  readonly askedIn: string;
}

export type Submitted =
  | { readonly result: 'requested'; readonly id: string; readonly verdict: Verdict }
  | { readonly result: 'already'; readonly id: string }
  | { readonly result: 'mistyped'; readonly expected: string }
  | { readonly result: 'refused'; readonly refusal: Refusal };

const stricter = (shown: Verdict, now: Verdict): Verdict => (now.approvals > shown.approvals ? now : shown);

/**
 * The person waits for the acknowledgement, and Slack for 3 s: what it cannot tell within this time (ms) could not be
 * asked. Mostly it was told while the form was filled in.
 */
const askingTime = 2_000;

/**
 * Submissions are decided one after the other, so that the limit on revocations by rule counts each of them. Each throws
 * a LedgerFault when it cannot be recorded or would not be executed.
 */
export const createSubmit = (
  needs: Pick<Needs, 'people' | 'ledger' | 'clock' | 'policy'>,
): ((submission: Submission) => Promise<Submitted>) => {
  const submit = async (submission: Submission, people: People): Promise<Submitted> => {
    refuseInTrouble(needs.ledger);
    const { assessed, user } = submission;
    const { kind, target, impact, digest } = assessed;
    if (impact.confirm !== undefined && submission.confirmation?.trim() !== impact.confirm) {
      return { result: 'mistyped', expected: impact.confirm };
    }
    const admitted = await admitRequester({ ...needs, people }, user);
    if ('code' in admitted) return { result: 'refused', refusal: admitted };
    const risk = kind.risk(target, impact);
    const judged = await judgeNow({ ...needs, people }, kind, risk, admitted.person);
    const verdict = stricter(assessed.verdict, judged.verdict);
    const now = needs.clock.now();
    const [human] = risk.people === 'unknown' ? [] : risk.people;
    const requested: Fact = {
      fact: 'requested',
      by: admitted.person,
      via: submission.via,
      kind: kind.name,
      target,
      impact,
      digest,
      principal: kind.principal(target),
      ...(risk.principalType === 'USER' && human && { affected: human }),
      reason: submission.reason,
      ...(submission.incident !== undefined && { incident: submission.incident }),
      ...(submission.retries !== undefined && { retries: submission.retries }),
      approvals: verdict.approvals,
      from: verdict.from,
      groupNames: judged.groupNames,
      ...(judged.warnings.length > 0 && { warnings: judged.warnings }),
      because: [...verdict.because],
      approveBefore: now + needs.policy.approvalWindow,
      channel: submission.channel,
      askedIn: submission.askedIn,
    };
    const byRule: Fact = {
      fact: 'approved',
      digest,
      rule: `No rule asks for a second approver: ${countWords(impact.grants.length, 'grant')}, target ${risk.principalType}.`,
      startBefore: now + needs.policy.executionWindow,
    };
    const facts = verdict.approvals === 0 ? [requested, byRule] : [requested];
    const appended = await needs.ledger.append('new', 0, facts, { once: `draft/${submission.draft}` });
    switch (appended.result) {
      case 'appended':
        return { result: 'requested', id: appended.id, verdict };
      case 'already':
        return { result: 'already', id: appended.id };
      case 'conflict':
        throw new Error('A new request cannot conflict');
      default:
        return appended satisfies never;
    }
  };

  return (submission) => {
    const people = hastyPeople(needs.people, needs.clock, needs.clock.now() + askingTime);
    return inTurn(needs.ledger, 'submit', () => submit(submission, people));
  };
};
