import type { LedgerRecord } from '../domain/facts.ts';
import type { Clock, Ledger, Log } from '../domain/ports.ts';
import { type Request, stateOf } from '../domain/request.ts';
import { isFinal } from '../domain/state.ts';
import { forFallback } from '../domain/text.ts';
import { load } from '../workflow/amend.ts';
import { leaf, line, richText, section } from './blocks.ts';
import { renderCard } from './card.ts';
import { createFollower, type Follower } from './follower.ts';
import type { Poster } from './poster.ts';
import { slackFault } from './slack-fault.ts';
import { sentenceOf } from './words.ts';

/** Progress on a card is shown at most this often (ms); buttons that must go and results come at once. */
const progressInterval = 3_000;

/** Facts that are told in the card's thread. */
const isTold = ({ fact }: LedgerRecord): boolean =>
  !['requested', 'card_posted', 'refused', 'refusals_counted'].includes(fact.fact);

interface Shown {
  readonly rendering: string;
  readonly state: string;
  readonly at: number;
}

export interface CardsOptions {
  readonly ledger: Ledger;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly log: Log;
  readonly auditChannel: string;
}

/** Makes each request's card agree with its state, and tells what happened in its thread. */
export const createCards = (options: CardsOptions): Follower => {
  const { ledger, poster, clock, log, auditChannel } = options;
  const shown = new Map<string, Shown>();
  const later = new Set<string>(ledger.open());

  /** To the requester, when the card is not where the command was typed. */
  const sendLink = async (request: Request, card: { channel: string; ts: string }, signal: AbortSignal) => {
    const { asked, id } = request;
    if (card.channel === asked.askedIn) return;
    const link = await poster.permalink(card.channel, card.ts);
    const words = `The card of ${id} is here: ${link ?? 'in the audit channel'}`;
    await poster.post(asked.by.user, { text: words }, signal);
  };

  const postCard = async (
    request: Request,
    signal: AbortSignal,
  ): Promise<{ channel: string; ts: string }> => {
    const card = renderCard(request);
    try {
      return await poster.post(request.asked.channel, card, signal);
    } catch (error) {
      const { kind, code } = slackFault(error);
      if (kind !== 'channel' || request.asked.channel === auditChannel) throw error;
      log.warn('A card goes to the audit channel, because its own cannot be posted to', {
        id: request.id,
        code,
      });
      return poster.post(auditChannel, card, signal);
    }
  };

  /** The card of the request; posted now if there is none. */
  const cardOf = async (request: Request, signal: AbortSignal): Promise<{ channel: string; ts: string }> => {
    if (request.card) return request.card;
    const card = await postCard(request, signal);
    await ledger.append(request.id, null, [{ fact: 'card_posted', ...card }]);
    shown.set(request.id, {
      rendering: JSON.stringify(renderCard(request)),
      state: stateOf(request),
      at: clock.now(),
    });
    try {
      await sendLink(request, card, signal);
    } catch (error) {
      log.warn('A requester could not be sent the link to the card', {
        id: request.id,
        code: slackFault(error).code,
      });
    }
    return card;
  };

  /** Brings the card up to date, unless only progress would be shown and the last was just now. */
  const refresh = async (request: Request, card: { channel: string; ts: string }): Promise<void> => {
    const rendered = renderCard(request);
    const rendering = JSON.stringify(rendered);
    const state = stateOf(request);
    const before = shown.get(request.id);
    later.delete(request.id);
    if (before?.rendering === rendering) return;
    const urgent = isFinal(state) || before === undefined || before.state === 'requested';
    if (!urgent && clock.now() - before.at < progressInterval) {
      later.add(request.id);
      return;
    }
    try {
      await poster.update(card.channel, card.ts, rendered);
    } catch (error) {
      const { kind, code } = slackFault(error);
      if (kind !== 'gone' && kind !== 'channel' && kind !== 'content') throw error;
      log.warn('A card could not be brought up to date', { id: request.id, code });
    }
    shown.set(request.id, { rendering, state, at: clock.now() });
    if (isFinal(state)) shown.delete(request.id);
  };

  const tell = async (
    request: Request,
    card: { channel: string; ts: string },
    records: readonly LedgerRecord[],
    signal: AbortSignal,
  ): Promise<void> => {
    const told = records.filter(isTold);
    if (told.length === 0) return;
    const sentences = told.map((record) => sentenceOf(record.fact));
    const text = forFallback(`${request.id}: ${sentences.join(' ')}`, 3500);
    try {
      await poster.post(
        card.channel,
        { text, blocks: [richText(...sentences.map((sentence) => line(leaf(sentence))))], thread: card.ts },
        signal,
      );
    } catch (error) {
      const { kind, code } = slackFault(error);
      if (kind === 'later' || kind === 'token') throw error;
      log.warn('A card’s thread could not be written', { id: request.id, code });
      if (!isFinal(stateOf(request))) return;
      const words = `${request.id}: ${sentences.at(-1) ?? ''}`;
      await poster.post(
        request.asked.by.user,
        { text: forFallback(words), blocks: [section(words)] },
        signal,
      );
    }
  };

  const follow = async (records: readonly LedgerRecord[], signal: AbortSignal): Promise<number> => {
    const ids = new Set(records.map((record) => record.id).filter((id) => id !== 'bot'));
    for (const id of ids) {
      const own = records.filter((record) => record.id === id);
      const request = await load(ledger, id);
      if (request === undefined) continue;
      const card = await cardOf(request, signal);
      await refresh(request, card);
      await tell(request, card, own, signal);
    }
    return records.at(-1)?.seq ?? 0;
  };

  return createFollower({
    name: 'cards',
    ledger,
    clock,
    log,
    batch: 100,
    follow,
    tick: async (signal) => {
      // A copy, because refreshing takes ids out and may put them back.
      for (const id of Array.from(later)) {
        const request = await load(ledger, id);
        if (request === undefined) later.delete(id);
        else await refresh(request, await cardOf(request, signal));
      }
      return later.size > 0 ? progressInterval : Number.POSITIVE_INFINITY;
    },
  });
};
