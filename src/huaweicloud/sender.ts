import { Agent } from 'undici';
import type { Clock, CloudRequest } from '../domain/ports.ts';
import { hostVerdict, keyVerdict, throttledFor } from './answer.ts';
import type { AuthPauses, Rest, Turn, Use } from './auth-pause.ts';
import type { Credentials } from './credentials.ts';
import { type Exchange, exchange } from './exchange.ts';
import { heldBack } from './faults.ts';
import { createGate, type GateLimits, type Rank } from './gate.ts';
import type { Asking, Outages } from './outage.ts';
import { waitAfter } from './retry.ts';
import { createSharedReads } from './shared-reads.ts';
import { signed, type WireRequest } from './wire-request.ts';

/** A longer `Retry-After` is cut: a gateway must not silence the bot for hours. */
const LONGEST_THROTTLE_MS = 60_000;
/** What calls under way get at the end of the process; the rest becomes an unknown outcome. */
const CLOSING_GRACE_MS = 5000;

/** An exchange, and what a rejected key means for it. */
interface Sent {
  readonly outcome: Exchange;
  readonly rest: Rest | undefined;
}

/** One try of a call: any of the credentials will do. */
interface Try {
  readonly request: CloudRequest<unknown>;
  readonly wire: WireRequest;
  readonly anyOf: readonly Credentials[];
  /** 1 for the first. */
  readonly attempt: number;
}

export interface Sender {
  /**
   * Waits for its turn, then signs and sends once, or joins a read that asks the same and has not begun.
   * @throws {CloudFault} when it was held back: nothing was sent
   */
  send(one: Try): Promise<Sent>;
  /** Turns away new and waiting calls, lets those under way end for some seconds, and cuts the rest. */
  close(): Promise<void>;
}

interface SenderOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeoutMs: number;
  readonly limits: GateLimits | undefined;
  readonly auths: AuthPauses;
  readonly outages: Outages;
}

/** What a call took when it began: a key with its credentials. */
interface Pass {
  readonly turn: Turn;
  readonly asking: Asking;
  readonly credentials: Credentials;
}

const rankOf = ({ effect, executes }: CloudRequest<unknown>): Rank => {
  if (effect === 'change') return 'change';
  return executes ? 'execution' : 'look-up';
};

const useOf = (rank: Rank): Use => (rank === 'look-up' ? 'look-up' : 'execution');

/** What stands between a call and the network: the line, the keys' rests, hosts that are down, and the connections. */
export function createSender({ clock, random, timeoutMs, limits, auths, outages }: SenderOptions): Sender {
  const gate = createGate(clock, limits);
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

  function take(anyOf: readonly Credentials[], host: string, rank: Rank): Pass | undefined {
    // Whether a host is still down is rather asked by a read: a changing call that is lost has to be settled.
    const leavesItToReads = rank === 'change' && outages.isDown(host) && gate.readsWait(host);
    if (leavesItToReads || !outages.mayBegin(host)) return undefined;
    const turn = auths.take(
      anyOf.map(({ ak }) => ak),
      host,
      useOf(rank),
    );
    const credentials = anyOf.find(({ ak }) => ak === turn?.ak);
    return turn && credentials && { turn, credentials, asking: outages.begin(host) };
  }

  async function sendNow({ request, wire, anyOf, attempt }: Try, begun: () => void): Promise<Sent> {
    const rank = rankOf(request);
    const use = useOf(rank);
    const { host } = wire;
    const aks = anyOf.map(({ ak }) => ak);
    const since = outages.now(host);
    const { taken, leave } = await gate.enter({
      host,
      rank,
      key: aks.join(' '),
      refusal: () => auths.refusal(aks, host, use) ?? outages.refusal(host, use, since),
      take: () => take(anyOf, host, rank),
    });
    const { turn, credentials, asking } = taken;
    begun();
    let outcome: Exchange | undefined;
    let rest: Rest | undefined;
    try {
      const sending = exchange(agent, signed(wire, request.service, credentials, clock.now()), timeoutMs);
      underWay.add(sending);
      outcome = await sending.finally(() => underWay.delete(sending));
      const throttled = throttledFor(outcome);
      if (throttled !== undefined) {
        const ms = Math.max(waitAfter(attempt, random()), Math.min(throttled, LONGEST_THROTTLE_MS));
        gate.pause(host, clock.now() + ms);
      }
    } finally {
      const pausedUntil = asking.ended(outcome === undefined ? 'unknown' : hostVerdict(outcome));
      if (pausedUntil !== undefined) gate.pause(host, pausedUntil);
      // Before leaving, so that whoever is next already sees the pause.
      rest = turn.ended(outcome === undefined ? 'unknown' : keyVerdict(outcome));
      leave();
    }
    return { outcome, rest };
  }

  return {
    send(one) {
      const sending = (begun: () => void) => sendNow(one, begun);
      const { request, wire } = one;
      if (request.effect === 'change') return sending(() => undefined);
      const { service, account } = request;
      const body = Buffer.from(wire.body).toString('utf8');
      return sharedReads.join(
        JSON.stringify([service, account, rankOf(request), { ...wire, body }]),
        sending,
      );
    },
    async close() {
      const turnedAway = gate.close(() => heldBack('CLOSED', 'The bot is stopping; nothing was sent.'));
      const ended = new AbortController();
      await Promise.race([
        Promise.all([turnedAway, ...underWay]),
        clock.sleep(CLOSING_GRACE_MS, ended.signal),
      ]);
      ended.abort();
      // Not `close()` first: an agent forgets its connections then, and can no longer cut them.
      await agent.destroy();
    },
  };
}
