import { expect, it } from 'vitest';
import { factsIn } from '../slack/evidence.ts';
import { approves, askProfile, inStory } from '../support/e2e.ts';

it('stops in an orderly way though the answer to a click hangs', async () => {
  await inStory(async (story) => {
    const { sandbox, slack, stage, alice } = story;
    const id = await askProfile(story);
    const card = await stage.card(id, 'requested');
    let hanging = 0;
    slack.switches.hang = ({ method }) => {
      if (method !== 'response_url') return undefined;
      hanging += 1;
      return { acts: false };
    };
    await alice.click(stage.incident, card.ts, 'approve');
    await slack.until('an answer that hangs', () => hanging > 0);
    await sandbox.stopBot();
    expect(factsIn(sandbox).map(({ fact }) => fact.fact)).toContain('stopped');
    expect(sandbox.lines.filter((line) => line.includes('A person could not be answered'))).toHaveLength(1);
  });
});

it('stops in an orderly way though a form that is being filled in hangs', async () => {
  await inStory(async (story) => {
    const { sandbox, slack, stage, alice } = story;
    let hanging = 0;
    slack.switches.hang = ({ method }) => {
      if (method !== 'views.update') return undefined;
      hanging += 1;
      return { acts: false };
    };
    await stage.types(alice, '/revoke-assignment trent.osei "Contract has ended"');
    await expect.poll(() => hanging).toBe(1);
    await sandbox.stopBot();
    expect(factsIn(sandbox).map(({ fact }) => fact.fact)).toContain('stopped');
    // Its further tries were not waited for.
    expect(hanging).toBe(1);
  });
});

it('gives up what Slack does not answer where the cloud does not answer either, so that there is time to stop', async () => {
  await inStory(async (story) => {
    const { sandbox, slack, cloud, stage, alice, carol } = story;
    const id = await askProfile(story);
    const card = await stage.card(id, 'requested');
    cloud.switches.latencyMs = 60_000;
    await approves(story, carol, id);
    let hanging = 0;
    slack.switches.hang = () => {
      hanging += 1;
      return { acts: false };
    };
    void alice.click(stage.incident, card.ts, 'open').catch(() => undefined);
    await expect.poll(() => hanging).toBeGreaterThan(0);
    await sandbox.stopBot();
    expect(factsIn(sandbox).map(({ fact }) => fact.fact)).toContain('stopped');
    expect(sandbox.lines.filter((line) => line.includes('This operation was aborted'))).not.toEqual([]);
  });
}, 30_000);
