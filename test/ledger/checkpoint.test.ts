import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import type { Ledger } from '../../src/domain/ports.ts';
import { recordingLog } from '../huaweicloud/fake-parts.ts';
import { anchor, approved, denied, requested, stayedGone, succeeded, unverified } from './facts.ts';
import { faultyFiles } from './faulty-files.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const started: Fact = { fact: 'started', version: '1', policy: 'p' };
const stopped: Fact = { fact: 'stopped', words: 'bye' };

/** All that a ledger tells. */
const told = async (ledger: Ledger) => ({
  head: ledger.head(),
  open: ledger.open(),
  succeeded: ledger.succeededSince(0),
  list: await ledger.list(() => true, 1000),
  streams: await Promise.all(['R-000001', 'R-000002', 'R-000300', 'bot'].map((id) => ledger.ofRequest(id))),
  late: (await ledger.read(300, 5)).map(({ seq }) => seq),
  cursors: [ledger.cursor('audit'), ledger.cursor('cards')],
});

/** A closed ledger of more than one mark's lines, with finished, waiting and unverified requests. */
const written = async () => {
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory);
  await Promise.all(
    Array.from({ length: 300 }, (_, i) => ledger.append('new', 0, [requested()], { once: `o${i}` })),
  );
  await ledger.append('R-000001', 1, [approved, unverified]);
  await ledger.append('R-000002', 1, [denied], { once: 'denial' });
  await ledger.append('bot', null, [anchor], { once: 'anchor' });
  await ledger.append('R-000008', 1, [approved, succeeded, stayedGone]);
  await ledger.append('R-000009', 1, [approved, succeeded]);
  await ledger.moveCursor('audit', 12);
  await ledger.close();
  const inside = (name: string) => join(directory, name);
  return {
    directory,
    journal: inside('journal.jsonl'),
    state: inside('state.json'),
    index: inside('index.jsonl'),
  };
};

describe('a start from the checkpoint', () => {
  it('knows the same as one from the journal alone', async () => {
    const { directory, state, index } = await written();
    const first = await openTemporary(directory);
    const before = await told(first);
    expect(before.list).toHaveLength(300);
    expect(before.late).toEqual([301, 302, 303, 304, 305]);
    expect(before.cursors).toEqual([12, 0]);
    await first.close();
    await rm(state);
    await rm(index);
    const second = await openTemporary(directory);
    expect(await told(second)).toEqual(before);
  });

  it('still knows in which order requests succeeded', async () => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const ledger = await openTemporary(directory, { clock });
    for (const _ of ['first', 'second']) await ledger.append('new', 0, [requested()]);
    await ledger.append('R-000002', 1, [approved, succeeded]);
    clock.advance(1_000);
    await ledger.append('R-000001', 1, [approved, succeeded]);
    await ledger.close();
    const again = await openTemporary(directory, { clock });
    const since = (ms: number) => again.succeededSince(clock.now() - ms).map(({ id }) => id);
    expect(since(1_000)).toEqual(['R-000002', 'R-000001']);
    expect(since(0)).toEqual(['R-000001']);
  });

  it('still knows each once, version and number', async () => {
    const { directory } = await written();
    const ledger = await openTemporary(directory);
    const again = (once: string) => ledger.append('new', 0, [requested()], { once });
    expect(await again('o299')).toEqual({ result: 'already', id: 'R-000300', seq: 300 });
    expect(await again('o1')).toEqual({ result: 'already', id: 'R-000002', seq: 2 });
    expect(await again('denial')).toEqual({ result: 'already', id: 'R-000002', seq: 303 });
    expect(await again('anchor')).toEqual({ result: 'already', id: 'bot', seq: 304 });
    expect(await again('new one')).toMatchObject({ result: 'appended', id: 'R-000301', version: 1 });
    expect(await ledger.append('R-000002', 9, [denied])).toMatchObject({ result: 'conflict', version: 2 });
  });

  it('takes in what was appended after it', async () => {
    const { directory, state, index } = await written();
    const [oldState, oldIndex] = [await readFile(state), await readFile(index)];
    const ledger = await openTemporary(directory);
    await ledger.append('R-000003', 1, [denied]);
    const card: Fact = { fact: 'card_posted', channel: 'C', ts: '1' };
    await ledger.append('R-000002', null, [card]);
    await ledger.append('bot', null, [anchor]);
    const now = await told(ledger);
    await ledger.close();
    await writeFile(state, oldState);
    const second = await openTemporary(directory);
    expect(await told(second)).toEqual(now);
    await second.close();
    expect(await told(await openTemporary(directory))).toEqual(now);
    expect((await readFile(index)).subarray(0, oldIndex.length)).toEqual(oldIndex);
  });

  it.each<[string, 'state' | 'index', (text: string) => string]>([
    ['half a checkpoint', 'state', (text) => text.slice(0, 100)],
    ['an empty checkpoint', 'state', () => ''],
    ['a changed checkpoint', 'state', (text) => text.replace('"state":"requested"', '"state":"denied"')],
    ['a foreign checkpoint', 'state', () => '{"a":1}'],
    ['a shorter index', 'index', (text) => text.slice(0, -1)],
    ['no index', 'index', () => ''],
    ['a changed index', 'index', (text) => text.replace('Nora', 'Nina')],
    ['an index that is no JSON', 'index', (text) => text.replace('{', '[')],
  ])('makes all anew from %s', async (_, name, change) => {
    const paths = await written();
    const before = await openTemporary(paths.directory);
    const expected = await told(before);
    await before.close();
    const text = await readFile(paths[name], 'utf8');
    expect(change(text)).not.toBe(text);
    await writeFile(paths[name], change(text));
    const after = await openTemporary(paths.directory);
    expect(await told(after)).toEqual(expected);
    await after.close();
    expect(await told(await openTemporary(paths.directory))).toEqual(expected);
  });

  it('makes all anew where the journal is not the one of the checkpoint, though just as long', async () => {
    const journals = await Promise.all(
      ['first', 'other'].map(async (words) => {
        const directory = await temporaryDirectory();
        const ledger = await openTemporary(directory);
        await ledger.append('bot', null, [{ fact: 'anchor', words }]);
        const head = ledger.head();
        await ledger.close();
        return { directory, head };
      }),
    );
    const [first, other] = journals;
    if (first === undefined || other === undefined) throw new Error('nothing was written');
    await copyFile(join(other.directory, 'journal.jsonl'), join(first.directory, 'journal.jsonl'));
    expect((await openTemporary(first.directory)).head()).toEqual(other.head);
  });

  it('ends where the newline before it was changed', async () => {
    const { directory, journal } = await written();
    await writeFile(journal, (await readFile(journal, 'utf8')).replace(/\n$/, ' '));
    await expect(openTemporary(directory)).rejects.toMatchObject({ name: 'JournalDamage', line: 310 });
  });

  it('verifies the lines before it afterwards, and tells of damage without stopping appends', async () => {
    const { directory, journal } = await written();
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.replace('Nora', 'Nina'));
    const ledger = await openTemporary(directory);
    const damage = await ledger.verification;
    expect(damage?.line).toBe(1);
    expect(damage?.message).toMatch(/^journal\.jsonl, line 1: its hash does not match/);
    expect(ledger.trouble()).toContain('journal.jsonl, line 1');
    expect(await ledger.damaged).toBe(damage);
    expect(await ledger.append('bot', null, [anchor])).toMatchObject({ result: 'appended' });
    await expect(ledger.ofRequest('R-000001')).rejects.toMatchObject({ name: 'JournalDamage', line: 1 });
    await expect(ledger.read(0, 3)).rejects.toMatchObject({ name: 'JournalDamage', line: 1 });
    expect(await ledger.ofRequest('R-000003')).toHaveLength(1);
  });

  it('tells of damage that came later as soon as somebody reads it', async () => {
    const { directory, journal } = await written();
    const log = recordingLog();
    const ledger = await openTemporary(directory, { log });
    await ledger.verification;
    await writeFile(journal, (await readFile(journal, 'utf8')).replace('Nora', 'Nina'));
    expect(ledger.trouble()).toBeUndefined();
    await expect(ledger.ofRequest('R-000001')).rejects.toMatchObject({ name: 'JournalDamage', line: 1 });
    expect(ledger.trouble()).toContain('journal.jsonl, line 1');
    expect(await ledger.damaged).toMatchObject({ line: 1 });
    await expect(ledger.ofRequest('R-000001')).rejects.toMatchObject({ name: 'JournalDamage', line: 1 });
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(await ledger.append('bot', null, [anchor])).toMatchObject({ result: 'appended' });
  });

  it('finds nothing where there is nothing', async () => {
    const { directory } = await written();
    const ledger = await openTemporary(directory);
    expect(await ledger.verification).toBeUndefined();
    expect(ledger.trouble()).toBeUndefined();
  });

  it('tells when the lines before it cannot be read', async () => {
    const { directory } = await written();
    const disk = faultyFiles();
    const opening = openTemporary(directory, { files: disk.files });
    while (!disk.events.includes('truncate index.jsonl')) await new Promise(setImmediate);
    disk.fail('read journal.jsonl', 'EIO', { times: 99 });
    const ledger = await opening;
    expect((await ledger.verification)?.message).toContain('could not be read (EIO');
  });

  it('ends at a damaged line after it', async () => {
    const { directory, state, journal } = await written();
    const oldState = await readFile(state);
    const ledger = await openTemporary(directory);
    await ledger.append('bot', null, [anchor]);
    await ledger.append('bot', null, [{ fact: 'anchor', words: 'there' }]);
    await ledger.close();
    await writeFile(state, oldState);
    await writeFile(journal, (await readFile(journal, 'utf8')).replace('there', 'where'));
    await expect(openTemporary(directory)).rejects.toMatchObject({ name: 'JournalDamage', line: 312 });
  });
});

describe('a checkpoint', () => {
  it('that cannot be read is named', async () => {
    const { directory, state } = await written();
    await rm(state);
    await mkdir(state);
    await expect(openTemporary(directory)).rejects.toThrow(`${state} cannot be read (EISDIR`);
  });

  const replaced = (events: readonly string[]) =>
    events.filter((event) => event === 'replace state.json').length;
  /** Until the upkeep has done its work and sleeps again. */
  const settle = async (clock: ManualClock) => {
    await expect.poll(() => clock.sleeping()).toBe(1);
  };

  it('is written every five seconds when something changed, and never by an append', async () => {
    const disk = faultyFiles();
    const clock = manualClock();
    const ledger = await openTemporary(await temporaryDirectory(), { files: disk.files, clock });
    for (let i = 0; i < 20; i += 1) await ledger.append('bot', null, [anchor]);
    expect(replaced(disk.events)).toBe(0);
    clock.advance(4999);
    await settle(clock);
    expect(replaced(disk.events)).toBe(0);
    clock.advance(1);
    await settle(clock);
    expect(replaced(disk.events)).toBe(1);
    clock.advance(5000);
    await settle(clock);
    expect(replaced(disk.events)).toBe(1);
    await ledger.append('bot', null, [anchor]);
    clock.advance(5000);
    await expect.poll(() => replaced(disk.events)).toBe(2);
    await settle(clock);
    await ledger.moveCursor('audit', 1);
    clock.advance(5000);
    await expect.poll(() => replaced(disk.events)).toBe(3);
  });

  it.each(['write index.jsonl', 'sync index.jsonl', 'replace state.json'])(
    'that failed at %s is made up for by the next one',
    async (event) => {
      const disk = faultyFiles();
      const clock = manualClock();
      const directory = await temporaryDirectory();
      const ledger = await openTemporary(directory, { files: disk.files, clock });
      await ledger.append('new', 0, [requested(), denied], { once: 'draft' });
      await ledger.append('bot', null, [anchor]);
      disk.fail(event, 'ENOSPC', { half: true });
      clock.advance(5000);
      await settle(clock);
      await ledger.append('new', 0, [requested(), denied]);
      const before = await told(ledger);
      await ledger.close();
      const next = await openTemporary(directory, { files: disk.files, clock });
      expect(await told(next)).toEqual(before);
      expect(await next.append('bot', null, [anchor], { once: 'draft' })).toMatchObject({
        result: 'already',
      });
    },
  );

  it('that is being written at the end comes to its own end, and is not written again', async () => {
    const disk = faultyFiles();
    const clock = manualClock();
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory, { files: disk.files, clock });
    await ledger.append('new', 0, [requested(), denied]);
    const letGo = disk.holdSyncs();
    clock.advance(5000);
    await expect.poll(() => disk.events).toContain('sync index.jsonl');
    const closing = ledger.close();
    for (let i = 0; i < 50; i += 1) await new Promise(setImmediate);
    letGo();
    await closing;
    expect(disk.events.filter((event) => event === 'write index.jsonl')).toHaveLength(1);
    expect(replaced(disk.events)).toBe(1);
  });

  it('holds no grants', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    const grants = [{ key: 'a-very-special-grant', words: 'w' }];
    const { impact } = requested();
    await ledger.append('new', 0, [requested({ impact: { ...impact, grants } })]);
    await ledger.append('new', 0, [requested({ impact: { ...impact, grants } }), denied]);
    await ledger.close();
    for (const name of ['state.json', 'index.jsonl']) {
      const text = await readFile(join(directory, name), 'utf8');
      expect(text).toContain('R-00000');
      expect(text).not.toContain('a-very-special-grant');
    }
  });
});

describe('a cursor', () => {
  const facts = async (ledger: Ledger) =>
    (await ledger.ofRequest('bot')).flatMap(({ fact }) => (fact.fact === 'cursor' ? [fact] : []));

  it('is a fact after each 50 moves and at close', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    for (let seq = 1; seq <= 120; seq += 1) await ledger.moveCursor('audit', seq);
    for (let i = 0; i < 60; i += 1) await ledger.moveCursor('audit', 120);
    expect((await facts(ledger)).map(({ at }) => at)).toEqual([50, 100]);
    await ledger.close();
    await rm(join(directory, 'state.json'));
    const next = await openTemporary(directory);
    expect((await facts(next)).map(({ at }) => at)).toEqual([50, 100, 120]);
    expect(next.cursor('audit')).toBe(120);
    await next.close();
    expect(await facts(await openTemporary(directory))).toHaveLength(3);
  });

  it('does not fall back to the fact that was on its way while it moved on', async () => {
    const ledger = await openTemporary(await temporaryDirectory());
    const moves = Array.from({ length: 53 }, (_, i) => ledger.moveCursor('audit', i + 1));
    await Promise.all(moves);
    expect((await facts(ledger)).map(({ at }) => at)).toEqual([50]);
    expect(ledger.cursor('audit')).toBe(53);
  });

  it('moves on when its fact cannot be written', async () => {
    const disk = faultyFiles();
    const ledger = await openTemporary(await temporaryDirectory(), { files: disk.files });
    disk.fail('write journal.jsonl', 'ENOSPC');
    for (let seq = 1; seq <= 50; seq += 1) await ledger.moveCursor('audit', seq);
    expect(ledger.cursor('audit')).toBe(50);
    expect(await facts(ledger)).toEqual([]);
  });
});

describe('an unclean stop', () => {
  it.each<[string, Fact[], boolean]>([
    ['nothing', [], false],
    ['started', [started], true],
    ['started and stopped', [started, anchor, stopped], false],
    ['started again', [started, stopped, started], true],
  ])('is known after %s, with and without a checkpoint', async (_, facts, unclean) => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    expect(ledger.uncleanStop).toBe(false);
    for (const fact of facts) await ledger.append('bot', null, [fact]);
    await ledger.close();
    const next = await openTemporary(directory);
    expect(next.uncleanStop).toBe(unclean);
    await next.close();
    await rm(join(directory, 'state.json'));
    expect((await openTemporary(directory)).uncleanStop).toBe(unclean);
  });
});
