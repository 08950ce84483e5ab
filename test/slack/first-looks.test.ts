import { expect, it } from 'vitest';
import { realClock } from '../../src/clock.ts';
import type { Clock } from '../../src/domain/ports.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { askProfile, storyIn } from '../support/e2e.ts';
import { openSandbox } from '../support/sandbox.ts';

/** Real time, but whoever sleeps for one of these times (ms) sleeps until the test wakes them, or their own signal does. */
const createHeldClock = (...held: readonly number[]) => {
  const woken = new Map(held.map((ms) => [ms, new AbortController()]));
  const clock: Clock = {
    now: () => realClock.now(),
    sleep: (ms, signal) => {
      const wakes = [signal, woken.get(ms)?.signal].filter((one) => one !== undefined);
      return realClock.sleep(woken.has(ms) ? 3_600_000 : ms, AbortSignal.any(wakes));
    },
  };
  return { clock, wake: (ms: number) => woken.get(ms)?.abort() };
};

it('posts to the audit channel some time after the start, cards later, and what has not begun not at a stop', async () => {
  const { clock, wake } = createHeldClock(300, 600);
  const sandbox = await openSandbox('socket', undefined, undefined, clock);
  const story = storyIn(sandbox);
  const posts = () =>
    [SEED.channels.audit, story.stage.incident].map((name) => story.slack.channel(name).posts.length);
  try {
    const id = await askProfile(story);
    await story.slack.until('Bob to be told', () => story.bob.dms()[0]);
    expect(posts()).toEqual([0, 0]);
    wake(300);
    await story.stage.audit(`${id} requested`);
    expect(posts()[1]).toBe(0);
    await sandbox.stopBot();
    expect(posts()[1]).toBe(0);
    wake(600);
    await sandbox.startBot();
    await story.stage.card(id, 'requested');
  } finally {
    await sandbox.close();
  }
});
