import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CloudFault } from '../../src/domain/ports.ts';
import { createCloud } from '../../src/huaweicloud/client.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { waitBeforeRepeat } from '../../src/huaweicloud/retry.ts';
import { fakeClock, recordingLog } from './fake-parts.ts';
import { type LocalGateway, losesTheAnswer, says, startGateway } from './local-gateway.ts';
import { allAt, change, faultOf, openRoom, PERMANENT, type Room, read } from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(async () => {
  await room.close();
});

const conflict = { error_code: 'IIC.1006', error_msg: 'Concurrency conflicts. Try again later.' };

describe('a read', () => {
  it.each([429, 500, 502, 503, 504])('is repeated after %i until it succeeds', async (status) => {
    room.gateway.replies(says(status), says(status), says(status), says(200, { ok: 1 }));
    const answer = await room.cloud.call(read());
    expect(answer).toStrictEqual({ body: { ok: 1 }, status: 200 });
    expect(room.gateway.received).toHaveLength(4);
  });

  it('is repeated after a cut connection', async () => {
    room.gateway.replies(losesTheAnswer, says(200, { ok: 1 }));
    expect((await room.cloud.call(read())).body).toStrictEqual({ ok: 1 });
    expect(room.gateway.received).toHaveLength(2);
  });

  it('is given up after the fourth try', async () => {
    room.gateway.replies(says(503));
    const fault = await faultOf(room.cloud.call(read()));
    expect(fault).toMatchObject({ family: 'too-late', status: 503, retryable: true });
    expect(room.gateway.received).toHaveLength(4);
  });

  it('waits half a second, doubling, between half and all of it', async () => {
    room.gateway.replies(says(503));
    await faultOf(room.cloud.call(read()));
    expect(room.clock.slept).toStrictEqual([375, 750, 1500]);
  });

  it('is signed afresh each time', async () => {
    room.gateway.replies(says(503), says(503), says(200));
    await room.cloud.call(read());
    const dates = room.gateway.received.map(({ headers }) => headers['x-sdk-date']);
    expect(dates).toStrictEqual(['20260314T150926Z', '20260314T150926Z', '20260314T150927Z']);
    expect(new Set(room.gateway.received.map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  it.each([400, 401, 403, 404, 409, 501])('is not repeated after %i', async (status) => {
    room.gateway.replies(says(status), says(200));
    expect((await faultOf(room.cloud.call(read()))).status).toBe(status);
    expect(room.gateway.received).toHaveLength(1);
  });

  it('is not repeated after an answer in another form', async () => {
    room.gateway.replies(says(200, 'garbage'), says(200));
    expect((await faultOf(room.cloud.call(read()))).family).toBe('unexpected-answer');
    expect(room.gateway.received).toHaveLength(1);
  });
});

describe('a change', () => {
  it('is repeated after 429', async () => {
    room.gateway.replies(says(429), says(429), says(200));
    await room.cloud.call(change());
    expect(room.gateway.received.map(({ body }) => body)).toStrictEqual(Array(3).fill('{"id":"u-1"}'));
  });

  it('is reported after the fourth 429', async () => {
    room.gateway.replies(says(429, { error_code: 'APIGW.0308', error_msg: 'throttling' }));
    const fault = await faultOf(room.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'refused', status: 429, code: 'APIGW.0308', retryable: true });
    expect(room.gateway.received).toHaveLength(4);
  });

  it.each(['IIC.1006', 'IdentityCenter.1006'])(
    'is repeated after %s with 409 of Identity Center',
    async (code) => {
      room.gateway.replies(says(409, { ...conflict, error_code: code }), says(200));
      await room.cloud.call(change());
      expect(room.gateway.received).toHaveLength(2);
    },
  );

  it('is not repeated after 1006 with another status, another 409, or 1006 of another service', async () => {
    room.gateway.replies(
      says(400, conflict),
      says(409, { ...conflict, error_code: 'IIC.1007' }),
      says(409, { ...conflict, error_code: 'IIC.21006' }),
      says(409, conflict),
    );
    const faults = [
      await faultOf(room.cloud.call(change())),
      await faultOf(room.cloud.call(change())),
      await faultOf(room.cloud.call(change())),
      await faultOf(room.cloud.call(change({ service: 'modelarts' }))),
    ];
    expect(faults.map(({ family }) => family)).toStrictEqual(Array(4).fill('refused'));
    expect(room.gateway.received).toHaveLength(4);
  });

  it.each([500, 502, 503, 504, 408])('after %i is not repeated: its outcome is unknown', async (status) => {
    room.gateway.replies(says(status), says(200));
    const fault = await faultOf(room.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'too-late', status, retryable: true });
    expect(room.gateway.received).toHaveLength(1);
  });

  it('whose answer is lost is not repeated: its outcome is unknown', async () => {
    room.gateway.replies(losesTheAnswer, says(200));
    const fault = await faultOf(room.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'too-late', status: undefined, retryable: true });
    expect(room.gateway.received).toHaveLength(1);
  });

  it('whose lost answer was on a connection used before is not repeated either', async () => {
    room.gateway.replies(says(200), losesTheAnswer, says(200));
    await room.cloud.call(change());
    expect((await faultOf(room.cloud.call(change()))).family).toBe('too-late');
    expect(room.gateway.received).toHaveLength(2);
  });

  it('that got a garbage 2xx is not repeated: its outcome is unknown', async () => {
    room.gateway.replies(says(200, '<html>'), says(200));
    expect((await faultOf(room.cloud.call(change()))).family).toBe('unexpected-answer');
    expect(room.gateway.received).toHaveLength(1);
  });

  it.each([400, 401, 403, 404])('is not repeated after %i', async (status) => {
    room.gateway.replies(says(status), says(200));
    expect(await faultOf(room.cloud.call(change()))).toMatchObject({ family: 'refused', status });
    expect(room.gateway.received).toHaveLength(1);
  });
});

describe('a change that was refused before it was written', () => {
  let late: LocalGateway | undefined;
  afterEach(async () => {
    await late?.close();
    late = undefined;
  });

  it('is repeated, and succeeds when the cloud can be reached again', async () => {
    const { port, url } = room.gateway;
    await room.gateway.close();
    const clock = fakeClock(0, async () => {
      late ??= await startGateway(port);
    });
    const credentials = fixedCredentials(PERMANENT);
    const cloud = createCloud({
      credentials,
      endpoints: allAt(url),
      clock,
      random: () => 0,
      log: recordingLog(),
      timeoutMs: 10_000,
      authPauseMs: 1,
    });
    expect((await cloud.call(change())).status).toBe(200);
    expect(late?.received).toHaveLength(1);
    await cloud.close();
  });

  it('is reported as not reached after the fourth try', async () => {
    const nowhere = await startGateway();
    await nowhere.close();
    const other = await openRoom({ endpoints: allAt(nowhere.url) });
    const fault = await faultOf(other.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'not-reached', code: 'ECONNREFUSED', retryable: true });
    expect(other.clock.slept).toHaveLength(3);
    await other.close();
  });

  it('is reported as not reached when the connection could not be made secure', async () => {
    const other = await openRoom({ endpoints: allAt(room.gateway.url.replace('http:', 'https:')) });
    expect((await faultOf(other.cloud.call(change()))).family).toBe('not-reached');
    expect(other.clock.slept).toHaveLength(3);
    await other.close();
  });
});

describe('the table of rules', () => {
  const fault = (family: CloudFault['family'], code?: string) =>
    new CloudFault(family, '', { code, retryable: true });
  const failed = { service: 'identitycenter', attempt: 1, random: 0 } as const;

  it('never waits more than eight seconds, however random', () => {
    const waits = [1, 2, 3].map((attempt) =>
      waitBeforeRepeat({ ...failed, effect: 'read', attempt, random: 0.999, fault: fault('not-reached') }),
    );
    expect(waits).toStrictEqual([500, 1000, 1999]);
  });

  it.each(['read', 'change'] as const)('does not repeat a %s that the client itself held back', (effect) => {
    const held = fault('not-reached', 'PORTCULLIS.AUTH_PAUSED');
    expect(waitBeforeRepeat({ ...failed, effect, fault: held })).toBeUndefined();
  });
});
