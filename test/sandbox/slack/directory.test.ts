import { describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, refusal } from './support.ts';

const { channels, groups, users } = SEED;

describe('people', () => {
  it.each([
    ['a full member', users.oscar, { is_restricted: false, is_bot: false, team_id: SEED.team }],
    ['a guest', users.grace, { is_restricted: true }],
    ['a stranger', users.sven, { is_stranger: true, team_id: SEED.otherTeam }],
    ['a bot', users.bot, { is_bot: true }],
  ])('are told apart: %s', async (_what, user, shown) => {
    const { client } = await bench();
    expect((await client.users.info({ user })).user).toMatchObject(shown);
  });

  it('who left are shown as deleted', async () => {
    const { slack, client } = await bench();
    slack.as(users.oscar).user.deleted = true;
    expect((await client.users.info({ user: users.oscar })).user).toMatchObject({ deleted: true });
    expect((await refusal(client.conversations.open({ users: users.oscar }))).error).toBe('user_disabled');
  });

  it.each([true, false])(
    'say whether their e-mail is confirmed only where it is known: %s',
    async (known) => {
      const { slack, client } = await bench();
      const tell = async () => (await client.users.info({ user: users.oscar })).user;
      expect(await tell()).not.toHaveProperty('is_email_confirmed');
      slack.as(users.oscar).user.isEmailConfirmed = known;
      expect(await tell()).toMatchObject({ is_email_confirmed: known });
    },
  );

  it('who are strangers keep their e-mail to themselves', async () => {
    const { client } = await bench();
    expect((await client.users.info({ user: users.sven })).user?.profile).not.toHaveProperty('email');
  });
});

describe('user groups', () => {
  it('list their members as they are now', async () => {
    const { slack, client } = await bench();
    const list = async () => (await client.usergroups.users.list({ usergroup: groups.approvers })).users;
    expect(await list()).toEqual([users.bob, users.carol]);
    slack.workspace.userGroups.get(groups.approvers)?.users.push(users.oscar);
    expect(await list()).toContain(users.oscar);
  });

  it('are found with members on request, and not when disabled', async () => {
    const { slack, client } = await bench();
    const all = await client.usergroups.list({ include_users: true });
    expect(all.usergroups).toMatchObject([{ handle: 'responders', users: [users.alice, users.bob] }, {}]);
    for (const group of slack.workspace.userGroups.values()) group.disabled = true;
    expect((await client.usergroups.list()).usergroups).toEqual([]);
    const gone = refusal(client.usergroups.users.list({ usergroup: groups.approvers }));
    expect((await gone).error).toBe('no_such_subteam');
  });
});

describe('channels', () => {
  it.each([
    [channels.incident, { is_member: true, is_private: false, is_archived: false, is_ext_shared: false }],
    [channels.general, { is_member: false, is_general: true }],
    [channels.archived, { is_archived: true }],
    [channels.shared, { is_ext_shared: true }],
  ])('%s tells what it is', async (channel, shown) => {
    const { client } = await bench();
    expect((await client.conversations.info({ channel })).channel).toMatchObject(shown);
  });

  it('that are private and without the bot do not exist for it', async () => {
    const { slack, client } = await bench();
    const channel = channels.secret;
    expect((await refusal(client.conversations.info({ channel }))).error).toBe('channel_not_found');
    expect((await refusal(client.conversations.members({ channel }))).error).toBe('channel_not_found');
    expect((await refusal(client.conversations.join({ channel }))).error).toBe('channel_not_found');
    const listed = () => client.conversations.list({ types: 'public_channel,private_channel' });
    expect(JSON.stringify(await listed())).not.toContain(channel);
    slack.channel(channel).channel.members.push(users.bot);
    expect(JSON.stringify(await listed())).toContain(channel);
  });

  it('that are public can be joined, once', async () => {
    const { client } = await bench();
    const join = () => client.conversations.join({ channel: channels.general });
    expect((await join()).channel?.is_member).toBe(true);
    expect(await join()).toMatchObject({ warning: 'already_in_channel' });
    const archived = refusal(client.conversations.join({ channel: channels.archived }));
    expect((await archived).error).toBe('is_archived');
  });

  it('list their members page by page', async () => {
    const { client } = await bench();
    const first = await client.conversations.members({ channel: channels.incident, limit: 5 });
    const cursor = String(first.response_metadata?.next_cursor);
    const rest = await client.conversations.members({ channel: channels.incident, limit: 5, cursor });
    expect([...(first.members ?? []), ...(rest.members ?? [])]).toHaveLength(7);
    expect(rest.response_metadata?.next_cursor).toBe('');
  });

  it('with one person are opened once', async () => {
    const { client } = await bench();
    const open = async () => (await client.conversations.open({ users: users.alice })).channel?.id;
    expect(await open()).toBe(await open());
    expect((await refusal(client.apiCall('conversations.open'))).error).toBe('users_list_not_supplied');
    expect((await refusal(client.conversations.open({ users: 'U0NOBODY00' }))).error).toBe('user_not_found');
  });
});

describe('files', () => {
  it('are uploaded and shared into the direct messages of a person', async () => {
    const { slack, client } = await bench();
    const { channel } = await client.conversations.open({ users: users.alice });
    const content = 'id,state\nR-000001,done\n';
    await client.files.uploadV2({
      channel_id: String(channel?.id),
      filename: 'a.csv',
      content,
      title: 'Export',
    });
    const [message] = slack.as(users.alice).dms();
    const file = slack.workspace.files.get(String(message?.files[0]));
    expect(file).toMatchObject({ name: 'a.csv', title: 'Export', completed: true });
    expect(file?.content?.toString('utf8')).toBe(content);
  });

  it('are refused empty, unknown, without their bytes, or into a channel without the bot', async () => {
    const { client, slack } = await bench();
    const empty = client.files.getUploadURLExternal({ filename: 'a', length: 0 });
    expect((await refusal(empty)).error).toBe('missing_argument');
    const complete = (id: string, more = {}) =>
      refusal(client.apiCall('files.completeUploadExternal', { files: [{ id }], ...more }));
    expect((await complete('F0NOTHING0')).error).toBe('file_not_found');
    const asked = await client.files.getUploadURLExternal({ filename: 'a', length: 3 });
    expect((await complete(String(asked.file_id))).error).toBe('file_not_found');
    expect((await fetch(String(asked.upload_url), { method: 'POST', body: 'four' })).status).toBe(400);
    await fetch(String(asked.upload_url), { method: 'POST', body: 'abc' });
    const elsewhere = { channel_id: channels.general };
    expect((await complete(String(asked.file_id), elsewhere)).error).toBe('not_in_channel');
    expect(slack.channel(channels.general).messages).toEqual([]);
  });
});

describe('pins, bookmarks and reactions', () => {
  it('are added once', async () => {
    const { slack, client } = await bench();
    const channel = channels.incident;
    const { ts: timestamp = '' } = await client.chat.postMessage({ channel, text: 'x' });
    await client.pins.add({ channel, timestamp });
    await client.reactions.add({ channel, timestamp, name: 'eyes' });
    const link = 'https://x.example';
    const marked = await client.bookmarks.add({ channel_id: channel, title: 'Runbook', type: 'link', link });
    expect(marked.bookmark?.id).toMatch(/^Bk/);
    expect(slack.channel(channel).channel.pins).toEqual([timestamp]);
    expect((await refusal(client.pins.add({ channel, timestamp }))).error).toBe('already_pinned');
    const again = refusal(client.reactions.add({ channel, timestamp, name: 'eyes' }));
    expect((await again).error).toBe('already_reacted');
  });

  it('are refused for what is not there or wrongly named', async () => {
    const { client } = await bench();
    const channel = channels.incident;
    const nothing = refusal(client.pins.add({ channel, timestamp: '1.000001' }));
    expect((await nothing).error).toBe('message_not_found');
    const { ts: timestamp = '' } = await client.chat.postMessage({ channel, text: 'x' });
    const colons = refusal(client.reactions.add({ channel, timestamp, name: ':eyes:' }));
    expect((await colons).error).toBe('invalid_name');
    const link = refusal(client.bookmarks.add({ channel_id: channel, title: 'x', type: 'link', link: 'x' }));
    expect((await link).error).toBe('invalid_link');
  });
});
