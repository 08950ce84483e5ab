import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuthPause, createAuthPauses } from '../../src/huaweicloud/auth-pause.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { says, startGateway } from './local-gateway.ts';
import { allAt, change, faultOf, openRoom, PERMANENT, type Room, read } from './room.ts';

const PAUSE = 300_000;
const HOUR = 3_600_000;
const rejected = says(401, { error_code: 'APIGW.0301', error_msg: 'signature expired' });
const held = { family: 'not-reached', code: 'PORTCULLIS.AUTH_PAUSED', retryable: true };

let room: Room;
let told: AuthPause[];
let accepted: string[];
beforeEach(async () => {
  told = [];
  accepted = [];
  room = await openRoom({
    onAuthPause: (pause) => told.push(pause),
    onAuthAccepted: (words) => accepted.push(words),
    authPauseMs: PAUSE,
  });
  room.gateway.replies(rejected);
});
afterEach(async () => {
  await room.close();
});

const deaf = { rejected: () => undefined, accepted: () => undefined };

/** No two ask the same, so none is spared. */
const readOf = (index: number) => read({ path: ['v1', 'instances', `ins-${index}`] });

async function rejectedTimes(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    expect((await faultOf(room.cloud.call(change()))).status).toBe(401);
    room.clock.advance(PAUSE);
  }
}

describe('a rejected key', () => {
  it('is not tried again during the pause: calls are held back at once, with words', async () => {
    const fault = await faultOf(room.cloud.call(read()));
    expect(fault).toMatchObject({ family: 'refused', status: 401, code: 'APIGW.0301', retryable: true });
    room.clock.advance(PAUSE - 1);
    for (const request of [read(), change()]) {
      const after = await faultOf(room.cloud.call(request));
      expect(after).toMatchObject(held);
      expect(after.message).toContain('2026-03-14T15:14:26.000Z');
      expect(after.message).toContain('Check that HUAWEICLOUD_SDK_AK');
    }
    expect(room.gateway.received).toHaveLength(1);
    expect(room.clock.slept).toStrictEqual([]);
  });

  it('is tried again when the pause is over, and a success resets the count', async () => {
    await rejectedTimes(3);
    room.gateway.replies(says(200));
    await room.cloud.call(change());
    room.gateway.replies(rejected);
    await rejectedTimes(4);
    expect(told.map(({ failures }) => failures)).toStrictEqual([1, 2, 3, 1, 2, 3, 4]);
  });

  it('is told about once in each rest, and when it is accepted again', async () => {
    const until = room.clock.now() + PAUSE;
    await Promise.all(Array.from({ length: 3 }, () => faultOf(room.cloud.call(change()))));
    expect(told).toMatchObject([{ host: `127.0.0.1:${room.gateway.port}`, until, failures: 1 }]);
    expect(room.log.lines.filter(({ level }) => level === 'error')).toHaveLength(3);
    room.clock.advance(PAUSE);
    room.gateway.replies(says(200));
    await room.cloud.call(read({ executes: true }));
    await room.cloud.call(read());
    expect(told).toHaveLength(1);
    expect(accepted).toStrictEqual([`127.0.0.1:${room.gateway.port} accepts the access key again.`]);
  });

  it('is used at most four times in a row, then rests for an hour', async () => {
    await rejectedTimes(4);
    expect(await faultOf(room.cloud.call(change()))).toMatchObject(held);
    room.clock.advance(HOUR - PAUSE - 1);
    expect(await faultOf(room.cloud.call(change()))).toMatchObject(held);
    expect(room.gateway.received).toHaveLength(4);
    room.clock.advance(1);
    expect((await faultOf(room.cloud.call(change()))).status).toBe(401);
    expect(await faultOf(room.cloud.call(change()))).toMatchObject(held);
    expect(room.gateway.received).toHaveLength(5);
  });

  it.each([1, 4])(
    'rests after %i failures no longer than it has to when the clock is set back',
    async (failures) => {
      await rejectedTimes(failures);
      room.clock.advance(-24 * HOUR);
      const now = room.clock.now();
      expect((await faultOf(room.cloud.call(change()))).status).toBe(401);
      expect(await faultOf(room.cloud.call(change()))).toMatchObject(held);
      expect(told.at(-1)).toMatchObject({ begins: true, until: now + (failures === 1 ? PAUSE : HOUR) });
      room.clock.advance(failures === 1 ? PAUSE : HOUR);
      expect((await faultOf(room.cloud.call(change()))).status).toBe(401);
    },
  );

  it('is not used for the last try by a read, but by a change', async () => {
    await rejectedTimes(3);
    expect(await faultOf(room.cloud.call(read()))).toMatchObject(held);
    expect((await faultOf(room.cloud.call(change()))).status).toBe(401);
  });

  it('is never used more than four times in a row, however many calls come at once', async () => {
    const calls = Array.from({ length: 20 }, (_, index) =>
      room.cloud.call(index % 2 === 0 ? readOf(index) : change()),
    );
    const faults = await Promise.all(calls.map(faultOf));
    expect(room.gateway.received.length).toBeLessThanOrEqual(4);
    expect(faults.filter(({ status }) => status === 401)).toHaveLength(room.gateway.received.length);
  });

  it('leaves look-ups a try after a hiccup, however many there were at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => faultOf(room.cloud.call(readOf(index)))));
    expect(room.gateway.received.length).toBeLessThanOrEqual(2);
    room.clock.advance(PAUSE);
    room.gateway.replies(says(200));
    await expect(room.cloud.call(read())).resolves.toMatchObject({ status: 200 });
  });

  it('leaves a revocation a try after a hiccup, however many calls there were at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => faultOf(room.cloud.call(change()))));
    expect(room.gateway.received.length).toBeLessThanOrEqual(3);
    room.clock.advance(PAUSE);
    room.gateway.replies(says(200));
    await expect(room.cloud.call(read({ executes: true }))).resolves.toMatchObject({ status: 200 });
  });

  it('says until when it rests to whoever asked', async () => {
    const fault = await faultOf(room.cloud.call(change()));
    expect(fault.message).toContain(
      'signature expired. The access key rests until 2026-03-14T15:14:26.000Z.',
    );
  });

  it('is tried by one call at a time while it is in doubt', async () => {
    await rejectedTimes(1);
    await Promise.all(Array.from({ length: 5 }, () => faultOf(room.cloud.call(change()))));
    expect(room.gateway.received).toHaveLength(2);
  });

  it('is paused at that host only, but counted for all hosts', async () => {
    const second = await startGateway();
    second.replies(rejected);
    const both = await openRoom({
      endpoints: { ...allAt(room.gateway.url), iam: second.url },
      onAuthPause: (pause) => told.push(pause),
    });
    await faultOf(both.cloud.call(read()));
    expect((await faultOf(both.cloud.call(read({ service: 'iam' })))).status).toBe(401);
    const counted = both.log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields);
    expect(counted).toMatchObject([
      { host: `127.0.0.1:${room.gateway.port}`, failures: 1 },
      { host: `127.0.0.1:${second.port}`, failures: 2 },
    ]);
    expect(told).toHaveLength(1);
    await both.close();
    await second.close();
  });

  it('does not pause another key at the same host', async () => {
    const keys = { ...PERMANENT, ak: 'AKEXAMPLE00000000009' };
    const both = await openRoom({
      credentials: async (_, account) => [account === 'other' ? keys : PERMANENT],
    });
    both.gateway.replies(rejected, says(200));
    await faultOf(both.cloud.call(read()));
    await expect(both.cloud.call(read({ account: 'other' }))).resolves.toMatchObject({ status: 200 });
    await both.close();
  });

  it('still rests when a call that was under way with the rejected one is accepted', () => {
    const auths = createAuthPauses(room.clock, PAUSE, deaf);
    const [first, second] = [0, 1].map(() => auths.take(['AK'], 'h', 'execution'));
    first?.ended('rejected');
    second?.ended('accepted');
    expect(auths.refusal(['AK'], 'h', 'execution')).toMatchObject(held);
  });

  it('is counted although telling people failed', async () => {
    const failing = await openRoom({
      credentials: fixedCredentials(PERMANENT),
      onAuthPause: () => {
        throw new Error('no channel');
      },
    });
    failing.gateway.replies(rejected);
    expect((await faultOf(failing.cloud.call(change()))).status).toBe(401);
    expect(await faultOf(failing.cloud.call(change()))).toMatchObject(held);
    await failing.close();
  });
});

describe('answers that say nothing about the key', () => {
  it.each([403, 404, 429, 500])('%i neither count nor reset', async (status) => {
    await rejectedTimes(1);
    room.gateway.replies(says(status));
    await faultOf(room.cloud.call(change()));
    expect(told).toHaveLength(1);
    room.gateway.replies(rejected);
    await faultOf(room.cloud.call(change()));
    expect(told.map(({ failures }) => failures)).toStrictEqual([1, 2]);
  });
});
