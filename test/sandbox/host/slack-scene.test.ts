import { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { slackScene } from '../../../src/sandbox/host/slack-scene.ts';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { openSandbox } from '../../support/sandbox.ts';

const { alice, oscar } = SEED.users;

it('shows a file with its text on the message with which it was shared, to those who see the message', async () => {
  const sandbox = await openSandbox('socket');
  try {
    const { slack } = sandbox;
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const { channel = '' } = await client.chat.postMessage({ channel: alice, text: 'Your export' });
    await client.filesUploadV2({
      channel_id: channel,
      filename: 'export.md',
      title: 't',
      content: '\ufeff# 撤回',
    });
    const filesOf = (user: string) =>
      slackScene(slack, user)
        .places.flatMap(({ messages }) => messages)
        .flatMap(({ files }) => files);
    expect(filesOf(alice)).toEqual([
      { id: expect.stringMatching(/^F/), name: 'export.md', text: '# 撤回', leftOut: 0 },
    ]);
    expect(filesOf(oscar)).toEqual([]);
  } finally {
    await sandbox.close();
  }
});
