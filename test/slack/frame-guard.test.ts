import { SocketModeReceiver } from '@slack/bolt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { boltLogger } from '../../src/slack/bolt-log.ts';
import { guardFrames } from '../../src/slack/frame-guard.ts';
import { settle } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';

const unhandled: unknown[] = [];
const keep = (error: unknown) => unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
});
afterEach(() => {
  process.off('unhandledRejection', keep);
});

/** Slack's own client behind the guard, without a connection: frames are handed to it as if they had come over one. */
const guarded = () => {
  const { client } = new SocketModeReceiver({ appToken: 'xapp-unit-test', logger: boltLogger(silent) });
  const warnings: string[] = [];
  const heard: string[] = [];
  guardFrames(client, { ...silent, warn: (words) => warnings.push(words) });
  for (const name of ['disconnected', 'slack_event']) client.on(name, () => heard.push(name));
  const take = async (data: unknown): Promise<void> => {
    client.emit('ws_message', data, false);
    await settle();
  };
  return { take, warnings, heard };
};

const event = (type: unknown) =>
  JSON.stringify({ type: 'events_api', envelope_id: 'E1', payload: { event: { type } } });

it.each([
  ['no JSON', '{"type":'],
  ['no text', 7],
  ['bytes that are no text', new Uint8Array([0xff, 0xfe])],
  ['no object', 'null'],
  ['no type that Slack documents', '{"type":"goodbye"}'],
  ['a delivery without a payload', '{"type":"interactive","envelope_id":"E1"}'],
  ['an event without a name', event(null)],
  ['an event that is called as the client calls the end of its connection', event('disconnected')],
])('keeps %s from the client, and says so', async (_what, data) => {
  const { take, warnings, heard } = guarded();
  await take(data);
  expect(warnings).toEqual([expect.stringContaining('no delivery')]);
  expect(heard).toEqual([]);
  expect(unhandled).toEqual([]);
});

it('lets a delivery through, as text and as bytes', async () => {
  const { take, warnings, heard } = guarded();
  await take(event('app_home_opened'));
  await take(Buffer.from(event('app_home_opened')));
  expect(heard).toEqual(['slack_event', 'slack_event']);
  expect(warnings).toEqual([]);
});
