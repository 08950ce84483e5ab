import { createHash, createHmac } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCloud } from '../../src/huaweicloud/client.ts';
import type { CredentialsProvider } from '../../src/huaweicloud/credentials.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { BODY_LIMIT } from '../../src/huaweicloud/exchange.ts';
import { fakeClock, recordingLog } from './fake-parts.ts';
import { hangs, type Received, type Reply, says } from './local-gateway.ts';
import {
  AK,
  allAt,
  change,
  faultOf,
  openRoom,
  PERMANENT,
  type Room,
  read,
  SK,
  TEMPORARY,
  TOKEN,
} from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(async () => {
  await room.close();
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Signs what arrived, from the guide and without the signer under test; the query must arrive sorted. */
function expectedAuthorization(received: Received): string {
  const [path = '', query = ''] = received.url.split('?');
  const names = /SignedHeaders=([^,]*)/.exec(received.headers.authorization ?? '')?.[1] ?? '';
  const lines = names.split(';').map((name) => `${name}:${String(received.headers[name])}\n`);
  const hash = sha256(received.body);
  const canonical = `${received.method}\n${path}/\n${query}\n${lines.join('')}\n${names}\n${hash}`;
  const toSign = `SDK-HMAC-SHA256\n${String(received.headers['x-sdk-date'])}\n${sha256(canonical)}`;
  const signature = createHmac('sha256', SK).update(toSign).digest('hex');
  return `SDK-HMAC-SHA256 Access=${AK}, SignedHeaders=${names}, Signature=${signature}`;
}

async function sent(call: Promise<unknown>, from: Room = room): Promise<Received> {
  await call;
  const [first] = from.gateway.received;
  if (first === undefined || from.gateway.received.length !== 1) throw new Error('not exactly one request');
  return first;
}

function signedHeaders(received: Received): string | undefined {
  return /SignedHeaders=([^,]*)/.exec(received.headers.authorization ?? '')?.[1];
}

describe('what goes on the wire', () => {
  it('is signed over the same bytes that arrive', async () => {
    const body = { reason: '离职 – "Zoë" 🚫\u2028\n', id: 'u-1' };
    const query = { 'tag[0]': 'x y', tag: "a+b*'(~)", limit: 100 };
    const received = await sent(room.cloud.call(change({ body, query })));
    expect(received.body).toBe(JSON.stringify(body));
    expect(received.url).toBe(
      '/v1/instances/ins-1/disassociate-profile?limit=100&tag=a%2Bb%2A%27%28~%29&tag%5B0%5D=x%20y',
    );
    expect(received.headers.authorization).toBe(expectedAuthorization(received));
  });

  it('names the host with its port, and JSON both ways', async () => {
    const received = await sent(room.cloud.call(read()));
    expect(received.headers).toMatchObject({
      host: `127.0.0.1:${room.gateway.port}`,
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(signedHeaders(received)).toBe('content-type;host;x-sdk-date');
  });

  it('has no body and no length for a GET and for a DELETE without a body', async () => {
    await room.cloud.call(read());
    await room.cloud.call(read({ method: 'DELETE', effect: 'change' }));
    const lengths = room.gateway.received.map(({ headers, body }) => [
      headers['content-length'] ?? '0',
      body,
    ]);
    expect(lengths).toStrictEqual([
      ['0', ''],
      ['0', ''],
    ]);
  });

  it('signs the security token of temporary credentials', async () => {
    const temporary = await openRoom({ credentials: fixedCredentials(TEMPORARY) });
    const received = await sent(temporary.cloud.call(read()), temporary);
    expect(received.headers['x-security-token']).toBe(TOKEN);
    expect(signedHeaders(received)).toBe('content-type;host;x-sdk-date;x-security-token');
    expect(received.headers.authorization).toBe(expectedAuthorization(received));
    await temporary.close();
  });

  it.each([
    ['identitycenter', 'content-type;host;x-domain-id;x-sdk-date'],
    ['identitystore', 'content-type;host;x-project-id;x-sdk-date'],
    ['organizations', 'content-type;host;x-project-id;x-sdk-date'],
    ['modelarts', 'content-type;host;x-project-id;x-sdk-date'],
    ['sts', 'content-type;host;x-project-id;x-sdk-date'],
    ['iam', 'content-type;host;x-sdk-date'],
  ] as const)('scopes %s by signing %s', async (service, names) => {
    const scoped = await openRoom({ credentials: fixedCredentials({ ...PERMANENT, domainId: 'd0' }) });
    const received = await sent(scoped.cloud.call(read({ service, project: 'p0' })), scoped);
    expect(signedHeaders(received)).toBe(names);
    expect(received.headers.authorization).toBe(expectedAuthorization(received));
    await scoped.close();
  });

  it('asks for credentials by service and account, for each attempt', async () => {
    const asked: unknown[] = [];
    const other = await openRoom({
      credentials: async (...what) => {
        asked.push(what);
        return [PERMANENT];
      },
    });
    other.gateway.replies(says(503), says(200));
    await other.cloud.call(read({ service: 'modelarts', account: 'a1' }));
    expect(asked).toStrictEqual(Array(2).fill(['modelarts', 'a1']));
    await other.close();
  });
});

describe('a wrong request', () => {
  it.each([
    ['a path segment with a slash', { path: ['v1', 'a/b'] }],
    ['an empty path segment', { path: ['v1', ''] }],
    ['a path segment of dots', { path: ['v1', '..'] }],
    ['a path segment with an escape', { path: ['v1', '%2e'] }],
    ['a path segment with a line end', { path: ['v1', 'abc\n'] }],
    ['a project with other characters', { project: 'a\r\nb' }],
    ['a GET with a body', { body: {} }],
    ['half of a character in the query', { query: { name: '\udc00' } }],
  ])('is turned away in words before anything is sent: %s', async (_, part) => {
    await expect(room.cloud.call(read(part))).rejects.toThrow(RangeError);
    expect(room.gateway.received).toHaveLength(0);
  });

  it.each<[string, CredentialsProvider]>([
    ['they cannot be read', () => Promise.reject(new Error(SK))],
    ['none is there', async () => []],
  ])(
    'has no credentials, as %s: nothing is sent, and the reason is not passed on',
    async (_, credentials) => {
      const other = await openRoom({ credentials });
      const fault = await faultOf(other.cloud.call(change()));
      expect(fault).toMatchObject({ family: 'not-reached', code: 'PORTCULLIS.NO_CREDENTIALS' });
      expect(fault.message).not.toContain(SK);
      expect(other.gateway.received).toHaveLength(0);
      await other.close();
    },
  );
});

describe('an answer', () => {
  it.each([200, 201, 202])(
    'of %i is parsed by the schema of the request and keeps the request id',
    async (status) => {
      room.gateway.replies(says(status, { result: 'true', more: 1 }, { 'X-Request-Id': 'rq-1' }));
      const answer = z.object({ result: z.literal('true') });
      const call = room.cloud.call({ ...read(), answer });
      expect(await call).toStrictEqual({ body: { result: 'true' }, status, requestId: 'rq-1' });
    },
  );

  const empties: readonly (readonly [string, Reply])[] = [
    ['200 with a length of 0', says(200, '')],
    ['200 without a length', (response) => response.writeHead(200, { connection: 'close' }).end()],
    ['204', (response) => response.writeHead(204).end()],
  ];
  it.each(empties)('without a body is given to the schema as undefined: %s', async (_, reply) => {
    room.gateway.replies(reply);
    expect((await room.cloud.call({ ...change(), answer: z.undefined() })).body).toBeUndefined();
  });

  it('in another form names the places that were wrong, and no values', async () => {
    room.gateway.replies(
      says(200, { users: [{ user_id: 'u-1' }, { user_id: 7_000_123 }] }, { 'x-request-id': 'rq-2' }),
    );
    const answer = z.object({ users: z.array(z.object({ user_id: z.string() })), page_info: z.object({}) });
    const fault = await faultOf(room.cloud.call({ ...read(), answer }));
    expect(fault).toMatchObject({
      family: 'unexpected-answer',
      status: 200,
      requestId: 'rq-2',
      retryable: false,
    });
    expect(fault.message).toContain('users.1.user_id, page_info');
    expect(fault.message).not.toContain('7000123');
  });

  it('of bytes that are no text is unexpected', async () => {
    room.gateway.replies((response) => response.end(Buffer.from([0x22, 0xff, 0x22])));
    expect((await faultOf(room.cloud.call(read()))).family).toBe('unexpected-answer');
  });

  it('that is bigger than the limit is unexpected, and not read on', async () => {
    room.gateway.replies((response) => response.end(Buffer.alloc(BODY_LIMIT + 1, 0x20)));
    expect((await faultOf(room.cloud.call(change()))).message).toContain('too big');
  });

  it.each([301, 302, 304, 307, 308])('of %i is unexpected, and is not followed', async (status) => {
    room.gateway.replies(says(status, '', { location: `${room.gateway.url}/elsewhere` }), says(200));
    const fault = await faultOf(room.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'unexpected-answer', status });
    expect(room.gateway.received).toHaveLength(1);
  });
});

describe('time', () => {
  const headsThenHangs: Reply = (response) => response.writeHead(200, { 'content-length': '10' }).write('{');
  it.each([
    ['no answer', hangs],
    ['half an answer', headsThenHangs],
  ])('runs out with %s: a change that was sent has an unknown outcome', async (_, reply) => {
    // Long enough for a busy machine to connect and send within.
    const hasty = await openRoom({ timeoutMs: 400 });
    hasty.gateway.replies(reply);
    const fault = await faultOf(hasty.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'too-late', code: 'TIMED_OUT', retryable: true });
    expect(hasty.gateway.received).toHaveLength(1);
    await hasty.close();
  });

  it('runs out while connecting: the change was surely not accepted', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const hasty = await openRoom({ timeoutMs: 50, endpoints: allAt(`https://127.0.0.1:${port}`) });
    const fault = await faultOf(hasty.cloud.call(change()));
    expect(fault).toMatchObject({ family: 'not-reached', retryable: true });
    expect(hasty.clock.slept).toHaveLength(3);
    await hasty.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      silent.close(resolve);
    });
  });

  it('a refusal whose body is cut short is still a refusal', async () => {
    room.gateway.replies((response, request) => {
      response.writeHead(403, { 'content-length': '100' });
      response.write('{"error_', () => request.socket.destroySoon());
    });
    expect(await faultOf(room.cloud.call(change()))).toMatchObject({ family: 'refused', status: 403 });
  });

  it('a success whose body is cut short is an unknown outcome', async () => {
    room.gateway.replies((response, request) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"result', () => request.socket.destroySoon());
    });
    expect((await faultOf(room.cloud.call(change()))).family).toBe('too-late');
  });
});

describe('the log', () => {
  it('has one debug line per try, without query and body', async () => {
    room.gateway.replies(says(503), says(200, { a: 1 }, { 'x-request-id': 'rq-3' }));
    await room.cloud.call(read({ query: { name: 'li.wei' } }));
    const common = { service: 'identitycenter', method: 'GET', path: '/v1/instances' };
    expect(room.log.lines.map(({ level, fields }) => ({ level, ...fields }))).toStrictEqual([
      { level: 'debug', ...common, status: 503, ms: 0, requestId: undefined, attempt: 1, code: '503' },
      { level: 'debug', ...common, status: 200, ms: 0, requestId: 'rq-3', attempt: 2, code: undefined },
    ]);
  });
});

describe('closing', () => {
  it('turns away what comes later, and what waits for a repeat', async () => {
    const held: { close?: () => Promise<void> } = {};
    const clock = fakeClock(0, async () => {
      await held.close?.();
    });
    const { gateway } = room;
    const cloud = createCloud({
      credentials: fixedCredentials(PERMANENT),
      endpoints: allAt(gateway.url),
      clock,
      random: () => 0,
      log: recordingLog(),
      timeoutMs: 10_000,
      authPauseMs: 1,
    });
    gateway.replies(says(503));
    held.close = () => {
      delete held.close;
      return cloud.close();
    };
    expect((await faultOf(cloud.call(read()))).status).toBe(503);
    expect(gateway.received).toHaveLength(1);
    expect(await faultOf(cloud.call(change()))).toMatchObject({
      family: 'not-reached',
      code: 'PORTCULLIS.CLOSED',
    });
  });

  it('cuts what does not end, as an unknown outcome', async () => {
    const arrived = new Promise<void>((resolve) => {
      room.gateway.replies(() => resolve());
    });
    const ending = faultOf(room.cloud.call(change()));
    await arrived;
    await room.cloud.close();
    expect((await ending).family).toBe('too-late');
  });
});
