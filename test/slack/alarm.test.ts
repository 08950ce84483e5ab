import { expect, it } from 'vitest';
import { createAlarm } from '../../src/slack/alarm.ts';
import { createPoster } from '../../src/slack/poster.ts';
import { silent } from '../ledger/silent-log.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { createFakeSlack } from './fake-slack.ts';

const bench = (refusals: number) => {
  const clock = createVirtualClock();
  const began = clock.now();
  const times: number[] = [];
  const slack = createFakeSlack(() => {
    times.push(clock.now() - began);
    return times.length <= refusals ? { error: 'channel_not_found' } : { channel: 'CAUDIT', ts: '1.2' };
  });
  const poster = createPoster(slack.client, clock, 0);
  const stop = new AbortController();
  const alarm = createAlarm({ poster, clock, log: silent, channel: 'CAUDIT' });
  return { clock, times, stop, calls: slack.calls, told: alarm('Line 3 was changed.', stop.signal) };
};

it('is posted as it is, at once', async () => {
  const { told, calls, times } = bench(0);
  await told;
  expect(times).toEqual([0]);
  expect(calls[0]?.args).toMatchObject({ channel: 'CAUDIT', text: 'Line 3 was changed.' });
});

it('is repeated, ever more slowly, until it is posted once', async () => {
  const { told, clock, times } = bench(8);
  await clock.advance(10 * 60_000);
  await told;
  expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183].map((seconds) => seconds * 1_000));
});

it('ends with the bot', async () => {
  const { told, clock, times, stop } = bench(99);
  await clock.advance(2_000);
  stop.abort();
  await told;
  expect(times).toEqual([0, 1_000]);
});
