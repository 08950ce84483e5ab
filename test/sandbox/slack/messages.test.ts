import { describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, manifestWith, refusal } from './support.ts';

const { channels, users } = SEED;
const { incident } = channels;

describe('posting', () => {
  it.each([
    ['a channel that does not exist', 'C0NOWHERE0', 'channel_not_found'],
    ['a private channel without the bot, hiding that it exists', channels.secret, 'channel_not_found'],
    ['a public channel without the bot', channels.general, 'not_in_channel'],
    ['an archived channel', channels.archived, 'is_archived'],
    ['a bot', users.bot, 'channel_not_found'],
    ['nobody', 'U0NOBODY00', 'channel_not_found'],
    ['a channel by its name', '#inc-042', 'channel_not_found'],
  ])('refuses %s', async (_what, channel, error) => {
    const { client } = await bench();
    expect((await refusal(client.chat.postMessage({ channel, text: 'x' }))).error).toBe(error);
  });

  it('posts into a public channel without membership with chat:write.public', async () => {
    const { client } = await bench({ manifest: manifestWith(['chat:write', 'chat:write.public']) });
    expect((await client.chat.postMessage({ channel: channels.general, text: 'x' })).ok).toBe(true);
  });

  it('reaches a person by user id, unless the Messages tab is off', async () => {
    const { slack, client } = await bench();
    const posted = await client.chat.postMessage({ channel: users.alice, text: 'psst' });
    expect(posted.channel).toMatch(/^D/);
    expect(
      slack
        .as(users.alice)
        .dms()
        .map(({ text }) => text),
    ).toEqual(['psst']);
    const app_home = { messages_tab_enabled: false };
    const silent = await bench({ manifest: { ...manifestWith(), features: { app_home } } });
    const answer = await refusal(silent.client.chat.postMessage({ channel: users.alice, text: 'x' }));
    expect(answer.error).toBe('messages_tab_disabled');
  });

  it('refuses a message without content, and metadata without its form', async () => {
    const { client } = await bench();
    const post = (more: object) =>
      refusal(client.apiCall('chat.postMessage', { channel: incident, ...more }));
    expect((await post({})).error).toBe('no_text');
    expect((await post({ text: 'x', metadata: 'no json' })).error).toBe('invalid_metadata_format');
    expect((await post({ text: 'x', metadata: { event_type: 'a' } })).error).toBe('invalid_metadata_schema');
    const nested = { event_type: 'a', event_payload: { deep: { er: 1 } } };
    expect((await post({ text: 'x', metadata: nested })).error).toBe('invalid_metadata_schema');
    expect((await post({ blocks: '[{' })).error).toBe('invalid_blocks_format');
    expect((await post({ text: 'x', thread_ts: '1.000001' })).error).toBe('thread_not_found');
  });

  it('cuts a text after 40 000 characters, and refuses 4 001 in an update', async () => {
    const { slack, client } = await bench();
    const posted = await client.chat.postMessage({ channel: incident, text: 'x'.repeat(40_001) });
    expect(posted).toMatchObject({ warning: 'message_truncated' });
    expect(slack.channel(incident).messages[0]?.text).toHaveLength(40_000);
    const ts = String(posted.ts);
    const long = client.chat.update({ channel: incident, ts, text: 'x'.repeat(4_001) });
    expect((await refusal(long)).error).toBe('msg_too_long');
    expect((await client.chat.update({ channel: incident, ts, text: 'x'.repeat(4_000) })).ok).toBe(true);
  });

  it('answers with the stored form: ids, emoji and links filled in', async () => {
    const { client } = await bench();
    const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Hi' } }];
    const posted = await client.chat.postMessage({
      channel: incident,
      text: 'see https://x.example',
      blocks,
    });
    expect(posted.message).toMatchObject({
      text: 'see <https://x.example>',
      bot_id: SEED.bot,
      app_id: SEED.app,
      user: users.bot,
      blocks: [{ type: 'header', block_id: expect.any(String), text: { text: 'Hi', emoji: true } }],
    });
  });

  it('gives every message a later time stamp, even when the clock stands still', async () => {
    const { slack, client } = await bench();
    for (let count = 0; count < 3; count += 1)
      await client.chat.postMessage({ channel: incident, text: 'x' });
    const stamps = slack.channel(incident).messages.map(({ ts }) => ts);
    expect(stamps).toEqual([...new Set(stamps)].toSorted());
    expect(stamps[0]).toMatch(/^\d{10}\.\d{6}$/);
  });
});

describe('changing a message', () => {
  it('keeps blocks and metadata that are left out, and removes metadata on {}', async () => {
    const { slack, client } = await bench();
    const metadata = { event_type: 'request', event_payload: { id: 'R-000001' } };
    const blocks = [{ type: 'divider' as const }];
    const { ts = '' } = await client.chat.postMessage({ channel: incident, text: 'a', blocks, metadata });
    await client.chat.update({ channel: incident, ts, text: 'b' });
    expect(slack.channel(incident).message(ts)).toMatchObject({
      text: 'b',
      metadata,
      blocks: [{ type: 'divider' }],
    });
    await client.apiCall('chat.update', { channel: incident, ts, text: 'b', metadata: {} });
    expect(slack.channel(incident).message(ts)).not.toHaveProperty('metadata');
  });

  it("refuses to touch a person's message, an unknown one, or any in an archived channel", async () => {
    const { slack, client } = await bench();
    const { ts } = slack.as(users.alice).say('#inc-042', 'mine');
    const own = await client.chat.postMessage({ channel: incident, text: 'own' });
    const update = (at: string) => refusal(client.chat.update({ channel: incident, ts: at, text: 'x' }));
    expect((await update(ts)).error).toBe('cant_update_message');
    expect((await update('1.000001')).error).toBe('message_not_found');
    expect((await refusal(client.chat.delete({ channel: incident, ts }))).error).toBe('cant_delete_message');
    slack.channel(incident).channel.isArchived = true;
    expect((await update(String(own.ts))).error).toBe('is_inactive');
  });

  it('finds no message after it was deleted, but keeps the thread below it', async () => {
    const { slack, client } = await bench();
    const { ts = '' } = await client.chat.postMessage({ channel: incident, text: 'card' });
    await client.chat.postMessage({ channel: incident, thread_ts: ts, text: 'reply' });
    slack.as(users.carol).remove(incident, ts);
    const gone = refusal(client.chat.update({ channel: incident, ts, text: 'x' }));
    expect((await gone).error).toBe('message_not_found');
    await client.chat.postMessage({ channel: incident, thread_ts: ts, text: 'another' });
    expect(
      slack
        .channel(incident)
        .thread(ts)
        .map(({ text }) => text),
    ).toEqual(['reply', 'another']);
  });
});

describe('ephemeral messages', () => {
  it('are seen by their person only and stand in no history', async () => {
    const { slack, client } = await bench();
    await client.chat.postEphemeral({ channel: incident, user: users.bob, text: 'for you' });
    expect(
      slack
        .as(users.bob)
        .ephemerals('#inc-042')
        .map(({ text }) => text),
    ).toEqual(['for you']);
    expect(slack.as(users.alice).ephemerals()).toEqual([]);
    expect((await client.conversations.history({ channel: incident })).messages).toEqual([]);
  });

  it.each([
    [incident, users.sven, 'user_not_in_channel'],
    [channels.general, users.alice, 'not_in_channel'],
    [channels.secret, users.alice, 'channel_not_found'],
    [channels.archived, users.alice, 'is_archived'],
  ])('are refused in %s to %s: %s', async (channel, user, error) => {
    const { client } = await bench();
    expect((await refusal(client.chat.postEphemeral({ channel, user, text: 'x' }))).error).toBe(error);
  });
});

describe('reading back', () => {
  it('finds a message by its metadata only when asked for it', async () => {
    const { client } = await bench();
    const metadata = { event_type: 'request', event_payload: { id: 'R-000001' } };
    await client.chat.postMessage({ channel: incident, text: 'card', metadata });
    const bare = await client.conversations.history({ channel: incident });
    expect(bare.messages?.[0]).not.toHaveProperty('metadata');
    const full = await client.conversations.history({ channel: incident, include_all_metadata: true });
    expect(full.messages?.[0]?.metadata).toEqual(metadata);
  });

  it('pages through history and thread by cursor, newest first', async () => {
    const { client } = await bench();
    for (const text of ['one', 'two', 'three']) await client.chat.postMessage({ channel: incident, text });
    const first = await client.conversations.history({ channel: incident, limit: 2 });
    expect(first.messages?.map(({ text }) => text)).toEqual(['three', 'two']);
    const cursor = String(first.response_metadata?.next_cursor);
    const rest = await client.conversations.history({ channel: incident, limit: 2, cursor });
    expect(rest.messages?.map(({ text }) => text)).toEqual(['one']);
    const wrong = refusal(client.conversations.history({ channel: incident, cursor: 'x' }));
    expect((await wrong).error).toBe('invalid_cursor');
  });

  it('links to a message, and to a reply within its thread', async () => {
    const { client } = await bench();
    const { ts = '' } = await client.chat.postMessage({ channel: incident, text: 'a' });
    const reply = await client.chat.postMessage({ channel: incident, text: 'b', thread_ts: ts });
    const top = await client.chat.getPermalink({ channel: incident, message_ts: ts });
    expect(top.permalink).toBe(`https://acme-sandbox.slack.com/archives/${incident}/p${ts.replace('.', '')}`);
    const below = await client.chat.getPermalink({ channel: incident, message_ts: String(reply.ts) });
    expect(below.permalink).toContain(`?thread_ts=${ts}&cid=${incident}`);
  });
});
