import { realClock } from '../../src/clock.ts';
import type { Config } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { createStage } from '../../src/sandbox/stage.ts';
import type { Story } from '../support/e2e.ts';

/** The real time, which a test can put forward: what is remembered for ten seconds is then too old at once. */
export const createShiftedClock = () => {
  let ahead = 0;
  return {
    now: () => realClock.now() + ahead,
    sleep: (ms: number, signal?: AbortSignal) => realClock.sleep(ms, signal),
    shift: (ms: number): void => {
      ahead += ms;
    },
  };
};
export type ShiftedClock = ReturnType<typeof createShiftedClock>;

/** Plays a story whose Slack, cloud and bot all go by the shifted clock. */
export const inShiftedStory = async (
  clock: ShiftedClock,
  play: (story: Story) => Promise<void>,
  adjust: (config: Config) => Config = (config) => config,
): Promise<void> => {
  const lines: string[] = [];
  const log = createLog('debug', clock.now, (line) => lines.push(line));
  const sandbox = await startSandbox({
    transport: 'socket',
    clock,
    log,
    version: '0.0.0-test',
    postInterval: 10,
    pollInterval: 5,
    adjust,
  });
  try {
    const { slack, cloud } = sandbox;
    const logged = Object.assign(sandbox, { lines });
    await play({
      sandbox: logged,
      stage: createStage(sandbox, () => undefined),
      slack,
      cloud,
      alice: slack.as(SEED.users.alice),
      bob: slack.as(SEED.users.bob),
      carol: slack.as(SEED.users.carol),
    });
  } finally {
    await sandbox.close();
  }
};
