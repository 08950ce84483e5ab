import { describe, expect, it } from 'vitest';
import { checkFacts, mayRetry, type Reread, refuseCheck, refuseRetry } from '../../src/domain/again.ts';
import type { Decision } from '../../src/domain/decide.ts';
import type { Look } from '../../src/domain/kind.ts';
import type { KnownPerson } from '../../src/domain/ports.ts';
import { State } from '../../src/domain/state.ts';
import { person, requested, stepStarted, tell, waysTo } from '../support/stories.ts';

const known = (user: string, email?: string): KnownPerson => ({
  person: person(user, email),
  standing: 'full member',
  emailConfirmed: true,
});
const ada = known('UADA', 'ada@example.com');
const mallory = known('UMAL', 'Mallory@example.com');
const codeOf = (decision: Decision | undefined) =>
  decision?.result === 'refused' ? decision.refusal.code : 'may';

const cameBack = tell(...waysTo.succeeded, { fact: 'came_back', grants: [{ key: 'k1', words: 'one' }] });
const stayedGone = tell(...waysTo.succeeded, { fact: 'stayed_gone', after: 1 });

describe('check and retry, by state', () => {
  const retried: readonly State[] = ['unverified', 'failed', 'partly_failed', 'denied'];

  it.each(State.options)('%s', (state) => {
    const request = tell(...waysTo[state]);
    expect(codeOf(refuseCheck(request, ada))).toBe(state === 'unverified' ? 'may' : 'nothing_to_check');
    expect(mayRetry(request)).toBe(retried.includes(state));
    expect(codeOf(refuseRetry(request, ada))).toBe(retried.includes(state) ? 'may' : 'nothing_to_retry');
  });

  it('also lets retry what came back, and not what stayed gone', () => {
    expect([codeOf(refuseRetry(cameBack, ada)), codeOf(refuseCheck(cameBack, ada))]).toEqual([
      'may',
      'nothing_to_check',
    ]);
    expect(codeOf(refuseRetry(stayedGone, ada))).toBe('nothing_to_retry');
  });

  it.each(State.options)('the affected person learns nothing before it is final: %s', (state) => {
    const request = tell(...waysTo[state]);
    const open = ['requested', 'approved', 'executing', 'verifying', 'unverified'].includes(state);
    expect(codeOf(refuseCheck(request, mallory))).toBe(open ? 'affected_person' : 'nothing_to_check');
    const last = retried.includes(state) ? 'may' : 'nothing_to_retry';
    expect(codeOf(refuseRetry(request, mallory))).toBe(open ? 'affected_person' : last);
    expect(codeOf(refuseCheck(request, known('UMAL')))).toBe(open ? 'email_unknown' : 'nothing_to_check');
  });
});

describe('what a check shows', () => {
  const impact = {
    ...requested().impact,
    grants: [
      { key: 'a', words: 'A' },
      { key: 'b', words: 'B' },
    ],
  };
  const request = tell(requested({ impact }), stepStarted(), { fact: 'unverified', words: 'late' });
  const asked = { by: ada.person, via: { actionTs: '1.0' } };
  const reread = (key: string, look: Look): Reread => ({
    step: { key, words: key, target: {}, grants: [key] },
    look,
  });
  const gone: Look = { state: 'gone', remaining: [], since: [] };
  const there = { remaining: ['a'], since: [] };

  it.each<[string, readonly Look[], readonly string[]]>([
    ['all gone', [gone, gone], ['proof gone', 'proof gone', 'succeeded']],
    [
      'one still there',
      [gone, { state: 'present', surely: true, ...there }],
      ['proof gone', 'proof present'],
    ],
    ['one being deleted', [{ state: 'pending', ...there }], ['proof present']],
    ['one whose deletion failed', [{ state: 'failed', reason: 'locked', ...there }], ['proof present']],
  ])('%s', (_name, looks, words) => {
    const facts = checkFacts(
      request,
      looks.map((look, n) => reread(n === 0 ? 's' : 't', look)),
      asked,
    );
    expect(facts.map((fact) => (fact.fact === 'proof' ? `proof ${fact.result}` : fact.fact))).toEqual(words);
    const proofs = facts.filter(({ fact }) => fact === 'proof');
    expect(proofs).toMatchObject(proofs.map(() => asked));
  });

  it('says what the cloud says of a deletion, where it says anything', () => {
    const wordsOf = (look: Look) => checkFacts(request, [reread('s', look)], asked)[0];
    expect(wordsOf({ state: 'pending', ...there })).toMatchObject({
      words: 'The cloud says that a deletion is running.',
    });
    expect(wordsOf({ state: 'failed', reason: 'locked', ...there })).toMatchObject({
      words: 'The deletion failed: locked',
    });
    expect(wordsOf({ state: 'present', surely: true, ...there })).not.toHaveProperty('words');
    expect(wordsOf(gone)).not.toHaveProperty('words');
  });

  it('is "already gone" of what was never called', () => {
    const uncalled = tell(requested({ impact }), { fact: 'unverified', words: 'late' });
    expect(checkFacts(uncalled, [reread('s', gone)], asked).at(-1)).toMatchObject({ alreadyGone: true });
  });

  it('is a proof, and never "already gone" of what was called', () => {
    expect(checkFacts(request, [reread('s', gone)], asked).at(-1)).toEqual({
      fact: 'succeeded',
      alreadyGone: false,
      words: 'Proven by reading the cloud back: all 2 grants are gone.',
    });
  });

  it('ends nothing when nothing was read', () => {
    expect(checkFacts(request, [], asked)).toEqual([]);
  });
});
