import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { auditKey } from '../ledger/temporary-ledger.ts';
import { written } from './terminal.ts';

const root = new URL('../../', import.meta.url);
const { bin } = z
  .object({ bin: z.object({ portcullis: z.string() }) })
  .parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const source = bin.portcullis.replace(/^dist/, 'src').replace(/\.js$/, '.ts');
export const main = fileURLToPath(new URL(source, root));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/**
 * Runs the bin of the package from its source.
 * @param mostOut bytes of standard output after which nobody reads any more
 * @param isHeard whether anybody reads what it says on standard error
 */
export const ran = async (
  cwd: string,
  args: readonly string[],
  mostOut = Number.POSITIVE_INFINITY,
  env: Readonly<Record<string, string>> = { DATA_DIR: 'data' },
  isHeard = true,
) => {
  const child = spawn(process.execPath, ['--import', loader, main, ...args], {
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const readOn = (text: string) => {
    out += text;
    if (out.length >= mostOut) child.stdout.destroy();
  };
  child.stdout.setEncoding('utf8').on('data', readOn);
  readOn('');
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  if (!isHeard) child.stderr.destroy();
  const end = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { end, out, err };
};

/** A working directory with a journal in `data`, and an `.env` that the environment wins over. */
export const home = async () => {
  const journal = await written();
  const cwd = dirname(journal.directory);
  await writeFile(join(cwd, '.env'), `AUDIT_KEY=${auditKey}\nDATA_DIR=/nowhere\n`);
  return { ...journal, cwd };
};
