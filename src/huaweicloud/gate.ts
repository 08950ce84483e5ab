import { nextTurn } from '../domain/next-turn.ts';
import type { Clock } from '../domain/ports.ts';
import { endOf, type Pause } from './pause.ts';

export interface GateLimits {
  /** Calls under way per host. */
  readonly inFlight: number;
  /** Calls begun per host within any second. */
  readonly perSecond: number;
}

/**
 * Below the gateway's 200 requests per second per API, although all APIs of a host count together here: calls that
 * begin within a second may arrive within less. Enough at a time for four access keys and those that wait for a close.
 */
export const DEFAULT_LIMITS: GateLimits = { inFlight: 16, perSecond: 180 };

/**
 * The rate is kept within each tenth of a second: of a whole second's calls in one go, and the next ones a second later,
 * the gateway might count both as one second's.
 */
const SLICE_MS = 100;
const SLICES = 1000 / SLICE_MS;

/** Each of those who are turned away goes on for itself, and everything else has its turn in between. */
const TURNED_AWAY_AT_ONCE = 50;

/** Who goes first, whenever they came: what changes, what proves, and then what people look up. */
const RANKS = ['change', 'execution', 'look-up'] as const;
export type Rank = (typeof RANKS)[number];

/** One call that wants to begin. */
export interface Ticket<T> {
  readonly host: string;
  readonly rank: Rank;
  /** What it may be signed with. Whatever holds for a ticket holds for all of its host, rank and key. */
  readonly key: string;
  /** Asked while waiting: a reason to turn the call away now. */
  refusal(): Error | undefined;
  /** Asked when the host has room: takes what else the call needs; undefined when it must wait. */
  take(): T | undefined;
}

interface Entered<T> {
  /** What the ticket took. */
  readonly taken: T;
  /** To be called exactly once, when the call has ended. */
  readonly leave: () => void;
}

export interface Gate {
  /**
   * Resolves when the call may begin.
   * Rejects with the ticket's refusal, or with the gate's reason for closing.
   */
  enter<T>(ticket: Ticket<T>): Promise<Entered<T>>;
  /** Whether anybody but changing calls waits for this host. */
  readsWait(host: string): boolean;
  /** Begins no call to the host until `until` (milliseconds since the epoch). */
  pause(host: string, until: number): void;
  /** Turns away everyone who comes later at once, and those who wait some at a time. */
  close(reason: () => Error): Promise<void>;
}

type Waiting = Pick<Ticket<unknown>, 'host' | 'refusal'> & {
  /** False when it cannot take what it needs. */
  readonly begin: (leave: () => void) => boolean;
  readonly turnAway: (reason: Error) => void;
};

/** Those of one host, rank and key, in the order in which they came: when the first must wait, all must. */
interface Lane {
  readonly host: string;
  readonly rank: Rank;
  readonly waiting: Waiting[];
}

interface Host {
  inFlight: number;
  paused: Pause;
  /** Times of the calls begun within the last slice, oldest first. */
  begun: number[];
}

/** When the host has room again as far as time matters; now or earlier when it has. */
function openAt(host: Host, now: number, limits: GateLimits): number {
  // Times to come are from before the clock was set back.
  host.begun = host.begun.filter((at) => at > now - SLICE_MS && at <= now);
  const isFull = host.begun.length >= Math.max(1, Math.floor(limits.perSecond / SLICES));
  return Math.max(endOf(host.paused, now), isFull ? (host.begun[0] ?? now) + SLICE_MS : now);
}

/** The one waiting line of all calls: bounds calls in flight and the rate per host, and keeps pauses. */
export function createGate(clock: Clock, limits: GateLimits = DEFAULT_LIMITS): Gate {
  const hosts = new Map<string, Host>();
  const closing = new AbortController();
  const lanes = new Map<string, Lane>();
  let closed: (() => Error) | undefined;
  let wakeAt = Number.POSITIVE_INFINITY;

  function hostOf(name: string): Host {
    const known = hosts.get(name);
    if (known !== undefined) return known;
    const fresh: Host = { inFlight: 0, paused: { from: 0, until: 0 }, begun: [] };
    hosts.set(name, fresh);
    return fresh;
  }

  function leaver(host: Host): () => void {
    return () => {
      host.inFlight -= 1;
      pump();
    };
  }

  /** True when the ticket left the line, either way. */
  function served({ host: name, refusal, begin, turnAway }: Waiting): boolean {
    const reason = refusal();
    if (reason !== undefined) {
      turnAway(reason);
      return true;
    }
    const host = hostOf(name);
    const now = clock.now();
    const opens = openAt(host, now, limits);
    if (opens > now) {
      wake(opens, now);
      return false;
    }
    if (host.inFlight >= limits.inFlight || !begin(leaver(host))) return false;
    host.inFlight += 1;
    host.begun.push(now);
    return true;
  }

  function wake(at: number, now: number): void {
    if (at >= wakeAt) return;
    wakeAt = at;
    void clock.sleep(at - now, closing.signal).then(() => {
      if (wakeAt === at) wakeAt = Number.POSITIVE_INFINITY;
      pump();
    });
  }

  function laneOf({ host, rank, key }: Ticket<unknown>): Lane {
    const name = [host, rank, key].join(' ');
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const fresh: Lane = { host, rank, waiting: [] };
    lanes.set(name, fresh);
    return fresh;
  }

  /** @returns how many left the line */
  function serveAll(): number {
    let left = 0;
    for (const rank of RANKS) {
      for (const { rank: own, waiting } of lanes.values()) {
        if (own !== rank) continue;
        for (; waiting[0] !== undefined && served(waiting[0]); left += 1) waiting.shift();
      }
    }
    return left;
  }

  function pump(): void {
    // A change may have left its turn to a read that then was turned away.
    while (serveAll() > 0);
  }

  return {
    enter(ticket) {
      return new Promise((resolve, turnAway) => {
        if (closed !== undefined) {
          turnAway(closed());
          return;
        }
        const begin = (leave: () => void): boolean => {
          const taken = ticket.take();
          if (taken !== undefined) resolve({ taken, leave });
          return taken !== undefined;
        };
        laneOf(ticket).waiting.push({ host: ticket.host, refusal: () => ticket.refusal(), begin, turnAway });
        pump();
      });
    },
    readsWait: (name) =>
      [...lanes.values()].some(
        ({ host, rank, waiting }) => host === name && rank !== 'change' && waiting.length > 0,
      ),
    pause(name, until) {
      const host = hostOf(name);
      const now = clock.now();
      host.paused = { from: now, until: Math.max(endOf(host.paused, now), until) };
    },
    async close(reason) {
      closed = reason;
      closing.abort();
      const left = [...lanes.values()].flatMap(({ waiting }) => waiting.splice(0));
      for (const [index, { turnAway }] of left.entries()) {
        turnAway(reason());
        if ((index + 1) % TURNED_AWAY_AT_ONCE === 0) await nextTurn();
      }
    },
  };
}
