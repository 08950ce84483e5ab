import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandbox } from '../support/sandbox.ts';

/** What this port answers to these bytes until it ends the connection, written piece by piece. */
const sent = (port: number, pieces: Iterable<string>, pause: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      clearTimeout(tooLong);
      socket.destroy();
      resolve(answer);
    };
    const tooLong = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection is still open after 20 s; answer: ${answer.slice(0, 200)}`));
    }, 20_000);
    socket.on('data', (data) => {
      answer += data.toString('utf8');
    });
    socket.on('close', end);
    socket.on('error', end);
    const rest = pieces[Symbol.iterator]();
    const next = (): void => {
      const piece = rest.next();
      if (piece.done === true || socket.destroyed) return;
      socket.write(piece.value, () => setTimeout(next, pause));
    };
    socket.on('connect', next);
  });

const start = 'POST /slack/events HTTP/1.1\r\nHost: localhost\r\n';

function* many(first: string, piece: string, count: number): Generator<string> {
  yield first;
  for (let n = 0; n < count; n += 1) yield piece;
}

/** In Socket Mode there is no place for a delivery; whoever still writes when it is cut off may lose the answer. */
const refused = /^(?:HTTP\/1\.1 404 |$)/;

describe.each([
  ['socket', refused, refused],
  ['http', /^HTTP\/1\.1 413 /, /^HTTP\/1\.1 408 /],
] as const)('the port in the mode %s', (transport, tooLong, tooSlow) => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>;
  beforeAll(async () => {
    sandbox = await openSandbox(transport);
  });
  afterAll(() => sandbox.close());

  it.concurrent.each([
    [
      'a body of eight megabytes',
      () => many(`${start}Content-Length: ${8 << 20}\r\nConnection: close\r\n\r\n`, 'x'.repeat(1 << 16), 128),
      tooLong,
      0,
    ],
    [
      'a flood of headers',
      () => many(start, `X-Flood: ${'y'.repeat(1_000)}\r\n`, 1_000),
      /^HTTP\/1\.1 431 /,
      0,
    ],
    ['headers that come slowly', () => many(start, 'X-Slow: z\r\n', 1_000), /^HTTP\/1\.1 408 /, 200],
    [
      'a body that comes slowly',
      () => many(`${start}Content-Length: 100000\r\n\r\n`, 'z', 1_000),
      tooSlow,
      200,
    ],
  ] as const)(
    'cuts off %s, and goes on answering others',
    async (_what, pieces, answer, pause) => {
      const cut = sent(sandbox.botPort(), pieces(), pause);
      const health = await fetch(`http://127.0.0.1:${sandbox.botPort()}/healthz`);
      expect(health.status).toBe(200);
      expect(await cut).toMatch(answer);
      expect(sandbox.cloud.calls.changes()).toEqual([]);
    },
    30_000,
  );
});
