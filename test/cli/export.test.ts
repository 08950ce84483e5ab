import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { anchor, requested } from '../ledger/facts.ts';
import { auditKey, openTemporary, temporaryDirectory } from '../ledger/temporary-ledger.ts';
import { run, written } from './terminal.ts';

const head = '\ufeff"seq","time","request","fact","actor","actor_id","sentence","hash"';

/** Rows of the CSV of a ledger with these facts. */
const rowsOf = async (...facts: readonly Fact[]) => {
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory);
  for (const fact of facts) await ledger.append(fact.fact === 'requested' ? 'new' : 'bot', null, [fact]);
  await ledger.close();
  const env = { DATA_DIR: directory, AUDIT_KEY: auditKey };
  const { end, out } = await run(['audit', 'export', '--format', 'csv'], env);
  expect(end).toBe(0);
  const [first, ...rows] = out.split('\r\n');
  expect(first).toBe(head);
  expect(rows.pop()).toBe('');
  return rows;
};

describe('an export as JSON Lines', () => {
  it('is the journal, byte by byte', async () => {
    const journal = await written();
    const { end, out, err } = await journal.export();
    expect({ end, out }).toEqual({ end: 0, out: journal.bytes.toString() });
    expect(err).toBe('5 facts exported; chain and keys are good.\n');
  });

  it('leaves out what a crash left half written, and says so', async () => {
    const { path, bytes, lines, ...journal } = await written();
    await truncate(path, bytes.length - 1);
    const { end, out, err } = await journal.export('--format', 'jsonl');
    expect({ end, out }).toEqual({ end: 0, out: `${lines.slice(0, 4).join('\n')}\n` });
    expect(err).toMatch(/^4 facts exported.*\n\d+ bytes after line 4 are no whole append/);
  });

  it('ends at the first damaged line', async () => {
    const journal = await written();
    await journal.write(
      journal.lines.map((line, index) => (index === 2 ? line.replace('Nora', 'Vera') : line)),
    );
    const { end, out, err } = await journal.export();
    expect(end).toBe(65);
    expect(out).toBe(`${journal.lines.slice(0, 2).join('\n')}\n`);
    expect(err).toContain('The export stopped at damage; good before it: 2 facts.');
    expect(err).toContain('journal.jsonl, line 3: its hash does not match');
  });
});

describe('an export as CSV', () => {
  it('has a line per fact, with who did it and the sentence that people read', async () => {
    const journal = await written();
    const { out } = await journal.export('--format', 'csv');
    const rows = out.split('\r\n');
    const time = '2023-11-14T22:13:20.000Z';
    expect(rows[0]).toBe(head);
    expect(rows[1]).toMatch(
      new RegExp(`^"1","${time}","R-000001","requested","Nora","U1","Nora \\(U1\\) asked: `),
    );
    expect(rows[1]).toMatch(new RegExp(`,"${journal.records[0]?.hash}"$`));
    expect(rows[2]).toContain(`"2","${time}","bot","anchor","","","Anchor: here","`);
    expect(rows[5]).toContain(`"5","${time}","R-000001","denied","Nora","U1","Nora (U1) denied: no","`);
    expect(rows).toHaveLength(7);
  });

  it('names who was refused often, though there is no person in that fact', async () => {
    const counted = { user: 'U9', name: 'Mallory', tried: 'approve', code: 'own', count: 7 } as const;
    expect(await rowsOf({ fact: 'refusals_counted', ...counted })).toEqual([
      expect.stringContaining('"bot","refusals_counted","Mallory","U9","Mallory (U9) tried'),
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\uff1d1'])(
    'lets no name become a formula: %j',
    async (name) => {
      const by = { team: 'T1', user: 'U1', name };
      const [row] = await rowsOf(requested({ by }));
      expect(row).toContain(`,"requested","'${name.trim()}","U1","'${name.trim()} (U1) asked`);
    },
  );

  it('lets no text end its cell or its line', async () => {
    const rows = await rowsOf(requested({ reason: 'a","b"\r\n"2","x' }), anchor);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain('Reason: a"",""b"" ""2"",""x');
  });
});

describe('an export into a file', () => {
  it('makes it for its owner only', async () => {
    const journal = await written();
    const file = join(journal.directory, 'facts.jsonl');
    expect(await journal.export('--out', file)).toMatchObject({ end: 0, out: '' });
    expect(await readFile(file)).toEqual(journal.bytes);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('never overwrites one', async () => {
    const journal = await written();
    const file = join(journal.directory, 'facts.csv');
    await writeFile(file, 'mine');
    const { end, err } = await journal.export('--format', 'csv', '--out', file);
    expect(end).toBe(64);
    expect(err).toContain(`${file} is there already and is never overwritten`);
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect((await journal.export('--out', journal.path)).end).toBe(64);
    expect(await readFile(journal.path)).toEqual(journal.bytes);
  });

  it('says when it cannot be made', async () => {
    const journal = await written();
    const { end, err } = await journal.export('--out', join(journal.directory, 'none', 'facts.csv'));
    expect(end).toBe(64);
    expect(err).toContain('the file of --out cannot be made (ENOENT');
  });

  it('keeps what is good before damage', async () => {
    const journal = await written();
    const file = join(journal.directory, 'facts.jsonl');
    await journal.write([...journal.lines.slice(0, 4), 'x']);
    expect((await journal.export('--out', file)).end).toBe(65);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(5);
  });
});
