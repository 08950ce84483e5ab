import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../src/domain/ports.ts';
import { createProgress } from '../../src/ledger/progress.ts';
import { inSlices, sliceSize } from '../../src/ledger/slices.ts';
import { approved, denied, requested, succeeded } from './facts.ts';
import { manualClock } from './manual-clock.ts';
import { silent } from './silent-log.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const everything = Number.POSITIVE_INFINITY;
const titles = async (ledger: Awaited<ReturnType<typeof openTemporary>>) =>
  (await ledger.list(() => true, everything)).map(({ title }) => title);

describe('work on many', () => {
  const numbers = Array.from({ length: 3 * sliceSize + 1 }, (_, number) => number);

  it('lets everything else have its turn after each slice', async () => {
    const done: number[] = [];
    const turns: number[] = [];
    await inSlices(
      numbers,
      (number) => done.push(number) > 0,
      async () => turns.push(done.length),
    );
    expect(done).toEqual(numbers);
    expect(turns).toEqual([sliceSize, 2 * sliceSize, 3 * sliceSize]);
  });

  it('ends as soon as it is enough', async () => {
    const done: number[] = [];
    await inSlices(numbers, (number) => done.push(number) < 5);
    expect(done).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a long reading', () => {
  it('says every few seconds how far it is, and nothing when it is short', () => {
    const clock = manualClock();
    const lines: (LogFields | undefined)[] = [];
    const log = { ...silent, info: (_words: string, fields?: LogFields) => void lines.push(fields) };
    const progress = createProgress(clock, log, 1_000);
    for (let seq = 1; seq <= 8; seq += 1) {
      clock.advance(1_000);
      progress({ seq, offset: seq * 100 });
    }
    expect(lines).toEqual([
      { facts: 3, percent: 30 },
      { facts: 6, percent: 60 },
    ]);
  });
});

describe('a ledger of more requests than are written in one go', () => {
  const count = 2 * sliceSize + 10;

  it('is the same after a rebuild, after a start from the checkpoint, and after more of both', async () => {
    const directory = await temporaryDirectory();
    const first = await openTemporary(directory);
    await Promise.all(
      Array.from({ length: count }, (_, number) =>
        first.append('new', 0, [requested({ reason: `${number}` }), approved, succeeded], {
          once: `o${number}`,
        }),
      ),
    );
    await first.append('bot', null, [{ fact: 'anchor', words: 'one' }]);
    const before = await first.list(() => true, everything);
    await first.close();
    const second = await openTemporary(directory);
    expect(await second.list(() => true, everything)).toEqual(before);
    expect(second.succeededSince(0)).toHaveLength(count);
    await second.append('bot', null, [{ fact: 'anchor', words: 'two' }]);
    expect(await second.append('new', 0, [requested()], { once: 'o7' })).toMatchObject({
      result: 'already',
      id: 'R-000008',
      seq: 24,
    });
    await second.append('new', 0, [requested()], { once: 'last' });
    await second.close();
    const third = await openTemporary(directory);
    expect(await third.verification).toBeUndefined();
    expect(await titles(third)).toHaveLength(count + 1);
    expect((await third.ofRequest('bot')).length).toBeGreaterThanOrEqual(2);
    expect(third.open()).toEqual([`R-00${count + 1}`]);
  });
});

describe('a ledger of more open requests than are written in one go', () => {
  const count = 2 * sliceSize + 10;
  const stored = async (directory: string): Promise<{ checkpoint: { live: unknown[] } }> =>
    JSON.parse(await readFile(join(directory, 'state.json'), 'utf8'));

  it('has few of them in the checkpoint, and knows all of them after the next start, oldest first', async () => {
    const directory = await temporaryDirectory();
    const first = await openTemporary(directory);
    await Promise.all(
      Array.from({ length: count }, (_, number) =>
        first.append('new', 0, [requested({ reason: `${number}` })], { once: `o${number}` }),
      ),
    );
    await first.close();
    expect((await stored(directory)).checkpoint.live).toHaveLength(10);

    const second = await openTemporary(directory);
    expect(second.open()).toHaveLength(count);
    await second.append('R-000001', 1, [approved]);
    await second.append('R-000002', 1, [denied]);
    await second.append('new', 0, [requested()], { once: 'last' });
    const now = await second.list(() => true, everything);
    await second.close();
    expect((await stored(directory)).checkpoint.live).toHaveLength(12);

    const third = await openTemporary(directory);
    expect(await third.list(() => true, everything)).toEqual(now);
    expect(third.open()).toEqual(second.open());
    expect(third.open().slice(0, 2)).toEqual(['R-000001', 'R-000003']);
    expect(await third.append('R-000001', 2, [denied])).toMatchObject({ result: 'appended', version: 3 });
  });
});

describe('a ledger of more facts than are written in one go', () => {
  it('knows all of them after a start from the checkpoint', async () => {
    const count = 17 * sliceSize;
    const directory = await temporaryDirectory();
    const first = await openTemporary(directory);
    await first.append(
      'bot',
      null,
      Array.from({ length: count }, () => ({ fact: 'anchor', words: 'w' })),
    );
    await first.close();
    const second = await openTemporary(directory);
    expect((await second.read(count - 2, 9)).map(({ seq }) => seq)).toEqual([count - 1, count]);
    expect(await second.ofRequest('bot')).toHaveLength(count);
  });
});
