import type { Clock, Log } from '../domain/ports.ts';
import { forFallback } from '../domain/text.ts';
import { section } from './blocks.ts';
import type { Poster } from './poster.ts';
import { slackFault } from './slack-fault.ts';

const firstWait = 1_000;
const longestWait = 60_000;

/**
 * Tells the audit channel what must not wait for the ledger, because the ledger itself is in doubt. Tries until it is
 * posted or the signal aborts.
 */
export const createAlarm =
  (parts: { readonly poster: Poster; readonly clock: Clock; readonly log: Log; readonly channel: string }) =>
  async (words: string, signal: AbortSignal): Promise<void> => {
    const { poster, clock, log, channel } = parts;
    const message = { text: forFallback(words, 3500), blocks: [section(words)] };
    for (let wait = firstWait; !signal.aborted; wait = Math.min(2 * wait, longestWait)) {
      try {
        await poster.post(channel, message, signal);
        return;
      } catch (error) {
        const { code, waitMs } = slackFault(error);
        log.error('The audit channel could not be told of a trouble yet', { code, words });
        await clock.sleep(Math.max(wait, waitMs), signal);
      }
    }
  };
