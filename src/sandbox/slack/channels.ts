import type { Core } from './core.ts';
import { requireScope } from './method.ts';
import { Refused } from './refused.ts';
import { SEED } from './seed.ts';
import { type Channel, dmOf, type StoredMessage, type User } from './workspace.ts';

export const botIsIn = (channel: Channel): boolean => channel.members.includes(SEED.users.bot);

/** A channel that the app may know of. Private ones and direct messages without the bot do not exist for it. */
export const visibleChannel = (core: Core, id: string): Channel => {
  const channel = core.workspace.channels.get(id);
  if (channel === undefined || (channel.kind !== 'public' && !botIsIn(channel))) {
    throw new Refused('channel_not_found');
  }
  return channel;
};

/** The app's direct-message channel with a person, made when there is none. */
export const openDm = (core: Core, user: User): Channel => {
  const existing = dmOf(core.workspace, user.id, SEED.users.bot);
  if (existing !== undefined) return existing;
  const channel: Channel = {
    id: core.mint.id('D'),
    name: 'directmessage',
    kind: 'im',
    isArchived: false,
    isGeneral: false,
    isExtShared: false,
    members: [user.id, SEED.users.bot],
    messages: [],
    pins: [],
    bookmarks: [],
  };
  core.workspace.channels.set(channel.id, channel);
  return channel;
};

/** A channel the app may post into. Throws Refused channel_not_found, is_archived, not_in_channel. */
export const writableChannel = (core: Core, id: string): Channel => {
  const channel = visibleChannel(core, id);
  if (channel.isArchived) throw new Refused('is_archived');
  const everywhere = core.manifest.oauth_config.scopes.bot.includes('chat:write.public');
  if (!botIsIn(channel) && !everywhere) throw new Refused('not_in_channel');
  return channel;
};

/**
 * Where chat.postMessage goes: a channel, or a person (the direct messages with the app). Throws Refused
 * messages_tab_disabled when the app's Messages tab is off, channel_not_found for deactivated people and bots.
 */
export const postTarget = (core: Core, id: string): Channel => {
  if (!/^[UW]/.test(id)) return writableChannel(core, id);
  const user = core.workspace.users.get(id);
  if (user === undefined || user.deleted || user.isBot) throw new Refused('channel_not_found');
  if (!core.manifest.features.app_home.messages_tab_enabled) throw new Refused('messages_tab_disabled');
  return openDm(core, user);
};

/** A stored message, or Refused message_not_found. */
export const messageAt = (channel: Channel, ts: string): StoredMessage => {
  const message = channel.messages.find((one) => one.ts === ts);
  if (message === undefined || message.subtype === 'tombstone') throw new Refused('message_not_found');
  return message;
};

/** Asks for the read or history scope of the channel's kind (`channels`, `groups`, `im`). */
export const requireKindScope = (core: Core, channel: Channel, right: 'read' | 'history'): void => {
  const family = { public: 'channels', private: 'groups', im: 'im' }[channel.kind];
  requireScope(core, `${family}:${right}`);
};
