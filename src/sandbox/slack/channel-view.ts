import { visibleText } from './visible-text.ts';
import type { Channel, StoredMessage } from './workspace.ts';

/** A channel as a test looks at it. */
export interface ChannelView {
  readonly channel: Channel;
  /** All messages, oldest first, replies included; the stored objects themselves. */
  readonly messages: readonly StoredMessage[];
  /** Messages that are no replies. */
  readonly posts: readonly StoredMessage[];
  message(ts: string): StoredMessage | undefined;
  /** Replies to a message, oldest first. */
  thread(ts: string): StoredMessage[];
  /** The newest message whose text or blocks contain the words. */
  saying(words: string): StoredMessage | undefined;
}

const isReply = (message: StoredMessage): boolean =>
  message.thread_ts !== undefined && message.thread_ts !== message.ts;

export const channelView = (channel: Channel): ChannelView => ({
  channel,
  messages: channel.messages,
  posts: channel.messages.filter((one) => !isReply(one)),
  message: (ts) => channel.messages.find((one) => one.ts === ts),
  thread: (ts) => channel.messages.filter((one) => one.thread_ts === ts && isReply(one)),
  saying: (words) =>
    channel.messages.findLast((one) => one.text.includes(words) || visibleText(one).includes(words)),
});
