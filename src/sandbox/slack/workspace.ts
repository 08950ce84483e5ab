import type { Block } from './blocks/block.ts';
import type { JsonObject } from './json.ts';

/** A person or a bot, as the workspace knows them. */
export interface User {
  readonly id: string;
  /** Home team; another one than the workspace's for people of a shared channel. */
  readonly teamId: string;
  /** Handle without `@`. */
  name: string;
  realName: string;
  email: string;
  /** What `is_email_confirmed` says; left out where Slack does not tell it. */
  isEmailConfirmed?: boolean;
  /** Multi-channel guest (`is_restricted`). */
  isRestricted: boolean;
  /** Single-channel guest (`is_ultra_restricted`). */
  isUltraRestricted: boolean;
  isBot: boolean;
  isStranger: boolean;
  deleted: boolean;
}

export interface UserGroup {
  readonly id: string;
  handle: string;
  name: string;
  users: string[];
  disabled: boolean;
}

/** What a client sees of a message: Slack's wire names, so that tests can compare with Slack's samples. */
export interface StoredMessage {
  type: 'message';
  readonly channel: string;
  readonly ts: string;
  user: string;
  text: string;
  blocks: Block[];
  attachments: JsonObject[];
  team: string;
  thread_ts?: string;
  bot_id?: string;
  app_id?: string;
  subtype?: string;
  username?: string;
  metadata?: MessageMetadata;
  edited?: { user: string; ts: string };
  reactions: { name: string; users: string[] }[];
  files: string[];
  /** The only person who sees it (ephemeral messages). */
  ephemeral_to?: string;
}

export interface MessageMetadata {
  event_type: string;
  event_payload: JsonObject;
}

export interface Channel {
  readonly id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  isArchived: boolean;
  isGeneral: boolean;
  isExtShared: boolean;
  members: string[];
  /** Oldest first, thread replies included. */
  messages: StoredMessage[];
  /** Time stamps of pinned messages. */
  pins: string[];
  bookmarks: JsonObject[];
}

export interface StoredFile {
  readonly id: string;
  name: string;
  title: string;
  /** Announced size in bytes. */
  readonly length: number;
  content: Buffer | undefined;
  /** Channels it was shared into. */
  channels: string[];
  completed: boolean;
}

/** All that the sandbox's Slack remembers besides modals; tests may read and change it at any time. */
export interface Workspace {
  readonly teamId: string;
  teamName: string;
  /** First label of `<domain>.slack.com`. */
  domain: string;
  readonly users: Map<string, User>;
  readonly userGroups: Map<string, UserGroup>;
  readonly channels: Map<string, Channel>;
  /** Every ephemeral message ever shown and not removed, oldest first. */
  ephemerals: StoredMessage[];
  readonly files: Map<string, StoredFile>;
}

/** The app's direct-message channel with a person, if it was opened. */
export const dmOf = (workspace: Workspace, userId: string, botUserId: string): Channel | undefined =>
  [...workspace.channels.values()].find(
    (channel) =>
      channel.kind === 'im' && channel.members.includes(userId) && channel.members.includes(botUserId),
  );

/** The channel of an id or a name (with or without `#`). */
export const findChannel = (workspace: Workspace, idOrName: string): Channel | undefined => {
  const name = idOrName.replace(/^#/, '');
  return (
    workspace.channels.get(idOrName) ??
    [...workspace.channels.values()].find((channel) => channel.kind !== 'im' && channel.name === name)
  );
};
