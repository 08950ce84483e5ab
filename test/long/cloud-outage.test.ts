import { expect, it } from 'vitest';
import { realClock } from '../../src/clock.ts';
import { approves, askProfile, storyIn, toldEnd, viewSays } from '../support/e2e.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { openSandbox } from '../support/sandbox.ts';

it('a cloud that is out is said to who looks something up, is not waited for at a stop, and what had begun is proven afterwards', async () => {
  const clock = createFastClock();
  const sandbox = await openSandbox('socket', undefined, undefined, clock);
  try {
    const story = storyIn(sandbox);
    const { cloud, stage, alice, bob, slack } = story;
    const ids = [
      await askProfile(story),
      await askProfile(story, 'trent.osei'),
      await askProfile(story, 'dmitri.volkov'),
    ];
    await stage.types(alice, '/revoke-profile carol INC-8 "Laptop stolen"');
    await stage.view(alice, 'profile');
    cloud.switches.disassociateDelayMs = 100_000;
    for (const id of ids) await approves(story, bob, id);
    await slack.until(
      'the deletions',
      () => cloud.calls.changes().length === ids.length || undefined,
      30_000,
    );
    cloud.switches.faults.push({
      match: () => true,
      times: Number.POSITIVE_INFINITY,
      act: { kind: 'cut-before' },
    });
    await slack.until(
      'the outage to be seen',
      () => sandbox.lines.find((line) => line.includes('Look-ups fail until then, and executions wait.')),
      30_000,
    );
    const sent = cloud.calls.all.length;
    await alice.submit();
    const shown = await viewSays(story, alice, 'has given no usable answer since');
    expect(shown).toContain('Nothing was done. Please try again.');
    // An execution may have asked whether it answers again.
    expect(cloud.calls.all.length - sent).toBeLessThanOrEqual(2);

    // By then one of them has asked in vain, and the others wait for the end of a long pause.
    clock.run(30);
    await expect.poll(() => cloud.calls.all.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(sent + 8);
    clock.run(1);
    // Until the others have come to wait in the client's line, where nothing can be seen of them.
    await realClock.sleep(2_000);
    const asked = cloud.calls.all.length;
    await sandbox.stopBot();
    // Whoever waits for the end of the pause asks again.
    expect(cloud.calls.all.length).toBe(asked);
    cloud.switches.faults.length = 0;
    await sandbox.startBot();
    for (const id of ids) await toldEnd(story, id, 'succeeded');
    expect(cloud.calls.changes()).toHaveLength(ids.length);
  } finally {
    await sandbox.close();
  }
});
