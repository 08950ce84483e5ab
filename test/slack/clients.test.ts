import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { boltLogger } from '../../src/slack/bolt-log.ts';
import { createClients, hastyFetch } from '../../src/slack/clients.ts';
import { slackFault } from '../../src/slack/slack-fault.ts';
import { silent } from '../support/world.ts';

/** Answers calls of the Web API only. */
const server = createServer((request, response) => {
  const messages = ['[WARN] missing charset', '[ERROR] missing required field: channel'];
  if (request.url?.startsWith('/api/') !== true) return;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ok: true, response_metadata: { messages } }));
});
let address = '';
const never = new AbortController().signal;

beforeEach(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const at = server.address();
  address = `http://127.0.0.1:${at !== null && typeof at === 'object' ? at.port : 0}/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('gives up on an answer that does not come', async () => {
  await expect(hastyFetch(5)(address)).rejects.toThrow('timeout');
});

it('still gives up when its caller does', async () => {
  const caller = new AbortController();
  const answer = hastyFetch(60_000)(address, { signal: caller.signal });
  caller.abort(new Error('not needed any more'));
  await expect(answer).rejects.toThrow('not needed any more');
});

it('gives up at a stop what Slack has not answered by then, and nobody knows whether it was done', async () => {
  const stop = new AbortController();
  const came = once(server, 'request');
  const { followers } = createClients(
    new Secret('xoxb-1'),
    `${address}hangs/`,
    () => undefined,
    boltLogger(silent),
    stop.signal,
  );
  const failed = followers.chat.postMessage({ channel: 'C1', text: 'Hello' }).catch(slackFault);
  await came;
  stop.abort();
  expect(await failed).toMatchObject({ kind: 'later', mayBeDone: true });
});

it('tells our log what Slack calls an error, and nothing of its warnings', async () => {
  const lines: string[] = [];
  const log = {
    ...silent,
    warn: (words: string) => lines.push(words),
    error: (words: string) => lines.push(words),
  };
  const nobody = () => undefined;
  const { people } = createClients(new Secret('xoxb-1'), `${address}api/`, nobody, boltLogger(log), never);
  await people.auth.test();
  expect(lines).toEqual(['Slack: missing required field: channel']);
});
