import type { ApiCall } from './core.ts';

/** A planned failure of a Web API method. */
interface PlannedFailure {
  /** How many calls fail; each failure counts one down. */
  times: number;
  /** Slack error code in an HTTP 200 answer. */
  error?: string;
  /** HTTP status instead of an answer. */
  status?: number;
}

/** The switchboard: everything that can be made to go wrong. All of it can be changed while running. */
export interface SlackSwitches {
  /** Delay before a Web API call is handled, in milliseconds. */
  latencyMs: number;
  /** How many of the app's next acknowledgements get lost on the way. */
  dropAcks: number;
  /** Calls that get HTTP 429, by method (`*` = any); `retryAfter` in seconds. */
  rateLimited: Record<string, { times: number; retryAfter: number }>;
  /** Calls that fail, by method (`*` = any). */
  failWith: Record<string, PlannedFailure>;
  /**
   * Asked of every call, a use of a response URL (`response_url`) too: undefined when it goes its way, else it is
   * never answered, and only carried out when it `acts`.
   */
  hang: (call: Pick<ApiCall, 'method' | 'args'>) => { readonly acts: boolean } | undefined;
  /** Every connection is cut without an answer. */
  outage: boolean;
  /** The bot token was revoked. */
  revokedToken: boolean;
  /** How many times each interaction and event is delivered in addition to the first. */
  duplicateDeliveries: number;
  /** Enforce Slack's published rates (one post a second and channel, tiers per method). */
  rateLimits: boolean;
  /** Pauses before the repeats of an unacknowledged event, in milliseconds (Slack: at once, 1 min, 5 min). */
  eventRetryDelaysMs: readonly number[];
  /** Team that a message's payload names when a person of another team clicks; Slack's choice is not confirmed. */
  strangerPayloadTeam: 'installed' | 'own';
}

export const defaultSwitches = (over: Partial<SlackSwitches> = {}): SlackSwitches => ({
  latencyMs: 0,
  dropAcks: 0,
  rateLimited: {},
  failWith: {},
  hang: () => undefined,
  outage: false,
  revokedToken: false,
  duplicateDeliveries: 0,
  rateLimits: false,
  eventRetryDelaysMs: [0, 60_000, 300_000],
  strangerPayloadTeam: 'installed',
  ...over,
});

/** Counts one planned case down; true while there was one left. */
export const useUp = (plan: { times: number } | undefined): boolean => {
  if (plan === undefined || plan.times <= 0) return false;
  plan.times -= 1;
  return true;
};
