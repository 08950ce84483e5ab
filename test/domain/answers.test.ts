import { describe, expect, it } from 'vitest';
import { refuseCheck, refuseRetry } from '../../src/domain/again.ts';
import {
  type Clicker,
  type Decision,
  decideApprove,
  decideCancel,
  decideDeny,
  decidedWords,
  decideExpiry,
  type Standing,
} from '../../src/domain/decide.ts';
import type { KnownPerson } from '../../src/domain/ports.ts';
import { type Request, stampOf } from '../../src/domain/request.ts';
import type { State } from '../../src/domain/state.ts';
import { approved, person, requested, t0, tell, waysTo } from '../support/stories.ts';

/** Rule 8: whoever is refused reads what was wrong and what to do. */

const known = (user: string, more: Partial<KnownPerson> = {}): KnownPerson => ({
  person: person(user, `${user.slice(1).toLowerCase()}@example.com`),
  standing: 'full member',
  emailConfirmed: true,
  ...more,
});
const clicker = (who: KnownPerson | 'could not ask', shown?: string): Clicker => ({
  who,
  via: {},
  ...(shown !== undefined && { shown }),
});
const ada = known('UADA');
const waiting = tell(requested());
const yes: Standing = { held: ['SAPP'], unknown: [], fresh: [] };

const said = (decision: Decision | undefined): string =>
  decision?.result === 'refused' ? `${decision.refusal.code}: ${decision.refusal.words}` : 'done';
const approveBy = (who: Clicker, standing = yes, request: Request = waiting): string =>
  said(decideApprove(request, who, standing, t0, { executionWindow: 1 }));
const denyBy = (who: Clicker, answer: 'yes' | 'no', before = false): string =>
  said(decideDeny(waiting, who, answer, 'no', t0, before));

const memberWords = (what: string) =>
  `not_a_member: Only full members of this workspace may do this; you are ${what} here. Nothing was done.`;

describe('who is refused reads', () => {
  it.each([
    ['guest', 'a guest'],
    ['bot', 'a bot'],
    ['stranger', 'a stranger'],
    ['deactivated', 'a deactivated account'],
    ['unknown to Slack', 'unknown to Slack'],
  ] as const)('what they are: %s', (standing, what) => {
    expect(approveBy(clicker(known('UADA', { standing })))).toBe(memberWords(what));
  });

  it('that their e-mail is not confirmed, cannot be read, or is that of the affected person', () => {
    expect(approveBy(clicker(known('UADA', { emailConfirmed: false })))).toBe(
      'email_unconfirmed: Your e-mail address in Slack is not confirmed, so nothing was done. Confirm it and try again.',
    );
    expect(approveBy(clicker(known('UADA', { person: person('UADA') })))).toBe(
      'email_unknown: Your e-mail address could not be read from Slack, so it cannot be ruled out that this is about you. Nothing was done.',
    );
    expect(approveBy(clicker(known('UMALLORY')))).toBe(
      'affected_person: This is about your own access, so you cannot decide it. Nothing was done.',
    );
  });

  it('that Slack could not be asked', () => {
    const words =
      'could_not_ask: Slack could not be asked just now whether you may do this, so nothing was done. Please try again in a minute.';
    expect(approveBy(clicker('could not ask'))).toBe(words);
    expect(approveBy(clicker(ada), { held: [], unknown: ['SAPP'], fresh: [] })).toBe(words);
  });

  it('that it is their own request, each with what to do instead', () => {
    const nora = clicker(known('UNORA'));
    expect(approveBy(nora)).toBe(
      'own_request: You asked for this yourself: a second person has to approve it. Nothing was done.',
    );
    expect(denyBy(nora, 'yes')).toBe(
      'own_request: You asked for this yourself: use Cancel to take it back. Nothing was done.',
    );
  });

  it('that they are no approver, have approved already, or have just come', () => {
    expect(denyBy(clicker(ada), 'no')).toBe(
      'not_an_approver: You are not among the approvers of this kind of revocation, so nothing was done.',
    );
    const half = tell(requested({ approvals: 2 }), approved(ada.person));
    expect(approveBy(clicker(ada), yes, half)).toBe(
      'already_approved: You have approved R-000001 already; another person is needed.',
    );
    expect(approveBy(clicker(ada), { held: [], unknown: [], fresh: ['S1', 'S2'] })).toBe(
      'cool_off: You came into the approvers (S1, S2) too recently to approve (APPROVER_COOL_OFF). Nothing was done; another approver has to decide.',
    );
  });

  it('that what they saw is not what is stored, and approves what is', () => {
    expect(approveBy(clicker(ada, 'other'))).toBe(
      'outdated: What you saw of R-000001 is older than what it is now, so nothing was done. Please look at it again.',
    );
    expect(approveBy(clicker(ada, stampOf(waiting)))).toBe('done');
  });

  it('that they denied it before, or may not cancel it', () => {
    expect(denyBy(clicker(ada), 'yes', true)).toBe(
      'denied_before: You have denied a revocation for the same target within the last 24 hours. Another approver has to decide this one.',
    );
    expect(said(decideCancel(waiting, clicker(ada)))).toBe(
      'not_yours: Only the person who asked can cancel this; approvers use Deny. Nothing was done.',
    );
  });

  it('that there is nothing to check or to retry', () => {
    const over = tell(...waysTo.partly_failed);
    expect(said(refuseCheck(over, ada))).toBe(
      'nothing_to_check: Only a request that is unverified can be checked again; R-000001 is partly failed.',
    );
    expect(said(refuseRetry(waiting, ada))).toBe(
      'nothing_to_retry: There is nothing to retry: R-000001 is requested. Nothing was done.',
    );
  });
});

describe('an approver who stands for some of the groups only', () => {
  const inPart: Standing = { held: ['S1'], unknown: ['S2'], fresh: [] };

  it('waits until Slack can be asked about the others, where one of each is needed', () => {
    const both = tell(requested({ from: { anyone: [], together: [['S1', 'S2']] } }));
    expect(approveBy(clicker(ada), inPart, both)).toMatch(/^could_not_ask/);
    expect(approveBy(clicker(ada), { ...inPart, unknown: [] }, both)).toBe('done');
    expect(approveBy(clicker(ada), { ...inPart, unknown: [], fresh: ['S2'] }, both)).toBe('done');
  });

  it('counts at once where anyone does', () => {
    const anyone = tell(requested({ from: { anyone: ['S1', 'S2'], together: [] } }));
    expect(approveBy(clicker(ada), inPart, anyone)).toBe('done');
    expect(approveBy(clicker(ada), inPart, waiting)).toBe('done');
  });
});

describe('what was decided is said with who did it', () => {
  const running = 'R-000001 was already approved by uada (UADA) and is being executed.';
  const ended = (how: string) => `R-000001 was already decided and has ended: ${how}.`;
  const words: Readonly<Record<State, string>> = {
    requested: 'R-000001 waits for approval.',
    denied: 'R-000001 was already denied by uada (UADA).',
    cancelled: 'R-000001 was already cancelled by unora (UNORA).',
    expired: 'R-000001 has expired. Please ask again if it is still needed.',
    approved: running,
    executing: running,
    verifying: running,
    succeeded: ended('succeeded'),
    unverified: ended('unverified'),
    failed: ended('failed'),
    partly_failed: ended('partly failed'),
    halted: ended('halted'),
  };

  it.each(Object.entries(words))('%s', (state, sentence) => {
    const way = Object.entries(waysTo).find(([name]) => name === state)?.[1] ?? waysTo.requested;
    expect(decidedWords(tell(...way))).toBe(sentence);
  });

  it('two approvers, and a rule', () => {
    const two = tell(requested({ approvals: 2 }), approved(person('UADA')), approved(person('UBEN')));
    expect(decidedWords(two)).toBe(
      'R-000001 was already approved by uada (UADA) and uben (UBEN) and is being executed.',
    );
    expect(decidedWords(tell(requested({ approvals: 0 }), approved()))).toBe(
      'R-000001 was already approved by rule and is being executed.',
    );
  });

  it('and what came too late, with what did not happen', () => {
    expect(decideExpiry(waiting, waiting.asked.approveBefore)).toEqual([
      {
        fact: 'expired',
        window: 'approval',
        words: 'It did not have the approvals it needs in time. Nothing was called.',
      },
    ]);
    const ready = tell(...waysTo.approved);
    expect(decideExpiry(ready, ready.startBefore)).toEqual([
      { fact: 'expired', window: 'execution', words: 'It could not be begun in time. Nothing was called.' },
    ]);
  });
});
