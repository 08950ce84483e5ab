import { type Logger, webApi } from '@slack/bolt';
import type { Secret } from '../domain/secret.ts';

export type WebClient = webApi.WebClient;

/** For each use its own client: a client that waits out a 429 holds up everything else on it. */
export interface Clients {
  /** Answers to clicks and forms: no retries, no waiting, because a trigger lives 3 s. */
  readonly interactions: WebClient;
  /** Look-ups of people and channels. */
  readonly people: WebClient;
  /** Cards and audit posts, paced and repeated by their followers. */
  readonly followers: WebClient;
}

/** ms */
const timeout = 5_000;

const either = (one: AbortSignal, other: AbortSignal | null | undefined): AbortSignal =>
  other ? AbortSignal.any([one, other]) : one;

/** A fetch that is given up where `over` aborts before an answer begins. */
const endingWith =
  (over: AbortSignal): typeof fetch =>
  async (input, init) => {
    const own = new AbortController();
    const giveUp = () => own.abort(over.reason);
    // Together with a signal that lives for long, Node 20 keeps some bytes of each `AbortSignal.any` for as long.
    over.addEventListener('abort', giveUp);
    try {
      over.throwIfAborted();
      return await fetch(input, { ...init, signal: either(own.signal, init?.signal) });
    } finally {
      over.removeEventListener('abort', giveUp);
    }
  };

/**
 * @param onFault hears of every call that fails; its caller does, too
 * @param logger is told of errors only
 * @param over gives up what Slack has not begun to answer by then
 */
export const createClients = (
  botToken: Secret,
  apiUrl: string | undefined,
  onFault: (error: unknown) => void,
  logger: Logger,
  over: AbortSignal,
): Clients => {
  class Overheard extends webApi.WebClient {
    override async apiCall(...call: Parameters<WebClient['apiCall']>): ReturnType<WebClient['apiCall']> {
      try {
        return await super.apiCall(...call);
      } catch (error) {
        onFault(error);
        throw error;
      }
    }
  }
  const create = (): WebClient =>
    new Overheard(botToken.reveal(), {
      ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout,
      fetch: endingWith(over),
      // Warnings, of charsets for instance, may come with every answer.
      logger: { ...logger, warn: () => undefined },
    });
  return { interactions: create(), people: create(), followers: create() };
};

/** A fetch that gives up after `ms`, or before when its caller does. */
export const hastyFetch =
  (ms: number): typeof fetch =>
  (input, init) =>
    fetch(input, { ...init, signal: either(AbortSignal.timeout(ms), init?.signal) });
