import { createHmac } from 'node:crypto';
import type { App } from '@slack/bolt';
import { expect, it } from 'vitest';
import { realClock } from '../../src/clock.ts';
import { Secret } from '../../src/domain/secret.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { boltLogger } from '../../src/slack/bolt-log.ts';
import { createConnection, type Transport } from '../../src/slack/connection.ts';
import { bench } from '../sandbox/slack/support.ts';
import { silent } from '../support/world.ts';

/** A moment that can be waited for, and the way to let it come. */
const signal = (): [Promise<void>, () => void] => {
  let come = (): void => undefined;
  return [new Promise((resolve) => (come = resolve)), () => come()];
};

const connect = (transport: Transport, apiUrl?: string) =>
  createConnection(transport, {
    host: '127.0.0.1',
    port: 0,
    apiUrl,
    clock: realClock,
    log: silent,
    logger: boltLogger(silent),
    health: { live: () => undefined, ready: () => undefined },
  });
const overHttp = () => connect({ mode: 'http', signingSecret: new Secret('s') });

/** An app that answers a delivery once that is recorded. Only this part of one is needed for it. */
const answering = (arrive: () => void, recorded: Promise<void>): App => {
  const processEvent = async ({ ack }: { ack: (words: string) => Promise<void> }) => {
    arrive();
    await recorded;
    await ack('recorded');
  };
  return { processEvent } as unknown as App;
};

it('over HTTP says to whoever ends it that it was not open, and to nobody else', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  try {
    await expect(overHttp().close()).rejects.toThrow('not started');
  } finally {
    process.off('unhandledRejection', hear);
  }
  expect(unheard).toEqual([]);
});

/** Sends a body as Slack does. */
const deliver = (port: number, body: string, type = 'application/x-www-form-urlencoded') => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', 's').update(`v0:${timestamp}:${body}`).digest('hex');
  return fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  });
};

it.each([
  ['null', 'application/json'],
  ['payload=null', 'application/x-www-form-urlencoded'],
])('over HTTP refuses what is JSON and no delivery, and goes on: %s', async (body, type) => {
  const connection = overHttp();
  const app = answering(() => undefined, Promise.resolve());
  connection.receiver.init(app);
  const port = await connection.open(app);
  try {
    expect((await deliver(port, body, type)).status).toBe(400);
    expect(await (await deliver(port, 'command=%2Fx&text=')).text()).toBe('recorded');
  } finally {
    await connection.close();
  }
});

it('over HTTP gives the answers that are under way before it ends', async () => {
  const connection = overHttp();
  const [arrived, arrive] = signal();
  const [recorded, record] = signal();
  const app = answering(arrive, recorded);
  connection.receiver.init(app);
  const port = await connection.open(app);
  const answer = deliver(port, 'command=%2Fx&text=').then(
    (response) => response.text(),
    () => 'cut',
  );
  await arrived;
  const closed = connection.close();
  await realClock.sleep(20);
  record();
  expect(await answer).toBe('recorded');
  await closed;
});

it('over Socket Mode gives the answers that are under way before it ends', async () => {
  const { slack } = await bench({ ackTimeoutMs: 3_000 });
  const connection = connect({ mode: 'socket', appToken: new Secret(slack.appToken) }, slack.apiUrl);
  const [arrived, arrive] = signal();
  const [recorded, record] = signal();
  const app = answering(arrive, recorded);
  connection.receiver.init(app);
  await connection.open(app);
  await slack.whenConnected();
  const answer = slack.as(SEED.users.alice).command('#inc-042', '/try');
  await arrived;
  const closed = connection.close();
  await realClock.sleep(20);
  record();
  expect(await answer).toMatchObject({ outcome: 'ok' });
  await closed;
});
