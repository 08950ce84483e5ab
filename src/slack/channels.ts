import { z } from 'zod';
import type { Clock, Log } from '../domain/ports.ts';
import { createCache, restAfter } from './cache.ts';
import type { WebClient } from './clients.ts';
import { slackFault } from './slack-fault.ts';

const Channel = z.object({
  is_im: z.boolean().optional(),
  is_mpim: z.boolean().optional(),
  is_member: z.boolean().optional(),
  is_archived: z.boolean().optional(),
  is_ext_shared: z.boolean().optional(),
  /** Another organisation was invited; once it comes, it reads what was posted before, too. */
  is_pending_ext_shared: z.boolean().optional(),
});

/** Where the card of a request goes, and what to say when that is not where the command was typed. */
export interface Place {
  readonly channel: string;
  readonly notice?: string;
}

const whyNot = (channel: z.infer<typeof Channel>): string | undefined => {
  if (channel.is_im || channel.is_mpim) return 'this is a direct message';
  if (channel.is_archived) return 'this channel is archived';
  if (channel.is_ext_shared || channel.is_pending_ext_shared)
    return 'this channel is shared with another organisation';
  if (!channel.is_member) return 'the bot is not in this channel (invite it to change that)';
  return undefined;
};

/** ms */
const maxAge = 60_000;

/** Slack has so long (ms) to tell of a channel, because the form must be open within 3 s of its command. */
const askingTime = 2_000;

const unasked = 'Slack could not be asked who reads this channel';

/** Decides where cards go: the channel of the command, or the audit channel where that is not possible. */
export const createChannels = (options: {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly auditChannel: string;
}) => {
  const elsewhere = (why: string): Place => ({
    channel: options.auditChannel,
    notice: `The card will be posted in the audit channel and you get a link, because ${why}.`,
  });

  const places = createCache<Place>(options.clock, async (id) => {
    // There the card goes anyway, and whoever asks sees it.
    if (id === options.auditChannel) return { value: { channel: id } };
    // Direct messages are told by their id: to ask about them would take a scope of its own.
    if (id.startsWith('D')) return { value: elsewhere('this is a direct message') };
    try {
      const answer = await options.client.conversations.info({ channel: id });
      const why = whyNot(Channel.parse(answer.channel));
      return { value: why === undefined ? { channel: id } : elsewhere(why) };
    } catch (error) {
      const fault = slackFault(error);
      if (fault.kind === 'channel' || fault.code === 'missing_scope')
        return { value: elsewhere('the bot is not in this channel (invite it to change that)') };
      options.log.warn('Slack could not be asked about a channel', { channel: id, code: fault.code });
      return { value: elsewhere(unasked), rest: restAfter(error) };
    }
  });

  /** Never fails, and never takes longer than a form can wait for it. */
  const place = async (channel: string): Promise<Place> => {
    const over = new AbortController();
    const late = options.clock.sleep(askingTime, over.signal).then(() => elsewhere(unasked));
    return Promise.race([places.get(channel, maxAge), late]).finally(() => over.abort());
  };
  return { place };
};
export type Channels = ReturnType<typeof createChannels>;
