import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fact, LedgerRecord } from '../../src/domain/facts.ts';
import { inForceAfter, nothingInForce } from '../../src/domain/in-force.ts';
import type { Ledger } from '../../src/domain/ports.ts';
import { isWork, type Summary, summarise } from '../../src/domain/summary.ts';
import { anchor, approved, denied, requested, stayedGone, succeeded, unverified } from './facts.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { mortalFiles } from './mortal-files.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const joined = (user: string): Fact => ({
  fact: 'group_changed',
  group: 'S1',
  first: false,
  added: [{ user }],
  removed: [],
});
const some = (facts: readonly Fact[]) => fc.array(fc.constantFrom(...facts), { minLength: 1, maxLength: 3 });
const append = fc.record({
  stream: fc.constantFrom('new', 'new', 'bot', 'R-000001', 'R-000002', 'R-000003'),
  ofRequest: some([approved, unverified, denied, succeeded, stayedGone]),
  ofBot: some([anchor, joined('U1'), joined('U2'), { fact: 'anchor', words: 'x'.repeat(5_000) }]),
  once: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }),
});
/** One life of the process, to its orderly stop or until it is killed. */
const life = fc.record({
  hasNewKey: fc.boolean(),
  fatal: fc.oneof(
    { weight: 3, arbitrary: fc.nat(25) },
    { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  ),
  kept: fc.constantFrom(0, 0.01, 0.5, 0.99, 1),
  together: fc.array(fc.array(append, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
  /** ms by which the clock is set before it. */
  clock: fc.constantFrom(-5_000, 0, 70_000),
  lost: fc.constantFrom(undefined, undefined, 'state.json', 'index.jsonl'),
});
type Life = typeof life extends fc.Arbitrary<infer L> ? L : never;
/** What the ledger said that it has appended, by the seq of the last fact. */
type Told = Map<number, { readonly id: string; readonly facts: readonly Fact[] }>;

/** Appends what it can, at once where it is together. */
const live = async (ledger: Ledger, { together }: Life, clock: ManualClock, told: Told): Promise<void> => {
  for (const appends of together) {
    await Promise.all(
      appends.map(async ({ stream, ofRequest, ofBot, once }) => {
        const rest = stream === 'bot' ? ofBot : ofRequest;
        const facts = stream === 'new' ? [requested(), ...rest] : rest;
        if (stream.startsWith('R-') && ledger.summary(stream) === undefined) return;
        const answer = await ledger.append(stream, stream === 'new' ? 0 : null, facts, {
          ...(once !== undefined && { once }),
        });
        if (answer.result === 'appended') told.set(answer.seq, { id: answer.id, facts });
      }),
    );
    clock.advance(20_000);
  }
};

/** All that the ledger tells, against its facts folded one by one. */
const expectTruth = async (ledger: Ledger, told: Told): Promise<void> => {
  const records = await ledger.read(0, 10_000);
  for (const [seq, { id, facts }] of told) {
    const mine = records.slice(seq - facts.length, seq);
    expect(mine.map(({ fact }) => fact)).toEqual(facts);
    expect(new Set(mine.map((record) => record.id))).toEqual(new Set([id]));
  }
  const summaries = new Map<string, Summary>();
  const streams = new Map<string, LedgerRecord[]>();
  let inForce = nothingInForce;
  let more = 0;
  for (const [index, record] of records.entries()) {
    const { id, fact, at } = record;
    expect(record.seq).toBe(index + 1);
    if (more > 0) expect(record.more ?? 0).toBe(more - 1);
    more = record.more ?? 0;
    const stream = [...(streams.get(id) ?? []), record];
    streams.set(id, stream);
    expect(record.version).toBe(stream.length);
    if (id === 'bot') inForce = inForceAfter(inForce, fact, at);
    else summaries.set(id, summarise(summaries.get(id), record));
  }
  expect(more).toBe(0);
  expect(ledger.inForce()).toEqual(inForce);
  expect(await ledger.list(() => true, 999)).toEqual([...summaries.values()].reverse());
  expect(ledger.open()).toEqual([...summaries.values()].filter(isWork).map(({ id }) => id));
  for (const [id, stream] of streams) expect(await ledger.ofRequest(id)).toEqual(stream);
  for (const { id, seq, once, more: after = 0 } of records)
    if (once !== undefined)
      expect(await ledger.append('bot', null, [anchor], { once })).toEqual({
        result: 'already',
        id,
        seq: seq + after,
      });
};

it('a process that is killed anywhere, life after life, loses nothing that it told of, and the next one tells it all', async () => {
  let kills = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
      const directory = await temporaryDirectory();
      const clock = manualClock();
      const told: Told = new Map();
      const keys = ['a'.repeat(32)];
      const open = (files?: ReturnType<typeof mortalFiles>['files']) => {
        const [auditKey = '', ...oldKeys] = keys;
        return openTemporary(directory, { clock, auditKey, oldKeys, ...(files && { files }) });
      };
      for (const one of lives) {
        clock.set(clock.now() + one.clock);
        if (one.hasNewKey) keys.unshift(String(keys.length).repeat(32));
        const { files, killed } = mortalFiles(one.fatal, one.kept);
        try {
          const ledger = await open(files);
          try {
            await live(ledger, one, clock, told);
          } finally {
            await ledger.close();
          }
        } catch (error) {
          if (!killed()) throw error;
        }
        if (killed()) kills += 1;
        // It was held by this very process, which lives on.
        await rm(join(directory, 'lock.json'), { force: true });
        if (one.lost !== undefined) await rm(join(directory, one.lost), { force: true });
        const next = await open();
        await expectTruth(next, told);
        await next.close();
      }
    }),
    { numRuns: 40 },
  );
  // By chance more than twenty, and none at all in less than one run of a thousand million.
  expect(kills).toBeGreaterThan(0);
}, 60_000);
