import { z } from 'zod';
import { botIsIn, openDm, requireKindScope, visibleChannel } from '../channels.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { wireMessage } from '../messages.ts';
import { method, requireScope, truth, whole } from '../method.ts';
import { Refused } from '../refused.ts';
import { SEED } from '../seed.ts';
import type { Channel, StoredMessage } from '../workspace.ts';

const wireChannel = (channel: Channel): JsonObject => {
  const flags = {
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_archived: channel.isArchived,
    is_org_shared: false,
  };
  if (channel.kind === 'im') {
    return { id: channel.id, ...flags, user: channel.members.find((id) => id !== SEED.users.bot) };
  }
  return {
    id: channel.id,
    name: channel.name,
    ...flags,
    is_private: channel.kind === 'private',
    is_general: channel.isGeneral,
    is_member: botIsIn(channel),
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
  };
};

/** A slice of a list by Slack's cursors. Throws Refused invalid_cursor, invalid_limit. */
const page = <T>(items: readonly T[], args: { cursor?: string | undefined; limit?: number | undefined }) => {
  const limit = args.limit ?? 100;
  if (limit < 1 || limit > 1000) throw new Refused('invalid_limit');
  const start =
    args.cursor === undefined || args.cursor === '' ? 0 : Number(/^page:(\d+)$/.exec(args.cursor)?.[1]);
  if (Number.isNaN(start)) throw new Refused('invalid_cursor');
  const next = start + limit < items.length ? `page:${start + limit}` : '';
  return { items: items.slice(start, start + limit), more: next !== '', metadata: { next_cursor: next } };
};

const paging = { cursor: z.string().optional(), limit: whole.optional() };

const open = method({
  name: 'conversations.open',
  json: true,
  perMinute: 50,
  args: z.looseObject({
    users: z.string().optional(),
    channel: z.string().optional(),
    return_im: truth.optional(),
    prevent_creation: truth.optional(),
  }),
  run: (args, core) => {
    requireScope(core, 'im:write');
    if (args.channel !== undefined)
      return { channel: { id: visibleChannel(core, args.channel).id }, no_op: true };
    const ids = (args.users ?? '').split(',').filter((id) => id !== '');
    const [first] = ids;
    if (first === undefined) throw new Refused('users_list_not_supplied');
    if (ids.length > 8) throw new Refused('too_many_users');
    if (ids.length > 1) throw new Refused('missing_scope', { needed: 'mpim:write', provided: '' });
    const user = core.workspace.users.get(first);
    if (user === undefined || user.isBot) throw new Refused('user_not_found');
    if (user.deleted) throw new Refused('user_disabled');
    const channel = openDm(core, user);
    return { channel: args.return_im === true ? wireChannel(channel) : { id: channel.id } };
  },
});

const info = method({
  name: 'conversations.info',
  perMinute: 50,
  args: z.looseObject({ channel: z.string(), include_num_members: truth.optional() }),
  run: (args, core) => {
    const channel = visibleChannel(core, args.channel);
    requireKindScope(core, channel, 'read');
    const counted = args.include_num_members === true ? { num_members: channel.members.length } : {};
    return { channel: { ...wireChannel(channel), ...counted } };
  },
});

const members = method({
  name: 'conversations.members',
  perMinute: 100,
  args: z.looseObject({ channel: z.string(), ...paging }),
  run: (args, core) => {
    const channel = visibleChannel(core, args.channel);
    requireKindScope(core, channel, 'read');
    const { items, metadata } = page(channel.members, args);
    return { members: items, response_metadata: metadata };
  },
});

const join = method({
  name: 'conversations.join',
  scope: 'channels:join',
  json: true,
  perMinute: 50,
  args: z.looseObject({ channel: z.string() }),
  run: (args, core) => {
    const channel = visibleChannel(core, args.channel);
    if (channel.kind !== 'public') throw new Refused('method_not_supported_for_channel_type');
    if (channel.isArchived) throw new Refused('is_archived');
    if (botIsIn(channel)) return { channel: wireChannel(channel), warning: 'already_in_channel' };
    channel.members.push(SEED.users.bot);
    core.changed();
    return { channel: wireChannel(channel) };
  },
});

const kinds: Record<string, Channel['kind'] | 'mpim'> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
};

const listKinds = (core: Core, types: string): string[] =>
  types.split(',').map((type) => {
    const kind = kinds[type.trim()];
    if (kind === undefined) throw new Refused('invalid_types');
    const family = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' }[kind];
    requireScope(core, `${family}:read`);
    return kind;
  });

const list = method({
  name: 'conversations.list',
  perMinute: 20,
  args: z.looseObject({ types: z.string().optional(), exclude_archived: truth.optional(), ...paging }),
  run: (args, core) => {
    const wanted = listKinds(core, args.types ?? 'public_channel');
    const channels = [...core.workspace.channels.values()].filter(
      (channel) =>
        wanted.includes(channel.kind) &&
        (channel.kind === 'public' || botIsIn(channel)) &&
        !(channel.isArchived && args.exclude_archived === true),
    );
    const { items, metadata } = page(channels, args);
    return { channels: items.map(wireChannel), response_metadata: metadata };
  },
});

const readable = (core: Core, id: string): Channel => {
  const channel = visibleChannel(core, id);
  requireKindScope(core, channel, 'history');
  if (!botIsIn(channel)) throw new Refused('not_in_channel');
  return channel;
};

const within = (args: {
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive?: boolean | undefined;
}) => {
  const { oldest = '0', latest = 'a', inclusive = false } = args;
  return ({ ts }: StoredMessage) =>
    (ts > oldest || (inclusive && ts === oldest)) && (ts < latest || (inclusive && ts === latest));
};

const reading = {
  channel: z.string(),
  include_all_metadata: truth.optional(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: truth.optional(),
  ...paging,
};

const history = method({
  name: 'conversations.history',
  perMinute: 50,
  args: z.looseObject(reading),
  run: (args, core) => {
    const channel = readable(core, args.channel);
    const tops = channel.messages.filter(
      (one) => (one.thread_ts === undefined || one.thread_ts === one.ts) && within(args)(one),
    );
    const { items, more, metadata } = page(tops.toReversed(), args);
    const messages = items.map((one) => wireMessage(core, one, args.include_all_metadata === true));
    return { messages, has_more: more, response_metadata: metadata };
  },
});

const replies = method({
  name: 'conversations.replies',
  perMinute: 50,
  args: z.looseObject({ ...reading, ts: z.string() }),
  run: (args, core) => {
    const channel = readable(core, args.channel);
    const given = channel.messages.find((one) => one.ts === args.ts);
    if (given === undefined) throw new Refused('thread_not_found');
    const root = given.thread_ts ?? given.ts;
    const thread = channel.messages.filter(
      (one) => one.ts === root || (one.thread_ts === root && within(args)(one)),
    );
    const { items, more, metadata } = page(thread, args);
    const messages = items.map((one) => wireMessage(core, one, args.include_all_metadata === true));
    return { messages, has_more: more, response_metadata: metadata };
  },
});

export const conversationMethods = [open, info, members, join, list, history, replies];
