import { z } from 'zod';
import { messageAt, postTarget, visibleChannel, writableChannel } from '../channels.ts';
import type { Core } from '../core.ts';
import { appMessage, readContent, readMetadata, wireMessage } from '../messages.ts';
import { method, truth } from '../method.ts';
import { Refused } from '../refused.ts';
import { SEED } from '../seed.ts';
import type { Channel, StoredMessage } from '../workspace.ts';

const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  parse: z.string().optional(),
};

/** The parent of a reply must exist; a reply cannot have replies of its own (strict reading). */
const checkThread = (channel: Channel, thread: string | undefined): void => {
  if (thread === undefined) return;
  const parent = channel.messages.find((one) => one.ts === thread);
  if (parent === undefined) throw new Refused('thread_not_found');
  if (parent.thread_ts !== undefined && parent.thread_ts !== parent.ts) {
    throw new Refused('cannot_reply_to_message');
  }
};

const postMessage = method({
  name: 'chat.postMessage',
  scope: 'chat:write',
  json: true,
  args: z.looseObject({
    channel: z.string(),
    ...content,
    markdown_text: z.string().max(12_000).optional(),
    thread_ts: z.string().optional(),
    reply_broadcast: truth.optional(),
    metadata: z.unknown().optional(),
    username: z.string().optional(),
  }),
  run: (args, core) => {
    const channel = postTarget(core, args.channel);
    if (args.markdown_text !== undefined && (args.text !== undefined || args.blocks !== undefined)) {
      throw new Refused('markdown_text_conflict');
    }
    const read = readContent({ ...args, text: args.text ?? args.markdown_text }, core);
    const metadata = readMetadata(args.metadata);
    checkThread(channel, args.thread_ts);
    const message = appMessage(core, channel, read, args.thread_ts);
    if (metadata) message.metadata = metadata;
    if (
      args.username !== undefined &&
      core.manifest.oauth_config.scopes.bot.includes('chat:write.customize')
    ) {
      message.username = args.username;
      message.subtype = 'bot_message';
    }
    channel.messages.push(message);
    core.changed();
    return {
      channel: channel.id,
      ts: message.ts,
      message: wireMessage(core, message, true),
      ...(read.truncated ? { warning: 'message_truncated' } : {}),
    };
  },
});

const ownMessage = (core: Core, channelId: string, ts: string, refusal: string) => {
  const channel = visibleChannel(core, channelId);
  const message = messageAt(channel, ts);
  if (message.app_id !== SEED.app) throw new Refused(refusal);
  return { channel, message };
};

const update = method({
  name: 'chat.update',
  scope: 'chat:write',
  json: true,
  perMinute: 50,
  args: z.looseObject({ channel: z.string(), ts: z.string(), ...content, metadata: z.unknown().optional() }),
  run: (args, core) => {
    const { channel, message } = ownMessage(core, args.channel, args.ts, 'cant_update_message');
    if (channel.isArchived) throw new Refused('is_inactive');
    if ((args.text?.length ?? 0) > 4_000) throw new Refused('msg_too_long');
    const read = readContent(args, core);
    const metadata = readMetadata(args.metadata);
    message.text = read.text;
    if (read.blocks !== undefined) message.blocks = read.blocks;
    if (read.attachments !== undefined) message.attachments = read.attachments;
    if (metadata) message.metadata = metadata;
    if (metadata === null) delete message.metadata;
    message.edited = { user: SEED.users.bot, ts: core.mint.ts() };
    core.changed();
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: wireMessage(core, message, true),
    };
  },
});

/** Removes a message; a parent with replies leaves a tombstone, so that its thread stays. */
export const removeMessage = (channel: Channel, message: StoredMessage): void => {
  const answered = channel.messages.some((one) => one.thread_ts === message.ts && one !== message);
  if (!answered) {
    channel.messages = channel.messages.filter((one) => one !== message);
    return;
  }
  message.subtype = 'tombstone';
  message.text = 'This message was deleted.';
  message.blocks = [];
  message.attachments = [];
  delete message.metadata;
};

const remove = method({
  name: 'chat.delete',
  scope: 'chat:write',
  json: true,
  perMinute: 50,
  args: z.looseObject({ channel: z.string(), ts: z.string() }),
  run: (args, core) => {
    const { channel, message } = ownMessage(core, args.channel, args.ts, 'cant_delete_message');
    removeMessage(channel, message);
    core.changed();
    return { channel: channel.id, ts: message.ts };
  },
});

const postEphemeral = method({
  name: 'chat.postEphemeral',
  scope: 'chat:write',
  json: true,
  perMinute: 100,
  args: z.looseObject({
    channel: z.string(),
    user: z.string(),
    ...content,
    thread_ts: z.string().optional(),
  }),
  run: (args, core) => {
    const channel = writableChannel(core, args.channel);
    if (!channel.members.includes(args.user)) throw new Refused('user_not_in_channel');
    const read = readContent(args, core);
    if (read.truncated) throw new Refused('msg_too_long');
    const message = appMessage(core, channel, read, args.thread_ts);
    message.ephemeral_to = args.user;
    core.workspace.ephemerals.push(message);
    core.changed();
    return { message_ts: message.ts };
  },
});

const getPermalink = method({
  name: 'chat.getPermalink',
  args: z.looseObject({ channel: z.string(), message_ts: z.string() }),
  run: (args, core) => {
    const channel = visibleChannel(core, args.channel);
    const { ts, thread_ts: thread } = messageAt(channel, args.message_ts);
    const base = `https://${core.workspace.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;
    const isReply = thread !== undefined && thread !== ts;
    return {
      channel: channel.id,
      permalink: isReply ? `${base}?thread_ts=${thread}&cid=${channel.id}` : base,
    };
  },
});

export const chatMethods = [postMessage, update, remove, postEphemeral, getPermalink];
