import { isOneHuman, isSamePerson } from './affected.ts';
import type { Fact, Person, Via } from './facts.ts';
import { listWords } from './list-words.ts';
import type { Policy } from './policy.ts';
import type { Answer, KnownPerson, Seats } from './ports.ts';
import { type Request, stampOf, stateOf } from './request.ts';
import { isFinal } from './state.ts';
import { calledName, nameForSlack } from './text.ts';

/** Why something was not done. `code` is stable; `words` are for the person who asked. */
export interface Refusal {
  readonly code: string;
  readonly words: string;
}

export type Decision =
  | { readonly result: 'facts'; readonly facts: readonly Fact[] }
  | { readonly result: 'refused'; readonly refusal: Refusal };

export const refuse = (code: string, words: string): Decision => ({
  result: 'refused',
  refusal: { code, words },
});
const record = (...facts: Fact[]): Decision => ({ result: 'facts', facts });

/** Somebody who clicked, with what Slack says of them now. */
export interface Clicker {
  readonly who: KnownPerson | 'could not ask';
  readonly via: Via;
  /** The stamp of what they were shown; undefined when they acted on nothing shown. */
  readonly shown?: string;
}

/** For whom of the approvers somebody stands at the click. */
export interface Standing extends Seats {
  /** Groups that they came into too recently to count for them. */
  readonly fresh: readonly string[];
}

/** Of what somebody calls themselves: a list of people has room for all of them. */
const mostOfName = 50;

/** One human being, as people are named: on one line, with the id, because names are not unique. */
export const named = ({ name, user }: Pick<Person, 'name' | 'user'>): string =>
  `${nameForSlack(calledName(name), mostOfName)} (${user})`;

const couldNotAsk: Refusal = {
  code: 'could_not_ask',
  words:
    'Slack could not be asked just now whether you may do this, so nothing was done. Please try again in a minute.',
};

const outsiderWords: Readonly<Record<Exclude<KnownPerson['standing'], 'full member'>, string>> = {
  guest: 'a guest',
  bot: 'a bot',
  stranger: 'a stranger',
  deactivated: 'a deactivated account',
  'unknown to Slack': 'unknown to Slack',
};

/** Only a full member of the workspace with a confirmed e-mail may do anything at all. */
export const admit = (who: KnownPerson | 'could not ask'): KnownPerson | Refusal => {
  if (who === 'could not ask') return couldNotAsk;
  if (who.standing !== 'full member') {
    return {
      code: 'not_a_member',
      words: `Only full members of this workspace may do this; you are ${outsiderWords[who.standing]} here. Nothing was done.`,
    };
  }
  if (!who.emailConfirmed) {
    return {
      code: 'email_unconfirmed',
      words: 'Your e-mail address in Slack is not confirmed, so nothing was done. Confirm it and try again.',
    };
  }
  return who;
};

/** Says how a request that no longer waits was decided, and by whom. */
export const decidedWords = (request: Request): string => {
  const end = request.end?.fact;
  const by = request.approvals.flatMap((approval) => (approval.by ? [named(approval.by)] : []));
  switch (stateOf(request)) {
    case 'requested':
      return `${request.id} waits for approval.`;
    case 'denied':
      return `${request.id} was already denied${end?.fact === 'denied' ? ` by ${named(end.by)}` : ''}.`;
    case 'cancelled':
      return `${request.id} was already cancelled${end?.fact === 'cancelled' ? ` by ${named(end.by)}` : ''}.`;
    case 'expired':
      return `${request.id} has expired. Please ask again if it is still needed.`;
    case 'approved':
    case 'executing':
    case 'verifying':
      return `${request.id} was already approved ${by.length > 0 ? `by ${listWords(by, 'and')}` : 'by rule'} and is being executed.`;
    case 'succeeded':
    case 'unverified':
    case 'failed':
    case 'partly_failed':
    case 'halted':
      return `${request.id} was already decided and has ended: ${stateOf(request).replace('_', ' ')}.`;
    default:
      return stateOf(request);
  }
};

/** The affected person may ask, but never approve, deny or cancel. */
const refuseAffected = (request: Request, who: KnownPerson): Decision | undefined => {
  const affected = request.asked.affected;
  if (affected === undefined) return undefined;
  if (who.person.email === undefined) {
    return refuse(
      'email_unknown',
      'Your e-mail address could not be read from Slack, so it cannot be ruled out that this is about you. Nothing was done.',
    );
  }
  if (!isSamePerson(affected, who.person.email)) return undefined;
  return refuse(
    'affected_person',
    'This is about your own access, so you cannot decide it. Nothing was done.',
  );
};

/** The affected person learns nothing of a request that is not final. */
export const refuseEarly = (request: Request, who: KnownPerson): Decision | undefined =>
  isFinal(stateOf(request)) ? undefined : refuseAffected(request, who);

const refuseDecided = (request: Request, who: KnownPerson): Decision =>
  refuseEarly(request, who) ?? refuse('already_decided', decidedWords(request));

const refuseOver = (request: Request, who: KnownPerson, now: number): Decision | undefined => {
  if (stateOf(request) !== 'requested') return refuseDecided(request, who);
  if (now >= request.asked.approveBefore) {
    const words = `${request.id} has expired. Please ask again if it is still needed.`;
    return refuseEarly(request, who) ?? refuse('expired', words);
  }
  return undefined;
};

/** Somebody's answer to "are you among these" as far as Slack told. */
export const answerOf = ({ held, unknown }: Seats): Answer =>
  held.length > 0 ? 'yes' : unknown.length > 0 ? 'could not ask' : 'no';

const refuseNonApprover = (answer: Answer): Decision | undefined => {
  switch (answer) {
    case 'yes':
      return undefined;
    case 'no':
      return refuse(
        'not_an_approver',
        'You are not among the approvers of this kind of revocation, so nothing was done.',
      );
    case 'could not ask':
      return { result: 'refused', refusal: couldNotAsk };
    default:
      return answer satisfies never;
  }
};

const ownWords = {
  approve: 'You asked for this yourself: a second person has to approve it. Nothing was done.',
  deny: 'You asked for this yourself: use Cancel to take it back. Nothing was done.',
};

/**
 * Rule 2, as far as Slack need not be asked for it: who decides is a full member, neither the requester nor the
 * affected person, the request still waits, and it is what they were shown.
 */
export const admitDecider = (
  request: Request,
  clicker: Clicker,
  tried: 'approve' | 'deny',
  now: number,
): { readonly person: Person } | { readonly barred: Decision } => {
  const admitted = admit(clicker.who);
  if ('code' in admitted) return { barred: { result: 'refused', refusal: admitted } };
  const over = refuseOver(request, admitted, now);
  if (over) return { barred: over };
  const { person } = admitted;
  if (isOneHuman(person, request.asked.by)) return { barred: refuse('own_request', ownWords[tried]) };
  const barred = refuseAffected(request, admitted);
  if (barred) return { barred };
  if (tried === 'approve' && request.approvals.some(({ by }) => by && isOneHuman(person, by))) {
    const words = `You have approved ${request.id} already; another person is needed.`;
    return { barred: refuse('already_approved', words) };
  }
  if (clicker.shown === undefined || clicker.shown === stampOf(request)) return { person };
  const words = `What you saw of ${request.id} is older than what it is now, so nothing was done. Please look at it again.`;
  return { barred: refuse('outdated', words) };
};

const coolOffWords = (fresh: readonly string[]): string =>
  `You came into the approvers (${fresh.join(', ')}) too recently to approve (APPROVER_COOL_OFF). Nothing was done; another approver has to decide.`;

/** Rule 1: one approval, of exactly this digest, by one who may decide and has not approved yet. */
export const decideApprove = (
  request: Request,
  clicker: Clicker,
  standing: Standing,
  now: number,
  policy: Pick<Policy, 'executionWindow'>,
): Decision => {
  const decider = admitDecider(request, clicker, 'approve', now);
  if ('barred' in decider) return decider.barred;
  if (standing.held.length === 0 && standing.fresh.length > 0)
    return refuse('cool_off', coolOffWords(standing.fresh));
  // Where one from each group is needed, an approval counts for good with the groups that were known at the click.
  const inPart = standing.unknown.length > 0 && (request.progress.from?.together.length ?? 0) > 0;
  const barred = refuseNonApprover(inPart ? 'could not ask' : answerOf(standing));
  if (barred) return barred;
  return record({
    fact: 'approved',
    digest: request.asked.digest,
    by: decider.person,
    via: clicker.via,
    seats: standing.held,
    startBefore: now + policy.executionWindow,
  });
};

/**
 * An approver may say no, with a reason; the requester cancels instead.
 * @param deniedBefore this person denied the same target within the last 24 hours
 */
export const decideDeny = (
  request: Request,
  clicker: Clicker,
  approver: Answer,
  reason: string,
  now: number,
  deniedBefore: boolean,
): Decision => {
  const decider = admitDecider(request, clicker, 'deny', now);
  if ('barred' in decider) return decider.barred;
  const barred = refuseNonApprover(approver);
  if (barred) return barred;
  if (deniedBefore) {
    return refuse(
      'denied_before',
      'You have denied a revocation for the same target within the last 24 hours. Another approver has to decide this one.',
    );
  }
  return record({ fact: 'denied', by: decider.person, via: clicker.via, reason });
};

/** The requester may take a request back until its execution begins. */
export const decideCancel = (request: Request, clicker: Clicker): Decision => {
  const admitted = admit(clicker.who);
  if ('code' in admitted) return { result: 'refused', refusal: admitted };
  const state = stateOf(request);
  if (state !== 'requested' && state !== 'approved') return refuseDecided(request, admitted);
  if (admitted.person.user !== request.asked.by.user) {
    return refuse(
      'not_yours',
      'Only the person who asked can cancel this; approvers use Deny. Nothing was done.',
    );
  }
  const barred = refuseAffected(request, admitted);
  if (barred) return barred;
  return record({ fact: 'cancelled', by: admitted.person, via: clicker.via });
};

/** Deadlines: nobody approved in time, or execution did not begin in time. What has begun is always finished. */
export const decideExpiry = (request: Request, now: number): readonly Fact[] => {
  const state = stateOf(request);
  if (state === 'requested' && now >= request.asked.approveBefore) {
    const words = 'It did not have the approvals it needs in time. Nothing was called.';
    return [{ fact: 'expired', window: 'approval', words }];
  }
  if (state === 'approved' && now >= request.startBefore) {
    return [
      { fact: 'expired', window: 'execution', words: 'It could not be begun in time. Nothing was called.' },
    ];
  }
  return [];
};
