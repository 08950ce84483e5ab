import type { Core } from './core.ts';
import type { JsonObject } from './json.ts';
import { appMessage, readContent, readMetadata } from './messages.ts';
import { Refused } from './refused.ts';
import type { ResponseTarget } from './response-urls.ts';
import type { StoredMessage } from './workspace.ts';

const original = (core: Core, target: ResponseTarget): StoredMessage | undefined => {
  const { originalTs: ts, channelId, userId } = target;
  if (ts === undefined) return undefined;
  return (
    core.workspace.ephemerals.find((one) => one.ts === ts && one.ephemeral_to === userId) ??
    core.workspace.channels.get(channelId)?.messages.find((one) => one.ts === ts)
  );
};

const remove = (core: Core, message: StoredMessage): void => {
  const { workspace } = core;
  if (message.ephemeral_to !== undefined) {
    workspace.ephemerals = workspace.ephemerals.filter((one) => one !== message);
  }
  const channel = workspace.channels.get(message.channel);
  if (channel !== undefined) channel.messages = channel.messages.filter((one) => one !== message);
};

/**
 * Carries out a message body sent to a response_url or given as the acknowledgement of a command. Works without
 * the bot being in the channel. Throws Refused for content that Slack would not show.
 */
export const respond = (core: Core, target: ResponseTarget, body: JsonObject): StoredMessage | undefined => {
  const { workspace, changed } = core;
  const channel = workspace.channels.get(target.channelId);
  if (channel === undefined) throw new Refused('channel_not_found');
  const before = original(core, target);
  if (body.delete_original === true) {
    if (before !== undefined) remove(core, before);
    changed();
    return undefined;
  }
  const content = readContent(body, core);
  if (body.replace_original === true && before !== undefined) {
    before.text = content.text;
    before.blocks = content.blocks ?? [];
    before.attachments = content.attachments ?? [];
    if (before.ephemeral_to === undefined) before.edited = { user: before.user, ts: core.mint.ts() };
    changed();
    return before;
  }
  const thread = typeof body.thread_ts === 'string' ? body.thread_ts : target.threadTs;
  const message = appMessage(core, channel, content, thread);
  if (body.response_type === 'in_channel') {
    const metadata = readMetadata(body.metadata);
    if (metadata) message.metadata = metadata;
    channel.messages.push(message);
  } else {
    message.ephemeral_to = target.userId;
    workspace.ephemerals.push(message);
  }
  changed();
  return message;
};
