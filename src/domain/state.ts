import { z } from 'zod';
import { ApproverRule, isFulfilled } from './approvers.ts';
import type { Fact, FactOf } from './facts.ts';

/**
 * The states of a request, what holds in each, and every way out:
 * - `requested`: waits for approvals. Out: approved, denied, cancelled, expired.
 * - `approved`: may be executed until its execution window closes. Out: executing, cancelled, expired, halted,
 *   requested (an approval became void), succeeded (everything was gone already), failed (could not be begun).
 * - `executing`: a changing call is on its way, or was refused in passing. Out: verifying, or an end.
 * - `verifying`: the call was accepted or its outcome is unknown; reads decide. Out: executing again, or an end.
 * - `unverified`: the time to prove it ran out. Out: succeeded, by a later read.
 * - `denied`, `cancelled`, `expired`, `succeeded`, `failed`, `partly_failed`, `halted`: final.
 */
export const State = z.enum([
  'requested',
  'approved',
  'executing',
  'verifying',
  'unverified',
  'denied',
  'cancelled',
  'expired',
  'succeeded',
  'failed',
  'partly_failed',
  'halted',
]);
export type State = z.infer<typeof State>;

/** Nothing can happen to it any more. */
export const isFinal = (state: State): boolean => {
  switch (state) {
    case 'denied':
    case 'cancelled':
    case 'expired':
    case 'succeeded':
    case 'failed':
    case 'partly_failed':
    case 'halted':
      return true;
    case 'requested':
    case 'approved':
    case 'executing':
    case 'verifying':
    case 'unverified':
      return false;
    default:
      return state satisfies never;
  }
};

/** The runner has work with it; waiting for a deadline counts. */
export const isOpen = (state: State): boolean => !isFinal(state) && state !== 'unverified';

/** How far a request has come, without its contents. */
export const Progress = z.object({
  state: State,
  /** Approvals by people that it needs; 0 when it goes on by rule. */
  needed: z.number().int(),
  /** From whom they must come. */
  from: ApproverRule.optional(),
  /** Those who approved, by their Slack ids, each once. */
  given: z.array(z.object({ user: z.string(), seats: z.array(z.string()).readonly() })).readonly(),
  byRule: z.boolean(),
});
export type Progress = z.infer<typeof Progress>;

/** How far a request is that was only just asked. */
export const progressOf = (asked: FactOf<'requested'>): Progress => ({
  state: 'requested',
  needed: asked.approvals,
  ...(asked.from && { from: asked.from }),
  given: [],
  byRule: false,
});

/** A rule approves only what needs nobody; people approve only when they are enough, and the right ones. */
const weigh = (progress: Progress): Progress => {
  const { needed, from, given, byRule } = progress;
  const right = from === undefined || isFulfilled(from, needed, given);
  const enough = needed === 0 ? byRule : given.length >= needed && right;
  return { ...progress, state: enough ? 'approved' : 'requested' };
};

/** Whether a fact can still change the state: what is over stays over, whoever is late to tell of it. */
const isOver = (state: State, fact: Fact): boolean =>
  isFinal(state) || (state === 'unverified' && fact.fact !== 'succeeded');

/** The one place that says which fact leads to which state. */
export const advance = (progress: Progress, fact: Fact): Progress => {
  const next = follow(progress, fact);
  return isOver(progress.state, fact) ? progress : next;
};

/** Nobody counts twice, whatever the facts say. */
const without = ({ given }: Progress, user: string): Progress['given'] =>
  given.filter((one) => one.user !== user);

const follow = (progress: Progress, fact: Fact): Progress => {
  switch (fact.fact) {
    case 'approved': {
      if (fact.by === undefined) return weigh({ ...progress, byRule: true });
      const { user } = fact.by;
      return weigh({ ...progress, given: [...without(progress, user), { user, seats: fact.seats ?? [] }] });
    }
    case 'approval_void':
      return weigh({ ...progress, given: without(progress, fact.user) });
    case 'step_started':
      return { ...progress, state: 'executing' };
    case 'step_outcome':
      return { ...progress, state: fact.outcome === 'refused' ? 'executing' : 'verifying' };
    case 'denied':
    case 'cancelled':
    case 'expired':
    case 'halted':
    case 'succeeded':
    case 'unverified':
    case 'partly_failed':
    case 'failed':
      return { ...progress, state: fact.fact };
    case 'impact_grew':
    case 'proof':
    case 'stayed_gone':
    case 'came_back':
    case 'card_posted':
    case 'notified':
    case 'refused':
    case 'refusals_counted':
      return progress;
    case 'requested':
    case 'group_changed':
    case 'policy_changed':
    case 'started':
    case 'stopped':
    case 'anchor':
    case 'recovered':
    case 'key_rejected':
    case 'key_accepted':
    case 'cursor':
      throw new Error(`"${fact.fact}" is no fact that follows in a request`);
    default:
      return fact satisfies never;
  }
};
