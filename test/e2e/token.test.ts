import { expect, it } from 'vitest';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { askProfile, inStory } from '../support/e2e.ts';

it('is not ready and tells people why as soon as Slack refuses the token for anything', async () => {
  await inStory(async (story) => {
    const { sandbox, slack, alice } = story;
    await askProfile(story);
    const ready = async () => {
      const answer = await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`);
      return `${answer.status} ${await answer.text()}`;
    };
    await expect.poll(ready).toContain('200');
    slack.switches.revokedToken = true;
    const before = alice.ephemerals().length;
    await alice.command(SEED.channels.incident, '/revoke-profile trent.osei');
    const answer = await slack.until('an answer', () => alice.ephemerals()[before]);
    expect(visibleText(answer)).toContain('Slack does not accept the bot any more');
    await expect.poll(ready).toContain('503 Slack refused the bot token');
    expect(sandbox.lines.join('\n')).toContain('check SLACK_BOT_TOKEN and reinstall the app');
    slack.switches.revokedToken = false;
  });
});
