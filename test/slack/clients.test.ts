import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hastyFetch } from '../../src/slack/clients.ts';

/** Never answers. */
const server = createServer(() => undefined);
let address = '';

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
