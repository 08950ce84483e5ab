import type { Clock } from '../domain/ports.ts';
import type { Message } from './blocks.ts';
import type { WebClient } from './clients.ts';
import { type FilePlace, shareFiles, type TextFile } from './files.ts';

interface Metadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, string | number>>;
}

export interface Post extends Message {
  readonly metadata?: Metadata;
  /** The thread to answer in. */
  readonly thread?: string;
}

/**
 * Posts, updates and deletes messages, at most one post per channel in `interval` ms (Slack: about one a second).
 * Errors are thrown as Slack's client throws them.
 */
export const createPoster = (client: WebClient, clock: Clock, interval: number) => {
  /** When the next post may go, and when that was found out (ms since the epoch). */
  const free = new Map<string, { readonly at: number; readonly since: number }>();

  const wait = async (channel: string, signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    const { at, since } = free.get(channel) ?? { at: now, since: now };
    // Where the clock was set back, no longer than it was to be at first.
    const rest = Math.max(0, Math.min(at - now, at - since));
    free.set(channel, { at: now + rest + interval, since: now });
    if (rest > 0) await clock.sleep(rest, signal);
  };

  return {
    /** @returns where the message stands now; the channel's id differs for a message to a person */
    async post(
      channel: string,
      message: Post,
      signal: AbortSignal,
    ): Promise<{ channel: string; ts: string }> {
      await wait(channel, signal);
      const { thread, metadata, text, blocks } = message;
      const answer = await client.chat.postMessage({
        channel,
        text,
        ...(blocks && { blocks }),
        ...(thread !== undefined && { thread_ts: thread }),
        ...(metadata && {
          metadata: { event_type: metadata.event_type, event_payload: { ...metadata.event_payload } },
        }),
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none',
      });
      return { channel: answer.channel ?? channel, ts: answer.ts ?? '' };
    },

    async update(channel: string, ts: string, message: Omit<Post, 'thread'>): Promise<void> {
      const { metadata, text, blocks } = message;
      await client.chat.update({
        channel,
        ts,
        text,
        ...(blocks && { blocks }),
        ...(metadata && {
          metadata: { event_type: metadata.event_type, event_payload: { ...metadata.event_payload } },
        }),
        parse: 'none',
      });
    },

    /** Deletes a message of ours. */
    async remove(channel: string, ts: string): Promise<void> {
      await client.chat.delete({ channel, ts });
    },

    /** Shows files, paced like a post: for the people in the channel it is one. */
    async share(place: FilePlace, files: readonly TextFile[], signal: AbortSignal): Promise<void> {
      await wait(place.channel, signal);
      await shareFiles(client, place, files);
    },

    async permalink(channel: string, ts: string): Promise<string | undefined> {
      const answer = await client.chat.getPermalink({ channel, message_ts: ts });
      return answer.permalink;
    },
  };
};
export type Poster = ReturnType<typeof createPoster>;
