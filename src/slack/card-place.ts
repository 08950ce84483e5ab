import type { FactOf } from '../domain/facts.ts';
import { mayTellRequester } from '../domain/notices.ts';
import type { Ledger, Log } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { leaf, line, link, richText } from './blocks.ts';
import { type Card, plainCard } from './card.ts';
import type { Poster } from './poster.ts';
import { createRecorder } from './recorder.ts';
import { slackFault } from './slack-fault.ts';
import type { Stubborn } from './stubborn.ts';

/** Where a message stands. */
export interface Standing {
  readonly channel: string;
  readonly ts: string;
}

/** Why a card has no place: Slack refuses what stands in it, or takes nothing in its channels for now. */
export type Placeless = 'refused' | 'not now';

/** Gives a card its place: where the command was typed, or else in the audit channel, with a link to it. */
export const createCardPlace = (options: {
  readonly ledger: Ledger;
  readonly poster: Poster;
  readonly log: Log;
  readonly auditChannel: string;
  /** The cards, by their requests. */
  readonly stubborn: Stubborn;
}) => {
  const { ledger, poster, log, auditChannel, stubborn } = options;
  const recorder = createRecorder<FactOf<'card_posted'>>(ledger);
  const warned = new Set<string>();

  /**
   * To the requester, when the card is not where the command was typed.
   * @returns false when another try later may bring it
   */
  const sendLink = async (request: Request, card: Standing, signal: AbortSignal): Promise<boolean> => {
    const { id, asked } = request;
    if (card.channel === asked.askedIn || !mayTellRequester(request)) return true;
    try {
      const address = await poster.permalink(card.channel, card.ts);
      const words = `The card of ${id} is here: `;
      const there = address === undefined ? leaf('in the audit channel') : link(address);
      await poster.post(
        asked.by.user,
        {
          text: `${words}${address ?? 'in the audit channel'}`,
          blocks: [richText(line(leaf(words), there))],
        },
        signal,
      );
      return true;
    } catch (error) {
      const { kind, code } = slackFault(error);
      log.warn('A requester could not be sent the link to the card', { id, code });
      return kind !== 'later' && kind !== 'token';
    }
  };

  /** The card, or else a plain one. */
  const postIn = async (
    channel: string,
    { id }: Request,
    card: Card,
    signal: AbortSignal,
  ): Promise<Standing | Placeless> => {
    const mark = `${id} ${channel}`;
    let result: Placeless = 'refused';
    for (const attempt of [card, plainCard(card)]) {
      try {
        const placed = await poster.post(channel, attempt, signal);
        if (attempt === card) stubborn.over(id);
        return placed;
      } catch (error) {
        const isPlain = attempt !== card;
        const { kind, code } = isPlain ? slackFault(error) : stubborn.faultOf(id, error);
        if (kind === 'later' || kind === 'token') throw error;
        if (!warned.has(mark))
          log.warn('Slack refused a card in this channel', { id, channel, code, isPlain });
        if (kind === 'content') continue;
        result = 'not now';
        break;
      }
    }
    warned.add(mark);
    return result;
  };

  return {
    sendLink,
    /**
     * Puts the place on record of a card that was posted while that was not possible.
     * @returns undefined when there is no such card
     */
    settle: (request: Request): Promise<Standing | undefined> => recorder.settle(request.id),
    /** Posts the card and puts its place on record. */
    async post(request: Request, card: Card, signal: AbortSignal): Promise<Standing | Placeless> {
      const { id, asked } = request;
      const own = await postIn(asked.channel, request, card, signal);
      const placed =
        typeof own === 'string' && asked.channel !== auditChannel
          ? await postIn(auditChannel, request, card, signal)
          : own;
      if (typeof placed === 'string') return placed;
      for (const channel of [asked.channel, auditChannel]) warned.delete(`${id} ${channel}`);
      await recorder.record(id, { fact: 'card_posted', ...placed });
      return placed;
    },
  };
};
