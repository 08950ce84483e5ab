import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Secret } from '../../src/domain/secret.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { losesTheAnswer, type Reply, says } from './local-gateway.ts';
import { AK, allAt, change, faultOf, openRoom, type Room, read, SK, TEMPORARY, TOKEN } from './room.ts';

const SECRETS = [AK, SK, TOKEN];
const all = SECRETS.join(' ');

/** Everything that any printer could show of a value. */
function printed(value: unknown): string {
  const hidden = inspect(value, { depth: 20, showHidden: true, maxStringLength: null });
  return `${hidden} ${JSON.stringify(value)} ${String(value)}`;
}

function found(text: string): readonly string[] {
  return SECRETS.filter((secret) => text.includes(secret));
}

async function shownBy(room: Room): Promise<string> {
  const answer = z.strictObject({ user: z.string() });
  const shown = [
    await faultOf(room.cloud.call({ ...read(), answer })),
    await faultOf(room.cloud.call({ ...change(), answer })),
  ];
  return printed([...shown, ...room.log.lines, room.cloud]);
}

describe('no key, secret or token is in any fault or log line', () => {
  const replies: readonly (readonly [string, Reply])[] = [
    [
      'a wrong signature',
      says(401, { error_code: 'APIGW.0301', error_msg: `${all}, canonicalRequest:${all}` }),
    ],
    [
      'an error that says them everywhere',
      says(400, { error_code: all, error_msg: all, request_id: all }, { 'x-request-id': all }),
    ],
    ['a text', says(500, all)],
    ['JSON in no known form', says(400, { [all]: { [all]: all } })],
    ['a success of another form', says(200, { [all]: all }, { 'x-request-id': all })],
    ['a success that is no JSON', says(200, all)],
    ['a redirect', says(302, all, { location: `http://127.0.0.1/?${encodeURIComponent(all)}` })],
    ['a lost answer', losesTheAnswer],
  ];
  it.each(replies)('after %s', async (_, reply) => {
    const room = await openRoom({ credentials: fixedCredentials(TEMPORARY) });
    room.gateway.replies(reply);
    expect(found(await shownBy(room))).toStrictEqual([]);
    await room.close();
  });

  it('after bytes that are not HTTP', async () => {
    const server = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .resume()
        .end(`HTTP/9 ${all}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const room = await openRoom({
      credentials: fixedCredentials(TEMPORARY),
      endpoints: allAt(`http://127.0.0.1:${port}`),
    });
    const shown = await shownBy(room);
    expect(found(shown)).toStrictEqual([]);
    expect(shown).toContain("family: 'too-late'");
    await room.close();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it.each([
    ['percent-encoded', encodeURIComponent],
    ['escaped for JSON', (secret: string) => JSON.stringify(secret).slice(1, -1)],
  ])('where it is echoed %s', async (_, spelling) => {
    const token = `${TOKEN}"\\`;
    const room = await openRoom({
      credentials: fixedCredentials({ ...TEMPORARY, securityToken: new Secret(token) }),
    });
    room.gateway.replies(says(403, `<html>x-security-token: ${spelling(token)}</html>`));
    const { message } = await faultOf(room.cloud.call(change()));
    expect(message).toContain('x-security-token: [hidden]<');
    await room.close();
  });

  it('and the search would find them', () => {
    expect(found(printed({ a: [new Error(`x${SK}`)], b: TOKEN, [AK]: 1 }))).toStrictEqual(SECRETS);
  });
});
