import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { anchor, approved, denied, requested, unverified } from './facts.ts';
import { manualClock } from './manual-clock.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const followUps = [approved, unverified, denied, { fact: 'approval_void', user: 'U1', words: 'w' } as const];

const append = fc.record({
  do: fc.constant('append' as const),
  stream: fc.oneof(
    { weight: 2, arbitrary: fc.constant('new') },
    { weight: 1, arbitrary: fc.constant('bot') },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((n) => `R-00000${n}`) },
  ),
  version: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 4 })),
  facts: fc.array(fc.constantFrom(...followUps), { minLength: 0, maxLength: 3 }),
  once: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }),
});
const action = fc.oneof(
  { weight: 8, arbitrary: append },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('together' as const), appends: fc.array(append) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reopen' as const),
      checkpoint: fc.constantFrom('last', 'none', 'earlier'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.integer({ min: -9, max: 9 }) }),
  },
);
type Append = typeof append extends fc.Arbitrary<infer A> ? A : never;

it('the file ledger tells the same as the memory ledger, whatever is appended, closed and reopened', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      const clock = manualClock();
      const directory = await temporaryDirectory();
      const state = join(directory, 'state.json');
      let earlier: Buffer | undefined;
      const memory = createMemoryLedger({ clock });
      let file = await openTemporary(directory, { clock });
      const run = (ledger: typeof memory, { stream, version, facts, once }: Append) => {
        const first = stream === 'new' ? [requested()] : stream === 'bot' ? [anchor] : [];
        const rest = stream === 'bot' ? facts.map(() => anchor) : facts;
        return ledger
          .append(stream, version, [...first, ...rest], { ...(once !== undefined && { once }) })
          .catch((error: unknown) => (error instanceof Error ? error.name : error));
      };
      for (const one of actions) {
        if (one.do === 'time') clock.set(clock.now() + one.ms);
        const appends = one.do === 'append' ? [one] : one.do === 'together' ? one.appends : [];
        const answers = await Promise.all(appends.map((each) => run(file, each)));
        expect(answers).toEqual(await Promise.all(appends.map((each) => run(memory, each))));
        if (one.do === 'reopen') {
          await file.close();
          const last = await readFile(state).catch(() => undefined);
          if (one.checkpoint === 'none') await rm(state, { force: true });
          // As after a crash: the journal and perhaps the index are ahead of the checkpoint.
          if (one.checkpoint === 'earlier' && earlier !== undefined) await writeFile(state, earlier);
          earlier = last;
          file = await openTemporary(directory, { clock });
        }
      }
      const strip = (records: Awaited<ReturnType<typeof memory.read>>) =>
        records.map(({ key: _key, prev: _prev, hash: _hash, ...rest }) => rest);
      expect(strip(await file.read(0, 1000))).toEqual(strip(await memory.read(0, 1000)));
      for (const id of ['bot', 'R-000001', 'R-000002', 'R-000003']) {
        expect(strip(await file.ofRequest(id))).toEqual(strip(await memory.ofRequest(id)));
      }
      expect(file.open()).toEqual(memory.open());
      expect(await file.list(() => true, 9)).toEqual(await memory.list(() => true, 9));
      expect(file.head().seq).toBe(memory.head().seq);
      await file.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);
