import { setMaxListeners } from 'node:events';
import {
  type Clock,
  type Cloud,
  type CloudAnswer,
  CloudFault,
  type CloudRequest,
  type Log,
} from '../domain/ports.ts';
import { conclude } from './answer.ts';
import { type AuthPause, createAuthPauses, type Rest } from './auth-pause.ts';
import type { Credentials, CredentialsProvider } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { heldBack } from './faults.ts';
import type { GateLimits } from './gate.ts';
import { hiding } from './hide.ts';
import { createOutages } from './outage.ts';
import { waitBeforeRepeat } from './retry.ts';
import { createSender } from './sender.ts';
import { toWire, type WireRequest } from './wire-request.ts';

export interface CloudOptions {
  readonly credentials: CredentialsProvider;
  /** Base URLs that replace the public ones. */
  readonly endpoints?: Endpoints;
  /** For regional services, when a request names none. */
  readonly region?: string | undefined;
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter of repeats. */
  readonly random: () => number;
  readonly log: Log;
  /** For one whole exchange, from connecting to the end of the body. Milliseconds. */
  readonly timeoutMs: number;
  /** How long a rejected key is not used at that host. Milliseconds. */
  readonly authPauseMs: number;
  /** Told at the first 401 of each rest of a key, to tell people. */
  readonly onAuthPause?: (pause: AuthPause) => void;
  /** Told when a key that was rejected is accepted again. */
  readonly onAuthAccepted?: (words: string) => void;
  readonly limits?: GateLimits;
}

export interface CloudClient extends Cloud {
  /** Turns away new and waiting calls, lets those under way end for some seconds, and cuts the rest. */
  close(): Promise<void>;
}

/** People who wait for a revocation must hear that nothing can happen for a while. */
const resting = (fault: CloudFault, { words, againAt }: Rest): CloudFault =>
  new CloudFault(fault.family, `${fault.message.replace(/\.$/, '')}. ${words}`, {
    status: fault.status,
    code: fault.code,
    requestId: fault.requestId,
    retryable: fault.retryable,
    againAt,
  });

/** The shared signed client of all Huawei Cloud services. Opens no connection before the first call. */
export function createCloud(options: CloudOptions): CloudClient {
  const { clock, log, timeoutMs } = options;
  const closing = new AbortController();
  // Each call that waits to be repeated listens, and hundreds may.
  setMaxListeners(0, closing.signal);
  const tell = (say: () => void): void => {
    try {
      say();
    } catch (error) {
      // The call must be counted and reported all the same.
      log.error('telling people about the access key failed', { error });
    }
  };
  const auths = createAuthPauses(clock, options.authPauseMs, {
    rejected: (pause) => {
      const { message, begins, ...fields } = pause;
      log.error(message, fields);
      if (begins) tell(() => options.onAuthPause?.(pause));
    },
    accepted: (words) => {
      log.info(words);
      tell(() => options.onAuthAccepted?.(words));
    },
  });
  const { random, limits } = options;
  const outages = createOutages(clock, random, log);
  const sender = createSender({ clock, random, timeoutMs, limits, auths, outages });

  async function credentialsFor(request: CloudRequest<unknown>): Promise<readonly Credentials[]> {
    try {
      const found = await options.credentials(request.service, request.account);
      if (found.length > 0) return found;
    } catch {
      // The reason may hold anything, so it is not passed on.
    }
    throw heldBack('NO_CREDENTIALS', `There are no credentials for ${request.service}; nothing was sent.`);
  }

  async function tryOnce<A>(
    request: CloudRequest<A>,
    wire: WireRequest,
    attempt: number,
  ): Promise<CloudAnswer<A>> {
    const began = clock.now();
    const write = (
      result: { status?: number | undefined; requestId?: string | undefined },
      code?: string,
    ) => {
      const { service, method } = request;
      const { status, requestId } = result;
      const ms = clock.now() - began;
      log.debug('cloud call', { service, method, path: wire.path, status, ms, requestId, attempt, code });
    };
    let rest: Rest | undefined;
    try {
      const anyOf = await credentialsFor(request);
      const sent = await sender.send({ request, wire, anyOf, attempt });
      rest = sent.rest;
      const answer = conclude(sent.outcome, request.answer, hiding(anyOf));
      write(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof CloudFault)) throw error;
      write(error, error.code ?? error.family);
      throw rest === undefined ? error : resting(error, rest);
    }
  }

  return {
    async call(request) {
      const { service, effect } = request;
      const wire = toWire(request, options.region, options.endpoints ?? {});
      // What this call has met tells more than that the host is down.
      const isOver = () => closing.signal.aborted || outages.isDown(wire.host);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await tryOnce(request, wire, attempt);
        } catch (fault) {
          if (!(fault instanceof CloudFault)) throw fault;
          const wait = waitBeforeRepeat({ service, effect, fault, attempt, random: random() });
          if (wait === undefined || isOver()) throw fault;
          await clock.sleep(wait, closing.signal);
          if (isOver()) throw fault;
        }
      }
    },
    async close() {
      closing.abort();
      await sender.close();
    },
  };
}
