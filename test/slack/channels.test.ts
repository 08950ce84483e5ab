import { expect, it } from 'vitest';
import { createChannels } from '../../src/slack/channels.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const bench = () => {
  const clock = createVirtualClock();
  const state: { answer: Record<string, unknown> | Promise<Record<string, unknown>> } = {
    answer: { channel: { is_member: true } },
  };
  const slack = createFakeSlack(() => state.answer);
  const { place } = createChannels({ client: slack.client, clock, log: silent, auditChannel: 'CAUDIT' });
  return { clock, state, place, calls: slack.calls };
};

it.each([
  [{ channel: { is_member: true } }, undefined],
  [{ channel: { is_member: true, is_mpim: true } }, /direct message/],
  [{ channel: { is_member: true, is_archived: true } }, /archived/],
  [{ channel: { is_member: true, is_ext_shared: true } }, /another organisation/],
  [{ channel: { is_member: true, is_pending_ext_shared: true } }, /another organisation/],
  [{ channel: { is_member: false } }, /not in this channel/],
  [{ error: 'channel_not_found' }, /not in this channel/],
  [{ error: 'missing_scope' }, /not in this channel/],
])('for a channel that is %j the card goes to the right place, with the reason', async (answer, why) => {
  const { state, place } = bench();
  state.answer = answer;
  const found = await place('C1');
  expect(found.channel).toBe(why === undefined ? 'C1' : 'CAUDIT');
  expect(found.notice ?? 'none').toMatch(why ?? /^none$/);
});

it('never asks about a direct message', async () => {
  const { place, calls } = bench();
  expect(await place('D1')).toMatchObject({
    channel: 'CAUDIT',
    notice: expect.stringMatching(/direct message/),
  });
  expect(calls).toEqual([]);
});

it('puts a card that is asked for in the audit channel there without a word, whatever Slack says of it', async () => {
  for (const answer of [{ error: 'internal_error' }, { channel: { is_member: true, is_ext_shared: true } }]) {
    const { state, place } = bench();
    state.answer = answer;
    expect(await place('CAUDIT')).toEqual({ channel: 'CAUDIT' });
  }
});

it('remembers a place for a minute, and for a second that it could not ask, when strangers may read there', async () => {
  const { clock, state, place, calls } = bench();
  state.answer = { error: 'internal_error' };
  const unasked = { channel: 'CAUDIT', notice: expect.stringMatching(/could not be asked/) };
  expect(await place('C1')).toMatchObject(unasked);
  state.answer = { channel: { is_member: true } };
  await clock.advance(999);
  expect(await place('C1')).toMatchObject(unasked);
  await clock.advance(1);
  expect(await place('C1')).toEqual({ channel: 'C1' });
  state.answer = { channel: { is_member: false } };
  await clock.advance(59_999);
  expect(await place('C1')).toEqual({ channel: 'C1' });
  await clock.advance(1);
  expect(await place('C1')).toMatchObject({ channel: 'CAUDIT', notice: expect.stringMatching(/invite it/) });
  expect(calls).toHaveLength(3);
});

it('is known before the trigger of a command is too old to open a form, also where Slack does not answer', async () => {
  const { clock, state, place } = bench();
  state.answer = new Promise(() => undefined);
  let found: unknown;
  void place('C1').then((one) => {
    found = one;
  });
  await clock.advance(2_500);
  expect(found).toMatchObject({ channel: 'CAUDIT', notice: expect.stringMatching(/could not be asked/) });
});
