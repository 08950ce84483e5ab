import { RespondError } from '@slack/bolt';
import { expect, it } from 'vitest';
import { replyBy } from '../../src/slack/listeners.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const message = { text: 'R-000001 succeeded', blocks: [{ type: 'divider' as const }] };

/** What somebody is told by a direct message when the answer to their click fails like this. */
const toldAfter = async (failure: Error) => {
  const slack = createFakeSlack(() => ({}));
  const reply = replyBy({ client: slack.client, log: silent }, 'UADA', async () => {
    throw failure;
  });
  await reply(message);
  return slack.calls.map(({ method, args }) => [method, args.channel, args.text, args.blocks]);
};

it('is a direct message, in plain words, where Slack does not take it at the address for it', async () => {
  expect(await toldAfter(new RespondError('HTTP 404', 404))).toEqual([
    ['chat.postMessage', 'UADA', 'R-000001 succeeded', undefined],
  ]);
});

it('is not given twice where nobody knows whether it arrived', async () => {
  expect(await toldAfter(new Error('aborted'))).toEqual([]);
});
