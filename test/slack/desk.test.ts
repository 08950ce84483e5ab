import { expect, it } from 'vitest';
import { openView } from '../../src/slack/desk.ts';
import { noticeView } from '../../src/slack/views.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

it.each([
  ['token_revoked', 'Slack does not accept the bot any more'],
  ['missing_scope', 'reinstall the app with the scopes of its manifest.yml'],
  ['not_allowed_token_type', 'reinstall the app with the scopes of its manifest.yml'],
  ['expired_trigger_id', 'please try again'],
  ['invalid_blocks', 'why is in the log'],
])('a view that Slack does not open because of %s says what helps', async (error, words) => {
  const { client } = createFakeSlack(async () => ({ error }));
  const opened = await openView({ client, log: silent }, 'T', noticeView('Title', ['Words']));
  expect(opened).toEqual({ unopened: expect.stringContaining(words) });
});
