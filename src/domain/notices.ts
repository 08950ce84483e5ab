import { isOneHuman, isSamePerson } from './affected.ts';
import type { FactOf } from './facts.ts';
import type { KnownPerson } from './ports.ts';
import { type Notice, type Request, stateOf } from './request.ts';
import { isFinal, type State } from './state.ts';

/** Who may be told of a request, by their Slack ids. */
export interface Audience {
  /** Those who are told at once. */
  readonly first: ReadonlySet<string>;
  /** Those who are told once it has waited too long. */
  readonly escalation: ReadonlySet<string>;
  /** Those whose decision it waits for, of the first and of the others; once it is over, all who could decide. */
  readonly deciders: ReadonlySet<string>;
}

/** A direct message to be sent, or, where it is `decided`, to be brought up to date for the last time. */
export interface Due {
  readonly user: string;
  readonly why: FactOf<'notified'>['why'];
  /** ms since the epoch; in the past when it is due already. */
  readonly at: number;
}

/** ms after the last message until the first reminder; each further one takes twice as long. */
const firstReminder = 5 * 60_000;
/** Nobody is reminded in the last ms before the deadline. */
const tooLate = 60_000;
/** What ended longer ago than this (ms) is no news any more. */
export const newsAge = 24 * 60 * 60_000;

/** Whether this message has a button for somebody who still has to decide. */
const isLive = ({ why }: Notice): boolean => why === 'asked' || why === 'reminded' || why === 'escalated';

/**
 * Whether a person may be told of a request that is not decided: whoever could decide it, were they an approver.
 * Without an e-mail it cannot be ruled out that it is about them.
 */
export const mayBeTold = ({ asked }: Request, { person, standing, emailConfirmed }: KnownPerson): boolean => {
  if (standing !== 'full member' || !emailConfirmed || isOneHuman(person, asked.by)) return false;
  if (asked.affected === undefined) return true;
  return person.email !== undefined && !isSamePerson(asked.affected, person.email);
};

/** Since when something is due that has happened: it has, also where the clock was set back and is behind its fact. */
const notAfter = (now: number, at: number): number => Math.min(now, at);

/** What comes next for somebody who has not decided yet. */
const nextAsking = (
  request: Request,
  { first, escalation, deciders }: Audience,
  escalateAt: number,
  user: string,
  now: number,
): Due | undefined => {
  const notice = request.notices.get(user);
  const live = notice !== undefined && isLive(notice) ? notice : undefined;
  const dues: Due[] = [];
  if (live === undefined && first.has(user))
    dues.push({ user, why: 'asked', at: notAfter(now, request.askedAt) });
  if (live !== undefined && deciders.has(user)) {
    const at = live.at + firstReminder * 2 ** (live.times - 1);
    const inTime = Math.max(at, now) < request.asked.approveBefore - tooLate;
    if (inTime) dues.push({ user, why: 'reminded', at });
  }
  // Whatever they were told after that time has told them of it too.
  if (escalation.has(user) && (live === undefined || live.at < escalateAt)) {
    dues.push({ user, why: 'escalated', at: escalateAt });
  }
  return dues.toSorted((one, other) => one.at - other.at)[0];
};

const askings = (
  request: Request,
  audience: Audience,
  escalateAfter: number,
  now: number,
): readonly Due[] => {
  if (now >= request.asked.approveBefore) return [];
  const given = new Set(request.progress.given.map(({ user }) => user));
  const users = new Set([...audience.first, ...audience.escalation]);
  const escalateAt = request.askedAt + escalateAfter;
  return [...users]
    .filter((user) => !given.has(user))
    .flatMap((user) => nextAsking(request, audience, escalateAt, user, now) ?? [])
    .filter(({ at }) => at < request.asked.approveBefore);
};

/** A denial stands for all approvers, so all of them hear of it, except the one who denied. */
const denials = ({ end, notices }: Request, { first, deciders }: Audience, now: number): readonly Due[] => {
  if (end?.fact.fact !== 'denied') return [];
  const { user: denier } = end.fact.by;
  return [...deciders]
    .filter((user) => user !== denier && (first.has(user) || notices.has(user)))
    .filter((user) => notices.get(user)?.why !== 'denied')
    .map((user) => ({ user, why: 'denied', at: notAfter(now, end.at) }));
};

/** Whether its requester may be told of it now: of what is about themselves they learn nothing before the end. */
export const mayTellRequester = (request: Request): boolean => {
  const { affected, by } = request.asked;
  const isAffected = affected !== undefined && (by.email === undefined || isSamePerson(affected, by.email));
  return !isAffected || isFinal(stateOf(request));
};

/** What the requester is told of a state: its progress after the approval is not worth a message. */
const told = (state: State): State => (state === 'executing' || state === 'verifying' ? 'approved' : state);

/** The requester hears what others decided and how it ended, each once; what they did themselves they know. */
const outcome = (request: Request, now: number): readonly Due[] => {
  const { asked, askedAt, end } = request;
  const { user } = asked.by;
  const state = told(stateOf(request));
  const before = told(request.notices.get(user)?.state ?? 'requested');
  if (state === before || state === 'cancelled' || !mayTellRequester(request)) return [];
  return [{ user, why: 'outcome', at: notAfter(now, end?.at ?? askedAt) }];
};

/**
 * Every message that is due, or will be as things stand, the most urgent first. Only of requests that need people.
 * @param escalateAfter ms from the asking
 * @param now ms since the epoch
 */
export const dueNotices = (
  request: Request,
  audience: Audience,
  escalateAfter: number,
  now: number,
): readonly Due[] => {
  if (request.progress.needed === 0) return [];
  const isWaiting = stateOf(request) === 'requested';
  const isNews = request.end === undefined || request.end.at > now - newsAge;
  const closed: readonly Due[] = isWaiting
    ? []
    : [...request.notices].flatMap(([user, notice]) =>
        isLive(notice) ? [{ user, why: 'decided', at: notAfter(now, request.askedAt) } as const] : [],
      );
  return [
    ...closed,
    ...(isNews ? outcome(request, now) : []),
    ...(isNews ? denials(request, audience, now) : []),
    ...(isWaiting ? askings(request, audience, escalateAfter, now) : []),
  ];
};
