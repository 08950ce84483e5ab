import { expect, it } from 'vitest';
import { createPoster } from '../../src/slack/poster.ts';
import { manualClock } from '../ledger/manual-clock.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';
import { createFakeSlack, refusedBy } from './fake-slack.ts';

const bench = () => {
  const clock = createVirtualClock();
  const times: (readonly [string, number])[] = [];
  const start = clock.now();
  const state = { error: '' };
  const slack = createFakeSlack((method, args) => {
    times.push([`${method} ${args.channel ?? args.channel_id}`, clock.now() - start]);
    if (method === 'files.getUploadURLExternal') {
      return { upload_url: `http://slack.invalid/upload/${args.filename}`, file_id: `F-${args.filename}` };
    }
    return state.error === '' ? { channel: args.channel, ts: '1.2' } : { error: state.error };
  });
  const poster = createPoster(slack.client, clock, 1_000);
  const signal = new AbortController().signal;
  return { clock, times, state, poster, signal, calls: slack.calls };
};

it('posts at most once a second in a channel, and does not make other channels wait', async () => {
  const { clock, times, poster, signal } = bench();
  const posts = ['C1', 'C1', 'C1', 'C2'].map((channel) => poster.post(channel, { text: 'x' }, signal));
  await clock.advance(5_000);
  await Promise.all(posts);
  expect(times.toSorted((a, b) => a[1] - b[1] || a[0].localeCompare(b[0]))).toEqual([
    ['chat.postMessage C1', 0],
    ['chat.postMessage C2', 0],
    ['chat.postMessage C1', 1_000],
    ['chat.postMessage C1', 2_000],
  ]);
});

it('updates at once, whatever is to be posted', async () => {
  const { clock, times, poster, signal } = bench();
  const posts = [1, 2, 3].map(() => poster.post('C1', { text: 'x' }, signal));
  await poster.update('C1', '1.2', { text: 'now' });
  expect(times).toContainEqual(['chat.update C1', 0]);
  await clock.advance(5_000);
  await Promise.all(posts);
});

it('deletes a message at once', async () => {
  const { poster, calls } = bench();
  await poster.remove('D1', '1.2');
  expect(calls).toEqual([
    { method: 'chat.delete', args: expect.objectContaining({ channel: 'D1', ts: '1.2' }) },
  ]);
});

it('keeps its pace after a quiet time and after a refusal', async () => {
  const { clock, times, state, poster, signal } = bench();
  await poster.post('C1', { text: 'x' }, signal);
  await clock.advance(60_000);
  state.error = 'is_archived';
  await expect(poster.post('C1', { text: 'x' }, signal)).rejects.toThrow(refusedBy('is_archived').message);
  state.error = '';
  const next = poster.post('C1', { text: 'x' }, signal);
  await clock.advance(1_000);
  await next;
  expect(times.map(([, at]) => at)).toEqual([0, 60_000, 61_000]);
});

it('keeps its pace when the clock is set back, and waits no longer for that', async () => {
  const clock = manualClock();
  const slack = createFakeSlack((_, { channel }) => ({ channel, ts: '1.2' }));
  const poster = createPoster(slack.client, clock, 1_000);
  const post = () => poster.post('C1', { text: 'x' }, new AbortController().signal);
  await post();
  clock.set(clock.now() - 3_600_000);
  const next = post();
  clock.advance(999);
  await settle();
  expect(slack.calls).toHaveLength(1);
  clock.advance(1);
  await next;
  expect(slack.calls).toHaveLength(2);
});

it('does not wait any more once it is told to stop', async () => {
  const { poster, times } = bench();
  const stop = new AbortController();
  const posts = [1, 2].map(() => poster.post('C1', { text: 'x' }, stop.signal));
  await settle();
  stop.abort();
  await Promise.all(posts);
  expect(times.map(([, at]) => at)).toEqual([0, 0]);
});

it('lets Slack make nothing out of the text, and sends thread and metadata along', async () => {
  const { poster, signal, calls } = bench();
  const metadata = { event_type: 'e', event_payload: { id: 'R-000001' } };
  expect(await poster.post('C1', { text: 'x', thread: '9.9', metadata }, signal)).toEqual({
    channel: 'C1',
    ts: '1.2',
  });
  expect(calls[0]?.args).toMatchObject({
    parse: 'none',
    unfurl_links: 'false',
    unfurl_media: 'false',
    thread_ts: '9.9',
    metadata: JSON.stringify(metadata),
  });
});

it('shows files in one message of a thread, at the pace of posts', async () => {
  const { clock, times, poster, signal, calls } = bench();
  const files = [
    { name: 'a.csv', text: 'ä' },
    { name: 'b.txt', text: 'b' },
  ];
  const post = poster.post('C1', { text: 'x' }, signal);
  const share = poster.share({ channel: 'C1', thread: '9.9' }, files, signal);
  await clock.advance(1_000);
  await Promise.all([post, share]);
  const shown = calls.filter(({ method }) => method === 'files.completeUploadExternal');
  expect(shown.map(({ args }) => args)).toMatchObject([
    {
      channel_id: 'C1',
      thread_ts: '9.9',
      files: '[{"id":"F-a.csv","title":"a.csv"},{"id":"F-b.txt","title":"b.txt"}]',
    },
  ]);
  expect(calls.filter(({ args }) => args.length !== undefined).map(({ args }) => args.length)).toEqual([
    '2',
    '1',
  ]);
  expect(times.at(-1)).toEqual(['files.completeUploadExternal C1', 1_000]);
});
