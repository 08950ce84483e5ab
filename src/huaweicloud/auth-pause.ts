import type { Clock, CloudFault } from '../domain/ports.ts';
import { heldBack } from './faults.ts';

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

/** People must hear of it: with a bad key nothing can be revoked. */
export interface AuthPause {
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** 401 answers to this key in a row. */
  readonly failures: number;
  /** What happened, until when nothing is sent, and what to check. */
  readonly message: string;
}

export interface AuthPauses {
  /** Why a call may not begin now; undefined when it may, or must wait for others. */
  refusal(ak: string, host: string, use: Use): CloudFault | undefined;
  /** Counts the call as under way; false when it must wait until others with this key have ended. */
  take(ak: string, use: Use): boolean;
  /**
   * Must follow each `take`. Says whether the key was accepted (2xx), rejected (401), or neither is known.
   * @returns until when a rejected key rests, milliseconds since the epoch
   */
  ended(ak: string, host: string, use: Use, key: 'accepted' | 'rejected' | 'unknown'): number | undefined;
  /** Latest end of a pause that is on now, milliseconds since the epoch. */
  pausedUntil(): number | undefined;
}

interface KeyState {
  failures: number;
  lastFailureAt: number;
  lookups: number;
  executions: number;
  /** Calls still under way that began before the last 401 came. */
  older: number;
  readonly pausedUntil: Map<string, number>;
}

function fresh(): KeyState {
  return { failures: 0, lastFailureAt: 0, lookups: 0, executions: 0, older: 0, pausedUntil: new Map() };
}

function wordsFor(host: string, until: number, failures: number): string {
  const times = failures === 1 ? 'once' : `${failures} times in a row`;
  return (
    `${host} did not accept the access key (HTTP 401, ${times}). Nothing is sent with it until ` +
    `${new Date(until).toISOString()}, so that the gateway does not lock it. Check that ` +
    'HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are right and enabled, that a security token has not ' +
    'expired, and that the clock of this machine is right.'
  );
}

/** Remembers which keys were rejected where, and holds back calls that could lock a key. */
export function createAuthPauses(
  clock: Clock,
  pauseMs: number,
  onPause: (pause: AuthPause) => void,
): AuthPauses {
  const keys = new Map<string, KeyState>();

  function stateOf(ak: string): KeyState {
    const known = keys.get(ak);
    if (known !== undefined) return known;
    const state = fresh();
    keys.set(ak, state);
    return state;
  }

  /** Until when calls of this use are held back. In the past or 0: they are not. */
  function heldUntil(state: KeyState, host: string, use: Use): number {
    const most = use === 'look-up' ? MOST_IN_A_ROW_BY_LOOKUPS : MOST_IN_A_ROW;
    const rest = state.failures >= most ? state.lastFailureAt + Math.max(REST_MS, pauseMs) : 0;
    return Math.max(rest, state.pausedUntil.get(host) ?? 0);
  }

  return {
    refusal(ak, host, use) {
      const state = stateOf(ak);
      const until = heldUntil(state, host, use);
      if (until <= clock.now()) return undefined;
      return heldBack('AUTH_PAUSED', wordsFor(host, until, state.failures));
    },
    take(ak, use) {
      const state = stateOf(ak);
      const underWay = state.lookups + state.executions;
      // A key in doubt is tried by one call at a time.
      if (underWay >= (state.failures > 0 ? 1 : MOST_UNDER_WAY)) return false;
      if (use === 'look-up' && state.lookups >= LOOKUPS_UNDER_WAY) return false;
      if (use === 'look-up') state.lookups += 1;
      else state.executions += 1;
      return true;
    },
    ended(ak, host, use, key) {
      const state = stateOf(ak);
      if (use === 'look-up') state.lookups -= 1;
      else state.executions -= 1;
      // A key in doubt is tried by one call at a time, so the older ones have all ended before a new one begins.
      const isOlder = state.older > 0;
      if (isOlder) state.older -= 1;
      // The gateway may have seen an older call first: it tells nothing of the key after the 401.
      if (key === 'accepted' && !isOlder) {
        state.pausedUntil.delete(host);
        state.failures = 0;
      }
      if (key !== 'rejected') return undefined;
      state.older = state.lookups + state.executions;
      state.failures += 1;
      state.lastFailureAt = clock.now();
      state.pausedUntil.set(host, state.lastFailureAt + pauseMs);
      const until = heldUntil(state, host, 'execution');
      onPause({ host, until, failures: state.failures, message: wordsFor(host, until, state.failures) });
      return until;
    },
    pausedUntil() {
      const ends = [...keys.values()].flatMap((state) =>
        [...state.pausedUntil.keys()].map((host) => heldUntil(state, host, 'execution')),
      );
      const latest = Math.max(0, ...ends);
      return latest > clock.now() ? latest : undefined;
    },
  };
}
