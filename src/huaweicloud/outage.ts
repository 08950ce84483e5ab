import type { Clock, CloudFault, Log } from '../domain/ports.ts';
import type { Use } from './auth-pause.ts';
import { heldBack } from './faults.ts';
import { endOf, type Pause } from './pause.ts';

/** A host that fails so many calls in a row counts as down; one call alone, with its repeats, makes fewer. */
const MOST_IN_A_ROW = 8;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A person waits this long for the end of a pause, so that a hiccup of the cloud goes unseen. */
const SHORT_WAIT_MS = 1000;

/** A call that has begun. */
export interface Asking {
  /**
   * To be called exactly once: whether the host gave an answer of its own (any but 5xx), none, or neither is known.
   * @returns until when nobody may ask this host, milliseconds since the epoch
   */
  ended(answer: 'answered' | 'failed' | 'unknown'): number | undefined;
}

/** Where a call waits: what is told to it depends on what has happened since. */
type Since = number;

/** While a host is down, it is asked by one call after each pause instead of by everybody. */
export interface Outages {
  /** To be remembered by a call that begins to wait. */
  now(host: string): Since;
  /**
   * Why a call is turned away: when the host was asked once more in vain while it waited, so that an execution's own
   * patience decides what to do; a look-up at once, if the pause goes on for more than a moment, because a person waits
   * for it. Undefined when it may go on or wait.
   */
  refusal(host: string, use: Use, since: Since): CloudFault | undefined;
  isDown(host: string): boolean;
  /** False while a host that is down is left alone, or asked by another call. */
  mayBegin(host: string): boolean;
  begin(host: string): Asking;
}

interface State {
  /** In a row. */
  failures: number;
  /** Time of the first of them. */
  failingSince: number;
  /** Calls that asked in vain whether the host is still down. */
  vainTrials: number;
  /** Present while it is down. */
  down?: { pauses: number; pause: Pause; underTrial: boolean };
}

const iso = (at: number): string => new Date(at).toISOString();

/** Remembers which hosts do not answer. */
export function createOutages(clock: Clock, random: () => number, log: Log): Outages {
  const hosts = new Map<string, State>();

  function stateOf(host: string): State {
    const known = hosts.get(host);
    if (known !== undefined) return known;
    const fresh: State = { failures: 0, failingSince: 0, vainTrials: 0 };
    hosts.set(host, fresh);
    return fresh;
  }

  /** Between half and all of a time that doubles. */
  function pauseOf(pauses: number): Pause {
    const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (pauses - 1));
    const from = clock.now();
    return { from, until: from + Math.round(full * (0.5 + random() / 2)) };
  }

  function wordsFor(host: string, { failingSince }: State, until: number): string {
    return `${host} has given no usable answer since ${iso(failingSince)}; it is asked again at ${iso(until)}.`;
  }

  function failed(host: string, state: State, isTrial: boolean): number | undefined {
    if (state.down === undefined) {
      if (state.failures === 0) state.failingSince = clock.now();
      state.failures += 1;
      if (state.failures < MOST_IN_A_ROW) return undefined;
      const pause = pauseOf(1);
      state.down = { pauses: 1, pause, underTrial: false };
      log.warn(`${wordsFor(host, state, pause.until)} Look-ups fail until then, and executions wait.`);
      return pause.until;
    }
    // What began before the pause tells nothing new.
    if (!isTrial) return undefined;
    const pauses = state.down.pauses + 1;
    const pause = pauseOf(pauses);
    state.down = { pauses, pause, underTrial: false };
    state.vainTrials += 1;
    return pause.until;
  }

  return {
    now: (host) => stateOf(host).vainTrials,
    refusal(host, use, since) {
      const state = stateOf(host);
      const { down, vainTrials } = state;
      if (down === undefined) return undefined;
      const now = clock.now();
      const isTooLong = use === 'look-up' && endOf(down.pause, now) - now > SHORT_WAIT_MS;
      return isTooLong || vainTrials > since
        ? heldBack('NO_ANSWER', `${wordsFor(host, state, down.pause.until)} Nothing was sent.`)
        : undefined;
    },
    isDown: (host) => stateOf(host).down !== undefined,
    mayBegin(host) {
      const { down } = stateOf(host);
      return down === undefined || (!down.underTrial && endOf(down.pause, clock.now()) === 0);
    },
    begin(host) {
      const state = stateOf(host);
      const { down } = state;
      if (down !== undefined) down.underTrial = true;
      return {
        ended(answer) {
          const isTrial = down !== undefined && down === state.down;
          if (isTrial) down.underTrial = false;
          if (answer === 'failed') return failed(host, state, isTrial);
          if (answer === 'answered') {
            if (state.down !== undefined) log.info(`${host} answers again`);
            state.failures = 0;
            delete state.down;
          }
          return undefined;
        },
      };
    },
  };
}
