import { describe, expect, it } from 'vitest';
import type { Fact, FactOf } from '../../src/domain/facts.ts';
import { type Audience, dueNotices, mayBeTold, newsAge } from '../../src/domain/notices.ts';
import type { KnownPerson } from '../../src/domain/ports.ts';
import { State } from '../../src/domain/state.ts';
import {
  approved,
  ends,
  person,
  requested,
  stepOutcome,
  stepStarted,
  t0,
  tell,
  waysTo,
} from '../support/stories.ts';

const minute = 60_000;
const deadline = t0 + 30 * minute;
const escalateAfter = 10 * minute;

const notified = (
  user: string,
  why: FactOf<'notified'>['why'] = 'asked',
  state: State = 'requested',
): Fact => ({ fact: 'notified', user, why, state, channel: 'D1', ts: '1.0' });

const among = (first: string[], escalation: string[] = [], others: string[] = []): Audience => ({
  first: new Set(first),
  escalation: new Set(escalation),
  deciders: new Set([...first, ...others]),
});
const bobAndCarol = among(['UBOB', 'UCAROL']);

/** `UBOB reminded +5` for each: who, why, and how many minutes after the asking. */
const due = (facts: readonly Fact[], audience: Audience, now = t0 + 2 * minute): readonly string[] =>
  dueNotices(tell(...facts), audience, escalateAfter, now).map(
    ({ user, why, at }) => `${user} ${why} +${Math.round((at - t0) / minute)}`,
  );

describe('of a request that waits', () => {
  it.each<[string, readonly Fact[], Audience, number, readonly string[]]>([
    ['all who may decide are asked at once', [], bobAndCarol, 2, ['UBOB asked +0', 'UCAROL asked +0']],
    [
      'who was asked is reminded after five minutes, whoever else was not',
      [notified('UBOB')],
      bobAndCarol,
      2,
      ['UBOB reminded +5', 'UCAROL asked +0'],
    ],
    [
      'then after ten',
      [notified('UBOB'), notified('UBOB', 'reminded')],
      among(['UBOB']),
      2,
      ['UBOB reminded +10'],
    ],
    [
      'then after twenty',
      [notified('UBOB'), notified('UBOB', 'reminded'), notified('UBOB', 'reminded')],
      among(['UBOB']),
      2,
      ['UBOB reminded +20'],
    ],
    [
      'nobody is reminded after a time of nothing more than once',
      [notified('UBOB')],
      among(['UBOB']),
      20,
      ['UBOB reminded +5'],
    ],
    ['nobody is reminded in the last minute', [notified('UBOB')], among(['UBOB']), 29, []],
    ['but asked, who was not', [], among(['UBOB']), 29, ['UBOB asked +0']],
    ['nobody hears anything at the deadline', [], bobAndCarol, 30, []],
    ['who has approved is left in peace', [approved(person('UBOB'))], bobAndCarol, 2, ['UCAROL asked +0']],
    [
      'the others are told in time',
      [],
      among(['UBOB'], ['UDAN']),
      2,
      ['UBOB asked +0', 'UDAN escalated +10'],
    ],
    [
      'once told, who may decide is reminded of it, and nobody else',
      [notified('UDAN', 'escalated'), notified('UEVE', 'escalated')],
      among([], ['UDAN', 'UEVE'], ['UDAN']),
      2,
      ['UDAN reminded +5', 'UEVE escalated +10'],
    ],
    [
      'who was asked before is told of the escalation too, when no reminder comes first',
      [notified('UBOB'), notified('UBOB', 'reminded'), notified('UBOB', 'reminded')],
      among(['UBOB'], ['UBOB']),
      2,
      ['UBOB escalated +10'],
    ],
    [
      'who was shown that it is decided, and then it was not, is asked again',
      [notified('UBOB', 'decided', 'approved')],
      among(['UBOB']),
      2,
      ['UBOB asked +0'],
    ],
  ])('%s', (_name, facts, audience, minutes, expected) => {
    expect(due([requested({ approvals: 2 }), ...facts], audience, t0 + minutes * minute)).toEqual(expected);
  });

  it('tells nobody of the escalation twice', () => {
    const facts: readonly Fact[] = [
      requested({ approveBefore: t0 + 3 * minute }),
      notified('UDAN', 'escalated'),
    ];
    const now = t0 + 2 * minute;
    const request = tell(...facts);
    expect(dueNotices(request, among([], ['UDAN']), 500, now)).toEqual([]);
    expect(dueNotices(request, among([], ['UDAN']), 1_500, now)).toHaveLength(1);
  });

  it('tells nobody of an escalation that would come after the deadline', () => {
    expect(dueNotices(tell(requested()), among([], ['UDAN']), deadline - t0, t0)).toEqual([]);
  });

  it('leaves everybody in peace where a rule decides', () => {
    expect(due([requested({ approvals: 0 })], bobAndCarol)).toEqual([]);
    expect(due([requested({ approvals: 0 }), approved(), ends.failed], bobAndCarol)).toEqual([]);
  });
});

describe('of a request that is decided', () => {
  const messages = [notified('UBOB'), notified('UCAROL', 'reminded'), notified('UDAN', 'escalated')];
  const closed = ['UBOB decided +0', 'UCAROL decided +0', 'UDAN decided +0'];

  it.each(State.options.filter((state) => state !== 'requested'))('%s: no live button is left', (state) => {
    const [first, ...facts] = waysTo[state];
    const dues = due([first, ...messages, ...facts], bobAndCarol);
    expect(dues.slice(0, 3)).toEqual(closed);
    const shown = messages.map((one) => notified(one.fact === 'notified' ? one.user : '', 'decided', state));
    expect(due([first, ...messages, ...facts, ...shown], bobAndCarol).join()).not.toContain('decided');
  });

  it('a denial is told to the other approvers, each once, also to those who approved', () => {
    const facts = [
      requested({ approvals: 2 }),
      approved(person('UCAROL')),
      ends.denied,
      notified('UNORA', 'outcome', 'denied'),
    ];
    const audience = among(['UBOB', 'UCAROL', 'UADA'], ['UDAN'], ['UDAN']);
    expect(due(facts, audience)).toEqual(['UBOB denied +0', 'UCAROL denied +0']);
    expect(due([...facts, notified('UBOB', 'denied', 'denied')], audience)).toEqual(['UCAROL denied +0']);
    const told = [requested(), notified('UDAN', 'escalated'), ends.denied];
    expect(due(told, audience)).toContain('UDAN denied +0');
  });

  it('is no news a day later, but buttons still go', () => {
    const facts = [requested(), notified('UBOB'), ends.denied];
    expect(due(facts, bobAndCarol, t0 + 2_000 + newsAge - 1)).toHaveLength(4);
    expect(due(facts, bobAndCarol, t0 + 2_000 + newsAge)).toEqual(['UBOB decided +0']);
  });
});

describe('the requester', () => {
  const hears = (...facts: readonly Fact[]): boolean =>
    due(facts, among([])).some((words) => words.startsWith('UNORA outcome'));
  const nora = (state: State) => notified('UNORA', 'outcome', state);

  it.each<[string, boolean, readonly Fact[]]>([
    ['nothing new while it waits', false, [requested()]],
    ['of the approval', true, [requested(), approved(person('UADA'))]],
    ['of it once', false, [requested(), approved(person('UADA')), nora('approved'), stepStarted()]],
    [
      'nothing of its progress',
      false,
      [requested(), approved(person('UADA')), nora('approved'), stepStarted(), stepOutcome('accepted')],
    ],
    ['of an approval that does not count any more', true, [requested(), nora('approved')]],
    ['of the denial', true, [requested(), ends.denied]],
    ['nothing of what they did themselves', false, [requested(), ends.cancelled]],
    ['of the expiry', true, [requested(), ends.expired]],
    ['of the end', true, [requested(), approved(person('UADA')), nora('approved'), ends.succeeded]],
    ['of the end once', false, [requested(), ends.succeeded, nora('succeeded')]],
    ['that it was proven later', true, [requested(), ends.unverified, nora('unverified'), ends.succeeded]],
  ])('hears %s', (_name, expected, facts) => {
    expect(hears(...facts)).toBe(expected);
  });

  it.each([
    ['mallory@example.com', false],
    [undefined, false],
    ['nora@example.com', true],
  ])('whose e-mail is %s hears of it before the end: %s', (email, expected) => {
    const own = requested({ by: person('UNORA', email) });
    expect(hears(own, approved(person('UADA')))).toBe(expected);
    expect(hears(own, ends.failed)).toBe(true);
  });

  it('hears of it before the end where nobody is affected by name, whatever their e-mail', () => {
    const { affected, ...everybody } = requested({ by: person('UNORA') });
    expect(affected).toBeDefined();
    expect(hears(everybody, approved(person('UADA')))).toBe(true);
  });
});

describe('who may be told', () => {
  const known = (changes: Partial<KnownPerson>): KnownPerson => ({
    person: person('UBOB', 'bob@example.com'),
    standing: 'full member',
    emailConfirmed: true,
    ...changes,
  });

  it.each<[string, Partial<KnownPerson>, boolean]>([
    ['a full member', {}, true],
    ['a guest', { standing: 'guest' }, false],
    ['a deactivated account', { standing: 'deactivated' }, false],
    ['somebody whose e-mail is not confirmed', { emailConfirmed: false }, false],
    ['the requester', { person: person('UNORA', 'nora@example.com') }, false],
    ['the affected person', { person: person('UBOB', 'Mallory@example.com') }, false],
    ['somebody who may be the affected person', { person: person('UBOB') }, false],
  ])('%s: %#', (_name, changes, expected) => {
    expect(mayBeTold(tell(requested()), known(changes))).toBe(expected);
  });

  it('needs no e-mail where no single person is affected', () => {
    const { affected: _, ...nobody } = requested();
    expect(mayBeTold(tell(nobody), known({ person: person('UBOB') }))).toBe(true);
  });
});
