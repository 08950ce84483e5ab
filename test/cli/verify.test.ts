import { appendFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyRing } from '../../src/ledger/key-ring.ts';
import { encodeLine } from '../../src/ledger/line.ts';
import { anchor, approved, requested } from '../ledger/facts.ts';
import { auditKey, openTemporary, temporaryDirectory } from '../ledger/temporary-ledger.ts';
import { run, written } from './terminal.ts';

type Journal = Awaited<ReturnType<typeof written>>;

/** The journal's lines from `from` on with a changed reason, sealed again so that the chain is whole. */
const rehashed = ({ lines, records }: Journal, from: number, key: string, keyId?: string) => {
  const keys = { ...createKeyRing(key, []), ...(keyId !== undefined && { current: keyId }) };
  let prev = records[from - 2]?.hash ?? '0'.repeat(64);
  const tail = records.slice(from - 1).map((record) => {
    const fact = record.fact.fact === 'denied' ? { ...record.fact, reason: 'yes' } : record.fact;
    const { line, record: sealed } = encodeLine({ ...record, fact, prev }, keys);
    prev = sealed.hash;
    return line;
  });
  return [...lines.slice(0, from - 1), ...tail];
};

describe('a ledger in which nothing is wrong', () => {
  it('is told by its size, its requests, its times and its last line', async () => {
    const journal = await written();
    expect(await journal.verify()).toEqual({
      end: 0,
      err: '',
      out: [
        'The ledger holds: 5 facts, R-000001 to R-000002, first 2023-11-14 22:13:20 UTC, last 2023-11-14 22:13:20 UTC; chain and keys are good.',
        `It ends with ${journal.anchor(5)}.`,
        `No anchor was given. The checkpoint in state.json holds (5:${journal.records[4]?.hash.slice(0, 8)}…), but whoever cuts facts off at the end can change that too: give the SEQ:HASH of the newest audit post with --anchor.`,
        '',
      ].join('\n'),
    });
  });

  it('and of which the bot remembers nothing has nothing that shows its end', async () => {
    const journal = await written();
    await journal.forget();
    const { end, out } = await journal.verify();
    expect(end).toBe(0);
    expect(out).toContain(
      'No anchor was given, so nothing shows whether facts were cut off at the end: give',
    );
  });

  it.each([
    [[5], '1 anchor holds. No facts follow the last anchor (5:'],
    [[4], '1 anchor holds. 1 fact follows the last anchor (4:'],
    [[3, 1, 3], '2 anchors hold. 2 facts follow the last anchor (3:'],
  ])('says how many facts follow the last of the anchors %j', async (seqs, words) => {
    const journal = await written();
    const { end, out } = await journal.verify(...seqs.flatMap((seq) => ['--anchor', journal.anchor(seq)]));
    expect(end).toBe(0);
    expect(out).toContain(words);
    expect(out).not.toContain('No anchor was given');
  });

  it('may be empty', async () => {
    const directory = await temporaryDirectory();
    await (await openTemporary(directory)).close();
    const env = { DATA_DIR: directory, AUDIT_KEY: auditKey };
    expect(await run(['audit', 'verify'], env)).toMatchObject({
      end: 0,
      out: expect.stringContaining('The ledger is empty.'),
    });
    // What the first start posts of the time before it.
    expect((await run(['audit', 'verify', '--anchor', `0:${'0'.repeat(64)}`], env)).end).toBe(0);
    expect((await run(['audit', 'verify', '--anchor', `0:${'1'.repeat(64)}`], env)).end).toBe(65);
    expect((await run(['audit', 'verify', '--anchor', `1:${'1'.repeat(64)}`], env)).end).toBe(65);
  });

  it('may be written with several keys, all of which were given', async () => {
    const journal = await written();
    const key = 'n'.repeat(32);
    const ledger = await openTemporary(journal.directory, { auditKey: key, oldKeys: [auditKey] });
    await ledger.append('bot', null, [anchor]);
    await ledger.close();
    const env = { ...journal.env, AUDIT_KEY: key, AUDIT_KEYS_OLD: auditKey };
    expect(await run(['audit', 'verify'], env)).toMatchObject({ end: 0, err: '' });
  });

  it('may be written to meanwhile', async () => {
    const { directory, verify, anchor: anchorAt } = await written();
    const ledger = await openTemporary(directory);
    let ended = false;
    const writing = (async () => {
      for (let number = 0; !ended; number += 1) {
        await ledger.append('new', 0, [requested(), approved], { once: `more ${number}` });
      }
    })();
    const answers = [];
    for (let times = 0; times < 5; times += 1) answers.push(await verify('--anchor', anchorAt(5)));
    ended = true;
    await writing;
    expect(answers.map(({ end, err }) => ({ end, err }))).toEqual(Array(5).fill({ end: 0, err: '' }));
    expect(answers.at(-1)?.out).toMatch(/[1-9]\d* facts follow the last anchor \(5:/);
  });
});

describe('a line that a crash left half written', () => {
  it('is no damage, but is said', async () => {
    const { path, bytes, forget, verify, anchor: anchorAt } = await written();
    await forget();
    await truncate(path, bytes.length - 100);
    const { end, out } = await verify('--anchor', anchorAt(4));
    expect(end).toBe(0);
    expect(out).toContain('The ledger holds: 4 facts, R-000001 to R-000002');
    expect(out).toMatch(/\d+ bytes after line 4 are no whole append\. If the bot .* this is no damage\./);
  });

  it('takes the other facts of its append with it', async () => {
    const { lines, write, forget, verify } = await written();
    await forget();
    await write(lines.slice(0, 3));
    const { end, out } = await verify();
    expect(end).toBe(0);
    expect(out).toContain('The ledger holds: 2 facts, R-000001 to R-000001');
    expect(out).toMatch(/\d+ bytes after line 2 are no whole append/);
  });
});

describe('damage is found:', () => {
  it('an edited line', async () => {
    const { lines, write, verify } = await written();
    await write(lines.map((line, index) => (index === 2 ? line.replace('Nora', 'Vera') : line)));
    const { end, out, err } = await verify();
    expect({ end, out }).toEqual({ end: 65, out: '' });
    expect(err).toContain('journal.jsonl, line 3: its hash does not match: it was changed. Keep a copy');
    expect(err).toContain('The chain is good before it: 2 facts.');
  });

  it('an edited line, whatever anchors say of the lines before and after', async () => {
    const { lines, write, verify, anchor: anchorAt } = await written();
    await write(lines.map((line, index) => (index === 2 ? line.replace('Nora', 'Vera') : line)));
    const { end, err } = await verify(
      ...[anchorAt(1), `2:${'a'.repeat(64)}`, anchorAt(5)].flatMap((text) => ['--anchor', text]),
    );
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 3: its hash does not match');
    expect(err).toMatch(/line 2: it is not the line of the anchor 2:aaaaaaaa… .* after line 1 something/);
    expect(err).toContain('The chain is good before it: 2 facts. 1 anchor holds.');
    expect(err).not.toContain('missing');
  });

  it('swapped lines', async () => {
    const { lines, write, verify } = await written();
    const [a = '', b = '', c = '', d = '', e = ''] = lines;
    await write([a, c, b, d, e]);
    const { end, err } = await verify();
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 2: it is record 3 and does not follow the line before');
  });

  it('a line that was taken out', async () => {
    const { lines, write, verify } = await written();
    await write(lines.toSpliced(1, 1));
    const { end, err } = await verify();
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 2: it is record 3');
  });

  it('a number that was left out, though the key seals each line to the one before', async () => {
    const journal = await written();
    const [first] = journal.records;
    if (first === undefined) throw new Error('the journal is empty');
    const { line } = encodeLine({ ...first, seq: 2 }, createKeyRing(auditKey, []));
    await journal.forget();
    await journal.write([line]);
    const { end, err } = await journal.verify();
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 1: it is record 2 and does not follow the line before');
  });

  it('a tail that was cut off, by an anchor that is not there any more', async () => {
    const journal = await written();
    await journal.forget();
    await journal.write(journal.lines.slice(0, 2));
    expect((await journal.verify()).end).toBe(0);
    const all = [5, 4, 2].flatMap((seq) => ['--anchor', journal.anchor(seq)]);
    const { end, out, err } = await journal.verify(...all);
    expect({ end, out }).toEqual({ end: 65, out: '' });
    expect(err).toMatch(
      /journal\.jsonl, line 3: it is missing or not whole, .* the anchor 5:[0-9a-f]{8}… \(--anchor\)/,
    );
    expect(err).toContain('the end was cut off. The same goes for 1 further anchor before it. Keep a copy');
  });

  it.each([3, 2])('a tail that was cut off after line %i, by the last checkpoint', async (kept) => {
    const journal = await written();
    await journal.write(journal.lines.slice(0, kept));
    const atStart: unknown = await openTemporary(journal.directory).catch((error: unknown) => error);
    expect(atStart).toMatchObject({ name: 'JournalDamage', line: 3 });
    const { end, out, err } = await journal.verify();
    expect({ end, out }).toEqual({ end: 65, out: '' });
    expect(err).toMatch(
      /line 3: it is missing or not whole, .* (the anchor 5:[0-9a-f]{8}… \(the checkpoint in state\.json\))/,
    );
    expect(err).not.toContain('no damage');
    expect(err).not.toContain('further anchor');
  });

  it('a journal that ends before its checkpoint, which may be a copy, unless an anchor knows better', async () => {
    const journal = await written();
    await journal.write(journal.lines.slice(0, 2));
    const atStart: unknown = await openTemporary(journal.directory).catch((error: unknown) => error);
    const remedy = /only if .* state\.json was copied after journal\.jsonl, delete state\.json/;
    expect(atStart).toMatchObject({ message: expect.stringMatching(remedy) });
    const { err } = await journal.verify();
    expect(err).toMatch(remedy);
    expect(err).not.toContain('was cut off');
    const better = await journal.verify('--anchor', journal.anchor(3));
    expect(better.end).toBe(65);
    expect(better.err).toContain('the end was cut off. The same goes for 1 further anchor before it. Keep a');
    expect(better.err).not.toMatch(remedy);
  });

  it('a journal that was emptied, by an anchor', async () => {
    const journal = await written();
    await journal.write([]);
    const { end, err } = await journal.verify('--anchor', journal.anchor(1));
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 1: it is missing');
  });

  it('a tail that was hashed again without the key', async () => {
    const journal = await written();
    await journal.write(rehashed(journal, 4, 'x'.repeat(32)));
    const another = await journal.verify();
    expect(another.end).toBe(65);
    expect(another.err).toMatch(/line 4: it was written with the audit key [0-9a-f]{8}, which was not given/);
    await journal.write(rehashed(journal, 4, 'x'.repeat(32), createKeyRing(auditKey, []).current));
    const same = await journal.verify();
    expect(same.end).toBe(65);
    expect(same.err).toContain('line 4: its hash does not match: it was changed');
  });

  it('a tail that was hashed again with the key, by an anchor', async () => {
    const journal = await written();
    await journal.write(rehashed(journal, 5, auditKey));
    expect((await journal.verify()).err).toContain('line 5: it is not the line of the anchor 5:');
    await journal.forget();
    expect((await journal.verify('--anchor', journal.anchor(4))).end).toBe(0);
    const { end, err } = await journal.verify(...[4, 5].flatMap((seq) => ['--anchor', journal.anchor(seq)]));
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 5: it is not the line of the anchor 5:');
    expect(err).toContain('after line 4 something was cut off or rewritten');
  });

  it('a tail that was cut off before the bot went on, by an anchor', async () => {
    const journal = await written();
    await journal.write(journal.lines.slice(0, 4));
    for (const name of ['state.json', 'index.jsonl']) await rm(join(journal.directory, name));
    const ledger = await openTemporary(journal.directory);
    await ledger.append('bot', null, [anchor, anchor]);
    await ledger.close();
    expect((await journal.verify()).end).toBe(0);
    const { end, err } = await journal.verify('--anchor', journal.anchor(5));
    expect(end).toBe(65);
    expect(err).toContain('journal.jsonl, line 5: it is not the line of the anchor 5:');
    expect(err).toContain('something was cut off or rewritten');
  });

  it('a line whose key was not given', async () => {
    const journal = await written();
    const { end, err } = await run(['audit', 'verify'], { ...journal.env, AUDIT_KEY: 'w'.repeat(32) });
    expect(end).toBe(65);
    expect(err).toMatch(
      /line 1: it was written with the audit key [0-9a-f]{8}, which was not given\. Put that .* if it is newer than AUDIT_KEY, give AUDIT_KEY that key/,
    );
  });

  it('a line with another key than the current one, which was in use before', async () => {
    const journal = await written();
    const newer = 'n'.repeat(32);
    const ledger = await openTemporary(journal.directory, { auditKey: newer, oldKeys: [auditKey] });
    await ledger.append('bot', null, [anchor]);
    await ledger.close();
    const { end, err } = await run(['audit', 'verify'], { ...journal.env, AUDIT_KEYS_OLD: newer });
    expect(end).toBe(65);
    expect(err).toMatch(
      /line 6: it was written with the audit key [0-9a-f]{8} of AUDIT_KEYS_OLD, after AUDIT_KEY was in use\./,
    );
    expect(err).toContain('If AUDIT_KEY was set back to an earlier one, give it its newest value');
  });

  it('and what a line says of itself does nothing to the terminal', async () => {
    const journal = await written();
    await appendFile(journal.path, '{"key":"\\u001b[2J\\u202egood","hash":"'.concat('0'.repeat(64), '"}\n'));
    const { end, err } = await journal.verify();
    expect(end).toBe(65);
    expect(err).toContain('\\u{1b}[2J\\u{202e}good');
    expect(['\u001b', '\u202e'].filter((character) => err.includes(character))).toEqual([]);
  });

  it('any other byte in any place', async () => {
    const { path, bytes, forget, verify } = await written();
    await forget();
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ change;
        await writeFile(path, changed);
        const { end, out } = await verify();
        // Some file systems leave zeros behind the last write before a power cut.
        const likeACrash = at === bytes.length - 1 && changed[at] === 0;
        expect({ end, said: out.includes('are no whole append') }).toEqual(
          likeACrash ? { end: 0, said: true } : { end: 65, said: false },
        );
      }),
      {
        examples: [
          [bytes.length - 1, 0x0a ^ 0x20],
          [bytes.length - 1, 0x0a],
        ],
      },
    );
  });
});
