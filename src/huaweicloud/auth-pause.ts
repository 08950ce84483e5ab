import type { Clock, CloudFault } from '../domain/ports.ts';
import {
  acceptedWords,
  allRestWords,
  type Place,
  type RestTimes,
  rejectedWords,
  restWords,
} from './auth-words.ts';
import { heldBack } from './faults.ts';
import { endOf, type Pause } from './pause.ts';

/**
 * More than five failures in a row lock an AK for five minutes at the gateway, for everybody who uses it
 * (API Request Signing Guide, FAQ). This client stays below that, even if all calls under way fail.
 */
const MOST_IN_A_ROW = 4;
/** Look-ups leave the last try to a revocation. */
const MOST_IN_A_ROW_BY_LOOKUPS = MOST_IN_A_ROW - 1;
/**
 * Whatever is under way when a key is revoked or locked is rejected, however often it was accepted before. One hiccup of
 * the cloud must leave a try, or approved revocations would wait out the long rest.
 */
export const MOST_UNDER_WAY = MOST_IN_A_ROW - 1;
const LOOKUPS_UNDER_WAY = MOST_IN_A_ROW_BY_LOOKUPS - 1;
/** How long a key rests that has used up its tries, before one single call tries it again. */
const REST_MS = 60 * 60 * 1000;

/** What a call is for: an approved revocation, changes and reads alike, or what people look up. */
export type Use = 'execution' | 'look-up';

/** People must hear of it: with no good key nothing can be revoked. */
export interface AuthPause {
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** 401 answers to this key in a row. */
  readonly failures: number;
  /** The key was not resting already when this answer came. */
  readonly begins: boolean;
  /** What happened, until when nothing is sent with the key, and what to check. */
  readonly message: string;
}

/** What a rejected key means for the call that was signed with it. */
export interface Rest {
  readonly words: string;
  /** When a call of the same use may go on with some key; now, when another one is free. */
  readonly againAt: number;
}

/** A call under way. */
export interface Turn {
  /** What it is to be signed with. */
  readonly ak: string;
  /** To be called exactly once. Says whether the key was accepted (2xx), rejected (401), or neither is known. */
  ended(key: 'accepted' | 'rejected' | 'unknown'): Rest | undefined;
}

/** Each call brings the access key ids of which any will do for it, always in the same order. */
export interface AuthPauses {
  /** Why a call may not begin now with any of the keys; undefined when it may, or must wait for others. */
  refusal(aks: readonly string[], host: string, use: Use): CloudFault | undefined;
  /**
   * Counts a call as under way with the key that was not taken for longest; undefined when each key that may be used
   * has to wait until others have ended.
   */
  take(aks: readonly string[], host: string, use: Use): Turn | undefined;
}

interface KeyState {
  readonly ak: string;
  failures: number;
  /** After the last 401, once the tries are used up. */
  rest: Pause;
  lookups: number;
  executions: number;
  /** Calls still under way that began before the last 401 came. */
  older: number;
  /** Number of the turn in which it was last taken. */
  takenIn: number;
  /** After the last 401 of each host. */
  readonly pauses: Map<string, Pause>;
}

const NO_PAUSE: Pause = { from: 0, until: 0 };

function fresh(ak: string): KeyState {
  return {
    ak,
    failures: 0,
    rest: NO_PAUSE,
    lookups: 0,
    executions: 0,
    older: 0,
    takenIn: 0,
    pauses: new Map(),
  };
}

/** Whether one more call of this use may be under way. */
function hasRoom({ failures, lookups, executions }: KeyState, use: Use): boolean {
  // A key in doubt is tried by one call at a time.
  if (lookups + executions >= (failures > 0 ? 1 : MOST_UNDER_WAY)) return false;
  return use === 'execution' || lookups < LOOKUPS_UNDER_WAY;
}

/** Told what people must hear. */
export interface AuthListener {
  /** For each 401. */
  rejected(pause: AuthPause): void;
  /** When a rejected key is accepted. */
  accepted(words: string): void;
}

/** Remembers which keys were rejected where, and holds back calls that could lock a key. */
export function createAuthPauses(clock: Clock, pauseMs: number, listener: AuthListener): AuthPauses {
  const keys = new Map<string, KeyState>();
  let turns = 0;

  function stateOf(ak: string): KeyState {
    const known = keys.get(ak);
    if (known !== undefined) return known;
    const state = fresh(ak);
    keys.set(ak, state);
    return state;
  }

  /** Until when calls of this use are held back; 0 when they are not. */
  function heldUntil({ failures, rest, pauses }: KeyState, host: string, use: Use, now: number): number {
    const most = use === 'look-up' ? MOST_IN_A_ROW_BY_LOOKUPS : MOST_IN_A_ROW;
    return Math.max(failures >= most ? endOf(rest, now) : 0, endOf(pauses.get(host) ?? NO_PAUSE, now));
  }

  /** When the first of the keys may be used; 0 when one is free. */
  function freeAt(aks: readonly string[], host: string, use: Use, now: number): number {
    return Math.min(...aks.map((ak) => heldUntil(stateOf(ak), host, use, now)));
  }

  function reject(state: KeyState, aks: readonly string[], host: string, use: Use): Rest {
    const now = clock.now();
    const begins = [...state.pauses.values()].every((pause) => endOf(pause, now) === 0);
    state.older = state.lookups + state.executions;
    state.failures += 1;
    state.rest = { from: now, until: now + Math.max(REST_MS, pauseMs) };
    state.pauses.set(host, { from: now, until: now + pauseMs });
    const until = heldUntil(state, host, 'execution', now);
    const place: Place = { number: aks.indexOf(state.ak) + 1, of: aks.length };
    const againAt = Math.max(now, freeAt(aks, host, use, now));
    const times: RestTimes = { until, againAt, now };
    const { failures } = state;
    listener.rejected({
      host,
      until,
      failures,
      begins,
      message: rejectedWords(host, place, failures, times),
    });
    return { words: restWords(place, times), againAt };
  }

  return {
    refusal(aks, host, use) {
      const [first, ...others] = aks;
      const now = clock.now();
      const againAt = freeAt(aks, host, use, now);
      if (againAt === 0 || first === undefined) return undefined;
      const words =
        others.length === 0
          ? rejectedWords(host, { number: 1, of: 1 }, stateOf(first).failures, {
              until: againAt,
              againAt,
              now,
            })
          : allRestWords(host, aks.length, againAt);
      return heldBack('AUTH_PAUSED', words);
    },
    take(aks, host, use) {
      const now = clock.now();
      const free = aks
        .map(stateOf)
        .filter((one) => heldUntil(one, host, use, now) === 0 && hasRoom(one, use));
      // A revocation goes on by itself after a 401, a person's look-up does not: it rather takes a key that is not in doubt.
      const inDoubt = ({ failures }: KeyState): number => (use === 'look-up' && failures > 0 ? 1 : 0);
      const [state] = free.sort((a, b) => inDoubt(a) - inDoubt(b) || a.takenIn - b.takenIn);
      if (state === undefined) return undefined;
      turns += 1;
      state.takenIn = turns;
      if (use === 'look-up') state.lookups += 1;
      else state.executions += 1;
      return {
        ak: state.ak,
        ended(key) {
          if (use === 'look-up') state.lookups -= 1;
          else state.executions -= 1;
          // A key in doubt is tried by one call at a time, so the older ones have all ended before a new one begins.
          const isOlder = state.older > 0;
          if (isOlder) state.older -= 1;
          // The gateway may have seen an older call first: it tells nothing of the key after the 401.
          if (key === 'accepted' && !isOlder) {
            state.pauses.delete(host);
            if (state.failures > 0)
              listener.accepted(acceptedWords(host, { number: aks.indexOf(state.ak) + 1, of: aks.length }));
            state.failures = 0;
          }
          return key === 'rejected' ? reject(state, aks, host, use) : undefined;
        },
      };
    },
  };
}
