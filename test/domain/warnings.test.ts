import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/domain/facts.ts';
import type { Risk } from '../../src/domain/kind.ts';
import type { Verdict } from '../../src/domain/policy.ts';
import type { SeatedPerson } from '../../src/domain/ports.ts';
import { warningsOf } from '../../src/domain/warnings.ts';
import { person } from '../support/stories.ts';

const mail = (user: string) => `${user.slice(1).toLowerCase()}@x.example`;
const approver = (user: string, more: Partial<SeatedPerson> = {}): SeatedPerson => ({
  person: person(user, mail(user)),
  standing: 'full member',
  emailConfirmed: true,
  seats: ['S1'],
  ...more,
});
const human = (user: string): Identity => ({ id: `u-${user}`, userName: user, emails: [mail(user)] });
const user = (who: string): Risk => ({
  everything: true,
  principalType: 'USER',
  names: [],
  people: [human(who)],
});
const group = (...who: readonly string[]): Risk => ({
  everything: false,
  principalType: 'GROUP',
  names: [],
  people: who.map(human),
});
const verdict = (approvals: number, changes: Partial<Verdict> = {}): Verdict => ({
  approvals,
  from: { anyone: ['S1'], together: [] },
  because: [],
  ...changes,
});
const nora = person('UNORA', mail('UNORA'));
const [ada, ben, cat] = [approver('UADA'), approver('UBEN'), approver('UCAT')];

const ownAccess = 'This takes away your own access.';
const deadEnd = (approvals: string, who: string) =>
  `As things are, this cannot be approved: it needs ${approvals}, and ${who}. It would expire.`;
const lockOut = (who: string) =>
  `It takes this access from so many approvers (${who}) that the others are too few to approve anything like it.`;

describe('a requester is warned', () => {
  it('that nobody else may approve, where the only approver is a second account of theirs', () => {
    const second = approver('UNORA2', { person: person('UNORA2', mail('UNORA').toUpperCase()) });
    expect(warningsOf(user('UMAL'), verdict(1), nora, [second])).toEqual([
      deadEnd('1 approval', 'nobody else may approve it'),
    ]);
  });

  it('of nothing, where there is nothing', () => {
    expect(warningsOf(user('UMAL'), verdict(1), nora, [ada, ben])).toEqual([]);
    expect(warningsOf(user('UMAL'), verdict(0), nora, [])).toEqual([]);
  });

  it('of their own access, also while Slack cannot be asked about the approvers', () => {
    expect(warningsOf(user('UNORA'), verdict(1), nora, 'could not ask')).toEqual([ownAccess]);
    expect(warningsOf(group('UMAL', 'UNORA'), verdict(0), nora, [ada])).toEqual([ownAccess]);
    expect(warningsOf(user('UNORA'), verdict(1), person('UNORA'), [ada])).toEqual([]);
    expect(warningsOf({ ...user('UNORA'), people: 'unknown' }, verdict(1), nora, [ada])).toEqual([]);
  });

  it.each<[string, Risk, Verdict, readonly SeatedPerson[], string]>([
    ['nobody is there', user('UMAL'), verdict(1), [], deadEnd('1 approval', 'nobody else may approve it')],
    [
      'only they themselves are there',
      user('UMAL'),
      verdict(1),
      [approver('UNORA')],
      deadEnd('1 approval', 'nobody else may approve it'),
    ],
    [
      'the affected person is one of two',
      user('UADA'),
      verdict(2),
      [ada, ben],
      deadEnd('2 approvals', 'only uben (UBEN) may approve it'),
    ],
    [
      'a guest and an unconfirmed e-mail are the others',
      user('UMAL'),
      verdict(2),
      [approver('UADA', { standing: 'guest' }), approver('UBEN', { emailConfirmed: false }), cat],
      deadEnd('2 approvals', 'only ucat (UCAT) may approve it'),
    ],
    [
      'the others have no e-mail, so it may be about them',
      user('UMAL'),
      verdict(2),
      [approver('UADA', { person: person('UADA') }), ben],
      deadEnd('2 approvals', 'only uben (UBEN) may approve it'),
    ],
    [
      'one of the two groups is empty',
      user('UMAL'),
      verdict(2, { from: { anyone: [], together: [['S1', 'S2']] } }),
      [ada, ben],
      deadEnd('2 approvals', 'only uada (UADA), uben (UBEN) may approve it'),
    ],
    [
      'there are many, and too few',
      user('UMAL'),
      verdict(9),
      [1, 2, 3, 4, 5, 6, 7].map((n) => approver(`U${n}`)),
      deadEnd('9 approvals', 'only u1 (U1), u2 (U2), u3 (U3), u4 (U4), u5 (U5), 2 more may approve it'),
    ],
  ])('that nobody could approve it: %s', (_name, risk, needed, approvers, words) => {
    expect(warningsOf(risk, needed, nora, approvers)).toContain(words);
  });

  it('of no dead end where nobody has to approve, and for a group not for want of an e-mail', () => {
    expect(warningsOf(user('UMAL'), verdict(0), nora, [approver('UNORA')])).toEqual([]);
    const silent = approver('UADA', { person: person('UADA') });
    expect(warningsOf(group('UMAL'), verdict(1), nora, [silent])).toEqual([]);
    expect(warningsOf(group('UADA', 'UMAL'), verdict(1), nora, [ada, ben])).toEqual([]);
    expect(warningsOf({ ...user('UMAL'), people: 'unknown' }, verdict(1), nora, [silent])).toEqual([]);
  });

  it('that the approvers lose their own access, and too few are left', () => {
    expect(warningsOf(group('UADA', 'UBEN'), verdict(1), nora, [ada, ben])).toEqual([
      lockOut('uada (UADA), uben (UBEN)'),
    ]);
    expect(warningsOf(group('UADA'), verdict(2), nora, [ada, ben])).toEqual([lockOut('uada (UADA)')]);
    expect(warningsOf(group('UADA'), verdict(0), nora, [ada])).toEqual([lockOut('uada (UADA)')]);
    expect(warningsOf(group('UADA'), verdict(1), nora, [ada, ben])).toEqual([]);
    expect(warningsOf(group('UMAL'), verdict(1), nora, [ada])).toEqual([]);
    expect(warningsOf({ ...group('UADA'), people: 'unknown' }, verdict(1), nora, [ada])).toEqual([]);
  });

  it.each<Partial<SeatedPerson>>([
    { standing: 'deactivated' },
    { standing: 'unknown to Slack' },
    { emailConfirmed: false },
  ])('that the only approver loses their own access, where another one does not count: %j', (more) => {
    expect(warningsOf(group('UADA'), verdict(0), nora, [ada, approver('UBEN', more)])).toEqual([
      lockOut('uada (UADA)'),
    ]);
  });

  it('of no lock-out where they were too few before', () => {
    const words = warningsOf(group('UADA'), verdict(3), nora, [ada, ben]);
    expect(words).toEqual([deadEnd('3 approvals', 'only uada (UADA), uben (UBEN) may approve it')]);
  });
});
