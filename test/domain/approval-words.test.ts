import { describe, expect, it } from 'vitest';
import { approvalWords, ruleWords } from '../../src/domain/approval-words.ts';
import type { ApproverRule } from '../../src/domain/approvers.ts';
import { approved, ends, person, requested, tell } from '../support/stories.ts';

const names = { S1: '@duty', S2: '@security' };
const anyone: ApproverRule = { anyone: ['S1', 'UCAT'], together: [] };
const both: ApproverRule = { anyone: [], together: [['S1', 'S2']] };
const either: ApproverRule = { anyone: ['S1'], together: [['S2', 'S3', 'S4']] };

describe('who must approve', () => {
  it.each<[string, ApproverRule, number]>([
    ['from @duty (S1) or UCAT', anyone, 1],
    ['from @duty (S1) or UCAT', anyone, 2],
    ['one from @duty (S1) and one from @security (S2)', both, 1],
    ['one from @duty (S1), one from @security (S2) and 1 more from @duty (S1) or @security (S2)', both, 3],
    ['1 from @duty (S1), or one from @security (S2), one from S3 and one from S4', either, 1],
  ])('%s', (words, rule, needed) => {
    expect(ruleWords(rule, needed, names)).toBe(words);
  });
});

describe('the sentence of the card', () => {
  const waiting = (from: ApproverRule, approvals: number, ...given: readonly [string, ...string[]][]) =>
    tell(
      requested({ from, approvals, groupNames: names }),
      ...given.map(([user, ...seats]) => approved(person(user), { seats })),
    );

  it('says that nobody is needed where a rule lets it go on', () => {
    expect(approvalWords(tell(requested({ approvals: 0 }), approved()))).toMatch(/no second approver/);
  });

  it('says what is missing while nobody has approved', () => {
    expect(approvalWords(waiting(anyone, 2))).toBe(
      'Nobody has approved yet. 2 approvals needed, from @duty (S1) or UCAT.',
    );
  });

  it('says who approved and from whom the rest must come', () => {
    expect(approvalWords(waiting(both, 2, ['UADA', 'S1']))).toBe(
      'Approved by uada (UADA). 1 more approval needed, one from @security (S2).',
    );
  });

  it('counts nobody for two groups, and names both where the last one may come from either', () => {
    expect(approvalWords(waiting(both, 2, ['UADA', 'S1', 'S2']))).toBe(
      'Approved by uada (UADA). 1 more approval needed, from @duty (S1) or @security (S2).',
    );
  });

  it('names all who approved once nothing is missing', () => {
    expect(approvalWords(waiting(both, 2, ['UADA', 'S1'], ['UBEN', 'S2']))).toBe(
      'Approved by uada (UADA) and uben (UBEN).',
    );
  });

  it('counts people and groups as people do: a comma, and the last with a word of its own', () => {
    const wide: ApproverRule = { anyone: ['S1', 'S2', 'UCAT'], together: [] };
    expect(approvalWords(waiting(wide, 4, ['UADA', 'S1'], ['UBEN', 'S1'], ['UDAN', 'S2']))).toBe(
      'Approved by uada (UADA), uben (UBEN) and udan (UDAN). 1 more approval needed, from @duty (S1), @security (S2) or UCAT.',
    );
  });

  it('says so of what a rule would let on, before it has', () => {
    expect(approvalWords(tell(requested({ approvals: 0 })))).toMatch(/^By rule/);
    expect(approvalWords(tell(requested({ approvals: 1 }), approved()))).toMatch(/^By rule/);
  });

  it('names who approved a request of before there were rules, once they are enough', () => {
    expect(approvalWords(tell(requested(), approved(person('UADA'))))).toBe('Approved by uada (UADA).');
  });

  it('says every way that is left, the shortest first', () => {
    expect(approvalWords(waiting(either, 1))).toBe(
      'Nobody has approved yet. 1 approval needed, 1 from @duty (S1), or one from @security (S2), one from S3 and one from S4.',
    );
  });

  it('asks nobody any more once it is over', () => {
    expect(approvalWords(tell(requested(), ends.expired))).toBe('Nobody approved.');
    expect(approvalWords(tell(requested({ approvals: 2 }), approved(person('UADA')), ends.cancelled))).toBe(
      'Approved by uada (UADA).',
    );
  });

  it('only counts for a request of before there were rules', () => {
    expect(approvalWords(tell(requested({ approvals: 2 }), approved(person('UADA'))))).toBe(
      'Approved by uada (UADA). 1 more approval needed.',
    );
  });
});
