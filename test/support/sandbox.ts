import { realClock } from '../../src/clock.ts';
import type { Config } from '../../src/config.ts';
import type { Clock } from '../../src/domain/ports.ts';
import { createLog } from '../../src/log.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

/** Everything that the bots of this test run logged. */
export interface Logged {
  readonly lines: string[];
}

/** The whole system on loopback, with little waiting. Close it at the end of the test. */
export const openSandbox = async (
  transport: 'socket' | 'http',
  adjust?: (config: Config) => Config,
  prepare?: SandboxOptions['prepare'],
  clock: Clock = realClock,
  files?: SandboxOptions['files'],
): Promise<Sandbox & Logged> => {
  const lines: string[] = [];
  const sandbox = await startSandbox({
    transport,
    clock,
    log: createLog(
      'debug',
      () => realClock.now(),
      (line) => lines.push(line),
    ),
    version: '0.0.0-test',
    postInterval: 10,
    pollInterval: 20,
    ...(adjust && { adjust }),
    ...(prepare && { prepare }),
    ...(files && { files }),
  });
  return { ...sandbox, lines };
};
