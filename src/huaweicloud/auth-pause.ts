import type { Clock, CloudFault } from '../domain/ports.ts';
import { heldBack } from './faults.ts';

/**
 * More than five failures in a row lock an AK for five minutes at the gateway, for everybody who uses it
 * (API Request Signing Guide, FAQ). This client stays below that, even if all calls under way fail.
 */
const MOST_IN_A_ROW = 4;
/** Look-ups leave the last try to a call that revokes. */
const MOST_IN_A_ROW_BY_READS = MOST_IN_A_ROW - 1;
/**
 * So that one hiccup of the cloud does not use up what look-ups may try: whatever is under way when a key is revoked
 * is rejected, however often the key was accepted before. The pages of a listing follow one another anyway.
 */
const READS_UNDER_WAY = 2;
/** How long a key rests that has used up its tries, before one single call tries it again. */
const REST_MS = 60 * 60 * 1000;

type Effect = 'read' | 'change';

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
  refusal(ak: string, host: string, effect: Effect): CloudFault | undefined;
  /** Counts the call as under way; false when it must wait until others with this key have ended. */
  take(ak: string, effect: Effect): boolean;
  /** Must follow each `take`. Says whether the key was accepted (2xx), rejected (401), or neither is known. */
  ended(ak: string, host: string, effect: Effect, key: 'accepted' | 'rejected' | 'unknown'): void;
  /** Latest end of a pause that is on now, milliseconds since the epoch. */
  pausedUntil(): number | undefined;
}

interface KeyState {
  failures: number;
  lastFailureAt: number;
  reads: number;
  changes: number;
  /** Calls still under way that began before the last 401 came. */
  older: number;
  readonly pausedUntil: Map<string, number>;
}

function fresh(): KeyState {
  return { failures: 0, lastFailureAt: 0, reads: 0, changes: 0, older: 0, pausedUntil: new Map() };
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

  /** Until when calls of this effect are held back. In the past or 0: they are not. */
  function heldUntil(state: KeyState, host: string, effect: Effect): number {
    const most = effect === 'read' ? MOST_IN_A_ROW_BY_READS : MOST_IN_A_ROW;
    const rest = state.failures >= most ? state.lastFailureAt + Math.max(REST_MS, pauseMs) : 0;
    return Math.max(rest, state.pausedUntil.get(host) ?? 0);
  }

  return {
    refusal(ak, host, effect) {
      const state = stateOf(ak);
      const until = heldUntil(state, host, effect);
      if (until <= clock.now()) return undefined;
      return heldBack('AUTH_PAUSED', wordsFor(host, until, state.failures));
    },
    take(ak, effect) {
      const state = stateOf(ak);
      const underWay = state.reads + state.changes;
      // A key in doubt is tried by one call at a time.
      if (underWay >= (state.failures > 0 ? 1 : MOST_IN_A_ROW)) return false;
      if (effect === 'read' && state.reads >= READS_UNDER_WAY) return false;
      if (effect === 'read') state.reads += 1;
      else state.changes += 1;
      return true;
    },
    ended(ak, host, effect, key) {
      const state = stateOf(ak);
      if (effect === 'read') state.reads -= 1;
      else state.changes -= 1;
      // A key in doubt is tried by one call at a time, so the older ones have all ended before a new one begins.
      const isOlder = state.older > 0;
      if (isOlder) state.older -= 1;
      if (key === 'accepted') {
        state.pausedUntil.delete(host);
        // The gateway may have seen an older call first, and goes on counting from the 401 that came after it.
        if (!isOlder) state.failures = 0;
      }
      if (key !== 'rejected') return;
      state.older = state.reads + state.changes;
      state.failures += 1;
      state.lastFailureAt = clock.now();
      state.pausedUntil.set(host, state.lastFailureAt + pauseMs);
      const until = heldUntil(state, host, 'change');
      onPause({ host, until, failures: state.failures, message: wordsFor(host, until, state.failures) });
    },
    pausedUntil() {
      const ends = [...keys.values()].flatMap((state) =>
        [...state.pausedUntil.keys()].map((host) => heldUntil(state, host, 'change')),
      );
      const latest = Math.max(0, ...ends);
      return latest > clock.now() ? latest : undefined;
    },
  };
}
