import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createSharedReads } from '../../src/huaweicloud/shared-reads.ts';
import { says } from './local-gateway.ts';
import { change, faultOf, openRoom, type Room, read } from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom({ limits: { inFlight: 1, perSecond: 1_000 } });
});
afterEach(async () => {
  await room.close();
});

/** Something else, so that whatever comes after it has to wait. */
const busy = () => room.cloud.call(read({ path: ['v1', 'busy'] }));
const asked = () => room.gateway.received.map(({ url }) => url);

it('reads that ask the same and wait for their turn are one call, and each gets its own answer', async () => {
  room.gateway.replies(says(200, { count: 1 }));
  const first = busy();
  const counts = [z.object({ count: z.number() }), z.object({ count: z.number().transform((n) => n + 1) })];
  const answers = await Promise.all(counts.map((answer) => room.cloud.call(read({ answer }))));
  expect(answers.map(({ body }) => body)).toStrictEqual([{ count: 1 }, { count: 2 }]);
  await first;
  expect(asked()).toStrictEqual(['/v1/busy', '/v1/instances']);
});

it('an answer that many share is read once for all who agreed on the same form', async () => {
  room.gateway.replies(says(200, { count: 1 }));
  const first = busy();
  let readings = 0;
  const answer = z.object({ count: z.number() }).refine(() => {
    readings += 1;
    return true;
  });
  const answers = await Promise.all([1, 2, 3].map(() => room.cloud.call(read({ answer }))));
  expect(answers.map(({ body }) => body)).toStrictEqual([{ count: 1 }, { count: 1 }, { count: 1 }]);
  expect(readings).toBe(1);
  await first;
});

it('a read never gets the answer to one that had begun before it', async () => {
  let second: Promise<unknown> | undefined;
  room.gateway.replies((response, request) => {
    second ??= room.cloud.call(read());
    says(200)(response, request);
  });
  await room.cloud.call(read());
  await second;
  expect(asked()).toHaveLength(2);
});

it('neither changes nor reads of something else are one call', async () => {
  await Promise.all([
    busy(),
    room.cloud.call(change()),
    room.cloud.call(change()),
    room.cloud.call(read({ query: { marker: 'a' } })),
    room.cloud.call(read({ query: { marker: 'b' } })),
    room.cloud.call(read({ query: { marker: 'b' }, executes: true })),
  ]);
  expect(asked()).toHaveLength(6);
});

it('each hears of what went wrong with the one call', async () => {
  const first = busy();
  room.gateway.replies(says(200), says(404, { error_code: 'IIC.404' }));
  const faults = await Promise.all([faultOf(room.cloud.call(read())), faultOf(room.cloud.call(read()))]);
  expect(faults.map(({ status }) => status)).toStrictEqual([404, 404]);
  await first;
  expect(asked()).toHaveLength(2);
});

it('many who share an answer go on with it some at a time, so that nothing else has to wait for all of them', async () => {
  const shared = createSharedReads<string>();
  const answered = new Map<number, number>();
  let turn = 0;
  const count = (): void => {
    turn += 1;
    if (turn < 20) setImmediate(count);
  };
  const joined = Array.from({ length: 35 }, async (_, who) => {
    await shared.join('the same', () => Promise.resolve('one answer'));
    answered.set(who, turn);
  });
  setImmediate(count);
  await Promise.all(joined);
  const turns = [...answered.values()];
  const most = Math.max(...turns.map((one) => turns.filter((other) => other === one).length));
  expect(most).toBeLessThanOrEqual(10);
  expect(turns).toStrictEqual(turns.toSorted((a, b) => a - b));
});

it('everybody hears of the failure of an answer that many share', async () => {
  const shared = createSharedReads<string>();
  const joined = Array.from({ length: 25 }, () =>
    shared.join('the same', () => Promise.reject(new Error('no answer'))),
  );
  const heard = await Promise.allSettled(joined);
  expect(heard.map((one) => one.status === 'rejected' && String(one.reason))).toStrictEqual(
    joined.map(() => 'Error: no answer'),
  );
});
