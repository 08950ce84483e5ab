import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Puts a module of the benchmarks into one file of JavaScript, for what loads TypeScript takes 35 MB in each process. */
export const bundle = async (module: URL, outDir: string): Promise<string> => {
  const entryFileNames = 'program.mjs';
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(module),
      outDir,
      minify: false,
      rolldownOptions: { output: { codeSplitting: false, entryFileNames } },
    },
  });
  return join(outDir, entryFileNames);
};
