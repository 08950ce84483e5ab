import { describe, expect, it } from 'vitest';
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
import type { Answer, KnownPerson, Standing as Membership } from '../../src/domain/ports.ts';
import type { Request } from '../../src/domain/request.ts';
import { State } from '../../src/domain/state.ts';
import { approved, ends, person, requested, stepStarted, t0, tell, waysTo } from '../support/stories.ts';

const known = (user: string, email?: string, more: Partial<KnownPerson> = {}): KnownPerson => ({
  person: person(user, email),
  standing: 'full member',
  emailConfirmed: true,
  ...more,
});
const as = (who: KnownPerson | 'could not ask'): Clicker => ({ who, via: { actionTs: '1.0' } });
const nora = as(known('UNORA', 'nora@example.com'));
const ada = as(known('UADA', 'ada@example.com'));
const mallory = as(known('UMAL', 'MALLORY@example.com'));
const noEmail = as(known('UADA'));

/** The code of a refusal, or the words of the facts. */
const outcome = (decision: Decision): string =>
  decision.result === 'refused' ? decision.refusal.code : decision.facts.map((fact) => fact.fact).join(' ');

/** For whom an approver stands, as far as Slack tells. */
const standing = (role: Answer): Standing => ({
  held: role === 'yes' ? ['SAPP'] : [],
  unknown: role === 'could not ask' ? ['SAPP'] : [],
  fresh: [],
});

const approveBy = (clicker: Clicker, request: Request = tell(requested()), role: Answer = 'yes', now = t0) =>
  outcome(decideApprove(request, clicker, standing(role), now, { executionWindow: 60 }));
const denyBy = (
  clicker: Clicker,
  request: Request = tell(requested()),
  role: Answer = 'yes',
  now = t0,
  before = false,
) => outcome(decideDeny(request, clicker, role, 'no', now, before));
const cancelBy = (clicker: Clicker, request: Request = tell(requested())) =>
  outcome(decideCancel(request, clicker));

const forGroup = tell(requested({ affected: undefined }));
const waiting = tell(requested());
const withStanding = (standing: Membership) => as(known('UADA', 'ada@example.com', { standing }));
const unconfirmed = as(known('UADA', 'ada@example.com', { emailConfirmed: false }));
const tooLate = waiting.asked.approveBefore;

describe('approve, deny and cancel, by who clicks', () => {
  const table: readonly [name: string, approve: string, deny: string, cancel: string, Clicker, Answer][] = [
    ['an approver', 'approved', 'denied', 'not_yours', ada, 'yes'],
    ['no approver', 'not_an_approver', 'not_an_approver', 'not_yours', ada, 'no'],
    ['an approver, perhaps', 'could_not_ask', 'could_not_ask', 'not_yours', ada, 'could not ask'],
    ['the requester', 'own_request', 'own_request', 'cancelled', nora, 'yes'],
    ['the affected person', 'affected_person', 'affected_person', 'not_yours', mallory, 'yes'],
    ['an approver without e-mail', 'email_unknown', 'email_unknown', 'not_yours', noEmail, 'yes'],
    [
      'an unconfirmed e-mail',
      'email_unconfirmed',
      'email_unconfirmed',
      'email_unconfirmed',
      unconfirmed,
      'yes',
    ],
    ['nobody knows who', 'could_not_ask', 'could_not_ask', 'could_not_ask', as('could not ask'), 'yes'],
    ...(['guest', 'bot', 'stranger', 'deactivated'] as const).map(
      (standing): [string, string, string, string, Clicker, Answer] => [
        `a ${standing}`,
        'not_a_member',
        'not_a_member',
        'not_a_member',
        withStanding(standing),
        'yes',
      ],
    ),
  ];

  it.each(table)('%s: %s, %s, %s', (_name, approve, deny, cancel, clicker, role) => {
    expect(approveBy(clicker, waiting, role)).toBe(approve);
    expect(denyBy(clicker, waiting, role)).toBe(deny);
    expect(cancelBy(clicker, waiting)).toBe(cancel);
  });
});

describe('approve, deny and cancel, by state', () => {
  it.each(State.options)('%s', (state) => {
    const request = tell(...waysTo[state]);
    expect(approveBy(ada, request)).toBe(state === 'requested' ? 'approved' : 'already_decided');
    expect(denyBy(ada, request)).toBe(state === 'requested' ? 'denied' : 'already_decided');
    const open = state === 'requested' || state === 'approved';
    expect(cancelBy(nora, request)).toBe(open ? 'cancelled' : 'already_decided');
    expect(decidedWords(request)).toContain('R-000001');
  });
});

describe('somebody with two accounts of one e-mail', () => {
  it('is one person: neither approves nor denies what they asked for, nor approves twice', () => {
    const second = as(known('UNORA2', 'Nora@Example.com'));
    expect(approveBy(second)).toBe('own_request');
    expect(denyBy(second)).toBe('own_request');
    const twice = tell(requested({ approvals: 2 }), approved(person('UADA', 'ada@example.com')));
    expect(approveBy(as(known('UADA2', 'ADA@example.com')), twice)).toBe('already_approved');
    expect(approveBy(as(known('UBEN', 'ben@example.com')), twice)).toBe('approved');
  });

  it('is another person where an e-mail is not known', () => {
    const anonymous = tell(requested({ affected: undefined, by: person('UNORA') }));
    expect(approveBy(noEmail, anonymous)).toBe('approved');
  });
});

describe('the affected person', () => {
  it('may approve, deny and cancel nothing, as requester neither', () => {
    const own = tell(requested({ by: person('UMAL', 'mallory@example.com') }));
    expect(cancelBy(mallory, own)).toBe('affected_person');
    expect(approveBy(mallory, own)).toBe('own_request');
    expect(cancelBy(as(known('UMAL')), own)).toBe('email_unknown');
  });

  it('is not told how far it has come or who decided it before it is final, as requester neither', () => {
    const own = requested({ by: person('UMAL', 'mallory@example.com') });
    for (const asked of [requested(), own]) {
      for (const facts of [[], [stepStarted()], [stepStarted(), ends.unverified]]) {
        const request = tell(asked, approved(person('UADA', 'ada@example.com')), ...facts);
        expect(approveBy(mallory, request)).toBe('affected_person');
        expect(denyBy(mallory, request)).toBe('affected_person');
      }
      expect(approveBy(mallory, tell(asked), 'yes', tooLate)).toBe('affected_person');
      expect(denyBy(mallory, tell(asked), 'yes', tooLate)).toBe('affected_person');
      const running = tell(asked, approved(person('UADA', 'ada@example.com')), stepStarted());
      expect(cancelBy(mallory, running)).toBe('affected_person');
      expect(approveBy(noEmail, running)).toBe('email_unknown');
      expect(approveBy(mallory, tell(asked, ends.denied))).toBe('already_decided');
    }
  });

  it('is nobody in particular for a group, so members and people without e-mail may approve', () => {
    expect(approveBy(mallory, forGroup)).toBe('approved');
    expect(approveBy(noEmail, forGroup)).toBe('approved');
  });
});

describe('an approval', () => {
  it('carries the digest of what was stored and the time before which it must begin', () => {
    const decision = decideApprove(waiting, ada, standing('yes'), t0 + 5, { executionWindow: 60 });
    expect(decision).toEqual({
      result: 'facts',
      facts: [
        {
          fact: 'approved',
          digest: 'd',
          by: person('UADA', 'ada@example.com'),
          seats: ['SAPP'],
          via: { actionTs: '1.0' },
          startBefore: t0 + 65,
        },
      ],
    });
  });

  it('counts once a person', () => {
    const half = tell(requested({ approvals: 2 }), approved(person('UADA')));
    expect(approveBy(ada, half)).toBe('already_approved');
    expect(approveBy(as(known('UBEN', 'ben@example.com')), half)).toBe('approved');
  });

  it('keeps nobody from denying what they have approved while it still waits', () => {
    const half = tell(requested({ approvals: 2 }), approved(person('UADA')));
    expect(denyBy(ada, half)).toBe('denied');
  });

  it('comes too late from the end of the window on', () => {
    expect(approveBy(ada, waiting, 'yes', tooLate - 1)).toBe('approved');
    expect(approveBy(ada, waiting, 'yes', tooLate)).toBe('expired');
    expect(denyBy(ada, waiting, 'yes', tooLate)).toBe('expired');
    expect(decideApprove(waiting, ada, standing('yes'), tooLate, { executionWindow: 60 })).toMatchObject({
      refusal: { words: 'R-000001 has expired. Please ask again if it is still needed.' },
    });
  });
});

it('refuses a second denial of the same target by the same person', () => {
  expect(denyBy(ada, waiting, 'yes', t0, true)).toBe('denied_before');
});

it('names who decided before', () => {
  expect(decidedWords(tell(...waysTo.denied))).toBe('R-000001 was already denied by uada (UADA).');
  expect(decidedWords(tell(...waysTo.executing))).toContain('approved by uada (UADA)');
  expect(decidedWords(tell(requested({ approvals: 0 }), approved()))).toContain('by rule');
});

describe('deadlines', () => {
  const words = (request: Request, now: number) =>
    decideExpiry(request, now).map((fact) => (fact.fact === 'expired' ? fact.window : fact.fact));

  it('end what nobody approved', () => {
    expect(words(waiting, tooLate - 1)).toEqual([]);
    expect(words(waiting, tooLate)).toEqual(['approval']);
  });

  it('end what could not be begun, from the approval on', () => {
    const ready = tell(...waysTo.approved);
    expect(words(ready, tooLate)).toEqual([]);
    expect(words(ready, ready.startBefore)).toEqual(['execution']);
  });

  it.each(State.options.filter((state) => state !== 'requested' && state !== 'approved'))(
    'never end what is %s',
    (state) => {
      expect(decideExpiry(tell(...waysTo[state]), Number.MAX_SAFE_INTEGER)).toEqual([]);
    },
  );
});
