import { setMaxListeners } from 'node:events';
import { Agent } from 'undici';
import {
  type Clock,
  type Cloud,
  type CloudAnswer,
  CloudFault,
  type CloudRequest,
  type Log,
} from '../domain/ports.ts';
import { conclude, keyVerdict, throttledFor } from './answer.ts';
import { type AuthPause, createAuthPauses, type Use } from './auth-pause.ts';
import type { Credentials, CredentialsProvider } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { type Exchange, exchange } from './exchange.ts';
import { heldBack } from './faults.ts';
import { createGate, type GateLimits, type Rank } from './gate.ts';
import { hiding } from './hide.ts';
import { waitAfter, waitBeforeRepeat } from './retry.ts';
import { createSharedReads } from './shared-reads.ts';
import { signed, toWire, type WireRequest } from './wire-request.ts';

/** A longer `Retry-After` is cut: a gateway must not silence the bot for hours. */
const LONGEST_THROTTLE_MS = 60_000;
/** What calls under way get at the end of the process; the rest becomes an unknown outcome. */
const CLOSING_GRACE_MS = 5000;

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
  /** Told about each 401, to tell people. */
  readonly onAuthPause?: (pause: AuthPause) => void;
  readonly limits?: GateLimits;
}

export interface CloudClient extends Cloud {
  /** End of the latest pause after a 401 that is on now, milliseconds since the epoch. */
  pausedUntil(): number | undefined;
  /** Turns away new and waiting calls, lets those under way end for some seconds, and cuts the rest. */
  close(): Promise<void>;
}

/** An exchange, and until when (ms since the epoch) the key rests that it was rejected with. */
interface Sent {
  readonly outcome: Exchange;
  readonly restsUntil: number | undefined;
}

/** People who wait for a revocation must hear that nothing can happen for a while. */
const resting = (fault: CloudFault, until: number): CloudFault =>
  new CloudFault(
    fault.family,
    `${fault.message.replace(/\.$/, '')}. The access key rests until ${new Date(until).toISOString()}.`,
    { status: fault.status, code: fault.code, requestId: fault.requestId, retryable: fault.retryable },
  );

const rankOf = ({ effect, executes }: CloudRequest<unknown>): Rank => {
  if (effect === 'change') return 'change';
  return executes ? 'execution' : 'look-up';
};

/** The shared signed client of all Huawei Cloud services. Opens no connection before the first call. */
export function createCloud(options: CloudOptions): CloudClient {
  const { clock, log, timeoutMs } = options;
  const closing = new AbortController();
  // Each call that waits to be repeated listens, and hundreds may.
  setMaxListeners(0, closing.signal);
  const gate = createGate(clock, options.limits);
  const auths = createAuthPauses(clock, options.authPauseMs, (pause) => {
    const { message, ...fields } = pause;
    log.error(message, fields);
    try {
      options.onAuthPause?.(pause);
    } catch (error) {
      // The call must be counted and reported all the same.
      log.error('telling people about the rejected key failed', { error });
    }
  });
  const agent = new Agent({
    // The exchange has its own deadline, which covers all of these.
    connect: { timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    allowH2: false,
  });

  const underWay = new Set<Promise<Exchange>>();
  const sharedReads = createSharedReads<Sent>();

  async function credentialsFor(request: CloudRequest<unknown>): Promise<Credentials> {
    try {
      return await options.credentials(request.service, request.account);
    } catch {
      // The reason may hold anything, so it is not passed on.
      throw heldBack('NO_CREDENTIALS', `There are no credentials for ${request.service}; nothing was sent.`);
    }
  }

  /** Waits for its turn, then signs and sends once. */
  async function send(
    request: CloudRequest<unknown>,
    wire: WireRequest,
    credentials: Credentials,
    attempt: number,
    begun: () => void,
  ): Promise<Sent> {
    const rank = rankOf(request);
    const use: Use = rank === 'look-up' ? 'look-up' : 'execution';
    const { ak } = credentials;
    const leave = await gate.enter({
      host: wire.host,
      rank,
      key: ak,
      refusal: () => auths.refusal(ak, wire.host, use),
      take: () => auths.take(ak, use),
    });
    begun();
    let outcome: Exchange | undefined;
    let restsUntil: number | undefined;
    try {
      const sending = exchange(agent, signed(wire, request.service, credentials, clock.now()), timeoutMs);
      underWay.add(sending);
      outcome = await sending.finally(() => underWay.delete(sending));
      const throttled = throttledFor(outcome);
      if (throttled !== undefined) {
        const ms = Math.max(waitAfter(attempt, options.random()), Math.min(throttled, LONGEST_THROTTLE_MS));
        gate.pause(wire.host, clock.now() + ms);
      }
    } finally {
      // Before leaving, so that whoever is next already sees the pause.
      restsUntil = auths.ended(ak, wire.host, use, outcome === undefined ? 'unknown' : keyVerdict(outcome));
      leave();
    }
    return { outcome, restsUntil };
  }

  function sendOrJoin(
    request: CloudRequest<unknown>,
    wire: WireRequest,
    credentials: Credentials,
    attempt: number,
  ): Promise<Sent> {
    const sending = (begun: () => void) => send(request, wire, credentials, attempt, begun);
    if (request.effect === 'change') return sending(() => undefined);
    const body = Buffer.from(wire.body).toString('utf8');
    return sharedReads.join(JSON.stringify([credentials.ak, rankOf(request), { ...wire, body }]), sending);
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
    let until: number | undefined;
    try {
      const credentials = await credentialsFor(request);
      const { outcome, restsUntil } = await sendOrJoin(request, wire, credentials, attempt);
      until = restsUntil;
      const answer = conclude(outcome, request.answer, hiding(credentials));
      write(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof CloudFault)) throw error;
      write(error, error.code ?? error.family);
      throw until === undefined ? error : resting(error, until);
    }
  }

  return {
    async call(request) {
      const { service, effect } = request;
      const wire = toWire(request, options.region, options.endpoints ?? {});
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await tryOnce(request, wire, attempt);
        } catch (fault) {
          if (!(fault instanceof CloudFault)) throw fault;
          const wait = waitBeforeRepeat({ service, effect, fault, attempt, random: options.random() });
          if (wait === undefined || closing.signal.aborted) throw fault;
          await clock.sleep(wait, closing.signal);
          if (closing.signal.aborted) throw fault;
        }
      }
    },
    pausedUntil: () => auths.pausedUntil(),
    async close() {
      closing.abort();
      gate.close(() => heldBack('CLOSED', 'The bot is stopping; nothing was sent.'));
      const ended = new AbortController();
      await Promise.race([Promise.all(underWay), clock.sleep(CLOSING_GRACE_MS, ended.signal)]);
      ended.abort();
      // Not `close()` first: an agent forgets its connections then, and can no longer cut them.
      await agent.destroy();
    },
  };
}
