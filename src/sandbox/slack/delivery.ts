import type { JsonObject } from './json.ts';

type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** One thing that Slack tells the app. */
export interface Delivery {
  readonly type: EnvelopeType;
  readonly payload: JsonObject;
  /** Whether an acknowledgement may carry an answer. */
  readonly answerable: boolean;
  /** Repeat of an event: 1..3 and why. */
  readonly retry?: { readonly number: number; readonly reason: string };
}

/**
 * What came back: an acknowledgement (`body` undefined when empty), nothing in time, no connection at all, or an
 * HTTP status other than 200.
 */
export type Reply =
  | { readonly outcome: 'ok'; readonly body: unknown }
  | { readonly outcome: 'timeout' }
  | { readonly outcome: 'unreachable' }
  | { readonly outcome: 'status'; readonly status: number };

/** A way to reach the app. */
export interface Transport {
  send(delivery: Delivery): Promise<Reply>;
  /** Gives up everything under way. */
  close(): void | Promise<void>;
}
