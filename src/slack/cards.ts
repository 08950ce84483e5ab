import type { LedgerRecord } from '../domain/facts.ts';
import type { Clock, Ledger, Log } from '../domain/ports.ts';
import { type Request, stateOf } from '../domain/request.ts';
import { isFinal } from '../domain/state.ts';
import { load } from '../workflow/amend.ts';
import { type Card, plainCard, renderCard } from './card.ts';
import { createCardPlace, type Standing } from './card-place.ts';
import { createCardThread } from './card-thread.ts';
import { createFollower, type Follower } from './follower.ts';
import { createNextTries } from './next-tries.ts';
import type { Poster } from './poster.ts';
import { slackFault } from './slack-fault.ts';
import { createStubborn } from './stubborn.ts';

/** Progress on a card is shown at most this often (ms); buttons that must go and results come at once. */
const progressInterval = 3_000;
/** Longest wait (ms) before another try with a card that has found no place. */
const longestWait = 10 * 60_000;
/** Longest wait (ms) before another try with a card over which Slack fails again and again. */
const longestPause = 60_000;
const batch = 100;

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

/** What only tells that people were told or refused something stands on no card. */
const mayChangeCard = ({ id, fact: { fact } }: LedgerRecord): boolean =>
  id !== 'bot' && !['notified', 'refused', 'refusals_counted'].includes(fact);

/** The leading records of one request (with what is the bot's own between them), and that request's id. */
const leadingRun = (records: readonly LedgerRecord[]): { id: string; run: readonly LedgerRecord[] } => {
  const id = records.find((record) => record.id !== 'bot')?.id ?? 'bot';
  const end = records.findIndex((record) => record.id !== 'bot' && record.id !== id);
  return { id, run: end === -1 ? records : records.slice(0, end) };
};

/** Makes each request's card agree with its state, and tells what happened in its thread. */
export const createCards = (options: CardsOptions): Follower => {
  const { ledger, poster, clock, log } = options;
  const stubborn = createStubborn();
  const place = createCardPlace({ ...options, stubborn });
  const thread = createCardThread(options);
  const shown = new Map<string, Shown>();
  /** Their cards are somewhat behind, or have nowhere to stand yet. */
  const later = createNextTries(ledger.open(), { clock, least: progressInterval, most: longestWait });
  /** Slack fails over their cards again and again, so no other waits for them. */
  const stuck = createNextTries([], { clock, least: progressInterval, most: longestPause });
  /** Their requesters could not be sent the link to the card yet. */
  const links = createNextTries([], { clock, least: progressInterval, most: longestWait });
  /** Have no card yet. Cards come before what is told in threads: people wait for their buttons. */
  const unplaced = new Set<string>();
  /** Cards that somebody deleted. */
  const lost = new Set<string>();
  /** Up to here the cards agree with the ledger. Ahead of the cursor, because posts are paced and updates are not. */
  let looked = ledger.cursor('cards');

  const link = async (request: Request, card: Standing, signal: AbortSignal): Promise<void> => {
    if (await place.sendLink(request, card, signal)) links.done(request.id);
    else links.afterFailure(request.id);
  };

  /** The card of the request; posted now if there is none. Undefined where no channel takes it. */
  const cardOf = async (request: Request, signal: AbortSignal) => {
    if (request.card) return request.card;
    const settled = await place.settle(request);
    if (settled) {
      await link(request, settled, signal);
      return settled;
    }
    const card = renderCard(request);
    const placed = await place.post(request, card, signal);
    if (typeof placed === 'string') {
      // What Slack refuses for good can only become another card while something still happens.
      if (placed === 'refused' && isFinal(stateOf(request))) later.done(request.id);
      else later.afterFailure(request.id);
      return undefined;
    }
    later.done(request.id);
    shown.set(request.id, { rendering: JSON.stringify(card), state: stateOf(request), at: clock.now() });
    await link(request, placed, signal);
    return placed;
  };

  const update = async (id: string, { channel, ts }: Standing, card: Card): Promise<void> => {
    // Buttons that are not live any more must go also where Slack refuses the rest.
    for (const attempt of [card, plainCard(card)]) {
      try {
        await poster.update(channel, ts, attempt);
        if (attempt === card) stubborn.over(id);
        return;
      } catch (error) {
        const isPlain = attempt !== card;
        const { kind, code } = isPlain ? slackFault(error) : stubborn.faultOf(id, error);
        if (kind === 'later' || kind === 'token') throw error;
        if (code === 'message_not_found') lost.add(id);
        log.warn('A card could not be brought up to date', { id, code, isPlain });
        if (kind !== 'content') return;
      }
    }
  };

  /** Not where the clock was set back: nobody knows how long ago that was. */
  const isRecent = (at: number): boolean => {
    const passed = clock.now() - at;
    return passed >= 0 && passed < progressInterval;
  };

  /** Brings the card up to date, unless only progress would be shown and the last was just now. */
  const refresh = async (request: Request, card: Standing): Promise<void> => {
    const rendered = renderCard(request);
    const rendering = JSON.stringify(rendered);
    const state = stateOf(request);
    const before = shown.get(request.id);
    if (before?.rendering === rendering) {
      later.done(request.id);
      stuck.done(request.id);
      return;
    }
    const urgent = request.end !== undefined || before === undefined || before.state === 'requested';
    if (!urgent && isRecent(before.at)) {
      later.soon(request.id);
      return;
    }
    try {
      await update(request.id, card, rendered);
    } catch (error) {
      if (!stubborn.isStuck(request.id, error)) throw error;
      // Slack fails over the plain one too: the other cards do not wait for it, and it waits for its own time only.
      later.done(request.id);
      stuck.afterFailure(request.id);
      return;
    }
    // What throws before this is still to be done, also where the ledger tells nothing more of it.
    later.done(request.id);
    stuck.done(request.id);
    shown.set(request.id, { rendering, state, at: clock.now() });
  };

  /** Buttons that must go first, then results, then progress. */
  const urgency = (request: Request): number => {
    const state = stateOf(request);
    if (state !== 'requested' && (shown.get(request.id)?.state ?? 'requested') === 'requested') return 0;
    return request.end !== undefined ? 1 : 2;
  };

  /** Brings all cards up to date that stand somewhere, whatever is still to be posted, and finds those that do not. */
  const refreshAll = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const records = await ledger.read(looked, batch);
      const last = records.at(-1);
      if (last === undefined || signal.aborted) return;
      const ids = [...new Set(records.filter(mayChangeCard).map((record) => record.id))];
      const requests = await Promise.all(ids.map((id) => load(ledger, id)));
      const known = requests.flatMap((request) => request ?? []);
      for (const request of known.toSorted((a, b) => urgency(a) - urgency(b))) {
        if (signal.aborted) return;
        if (request.card) await refresh(request, request.card);
        else if (later.isFree(request.id)) unplaced.add(request.id);
      }
      looked = last.seq;
    }
  };

  const refreshStuck = async (signal: AbortSignal): Promise<void> => {
    for (const id of stuck.due()) {
      if (signal.aborted) return;
      const request = await load(ledger, id);
      if (request?.card) await refresh(request, request.card);
    }
  };

  /** One post at a time, so that a failure repeats nothing and no backlog keeps buttons alive. */
  const follow = async (records: readonly LedgerRecord[], signal: AbortSignal): Promise<number> => {
    await refreshAll(signal);
    await refreshStuck(signal);
    // The next start passes over what is told, and would leave a card behind that was not reached here.
    if (signal.aborted) return ledger.cursor('cards');
    const [next] = unplaced;
    if (next !== undefined) {
      const placeless = await load(ledger, next);
      if (placeless) await cardOf(placeless, signal);
      unplaced.delete(next);
      return ledger.cursor('cards');
    }
    const { id, run } = leadingRun(records);
    const request = await load(ledger, id);
    if (id === 'bot' || request === undefined) return run.at(-1)?.seq ?? 0;
    const told = await thread.tell(
      request,
      lost.has(id) ? undefined : request.card,
      run.filter((record) => record.id === id),
      signal,
    );
    const whole = told === undefined || told === run.findLast((record) => record.id === id)?.seq;
    if (whole && isFinal(stateOf(request))) {
      shown.delete(id);
      lost.delete(id);
    }
    return whole ? (run.at(-1)?.seq ?? 0) : told;
  };

  const isBehind = (): boolean => ledger.cursor('cards') < ledger.head().seq;

  return createFollower({
    name: 'cards',
    ledger,
    clock,
    log,
    batch,
    follow,
    tick: async (signal) => {
      await refreshStuck(signal);
      for (const id of later.due()) {
        if (signal.aborted) break;
        const request = await load(ledger, id);
        const card = request && (await cardOf(request, signal));
        if (request === undefined) later.done(id);
        else if (card) await refresh(request, card);
        // What is new comes first: people wait for its buttons, or must not find them any more.
        if (isBehind()) return 0;
      }
      for (const id of links.due()) {
        if (signal.aborted) break;
        const request = await load(ledger, id);
        if (request?.card) await link(request, request.card, signal);
        else links.done(id);
      }
      return Math.min(later.rest(), stuck.rest(), links.rest());
    },
  });
};
