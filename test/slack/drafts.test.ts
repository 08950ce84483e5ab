import { expect, it } from 'vitest';
import { registry } from '../../src/revocations/registry.ts';
import { createDrafts } from '../../src/slack/drafts.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const bench = () => {
  const clock = createVirtualClock();
  let made = 0;
  const drafts = createDrafts(clock, { random: () => `d${++made}` });
  const open = (user = 'U1', kind = 'profile') => drafts.open({ user, kind, askedIn: 'C1', channel: 'C1' });
  const get = (id: string, over: Partial<{ user: string; view: string; kind: string }> = {}) =>
    drafts.get(id, { user: 'U1', view: 'V1', kind: 'profile', ...over });
  return { clock, drafts, open, get };
};

const reviewed = (characters: number) => {
  const [kind] = registry;
  if (kind === undefined) throw new Error('The registry is empty');
  const impact = { title: 't', lines: [], names: [], residual: [], people: [] };
  const grants = [{ key: 'k', words: 'x'.repeat(characters) }];
  const verdict = { approvals: 0, from: { anyone: [], together: [] }, because: [] };
  const assessed = {
    kind,
    target: {},
    impact: { ...impact, grants },
    digest: 'd',
    verdict,
    groupNames: {},
    warnings: [],
    alongside: [],
  };
  return { assessed, reason: 'r' };
};

it('lives for half an hour', async () => {
  const { clock, open, get } = bench();
  const { id } = open();
  await clock.advance(30 * 60_000);
  expect(get(id)).toBeDefined();
  await clock.advance(1);
  expect(get(id)).toBeUndefined();
});

it('belongs to one person, one kind and one view', () => {
  const { drafts, open, get } = bench();
  const { id } = open();
  expect(get(id, { view: 'V7' })).toBeDefined();
  drafts.opened(id, 'V1');
  expect(get(id)).toBeDefined();
  expect(get(id, { user: 'U2' })).toBeUndefined();
  expect(get(id, { kind: 'account-assignment' })).toBeUndefined();
  expect(get(id, { view: 'V2' })).toBeUndefined();
  expect(get('guessed')).toBeUndefined();
});

it('is one of five that a person may have: the oldest goes first, other people’s stay', () => {
  const { open, get } = bench();
  const other = open('U2');
  const own = Array.from({ length: 6 }, () => open());
  expect(own.map(({ id }) => get(id) !== undefined)).toEqual([false, true, true, true, true, true]);
  expect(get(other.id, { user: 'U2' })).toBeDefined();
});

it('shares 32 MB with all the others: the oldest goes first', () => {
  const { drafts, open, get } = bench();
  const ids = ['U1', 'U2', 'U3', 'U4'].map((user) => {
    const draft = open(user);
    drafts.put({ ...draft, reviewed: reviewed(9 * 1024 * 1024) });
    return draft.id;
  });
  expect(ids.map((id, n) => get(id, { user: `U${n + 1}` }) !== undefined)).toEqual([false, true, true, true]);
});

it('makes room among those of whoever takes most of it, so that nobody can take away those of others', () => {
  const { drafts, open, get } = bench();
  const other = open('U2');
  drafts.put({ ...other, reviewed: reviewed(1024) });
  const own = Array.from({ length: 5 }, () => open());
  for (const draft of own) drafts.put({ ...draft, reviewed: reviewed(9 * 1024 * 1024) });
  expect(get(other.id, { user: 'U2' })).toBeDefined();
  expect(own.map(({ id }) => get(id) !== undefined)).toEqual([false, false, true, true, true]);
});

it('frees its memory when it is put again', () => {
  const { drafts, open, get } = bench();
  const draft = open();
  for (let n = 0; n < 10; n += 1) drafts.put({ ...draft, reviewed: reviewed(9 * 1024 * 1024) });
  const next = open();
  expect(get(draft.id)).toBeDefined();
  expect(get(next.id)).toBeDefined();
});
