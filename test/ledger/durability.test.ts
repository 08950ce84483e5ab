import { readFileSync } from 'node:fs';
import { appendFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LedgerFault } from '../../src/domain/ports.ts';
import { type FileSystem, realFileSystem } from '../../src/ledger/file-system.ts';
import { requestId } from '../../src/ledger/requests.ts';
import { recordingLog } from '../huaweicloud/fake-parts.ts';
import { anchor, approved, denied, requested } from './facts.ts';
import { faultyFiles } from './faulty-files.ts';
import { manualClock } from './manual-clock.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const start = async () => {
  const disk = faultyFiles();
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory, { files: disk.files });
  disk.events.splice(0);
  return { ...disk, directory, ledger };
};
const journal = (events: readonly string[]) => events.filter((event) => event.endsWith('journal.jsonl'));

describe('writing', () => {
  it('answers only when the facts are written and synced', async () => {
    const { ledger, events, holdSyncs } = await start();
    await ledger.append('bot', null, [anchor]);
    events.splice(0);
    const letGo = holdSyncs();
    const appended = ledger.append('new', 0, [requested()]).then(() => events.push('answered'));
    while (!events.includes('sync journal.jsonl')) await new Promise(setImmediate);
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
    expect(events).toEqual(['write journal.jsonl', 'sync journal.jsonl']);
    expect(ledger.head().seq).toBe(1);
    expect((await ledger.read(0, 9)).map(({ seq }) => seq)).toEqual([1]);
    letGo();
    await appended;
    expect(events.filter((event) => !event.startsWith('read'))).toEqual([
      'write journal.jsonl',
      'sync journal.jsonl',
      'answered',
    ]);
  });

  it('of a process that was killed before it synced is synced before anybody reads it', async () => {
    const { directory, ledger } = await start();
    await ledger.append('bot', null, [anchor]);
    await ledger.close();
    const { events, files } = faultyFiles();
    await openTemporary(directory, { files });
    expect(journal(events)).toContain('sync journal.jsonl');
  });

  it('shares one sync among those who append while another one is on its way', async () => {
    const { ledger, events, holdSyncs } = await start();
    const letGo = holdSyncs();
    const first = ledger.append('new', 0, [requested()]);
    while (!events.includes('sync journal.jsonl')) await new Promise(setImmediate);
    const more = Array.from({ length: 20 }, () => ledger.append('new', 0, [requested()]));
    letGo();
    await Promise.all([first, ...more]);
    expect(events.filter((event) => event === 'sync journal.jsonl')).toHaveLength(2);
    expect(ledger.head().seq).toBe(21);
  });

  it('keeps the order of very many, which share several syncs so that each is short', async () => {
    const { ledger, events } = await start();
    const asked = Array.from({ length: 250 }, () => ledger.append('new', 0, [requested()]));
    const appended = await Promise.all(asked);
    expect(appended.map(({ id }) => id)).toEqual(appended.map((_, index) => requestId(index + 1)));
    expect(events.filter((event) => event === 'sync journal.jsonl')).toHaveLength(10);
  });

  it('is answered, and everybody else woken, also when a subscriber fails', async () => {
    const { ledger } = await start();
    const woken: number[] = [];
    ledger.subscribe(() => {
      throw new Error('planted');
    });
    ledger.subscribe(() => woken.push(ledger.head().seq));
    expect(await ledger.append('new', 0, [requested()])).toMatchObject({ result: 'appended' });
    expect(woken).toEqual([1]);
  });

  it('does not touch the disk for a conflict or a repetition', async () => {
    const { ledger, events } = await start();
    await ledger.append('new', 0, [requested()], { once: 'draft' });
    events.splice(0);
    await ledger.append('R-000001', 7, [denied]);
    await ledger.append('new', 0, [requested()], { once: 'draft' });
    expect(events).toEqual([]);
  });
});

describe('a write that fails', () => {
  it.each([
    ['write journal.jsonl', 'ENOSPC', 'make room'],
    ['write journal.jsonl', 'EIO', 'look at the disk'],
    ['sync journal.jsonl', 'EIO', 'look at the disk'],
  ])('%s with %s is said in words and leaves nothing behind', async (event, code, words) => {
    const { ledger, events, fail, directory } = await start();
    await ledger.append('new', 0, [requested()], { once: 'first' });
    const head = ledger.head();
    fail(event, code, { half: true });
    const together = await Promise.allSettled([
      ledger.append('new', 0, [requested()], { once: 'second' }),
      ledger.append('R-000001', 1, [approved]),
      ledger.append('R-000001', 1, [denied]),
      ledger.append('bot', null, [anchor], { once: 'second' }),
    ]);
    for (const one of together) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(LedgerFault) });
      expect(one).toMatchObject({ reason: { message: expect.stringContaining(words) } });
    }
    expect(journal(events).slice(-2)).toEqual(['truncate journal.jsonl', 'sync journal.jsonl']);
    expect(ledger.head()).toEqual(head);
    expect(ledger.trouble()).toBeUndefined();
    expect(ledger.open()).toEqual(['R-000001']);
    expect(await ledger.append('R-000001', 1, [approved])).toMatchObject({ result: 'appended', seq: 2 });
    const again = await ledger.append('new', 0, [requested()], { once: 'second' });
    expect(again).toMatchObject({ result: 'appended', id: 'R-000002', seq: 3, version: 1 });
    await ledger.close();
    const next = await openTemporary(directory);
    expect(next.recovered).toBeUndefined();
    expect((await next.read(0, 9)).map(({ seq, id }) => [seq, id])).toEqual([
      [1, 'R-000001'],
      [2, 'R-000001'],
      [3, 'R-000002'],
    ]);
  });

  it('is told of until an append succeeds, which is tried every five seconds when nobody else does', async () => {
    const disk = faultyFiles();
    const clock = manualClock();
    const ledger = await openTemporary(await temporaryDirectory(), { files: disk.files, clock });
    await ledger.moveCursor('audit', 0);
    await ledger.moveCursor('audit', 7);
    disk.fail('write journal.jsonl', 'ENOSPC', { times: 2 });
    await expect(ledger.append('new', 0, [requested()])).rejects.toThrow('make room');
    expect(ledger.failure()).toContain('make room');
    expect(ledger.trouble()).toBeUndefined();
    const beat = async () => {
      await expect.poll(() => clock.sleeping()).toBe(1);
      clock.advance(5_000);
      await expect.poll(() => clock.sleeping()).toBe(1);
    };
    await beat();
    expect(ledger.failure()).toContain('make room');
    await beat();
    expect(ledger.failure()).toBeUndefined();
    expect(ledger.head().seq).toBe(1);
    await beat();
    expect(ledger.head().seq).toBe(1);
  });

  it('refuses all appends until the next start when it cannot be cut off', async () => {
    const { ledger, fail, directory } = await start();
    await ledger.append('new', 0, [requested()]);
    fail('write journal.jsonl', 'EIO', { half: true });
    fail('truncate journal.jsonl', 'EIO');
    await expect(ledger.append('R-000001', 1, [approved])).rejects.toThrow(
      'may show up after the next start',
    );
    await expect(ledger.append('R-000001', 1, [approved])).rejects.toThrow('until the bot is started again');
    expect(ledger.trouble()).toContain('until the bot is started again');
    expect((await ledger.read(0, 9)).map(({ seq }) => seq)).toEqual([1]);
    await ledger.close();
    const next = await openTemporary(directory);
    expect(next.recovered).toContain('cut off');
    expect(await next.append('R-000001', 1, [approved])).toMatchObject({ result: 'appended', version: 2 });
  });

  it('refuses appends when something else wrote to the journal', async () => {
    const { ledger, directory } = await start();
    await ledger.append('new', 0, [requested()]);
    await appendFile(join(directory, 'journal.jsonl'), 'x');
    await expect(ledger.append('R-000001', 1, [approved])).rejects.toThrow('something else wrote to it');
    expect(ledger.trouble()).toContain('something else wrote to it');
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['removed', (path) => rm(path)],
    ['replaced', (path) => realFileSystem.replace(path, readFileSync(path, 'utf8'))],
  ])('refuses appends when the journal was %s', async (_, change) => {
    const { ledger, directory } = await start();
    await ledger.append('new', 0, [requested()]);
    await change(join(directory, 'journal.jsonl'));
    await expect(ledger.append('R-000001', 1, [approved])).rejects.toThrow('removed or replaced');
    expect(ledger.trouble()).toContain('put back the file that was there');
    expect(ledger.head().seq).toBe(1);
  });

  it('tells within five seconds when the end of the journal was cut off, though nobody appends', async () => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const ledger = await openTemporary(directory, { clock });
    await ledger.append('new', 0, [requested()]);
    await truncate(join(directory, 'journal.jsonl'), 100);
    clock.advance(5000);
    await expect.poll(() => ledger.trouble()).toContain('journal.jsonl was cut off');
    await ledger.close();
  });

  it('takes no append for damage that is under way while it looks', async () => {
    const disk = faultyFiles();
    const clock = manualClock();
    const ledger = await openTemporary(await temporaryDirectory(), { clock, files: disk.files });
    await ledger.append('new', 0, [requested()]);
    disk.events.splice(0);
    const letGo = disk.holdSyncs();
    const appended = ledger.append('R-000001', 1, [approved]);
    await expect.poll(() => disk.events).toContain('sync journal.jsonl');
    clock.advance(5_000);
    await expect.poll(() => disk.events.length).toBeGreaterThan(2);
    letGo();
    expect(await appended).toMatchObject({ result: 'appended' });
    expect(ledger.trouble()).toBeUndefined();
  });

  it('takes no append for damage that came to its end while the disk was being asked', async () => {
    const asked: (() => void)[] = [];
    let isSlow = false;
    const files: FileSystem = {
      ...realFileSystem,
      open: async (path, mode) => {
        const file = await realFileSystem.open(path, mode);
        const size = async () => {
          const answer = await file.size();
          if (isSlow) await new Promise<void>((resolve) => asked.push(resolve));
          return answer;
        };
        return { ...file, size };
      },
    };
    const clock = manualClock();
    const ledger = await openTemporary(await temporaryDirectory(), { clock, files });
    await ledger.append('new', 0, [requested()]);
    isSlow = true;
    clock.advance(5_000);
    await expect.poll(() => asked).toHaveLength(1);
    isSlow = false;
    await ledger.append('R-000001', 1, [approved]);
    for (const answer of asked) answer();
    await expect.poll(() => clock.sleeping()).toBe(1);
    expect(ledger.trouble()).toBeUndefined();
  });

  it('tells within five seconds when the journal was removed, though nobody appends, and logs it once', async () => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const log = recordingLog();
    const ledger = await openTemporary(directory, { clock, log });
    await ledger.append('new', 0, [requested()]);
    await rm(join(directory, 'journal.jsonl'));
    clock.advance(5000);
    await expect.poll(() => ledger.trouble()).toContain('removed or replaced');
    await expect(ledger.append('bot', null, [anchor])).rejects.toThrow('removed or replaced');
    expect(log.lines.filter(({ message }) => message.includes('nothing more is appended'))).toHaveLength(1);
    await ledger.close();
    await expect(openTemporary(directory)).rejects.toThrow('line 1: it is missing');
  });

  it('is what tells of a disk that does not answer questions about the journal', async () => {
    let isSilent = false;
    const ask = async <A>(question: () => Promise<A>): Promise<A> => {
      if (isSilent) throw new Error('EIO: planted');
      return question();
    };
    const files: FileSystem = {
      ...realFileSystem,
      open: async (path, mode) => {
        const file = await realFileSystem.open(path, mode);
        return { ...file, size: () => ask(() => file.size()), isInPlace: () => ask(() => file.isInPlace()) };
      },
    };
    const clock = manualClock();
    const ledger = await openTemporary(await temporaryDirectory(), { clock, files });
    await ledger.append('new', 0, [requested()]);
    isSilent = true;
    clock.advance(5_000);
    await expect.poll(() => clock.sleeping()).toBe(1);
    expect(ledger.trouble()).toBeUndefined();
    expect(await ledger.append('R-000001', 1, [approved])).toMatchObject({ result: 'appended' });
    expect(ledger.trouble()).toBeUndefined();
  });

  it('goes on when only the checkpoint cannot be written', async () => {
    const { ledger, fail, directory } = await start();
    await ledger.append('new', 0, [requested(), denied]);
    fail('replace state.json', 'ENOSPC');
    await ledger.close();
    const next = await openTemporary(directory);
    expect(next.summary('R-000001')?.progress.state).toBe('denied');
  });
});
