import { createHmac } from 'node:crypto';
import type { App } from '@slack/bolt';
import { expect, it } from 'vitest';
import { realClock } from '../../src/clock.ts';
import { Secret } from '../../src/domain/secret.ts';
import { boltLogger } from '../../src/slack/bolt-log.ts';
import { createConnection } from '../../src/slack/connection.ts';
import { silent } from '../support/world.ts';

/** A moment that can be waited for, and the way to let it come. */
const signal = (): [Promise<void>, () => void] => {
  let come = (): void => undefined;
  return [new Promise((resolve) => (come = resolve)), () => come()];
};

const overHttp = () =>
  createConnection(
    { mode: 'http', signingSecret: new Secret('s') },
    {
      host: '127.0.0.1',
      port: 0,
      apiUrl: undefined,
      clock: realClock,
      log: silent,
      logger: boltLogger(silent),
      health: { live: () => undefined, ready: () => undefined },
    },
  );

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

it('over HTTP gives the answers that are under way before it ends', async () => {
  const connection = overHttp();
  const [arrived, arrive] = signal();
  const [recorded, record] = signal();
  // Only this part is needed to answer a delivery.
  const app = {
    processEvent: async ({ ack }: { ack: (words: string) => Promise<void> }) => {
      arrive();
      await recorded;
      await ack('recorded');
    },
  } as unknown as App;
  connection.receiver.init(app);
  const port = await connection.open(app);
  const body = 'command=%2Fx&text=';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', 's').update(`v0:${timestamp}:${body}`).digest('hex');
  const answer = fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  }).then(
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
