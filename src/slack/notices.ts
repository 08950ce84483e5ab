import { earliest } from '../domain/earliest.ts';
import type { FactOf, LedgerRecord } from '../domain/facts.ts';
import { type Audience, type Due, dueNotices, newsAge } from '../domain/notices.ts';
import type { Ledger } from '../domain/ports.ts';
import { fold, type Request, stateOf } from '../domain/request.ts';
import { type Needs, whileLooking } from '../workflow/needs.ts';
import { mayAsk, mayDecide } from '../workflow/roles.ts';
import { createFollower, type Follower } from './follower.ts';
import { type NoticeReader, renderNotice } from './notice.ts';
import { audienceOf } from './notices-audience.ts';
import type { Poster } from './poster.ts';
import { createRecorder } from './recorder.ts';
import { slackFault } from './slack-fault.ts';
import { createStubborn } from './stubborn.ts';

/** What could not be told because Slack could not be asked about people is tried again after this long (ms). */
const askAgain = 30_000;
/** Who could not be written to is left alone for so long (ms): what Slack refuses may be mended meanwhile. */
const leftAlone = 10 * 60_000;
/** A message over which Slack fails again and again makes way for the others for so long (ms). */
const setAside = 60_000;
/** How often (ms) it is looked whether a card's thread has told the end, where the requester is to hear of it. */
const threadFirst = 500;
/** Requests that are looked at after a start, besides those that are open. */
const mostRecent = 1_000;
const batch = 100;

type NoticeNeeds = Pick<Needs, 'ledger' | 'people' | 'policy' | 'clock' | 'log'> & {
  readonly poster: Poster;
};

/** Whether a fact may change who is to be told what. */
const matters = ({ id, fact: { fact } }: LedgerRecord): boolean =>
  id !== 'bot' && !['card_posted', 'notified', 'refused', 'refusals_counted'].includes(fact);

const nobody: Audience = { first: new Set(), escalation: new Set(), deciders: new Set() };

/** Whether the thread of the card has told the end, or its requester by a message where there was no thread. */
const hasThreadTold = (
  ledger: Pick<Ledger, 'cursor'>,
  { end }: Request,
  records: readonly LedgerRecord[],
) => {
  const last = end && records.findLast(({ fact }) => fact.fact === end.fact.fact);
  return last === undefined || ledger.cursor('cards') >= last.seq;
};

/**
 * Tells people of requests by direct messages: those who may decide that they are needed, and who decided; the
 * requester what became of it. Level-triggered: what is due follows from each request's facts and the time, so a
 * crash repeats at most what was posted and not yet on record.
 */
export const createNotices = (needs: NoticeNeeds): Follower => {
  const { ledger, policy, clock, log, poster } = needs;
  /** Requests of which somebody may have to be told, and when (ms since the epoch) to look. */
  const looks = new Map<string, number>(ledger.open().map((id) => [id, 0]));
  /** From when on (ms since the epoch) to try again what Slack did not take: a person, or one message, perhaps for ever not. */
  const refused = new Map<string, number>();
  const cut = new Set<string>();
  const recorder = createRecorder<FactOf<'notified'>>(ledger);
  const stubborn = createStubborn();
  let caughtUp = false;

  /** What ended shortly before a stop may not have been told. */
  const catchUp = async (): Promise<void> => {
    if (caughtUp) return;
    const since = clock.now() - newsAge - policy.approvalWindow - policy.executionWindow;
    const recent = await ledger.list(
      ({ progress, requestedAt }) => progress.needed > 0 && requestedAt > since,
      mostRecent,
    );
    for (const { id } of recent) looks.set(id, 0);
    caughtUp = true;
  };

  const messageMark = ({ id }: Request, { user, why }: Due): string => `${id} ${user} ${why}`;
  const notBefore = (request: Request, due: Due): Due => {
    const marks = [due.user, messageMark(request, due)];
    return { ...due, at: Math.max(due.at, ...marks.map((mark) => refused.get(mark) ?? 0)) };
  };

  /** Tries something with Slack; a refusal is logged, everything else thrown. */
  const attempt = async <T>(request: Request, due: Due, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      const { kind, code } = slackFault(error);
      if (kind === 'later' || kind === 'token') throw error;
      if (kind === 'channel') refused.set(due.user, clock.now() + leftAlone);
      else refused.set(messageMark(request, due), Number.POSITIVE_INFINITY);
      log.warn('A person could not be told of a request', { id: request.id, ...due, code });
      return undefined;
    }
  };

  /** One message of a person stands once the next is posted; one that cannot be deleted does no harm. */
  const removeBefore = async (request: Request, { user }: Due): Promise<void> => {
    const before = request.notices.get(user);
    if (before === undefined) return;
    try {
      await poster.remove(before.channel, before.ts);
    } catch (error) {
      log.warn('An earlier message could not be deleted', {
        id: request.id,
        user,
        code: slackFault(error).code,
      });
    }
  };

  /** Only where the message depends on it, because whoever is not in a group is asked for anew. */
  const readerOf = async (request: Request, { user, why }: Due): Promise<NoticeReader> => ({
    mayDecide: why !== 'escalated' || (await mayDecide(needs, request, user, whileLooking)) === 'yes',
    mayAsk: why === 'denied' && (await mayAsk(needs, user, whileLooking)) === 'yes',
  });

  const deliver = async (request: Request, due: Due, signal: AbortSignal): Promise<void> => {
    const { user, why } = due;
    const message = renderNotice(request, why, await readerOf(request, due));
    const before = request.notices.get(user);
    const notified = { fact: 'notified', user, why, state: stateOf(request) } as const;
    if (why === 'decided' && before !== undefined) {
      await attempt(request, due, () => poster.update(before.channel, before.ts, message));
      const { channel, ts } = before;
      await recorder.record(request.id, { ...notified, channel, ts });
      return;
    }
    const placed = await attempt(request, due, () => poster.post(user, message, signal));
    if (placed === undefined) return;
    if (why !== 'denied' && why !== 'outcome') await removeBefore(request, due);
    await recorder.record(request.id, { ...notified, ...placed });
  };

  /** Delivers; what Slack fails over again and again has its next try later, so that nobody else waits for it. */
  const tryDeliver = async (request: Request, due: Due, signal: AbortSignal): Promise<void> => {
    const mark = messageMark(request, due);
    try {
      await deliver(request, due, signal);
      stubborn.over(mark);
    } catch (error) {
      if (stubborn.faultOf(mark, error).kind !== 'content') throw error;
      refused.set(mark, clock.now() + setAside);
    }
  };

  const noteCut = (id: string): void => {
    if (!cut.has(id)) log.warn('More people may decide than are told; the card is there for all', { id });
    cut.add(id);
  };

  /**
   * Tells one person what is due; everything is looked at anew for the next one, because it may be decided meanwhile.
   * @returns when to look again; undefined when nothing is due until something happens
   */
  const tellNext = async (id: string, signal: AbortSignal): Promise<number | undefined> => {
    await recorder.settle(id);
    const records = await ledger.ofRequest(id);
    const request = fold(records);
    if (request === undefined || request.progress.needed === 0) return undefined;
    const state = stateOf(request);
    const { audience, isWhole, isCut } =
      state === 'requested' || state === 'denied'
        ? await audienceOf(needs, request)
        : { audience: nobody, isWhole: true, isCut: false };
    if (isCut) noteCut(id);
    const now = clock.now();
    const isEarly = !hasThreadTold(ledger, request, records);
    const dues = dueNotices(request, audience, policy.escalateAfter, now)
      .map((due) => (due.why === 'outcome' && isEarly ? { ...due, at: now + threadFirst } : due))
      .map((due) => notBefore(request, due));
    const due = dues.find(({ at }) => at <= now);
    if (due !== undefined) {
      await tryDeliver(request, due, signal);
      return now;
    }
    const next = Math.min(
      earliest(dues.map(({ at }) => at)),
      isWhole ? Number.POSITIVE_INFINITY : now + askAgain,
    );
    return Number.isFinite(next) ? next : undefined;
  };

  const soonest = (): readonly [id: string, at: number] | undefined => {
    let first: readonly [string, number] | undefined;
    for (const look of looks) if (first === undefined || look[1] < first[1]) first = look;
    return first;
  };

  const tick = async (signal: AbortSignal): Promise<number> => {
    await catchUp();
    for (;;) {
      const next = soonest();
      // What cannot be put on record would be told again and again.
      if (next === undefined || ledger.trouble() !== undefined) return Number.POSITIVE_INFINITY;
      const [id, at] = next;
      if (at > clock.now() || signal.aborted) return Math.max(0, at - clock.now());
      const again = await tellNext(id, signal);
      if (again === undefined) looks.delete(id);
      else looks.set(id, again);
    }
  };

  return createFollower({
    name: 'notices',
    ledger,
    clock,
    log,
    batch,
    follow: async (records) => {
      // What is older was looked at when this began: after an upgrade, that is the whole ledger.
      const since = clock.now() - newsAge;
      for (const record of records) if (matters(record) && record.at > since) looks.set(record.id, 0);
      return records.at(-1)?.seq ?? 0;
    },
    tick,
  });
};
