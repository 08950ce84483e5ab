import { describe, expect, it } from 'vitest';
import type { Fact, LedgerRecord } from '../../src/domain/facts.ts';
import { coveredImpact, stampOf } from '../../src/domain/request.ts';
import { isHiddenFrom, isWork, type Summary, summarise } from '../../src/domain/summary.ts';
import {
  approved,
  asRecords,
  ends,
  person,
  requested,
  stepOutcome,
  t0,
  tell,
  waysTo,
} from '../support/stories.ts';

const summaryOf = (...facts: readonly [Fact, ...Fact[]]): Summary => {
  const [first, ...others]: readonly LedgerRecord[] = asRecords(facts);
  if (first === undefined) throw new Error('No facts, no summary');
  return others.reduce<Summary>(summarise, summarise(undefined, first));
};

describe('the stamp of what is to be approved', () => {
  const grew = (...keys: readonly string[]): Fact => ({
    fact: 'impact_grew',
    added: keys.map((key) => ({ key, words: key })),
  });

  it('changes with the digest and with whatever came on top of it', () => {
    const stamps = [
      tell(requested()),
      tell(requested({ digest: 'other' })),
      tell(requested(), grew('a')),
      tell(requested(), grew('b')),
      tell(requested(), grew('a'), grew('b')),
    ].map(stampOf);
    expect(new Set(stamps).size).toBe(5);
    for (const stamp of stamps) expect(stamp).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with nothing else', () => {
    const half = tell(requested({ approvals: 2, reason: 'another' }), approved(person('UADA')));
    expect(stampOf(half)).toBe(stampOf(tell(requested())));
  });
});

describe('what an approval covers', () => {
  it('is each grant once, also where the review was given one twice', () => {
    const [one, two] = [
      { key: 'k1', words: 'one' },
      { key: 'k2', words: 'two' },
    ];
    const impact = { ...requested().impact, grants: [one, one] };
    const covered = coveredImpact(tell(requested({ impact }), { fact: 'impact_grew', added: [two, one] }));
    expect(covered.grants).toEqual([one, two]);
  });
});

describe('the fold remembers', () => {
  it('for whom each approver stands, and the rule that they must fulfil together', () => {
    const from = { anyone: [], together: [['S1', 'S2']] };
    const ada = approved(person('UADA'), { seats: ['S1'] });
    const two = tell(requested({ approvals: 2, from }), ada, approved(person('UBEN'), { seats: ['S1'] }));
    expect(two.progress).toEqual({
      state: 'requested',
      needed: 2,
      from,
      given: [
        { user: 'UADA', seats: ['S1'] },
        { user: 'UBEN', seats: ['S1'] },
      ],
      byRule: false,
    });
    const third = tell(requested({ approvals: 2, from }), ada, approved(person('UCAT'), { seats: ['S2'] }));
    expect(third.progress.state).toBe('approved');
  });

  it('the newest approval of a person, once', () => {
    const from = { anyone: [], together: [['S1', 'S2']] };
    const again = (...seats: readonly string[]) => approved(person('UADA'), { seats });
    expect(tell(requested({ approvals: 2, from }), again('S1'), again('S2')).progress.given).toEqual([
      { user: 'UADA', seats: ['S2'] },
    ]);
  });

  it('that a rule is not enough where people are needed, and people are not where a rule decides', () => {
    expect(tell(requested(), approved()).progress).toMatchObject({ state: 'requested', byRule: true });
    expect(tell(requested({ approvals: 0 }), approved(person('UADA'))).progress.state).toBe('requested');
  });

  it('where its card is, and only refused keys as such', () => {
    const request = tell(...waysTo.executing, stepOutcome('refused', { status: 403 }), {
      fact: 'card_posted',
      channel: 'C7',
      ts: '7.1',
    });
    expect(request.card).toEqual({ channel: 'C7', ts: '7.1' });
    expect(request.steps.get('s')?.authFailures).toBe(0);
  });

  it('the newest direct message to each person, and how many there were', () => {
    const told = (user: string, why: 'asked' | 'reminded', ts: string): Fact => ({
      fact: 'notified',
      user,
      why,
      state: 'requested',
      channel: `D${user}`,
      ts,
    });
    const { notices, progress } = tell(
      requested(),
      told('UADA', 'asked', '1.0'),
      told('UBEN', 'asked', '2.0'),
      told('UADA', 'reminded', '3.0'),
    );
    expect(progress.state).toBe('requested');
    expect(notices.get('UADA')).toMatchObject({ why: 'reminded', ts: '3.0', at: t0 + 3_000, times: 2 });
    expect(notices.get('UBEN')).toMatchObject({ why: 'asked', channel: 'DUBEN', times: 1 });
  });
});

describe('a summary', () => {
  it('tells when it was proven, when it was last read, and whether it had come back', () => {
    const stayed: Fact = { fact: 'stayed_gone', after: 1 };
    const back: Fact = { fact: 'came_back', grants: [{ key: 'k1', words: 'one' }] };
    expect(summaryOf(requested(), approved(), ends.succeeded).proven).toEqual({
      at: t0 + 2_000,
      read: t0 + 2_000,
      back: false,
    });
    expect(summaryOf(requested(), ends.succeeded, stayed).proven).toEqual({
      at: t0 + 1_000,
      read: t0 + 2_000,
      back: false,
    });
    expect(summaryOf(requested(), ends.succeeded, stayed, back).proven).toEqual({
      at: t0 + 1_000,
      read: t0 + 3_000,
      back: true,
    });
    const card: Fact = { fact: 'card_posted', channel: 'C1', ts: '1.0' };
    expect(summaryOf(requested(), ends.succeeded, card).proven?.read).toBe(t0 + 1_000);
    expect(summaryOf(requested(), ends.denied, ends.succeeded).proven).toBeUndefined();
    expect(summaryOf(requested(), ends.denied, stayed).proven).toBeUndefined();
  });

  it('holds an incident and affected people only where there are some', () => {
    expect(summaryOf(requested())).not.toHaveProperty('incident');
    expect(summaryOf(requested({ incident: 'INC-1' })).incident).toBe('INC-1');
    expect(summaryOf(requested({ affected: undefined })).affected).toEqual([]);
  });

  it('is work while it is open', () => {
    expect(isWork(summaryOf(requested()))).toBe(true);
    expect(isWork(summaryOf(...waysTo.denied))).toBe(false);
  });

  it('is hidden from the affected person, and from whoever may be, until it is final', () => {
    const open = summaryOf(requested());
    expect(isHiddenFrom(open, 'Mallory@Example.com')).toBe(true);
    expect(isHiddenFrom(open, 'mallory@elsewhere.example')).toBe(true);
    expect(isHiddenFrom(open, 'ada@example.com')).toBe(false);
    expect(isHiddenFrom(open, undefined)).toBe(true);
    expect(isHiddenFrom(summaryOf(...waysTo.unverified), 'mallory@example.com')).toBe(true);
    expect(isHiddenFrom(summaryOf(...waysTo.denied), 'mallory@example.com')).toBe(false);
    const ofGroup = summaryOf(requested({ affected: undefined }));
    expect(isHiddenFrom(ofGroup, undefined)).toBe(false);
    expect(isHiddenFrom(ofGroup, 'mallory@example.com')).toBe(false);
  });
});
