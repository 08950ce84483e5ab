import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { auditKey, openTemporary } from '../ledger/temporary-ledger.ts';
import { written } from './terminal.ts';

const root = new URL('../../', import.meta.url);
const { bin } = z
  .object({ bin: z.object({ portcullis: z.string() }) })
  .parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const source = bin.portcullis.replace(/^dist/, 'src').replace(/\.js$/, '.ts');
const main = fileURLToPath(new URL(source, root));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** @param mostOut bytes of standard output after which nobody reads any more */
const ran = async (cwd: string, args: readonly string[], mostOut = Number.POSITIVE_INFINITY) => {
  const child = spawn(process.execPath, ['--import', loader, main, ...args], {
    env: { PATH: process.env.PATH, HOME: cwd, DATA_DIR: 'data' },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.length > mostOut) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const end = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { end, out, err };
};

/** A working directory with a journal in `data`, and an `.env` that the environment wins over. */
const home = async () => {
  const journal = await written();
  const cwd = dirname(journal.directory);
  await writeFile(join(cwd, '.env'), `AUDIT_KEY=${auditKey}\nDATA_DIR=/nowhere\n`);
  return { ...journal, cwd };
};

it('the bin of the package is a program', async () => {
  expect(await readFile(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it('verifies as a process, with what the environment and .env say', async () => {
  const { cwd, anchor } = await home();
  const { end, out, err } = await ran(cwd, ['audit', 'verify', '--anchor', anchor(5)]);
  expect({ end, err }).toEqual({ end: 0, err: '' });
  expect(out).toContain('The ledger holds: 5 facts');
});

it('exports as a process, and says it when nobody reads to the end', async () => {
  const { cwd, directory } = await home();
  const ledger = await openTemporary(directory);
  for (let times = 0; times < 20; times += 1) {
    await ledger.append('bot', null, [{ fact: 'anchor', words: 'x'.repeat(20_000) }]);
  }
  await ledger.close();
  const { end, out, err } = await ran(cwd, ['audit', 'export', '--format', 'csv'], 5000);
  expect(end).toBe(1);
  expect(out).toContain('"Anchor: here"');
  expect(err).toBe('portcullis could not finish: the output was closed before all facts were written.\n');
});
