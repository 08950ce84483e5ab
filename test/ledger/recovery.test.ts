import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import type { Ledger } from '../../src/domain/ports.ts';
import { auditJournal } from '../../src/ledger/audit-journal.ts';
import { emptyBook } from '../../src/ledger/book.ts';
import { JournalDamage } from '../../src/ledger/faults.ts';
import { createKeyRing } from '../../src/ledger/key-ring.ts';
import { encodeLine } from '../../src/ledger/line.ts';
import { replay } from '../../src/ledger/replay.ts';
import { recordingLog } from '../huaweicloud/fake-parts.ts';
import { anchor, approved, denied, requested } from './facts.ts';
import { manualClock } from './manual-clock.ts';
import { auditKey, openTemporary, temporaryDirectory } from './temporary-ledger.ts';

/** A closed journal: a request, an anchor, another request with two facts. */
const written = async () => {
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory);
  await ledger.append('new', 0, [requested()], { once: 'a' });
  await ledger.append('bot', null, [anchor]);
  await ledger.append('new', 0, [requested(), approved], { once: 'b' });
  await ledger.append('R-000001', 1, [denied], { once: 'c' });
  await ledger.close();
  const path = join(directory, 'journal.jsonl');
  const bytes = await readFile(path);
  return { directory, path, bytes, lines: bytes.toString().split('\n').slice(0, -1) };
};
const forget = async (directory: string) => {
  await rm(join(directory, 'state.json'), { force: true });
  await rm(join(directory, 'index.jsonl'), { force: true });
};
/** What a start makes of these bytes, without a disk. */
const replayed = async (bytes: Buffer) => {
  const book = emptyBook();
  const read = async (position: number, length: number) => bytes.subarray(position, position + length);
  const torn = await replay({ read }, bytes.length, createKeyRing(auditKey, []), book, () => {});
  return { torn, book };
};
const damageOf = async (directory: string, changes = {}) => {
  const error: unknown = await openTemporary(directory, changes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(JournalDamage);
  return error instanceof JournalDamage
    ? { line: error.line, message: error.message }
    : { line: 0, message: '' };
};

describe('a torn end', () => {
  it('is found wherever in the last line the write stopped', async () => {
    const { bytes, lines } = await written();
    const lastLine = Buffer.byteLength(lines.at(-1) ?? '') + 1;
    for (let kept = 1; kept < lastLine; kept += 1) {
      const { torn, book } = await replayed(bytes.subarray(0, bytes.length - lastLine + kept));
      expect(torn).toContain(`${kept} bytes after line 4`);
      expect(book.head).toMatchObject({ seq: 4, offset: bytes.length - lastLine });
    }
  });

  it.each([1, 150, 300])('is cut off and recorded, %i bytes before its end', async (cut) => {
    const { directory, path, bytes } = await written();
    await writeFile(path, bytes.subarray(0, bytes.length - cut));
    await forget(directory);
    const ledger = await openTemporary(directory);
    const records = await ledger.read(0, 99);
    expect(records.map(({ fact }) => fact.fact).slice(3)).toEqual(['approved', 'recovered']);
    expect(records.at(-1)).toMatchObject({ id: 'bot', seq: 5, fact: { words: ledger.recovered } });
    await ledger.close();
    expect((await openTemporary(directory)).recovered).toBeUndefined();
  });

  it('is no damage at the beginning of the first line', async () => {
    const { directory, path, bytes } = await written();
    await writeFile(path, bytes.subarray(0, 40));
    await forget(directory);
    const ledger = await openTemporary(directory);
    expect((await ledger.read(0, 9)).map(({ fact }) => fact.fact)).toEqual(['recovered']);
  });

  it.each([
    ['after a whole line', 0, 4096],
    ['after a part of a line', 30, 4096],
    ['in the place of its newline', 1, 1],
  ])('may be zeros %s', async (_, cut, zeros) => {
    const { bytes } = await written();
    const kept = bytes.subarray(0, bytes.length - cut);
    const { torn, book } = await replayed(Buffer.concat([kept, Buffer.alloc(zeros)]));
    expect(torn).toContain('cut off');
    expect(book.head.seq).toBe(cut === 0 ? 5 : 4);
  });

  it('takes the other facts of the same append with it', async () => {
    const { directory, path, bytes, lines } = await written();
    await writeFile(path, `${lines.slice(0, 3).join('\n')}\n`);
    await forget(directory);
    const ledger = await openTemporary(directory);
    expect(ledger.recovered).toContain('after line 2');
    expect(ledger.summary('R-000002')).toBeUndefined();
    expect(await ledger.append('new', 0, [requested()], { once: 'b' })).toMatchObject({
      result: 'appended',
      id: 'R-000002',
    });
    await ledger.close();
    expect((await readFile(path)).subarray(0, 100)).toEqual(bytes.subarray(0, 100));
  });

  it('that reaches behind the checkpoint is damage', async () => {
    const { directory, path, bytes } = await written();
    for (const cut of [1, 2, 50, bytes.length]) {
      await writeFile(path, bytes.subarray(0, bytes.length - cut));
      expect((await damageOf(directory)).message).toContain('delete state.json and index.jsonl');
    }
    await writeFile(path, Buffer.concat([bytes.subarray(0, -20), Buffer.alloc(20)]));
    expect((await damageOf(directory)).message).toContain('delete state.json and index.jsonl');
  });
});

describe('damage', () => {
  it('of any bit in any line is found, and its line named', async () => {
    const { bytes } = await written();
    let line = 1;
    for (const [i, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[i] = byte ^ (1 << (i % 8));
      await expect(replayed(changed)).rejects.toMatchObject({ name: 'JournalDamage', line });
      if (byte === 0x0a) line += 1;
    }
    expect(line).toBe(6);
  });

  it.each([' ', '\t', '\r', '}'])('by %j in the place of the last newline is found', async (other) => {
    const { bytes } = await written();
    const changed = Buffer.concat([bytes.subarray(0, -1), Buffer.from(other)]);
    await expect(replayed(changed)).rejects.toMatchObject({ name: 'JournalDamage', line: 5 });
  });

  it.each<[string, (lines: string[]) => string[], number]>([
    ['swapped lines', ([a = '', b = '', ...rest]) => [b, a, ...rest], 1],
    ['a missing line', ([a = '', , ...rest]) => [a, ...rest], 2],
    ['a repeated line', ([a = '', ...rest]) => [a, a, ...rest], 2],
    ['an added line', ([a = '', ...rest]) => [a, '{"fact":"approved"}', ...rest], 2],
    ['an empty line', ([a = '', ...rest]) => [a, '', ...rest], 2],
    ['a space', ([a = '', ...rest]) => [a.replace(':', ': '), ...rest], 1],
  ])('by %s ends the start', async (_, change, line) => {
    const { directory, path, lines } = await written();
    await writeFile(path, `${change(lines).join('\n')}\n`);
    await forget(directory);
    const damage = await damageOf(directory);
    expect(damage.line).toBe(line);
    expect(damage.message).toMatch(/journal\.jsonl, line \d+: .+\. Keep a copy of the data directory/);
  });

  it('by a line of another journal with the same key and number is found', async () => {
    const { lines } = await written();
    const otherDirectory = await temporaryDirectory();
    const other = await openTemporary(otherDirectory);
    await other.append('bot', null, [anchor, anchor]);
    await other.close();
    const journal = await readFile(join(otherDirectory, 'journal.jsonl'), 'utf8');
    const [, second = ''] = journal.split('\n');
    const mixed = Buffer.from(`${[lines[0], second, ...lines.slice(2)].join('\n')}\n`);
    await expect(replayed(mixed)).rejects.toMatchObject({ name: 'JournalDamage', line: 2 });
  });

  it.each<[string, (lines: readonly string[]) => string]>([
    ['the last lines', (lines) => `${lines.slice(0, 3).join('\n')}\n`],
    ['half of a line', (lines) => lines.join('\n').slice(0, -20)],
    ['the last newline', (lines) => `${lines.join('\n')} `],
  ])('under a running bot is found by whoever reads on when %s went', async (_, change) => {
    const { directory, path, lines } = await written();
    const ledger = await openTemporary(directory);
    await ledger.verification;
    await writeFile(path, change(lines));
    await expect(ledger.read(0, 100)).rejects.toThrow(JournalDamage);
    expect(ledger.trouble()).toContain('journal.jsonl, line');
  });

  it('under a running bot by lines that were moved is found by whoever reads on', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    await ledger.append('bot', null, [anchor, anchor]);
    await ledger.append('bot', null, [anchor, anchor]);
    const path = join(directory, 'journal.jsonl');
    const [a, b, c, d] = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${[c, d, a, b].join('\n')}\n`);
    await expect(ledger.read(0, 9)).rejects.toThrow('line 1: lines were moved');
  });

  it.each<[string, (other: Ledger) => Promise<unknown>]>([
    ['another request', (other) => other.append('R-000002', 1, [denied])],
    ['another place in its request', (other) => other.append('R-000001', 2, [denied])],
  ])('under a running bot by a line for %s is found by whoever reads it', async (_, append) => {
    const card: Fact = { fact: 'card_posted', channel: 'C', ts: '1' };
    const [directory, otherDirectory] = [await temporaryDirectory(), await temporaryDirectory()];
    const ledger = await openTemporary(directory);
    const other = await openTemporary(otherDirectory);
    for (const each of [ledger, other]) {
      await each.append('new', 0, [requested()]);
      await each.append('new', 0, [requested()]);
    }
    await other.append('R-000001', 1, [card]);
    await ledger.append('R-000002', 1, [card]);
    await append(other);
    await ledger.append('R-000001', 1, [denied]);
    const path = join(directory, 'journal.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    const [, , , line = ''] = (await readFile(join(otherDirectory, 'journal.jsonl'), 'utf8')).split('\n');
    expect(line).toHaveLength(lines[3]?.length ?? 0);
    await writeFile(path, [...lines.slice(0, 3), line, ''].join('\n'));
    await expect(ledger.ofRequest('R-000001')).rejects.toThrow('line 4: lines were moved');
  });

  it('leaves the directory to the next start', async () => {
    const { directory, path, bytes } = await written();
    await writeFile(path, bytes.subarray(0, -9));
    await damageOf(directory);
    await writeFile(path, bytes);
    expect((await openTemporary(directory)).head().seq).toBe(5);
  });
});

describe('keys', () => {
  it('rotate: older lines are verified with the old ones', async () => {
    const { directory } = await written();
    const rotated = { auditKey: 'n'.repeat(32), oldKeys: [auditKey] };
    const ledger = await openTemporary(directory, rotated);
    await ledger.append('bot', null, [anchor]);
    await ledger.close();
    await forget(directory);
    const next = await openTemporary(directory, rotated);
    const keys = (await next.read(0, 99)).map(({ key }) => key);
    expect(new Set(keys.slice(0, 5)).size).toBe(1);
    expect(keys[5]).not.toBe(keys[4]);
    expect(keys[5]).toMatch(/^[0-9a-f]{8}$/);
    await next.close();
    await forget(directory);
    const damage = await damageOf(directory);
    expect(damage.line).toBe(6);
    expect(damage.message).toContain('AUDIT_KEYS_OLD');
  });

  /** A journal whose key was changed, with its last line; somebody still has the old one. */
  const rotated = async () => {
    const { directory, path } = await written();
    const keys = { auditKey: 'n'.repeat(32), oldKeys: [auditKey] };
    const ledger = await openTemporary(directory, keys);
    await ledger.append('new', 0, [requested()]);
    const [last] = await ledger.ofRequest('R-000003');
    await ledger.close();
    if (last === undefined) throw new Error('nothing was written');
    return {
      directory,
      path,
      state: join(directory, 'state.json'),
      last,
      keys,
      old: createKeyRing(auditKey, []),
    };
  };

  it('that are old seal no line after the first one of the current key', async () => {
    const { directory, path, last, keys, old } = await rotated();
    const { line } = encodeLine(
      { ...last, seq: last.seq + 1, version: 2, fact: approved, prev: last.hash },
      old,
    );
    await appendFile(path, `${line}\n`);
    const fromCheckpoint = await damageOf(directory, keys);
    expect(fromCheckpoint.line).toBe(7);
    expect(fromCheckpoint.message).toMatch(
      /written with the audit key [0-9a-f]{8} of AUDIT_KEYS_OLD, after AUDIT_KEY was in use\. If AUDIT_KEY was set back/,
    );
    await forget(directory);
    expect(await damageOf(directory, keys)).toEqual(fromCheckpoint);
  });

  it.each(['with', 'without'])(
    'that are old seal nothing that is read later, %s a checkpoint',
    async (which) => {
      const { directory, path, keys, old } = await rotated();
      if (which === 'without') await forget(directory);
      const ledger = await openTemporary(directory, keys);
      await ledger.append('new', 0, [requested({ reason: 'as it was asked' })]);
      const [asked] = await ledger.ofRequest('R-000004');
      if (asked === undefined) throw new Error('nothing was written');
      const { hash: _, ...unsealed } = asked;
      const { line } = encodeLine({ ...unsealed, fact: requested({ reason: 'as it is forged' }) }, old);
      const journal = await readFile(path, 'utf8');
      await writeFile(path, journal.replace(/[^\n]*as it was asked[^\n]*/, line));
      await expect(ledger.ofRequest('R-000004')).rejects.toThrow('after AUDIT_KEY was in use');
      expect((await ledger.damaged).line).toBe(7);
    },
  );

  it('that are old seal no checkpoint', async () => {
    const { directory, state, keys, old } = await rotated();
    const sealed = await readFile(state, 'utf8');
    const text = sealed
      .slice('{"checkpoint":'.length, sealed.indexOf(',"key":'))
      .replace('"cursors":{}', '"cursors":{"audit":6}');
    const seal = old.seal('portcullis checkpoint\n', text);
    await writeFile(state, `{"checkpoint":${text},"key":"${old.current}","mac":"${seal}"}\n`);
    expect((await openTemporary(directory, keys)).cursor('audit')).toBe(0);
  });

  it('that are wrong end the start at the first line, with or without a checkpoint', async () => {
    const { directory } = await written();
    const wrong = { auditKey: 'w'.repeat(32) };
    expect((await damageOf(directory, wrong)).line).toBe(1);
    await forget(directory);
    expect(await damageOf(directory, wrong)).toMatchObject({ line: 1 });
  });
});

describe('an audit', () => {
  const collect = async (directory: string) => {
    const seqs = [];
    const records = auditJournal({ directory, auditKey, oldKeys: [] });
    let next = await records.next();
    for (; next.done !== true; next = await records.next()) seqs.push(next.value.record.seq);
    return { seqs, end: next.value };
  };

  it('reads all records while the bot is running', async () => {
    const { directory } = await written();
    const ledger = await openTemporary(directory);
    const { seqs, end } = await collect(directory);
    expect(seqs).toEqual([1, 2, 3, 4, 5]);
    expect(end).toMatchObject({ ...ledger.head(), rest: Buffer.of() });
  });

  it('hands back what stands behind the last newline', async () => {
    const { directory, path, bytes } = await written();
    await truncate(path, bytes.length - 5);
    const { seqs, end } = await collect(directory);
    expect(seqs).toEqual([1, 2, 3, 4]);
    expect(end.rest.length).toBeGreaterThan(100);
  });

  it('leaves out an append that is not whole, as a start does', async () => {
    const { directory, path, lines } = await written();
    await writeFile(path, `${lines.slice(0, 3).join('\n')}\n`);
    const { seqs, end } = await collect(directory);
    expect(seqs).toEqual([1, 2]);
    expect(end).toMatchObject({ seq: 2, rest: Buffer.from(`${lines[2]}\n`) });
  });

  it('throws at the damaged line', async () => {
    const { directory, path, bytes } = await written();
    await writeFile(path, bytes.toString().replace('Nora', 'Nore'));
    await expect(collect(directory)).rejects.toMatchObject({ line: 1 });
  });
});

describe('a clock that is behind', () => {
  it.each([
    [59_000, []],
    [
      3_600_000,
      [{ level: 'warn', message: expect.stringContaining('clock is behind'), fields: { seconds: 3_600 } }],
    ],
  ])('the last fact by %i ms is told of at the start', async (behind, told) => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const ledger = await openTemporary(directory, { clock });
    await ledger.append('bot', null, [anchor]);
    await ledger.close();
    clock.advance(-behind);
    const log = recordingLog();
    await openTemporary(directory, { clock, log });
    expect(log.lines).toEqual(told);
  });
});
