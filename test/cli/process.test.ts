import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { auditKey, openTemporary } from '../ledger/temporary-ledger.ts';
import { home, main, ran } from './process.ts';

it('the bin of the package is a program', async () => {
  expect(await readFile(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it('verifies as a process, with what the environment and .env say, also when nobody reads it', async () => {
  const { cwd, anchor } = await home();
  const args = ['audit', 'verify', '--anchor', anchor(5)];
  const [read, unread] = await Promise.all([ran(cwd, args), ran(cwd, args, 0)]);
  expect(read).toMatchObject({ end: 0, err: '' });
  expect(read.out).toContain('The ledger holds: 5 facts');
  expect(unread).toEqual({ end: 0, out: '', err: '' });
});

it('tells damage by its end also when nobody reads the words', async () => {
  const { cwd, directory } = await home();
  await writeFile(join(directory, 'journal.jsonl'), 'not a record\n');
  const { end } = await ran(cwd, ['audit', 'verify'], undefined, { DATA_DIR: 'data' }, false);
  expect(end).toBe(65);
});

it('is what `npm run audit` runs', async () => {
  const { cwd, directory } = await home();
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'audit', '--', 'verify'], {
    cwd: new URL('../..', import.meta.url),
    env: { PATH: process.env.PATH, HOME: cwd, DATA_DIR: directory, AUDIT_KEY: auditKey },
  });
  expect(stdout).toContain('The ledger holds: 5 facts');
});

it('exports as a process, and says it when nobody reads to the end', async () => {
  const { cwd, directory } = await home();
  const ledger = await openTemporary(directory);
  for (let times = 0; times < 20; times += 1) {
    await ledger.append('bot', null, [{ fact: 'anchor', words: 'x'.repeat(20_000) }]);
  }
  await ledger.close();
  const { end, out, err } = await ran(cwd, ['audit', 'export'], 5000);
  expect(end).toBe(1);
  expect(out).toContain('"words":"here"');
  expect(err).toBe('portcullis could not finish: the output was closed before all facts were written.\n');
});

it('goes by what stands in .env where the environment has a variable without text, which counts as left out', async () => {
  const { cwd, directory } = await home();
  await rename(directory, join(cwd, 'kept'));
  await writeFile(join(cwd, '.env'), `AUDIT_KEY=${auditKey}\nDATA_DIR=kept\n`);
  const found = await ran(cwd, ['audit', 'verify'], 5000, { DATA_DIR: ' ' });
  expect(found).toMatchObject({ end: 0, err: '' });
});

it('does not take a secret out of .env that the environment says is empty', async () => {
  const { cwd } = await home();
  const { end, err } = await ran(cwd, ['audit', 'verify'], 5000, { DATA_DIR: 'data', AUDIT_KEY: '' });
  expect(end).toBe(78);
  expect(err).toContain('AUDIT_KEY');
});

it('says that .env cannot be read, because what stands in it would look missing', async () => {
  const { cwd } = await home();
  await rm(join(cwd, '.env'));
  await mkdir(join(cwd, '.env'));
  const { end, out, err } = await ran(cwd, ['audit', 'verify']);
  expect({ end, out }).toEqual({ end: 78, out: '' });
  expect(err).toContain('.env cannot be read (EISDIR)');
});
