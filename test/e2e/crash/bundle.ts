import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A program as one file, because reading and compiling hundreds of modules is most of a start. */
export interface Bundle {
  /** What to start node with. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Puts `dist/program.mjs` or `.cjs` into the directory. @param unused packages that the program can do without */
const pack = async (
  directory: string,
  module: string,
  format: 'esm' | 'cjs',
  unused: readonly string[] = [],
): Promise<Bundle> => {
  const nothing = join(directory, 'nothing.cjs');
  await writeFile(nothing, 'module.exports = {};');
  const name = `program.${format === 'esm' ? 'mjs' : 'cjs'}`;
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: Object.fromEntries(unused.map((one) => [one, nothing])) },
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(module, import.meta.url)),
      outDir: join(directory, 'dist'),
      minify: false,
      rolldownOptions: { output: { format, codeSplitting: false, entryFileNames: name } },
    },
  });
  return {
    path: join(directory, 'dist', name),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};

const newDirectory = () => mkdtemp(join(tmpdir(), 'portcullis-bundle-'));

/** The bot as it is shipped. */
export const bundleMain = async (): Promise<Bundle> => {
  const directory = await newDirectory();
  // It reads its version there.
  await cp(new URL('../../../package.json', import.meta.url), join(directory, 'package.json'));
  return pack(directory, '../../../src/main.ts', 'esm');
};

/** Runs the program beside it, with what V8 made of it in the first run. */
const runner = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { Script } = require('node:vm');
const [file, cache] = [__dirname + '/dist/program.cjs', __dirname + '/cache'];
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
if (cachedData === undefined) process.on('exit', () => writeFileSync(cache, script.createCachedData()));
script.runInThisContext()({}, createRequire(file), module, file, __dirname);
`;

/** The bot that dies where it is told to, compiled already. */
export const bundleBot = async (): Promise<Bundle> => {
  const directory = await newDirectory();
  // The server that comes with the Slack library takes long to load and is never started in Socket Mode.
  const program = await pack(directory, 'bot.ts', 'cjs', ['express']);
  const path = join(directory, 'run.cjs');
  await writeFile(path, runner);
  // Without a configuration it ends at once, but everything was loaded.
  spawnSync(process.execPath, [path], { env: {} });
  return { ...program, path };
};
