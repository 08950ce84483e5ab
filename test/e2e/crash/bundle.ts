import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const entry = fileURLToPath(new URL('bot.ts', import.meta.url));

/** Runs the one file beside it, with what V8 made of it in the first run. */
const runner = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { Script } = require('node:vm');
const [file, cache] = [__dirname + '/bot.cjs', __dirname + '/bot.cache'];
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
if (cachedData === undefined) process.on('exit', () => writeFileSync(cache, script.createCachedData()));
script.runInThisContext()({}, createRequire(file), module, file, __dirname);
`;

/**
 * The bot of these tests as one file that is compiled already, because reading and compiling hundreds of modules is
 * most of a start.
 * @returns the path to start node with
 */
export const bundleBot = async (): Promise<{ path: string; remove(): Promise<void> }> => {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-bundle-'));
  const path = join(directory, 'run.cjs');
  const unused = join(directory, 'unused.cjs');
  await writeFile(path, runner);
  await writeFile(unused, 'module.exports = {};');
  await build({
    configFile: false,
    logLevel: 'error',
    // The bot has its own server; that of the library takes long to load.
    resolve: { alias: { express: unused } },
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: directory,
      emptyOutDir: false,
      minify: true,
      rolldownOptions: { output: { format: 'cjs', codeSplitting: false, entryFileNames: 'bot.cjs' } },
    },
  });
  // Without a configuration it ends at once, but everything was loaded.
  spawnSync(process.execPath, [path], { env: {} });
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
};
