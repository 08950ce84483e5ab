import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { type Credentials, fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { type LocalCloud, startLocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import { type Reply, says } from './local-gateway.ts';
import { allAt, change, faultOf, openRoom, type Room, read } from './room.ts';

const PAUSE = 300_000;
const rejected = says(401, { error_code: 'APIGW.0301', error_msg: 'signature expired' });

const keysOf = (count: number): Credentials[] =>
  Array.from({ length: count }, (_, index) => ({
    ak: `AKEXAMPLE0000000010${index}`,
    sk: new Secret(`SkExampleSecret/NotReal+10${index}`),
  }));

const signedBy = (authorization: string | undefined): string =>
  /Access=([^,]+)/.exec(authorization ?? '')?.[1] ?? 'nobody';

let room: Room;
let told: string[];
const open = async (credentials: readonly Credentials[]): Promise<void> => {
  room = await openRoom({
    credentials: fixedCredentials(...credentials),
    authPauseMs: PAUSE,
    onAuthPause: ({ message }) => told.push(message),
  });
};
beforeEach(() => {
  told = [];
});
afterEach(async () => {
  await room.close();
});

const usedKeys = () => room.gateway.received.map(({ headers }) => signedBy(headers.authorization));

/** Rejects these keys and accepts the others. */
const rejecting =
  (...lost: readonly (Credentials | undefined)[]): Reply =>
  (response, request) => {
    const isLost = lost.some((key) => key?.ak === signedBy(request.headers.authorization));
    (isLost ? rejected : says(200))(response, request);
  };

describe('several access keys', () => {
  it('sign in turn', async () => {
    const keys = keysOf(3);
    await open(keys);
    for (let call = 0; call < 6; call += 1) await room.cloud.call(read());
    expect(usedKeys()).toStrictEqual([...keys, ...keys].map(({ ak }) => ak));
  });

  it.each([1, 2, 4])('let %i times three calls be under way', async (count) => {
    await open(keysOf(count));
    const underWay: (() => void)[] = [];
    let most = 0;
    room.gateway.replies((...exchange) => {
      underWay.push(() => says(200)(...exchange));
      most = Math.max(most, underWay.length);
      // Any further one would come within this time, and those that come last are fewer.
      if (underWay.length === 3 * count || room.gateway.received.length === 30)
        setTimeout(() => {
          for (const answer of underWay.splice(0)) answer();
        }, 20);
    });
    await Promise.all(Array.from({ length: 30 }, () => room.cloud.call(change())));
    expect(most).toBe(3 * count);
  });

  it('share a read that several ask for', async () => {
    await open(keysOf(2));
    const busy = Array.from({ length: 6 }, () => room.cloud.call(change()));
    await Promise.all([...busy, room.cloud.call(read()), room.cloud.call(read()), room.cloud.call(read())]);
    expect(room.gateway.received.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('go on while one of them rests, and its call says so and may be asked again at once', async () => {
    const keys = keysOf(2);
    await open(keys);
    room.gateway.replies(rejecting(keys[0]));
    const fault = await faultOf(room.cloud.call(change()));
    expect(fault).toMatchObject({ status: 401, againAt: room.clock.now() });
    expect(fault.message).toContain(
      'Access key 1 of 2 rests until 2026-03-14T15:14:26.000Z. Another access key is used meanwhile.',
    );
    for (let call = 0; call < 10; call += 1) await room.cloud.call(change());
    expect(usedKeys().filter((ak) => ak === keys[0]?.ak)).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('did not accept access key 1 of 2 (HTTP 401, once)');
    expect(told[0]).not.toContain('AKEXAMPLE');
  });

  it('leave a key in doubt to revocations, which go on by themselves after a 401', async () => {
    const keys = keysOf(2);
    await open(keys);
    room.gateway.replies(rejecting(keys[0]));
    await faultOf(room.cloud.call(change()));
    room.clock.advance(PAUSE);
    for (let call = 0; call < 4; call += 1) await room.cloud.call(read());
    expect((await faultOf(room.cloud.call(change()))).status).toBe(401);
  });

  it('are refused only when all of them rest, until the first of them may be tried again', async () => {
    const keys = keysOf(2);
    await open(keys);
    room.gateway.replies(rejected);
    await faultOf(room.cloud.call(change()));
    room.clock.advance(1000);
    const second = await faultOf(room.cloud.call(change()));
    const first = '2026-03-14T15:14:26.000Z';
    expect(second.message).toContain(`All 2 access keys rest; the first may be used again at ${first}.`);
    expect(second.againAt).toBe(Date.parse(first));
    const held = await faultOf(room.cloud.call(read()));
    expect(held).toMatchObject({ family: 'not-reached', code: 'PORTCULLIS.AUTH_PAUSED' });
    expect(held.message).toContain(
      `did not accept any of the 2 access keys (HTTP 401). Nothing is sent until ${first}`,
    );
    expect(room.gateway.received).toHaveLength(2);
  });

  it('show none of their ids and secrets, whichever of them an answer repeats', async () => {
    const keys = keysOf(3);
    await open(keys);
    const all = keys.map(({ ak, sk }) => `${ak} ${sk.reveal()}`).join(' ');
    room.gateway.replies(says(400, { error_code: 'IIC.400', error_msg: all }));
    const { message } = await faultOf(room.cloud.call(change()));
    for (const { ak, sk } of keys) {
      expect(message).not.toContain(ak);
      expect(message).not.toContain(sk.reveal());
    }
    expect(message).toContain('[hidden]');
  });
});

describe('the local cloud', () => {
  let local: LocalCloud;
  afterEach(async () => {
    await local.close();
  });

  it('accepts each key, and locks none but the one that is wrong', async () => {
    local = await startLocalCloud({ now: () => room.clock.now() });
    const { ak, sk, further } = local.credentials;
    const keys = [{ ak, sk }, ...further].map((key) => ({ ak: key.ak, sk: new Secret(key.sk) }));
    room = await openRoom({
      credentials: fixedCredentials(
        ...keys.map((key, index) => (index === 1 ? { ...key, sk: new Secret('wrong') } : key)),
      ),
      endpoints: allAt(local.url),
    });
    const calls = Array.from({ length: 40 }, (_, index) =>
      room.cloud.call(read({ query: { limit: (index % 100) + 1 }, executes: true })).then(
        () => 200,
        (fault: { status?: number }) => fault.status,
      ),
    );
    const statuses = await Promise.all(calls);
    const wrong = statuses.filter((status) => status !== 200);
    expect(new Set(wrong)).toStrictEqual(new Set([401]));
    expect(wrong.length).toBeLessThanOrEqual(3);
    await room.cloud.call(read());
  });
});
