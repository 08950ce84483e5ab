import { describe, expect, it } from 'vitest';
import type { KnownPerson } from '../../src/domain/ports.ts';
import { onExport } from '../../src/slack/export.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { ends, person, requested } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const readerOf = (email: string): KnownPerson => ({
  person: person('UBOB', email),
  standing: 'full member',
  emailConfirmed: true,
});
const bob = readerOf('bob@example.com');
const mallory = readerOf('mallory@example.com');

/** Slack as it takes an upload; `refuse` says which method answers with which error. */
const bench = (refuse: Readonly<Record<string, string>> = {}) => {
  const clock = createVirtualClock();
  const ledger = createMemoryLedger({ clock });
  let uploads = 0;
  const slack = createFakeSlack((method) => {
    const error = refuse[method];
    if (error !== undefined) return { error };
    if (method === 'chat.postMessage') return { channel: 'D1', ts: '1.2' };
    if (method !== 'files.getUploadURLExternal') return {};
    uploads += 1;
    return { upload_url: `http://slack.invalid/upload/F${uploads}`, file_id: `F${uploads}` };
  });
  const said: string[] = [];
  const exports = async (argument: string, reader = bob): Promise<readonly string[]> => {
    said.length = 0;
    await onExport(
      { ledger, clock, client: slack.client, log: silent },
      reader,
      argument,
      async ({ text }) => {
        said.push(text);
      },
    );
    return [...said];
  };
  const ask = async (changes: Parameters<typeof requested>[0] = {}) =>
    (await ledger.append('new', 0, [requested(changes)])).id;
  const argsOf = (method: string) =>
    slack.calls.filter((call) => call.method === method).map(({ args }) => args);
  return { ledger, exports, ask, argsOf };
};

describe('an export', () => {
  it("of one request puts a Markdown and a JSON file into the asker's direct messages", async () => {
    const { exports, ask, argsOf } = bench();
    await ask();
    expect(await exports('r-000001')).toEqual([
      'I am preparing the export of R-000001: 1 request.',
      'The export of R-000001 is in your direct messages with me: 1 request.',
    ]);
    expect(argsOf('chat.postMessage')).toMatchObject([{ channel: 'UBOB', parse: 'none' }]);
    expect(argsOf('files.getUploadURLExternal').map(({ filename }) => filename)).toEqual([
      'R-000001.md',
      'R-000001.json',
    ]);
    const [shared] = argsOf('files.completeUploadExternal');
    expect(shared).toMatchObject({ channel_id: 'D1' });
    expect(shared).not.toHaveProperty('thread_ts');
  });

  it.each([
    ['INC-42', 'The export of INC-42 is in your direct messages with me: 2 requests.'],
    ['inc-42', 'The export of INC-42 is in your direct messages with me: 2 requests.'],
    ['INC-4', 'There is no request or incident "INC-4" to export. Try: export R-000001, or export INC-42.'],
    ['R-000009', 'There is no request or incident "R-000009" to export.'],
    ['', 'There is no request or incident "" to export.'],
    ['<!channel>', 'There is no request or incident "&lt;!channel&gt;" to export.'],
  ])('of %j answers in the end: %s', async (argument, words) => {
    const { exports, ask } = bench();
    await ask({ incident: 'INC-42' });
    await ask({ incident: 'INC-42' });
    await ask({ incident: 'INC-43' });
    expect((await exports(argument)).at(-1)).toContain(words);
  });

  it('holds for the affected person what has ended, and hides the rest like what does not exist', async () => {
    const { ledger, exports, ask } = bench();
    const id = await ask({ incident: 'INC-42' });
    const answer = await exports(id, mallory);
    const nothing = await exports('R-000099', mallory);
    expect(answer.map((text) => text.replace(id, 'R-000099'))).toEqual(nothing);
    expect(await exports('INC-42', mallory)).toHaveLength(1);
    await ask({ incident: 'INC-42' });
    await ledger.append(id, null, [ends.denied]);
    expect((await exports('INC-42', mallory)).at(-1)).toContain('1 request.');
    expect((await exports('INC-42')).at(-1)).toContain('2 requests.');
  });

  it('holds the newest hundred of an incident', async () => {
    const { exports, ask } = bench();
    for (let n = 0; n < 101; n += 1) await ask({ incident: 'INC-42' });
    expect((await exports('INC-42')).at(-1)).toContain('100 requests.');
  });

  it.each([
    ['chat.postMessage', 'messages_tab_disabled', 'does not let me write to you directly'],
    ['files.getUploadURLExternal', 'missing_scope', 'install it again, with the scope files:write'],
    ['files.completeUploadExternal', 'internal_error', 'Please try again in a minute'],
  ])('that ends at %s with %s says why', async (method, error, words) => {
    const { exports, ask } = bench({ [method]: error });
    await ask();
    expect((await exports('R-000001')).at(-1)).toMatch(
      new RegExp(`^The export of R-000001 could not be sent\\..*${words}`),
    );
  });
});
