import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpBody, signatureOf } from '../../../src/sandbox/slack/http-delivery.ts';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, silent } from './support.ts';

const { alice } = SEED.users;

/** A Slack that delivers over HTTP, by the real clock, to a real Bolt app. */
const withBolt = async () => {
  const { slack } = await bench({ transport: 'http', now: () => Date.now() });
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: silent, port: 0 });
  const app = new App({
    token: slack.botToken,
    receiver,
    deferInitialization: true,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  const heard: string[] = [];
  app.command('/try', async ({ ack, body }) => {
    heard.push(body.text);
    await ack(`heard ${body.text}`);
  });
  app.event('app_home_opened', async ({ event }) => void heard.push(event.user));
  app.action('go', async ({ ack, body, respond }) => {
    heard.push(body.user.id);
    await ack();
    await respond({ text: 'done / over', replace_original: true });
  });
  await app.init();
  const server = await receiver.start(0);
  onTestFinished(async () => void (await app.stop()));
  // Bolt's own HTTP server listens on a TCP port.
  const { port } = server.address() as AddressInfo;
  slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  return { slack, heard };
};

/** An app that is a bare HTTP server: keeps what it gets, answers with a status. */
const bareApp = async (statuses: number[]) => {
  const got: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString('utf8');
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return { got, url: `http://127.0.0.1:${port}/slack/events` };
};

describe('deliveries over HTTP', () => {
  it('sign as in the published examples', () => {
    const body = 'token=t&command=%2Fping&text=hello&user_id=U1';
    expect(signatureOf('s3cret', '1700000000', body)).toBe(
      'v0=417751f801652f5b9029536dfcfaa291e74ee1dbf11eb77ca886349e52e57d63',
    );
  });

  it('are understood and believed by Bolt: command, button, event', async () => {
    const { slack, heard } = await withBolt();
    const typed = await slack.as(alice).command('#inc-042', '/try a/b & c=d');
    expect(typed.response?.text).toBe('heard a/b &amp; c=d');
    const channel = SEED.channels.incident;
    const elements = [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }];
    const posted = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${slack.botToken}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify({ channel, text: 'card', blocks: [{ type: 'actions', elements }] }),
    });
    expect(await posted.json()).toMatchObject({ ok: true });
    const [card] = slack.channel(channel).messages;
    expect(await slack.as(alice).click(channel, String(card?.ts), 'go')).toEqual({ outcome: 'ok' });
    await slack.until('the answer', () => slack.channel(channel).saying('done / over'));
    await slack.as(alice).openHome();
    expect(heard).toEqual(['a/b &amp; c=d', alice, alice]);
  });

  it.each([
    ['a wrong secret', { secret: 'other' }, 401],
    ['a stale time', { timestamp: String(Math.floor(Date.now() / 1000) - 301) }, 401],
    ['no signature', { signature: null }, 401],
    ['no time', { timestamp: null }, 401],
    ['altered bytes', { body: 'command=%2Ftry&text=evil', signedBody: 'command=%2Ftry&text=good' }, 401],
    [
      'a charset in the content type',
      { contentType: 'application/x-www-form-urlencoded; charset=utf-8' },
      400,
    ],
    ['nothing wrong', {}, 200],
  ])('can be forged, and Bolt answers %s with its status', async (_what, forgery, status) => {
    const { slack } = await withBolt();
    await slack.as(alice).command('#inc-042', '/try');
    expect(await slack.deliver.raw(forgery)).toMatchObject({ outcome: 'answered', status });
  });

  it('have exact content types and no charset', async () => {
    const { slack } = await bench({ transport: 'http' });
    const { got, url } = await bareApp([]);
    slack.deliverTo(url);
    await slack.as(alice).command('#inc-042', '/try');
    await slack.as(alice).openHome();
    expect(got.map(({ headers }) => headers['content-type'])).toEqual([
      'application/x-www-form-urlencoded',
      'application/json',
    ]);
    expect(got[0]?.headers).not.toHaveProperty('x-slack-retry-num');
  });

  it('repeat events, with number and reason, but never commands', async () => {
    const { slack } = await bench({ transport: 'http', switches: { eventRetryDelaysMs: [0, 0, 0] } });
    const { got, url } = await bareApp([500, 500, 200, 500]);
    slack.deliverTo(url);
    await slack.as(alice).openHome();
    await slack.until('the second repeat', () => got.length === 3);
    expect(got.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2']);
    expect(got[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect((await slack.as(alice).command('#inc-042', '/try')).outcome).toBe('error');
    expect(got).toHaveLength(4);
  });

  it('fail for the person when nothing listens', async () => {
    const { slack } = await bench({ transport: 'http', requestUrl: 'http://127.0.0.1:9/none' });
    expect((await slack.as(alice).command('#inc-042', '/try')).outcome).toBe('dispatch_failed');
  });
});

it('a field of a command that is no text is written as JSON, whatever it calls itself', () => {
  const payload = { text: { toString: 1 }, list: [1], none: null };
  const { body } = httpBody({ type: 'slash_commands', payload });
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    text: '{"toString":1}',
    list: '[1]',
    none: 'null',
  });
});
