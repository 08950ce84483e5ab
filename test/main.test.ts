import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** Sends the process a signal as soon as Bolt loads its parts, which is long before there is a bot to stop. */
const hasty = `data:text/javascript,${encodeURIComponent(`
  import Module from 'node:module';
  const load = Module._load;
  Module._load = function (name, ...rest) {
    if (name === './App') process.kill(process.pid, 'SIGTERM');
    return load.call(this, name, ...rest);
  };
`)}`;

it('is not killed by a signal that comes while its parts are being loaded', async () => {
  const child = spawn(process.execPath, ['--import', loader, '--import', hasty, main], {
    env: { PATH: process.env.PATH },
    cwd: tmpdir(),
    stdio: 'ignore',
  });
  const end = await new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  // Without a configuration it comes to no start that could be stopped.
  expect(end).toEqual({ code: 78, signal: null });
});
