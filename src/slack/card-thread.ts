import type { LedgerRecord } from '../domain/facts.ts';
import type { Log } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { forFallback, forSlack } from '../domain/text.ts';
import { leaf, line, richText, section } from './blocks.ts';
import type { Standing } from './card-place.ts';
import { limits } from './limits.ts';
import type { Post, Poster } from './poster.ts';
import { slackFault } from './slack-fault.ts';
import { sentenceOf } from './words.ts';

/** Facts that are told in the card's thread. */
const isTold = ({ fact }: LedgerRecord): boolean =>
  !['requested', 'card_posted', 'refused', 'refusals_counted'].includes(fact.fact);

const mostFacts = 20;

/** Cut as it is shown, because what deceives gets longer when it is made visible. */
const sentence = ({ fact }: LedgerRecord): string => forSlack(sentenceOf(fact), limits.sectionText);

/** As many of the facts as one message holds: always at least one. */
const fitting = (records: readonly LedgerRecord[]): readonly LedgerRecord[] => {
  let length = 0;
  const end = records.findIndex((record, index) => {
    length += sentence(record).length;
    return index >= mostFacts || (index > 0 && length > limits.sectionText);
  });
  return end === -1 ? records : records.slice(0, end);
};

/** Tells in the thread of a card what happened to its request; where there is no thread, its requester. */
export const createCardThread = ({ poster, log }: { readonly poster: Poster; readonly log: Log }) => {
  /** Posts; a refusal is logged, everything else thrown. @returns whether it was posted */
  const tryPost = async (id: string, channel: string, post: Post, signal: AbortSignal): Promise<boolean> => {
    try {
      await poster.post(channel, post, signal);
      return true;
    } catch (error) {
      const { kind, code } = slackFault(error);
      if (kind === 'later' || kind === 'token') throw error;
      log.warn('What happened to a request could not be told', { id, channel, code });
      return false;
    }
  };

  return {
    /**
     * @param card undefined when there is none, or it was deleted
     * @returns the sequence number of the last fact that was told; undefined when there was nothing to tell
     */
    async tell(
      request: Request,
      card: Standing | undefined,
      records: readonly LedgerRecord[],
      signal: AbortSignal,
    ): Promise<number | undefined> {
      const { id } = request;
      const told = fitting(records.filter(isTold));
      const last = told.at(-1);
      if (last === undefined) return undefined;
      const sentences = told.map(sentence);
      const text = forFallback(`${id}: ${sentences.join(' ')}`, limits.sectionText);
      const blocks = [richText(...sentences.map((one) => line(leaf(one))))];
      const done =
        card !== undefined &&
        ((await tryPost(id, card.channel, { text, blocks, thread: card.ts }, signal)) ||
          (await tryPost(
            id,
            card.channel,
            {
              text: `${id}: ${told.map(({ fact }) => fact.fact).join(', ')}. See the ledger.`,
              thread: card.ts,
            },
            signal,
          )));
      const end = request.end?.fact;
      if (!done && end !== undefined && told.some(({ fact }) => fact.fact === end.fact)) {
        const words = `${id}: ${sentenceOf(end)}`;
        await tryPost(
          id,
          request.asked.by.user,
          { text: forFallback(words), blocks: [section(words)] },
          signal,
        );
      }
      const later = records.filter(isTold).length > told.length;
      return later ? last.seq : (records.at(-1)?.seq ?? last.seq);
    },
  };
};
