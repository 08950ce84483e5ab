import type { Look } from './kind.ts';
import type { CloudFault } from './ports.ts';
import { isRefusedForGood } from './refusal.ts';
import { hasToWait, type StepState } from './request.ts';

/** Starts of one step after unknown outcomes, and after refusals that were worth another try. */
const mostStartsUnknown = 3;
const mostStartsRefused = 20;
/** 401 answers after which a step is given up: six lock the key at the gateway. */
const mostAuthFailures = 3;
/** Reads without a change after which nothing is running any more, where the cloud has no status to ask. */
const quietReads = 30;

/** What reading once has brought, or why it brought nothing. */
export type Reading = { readonly look: Look } | { readonly fault: CloudFault };

/** What to do with a step after its call: rule 3 and rule 7 as a table. */
export type Course =
  | { readonly do: 'record'; readonly result: 'gone' | 'present' | 'late'; readonly words?: string }
  | { readonly do: 'start again' }
  | { readonly do: 'wait' };

export interface Watch {
  readonly step: StepState;
  readonly reading: Reading;
  /** Consecutive reads that showed the same grants and no running deletion. */
  readonly quiet: number;
  /** ms since it is being watched. */
  readonly elapsed: number;
  /** ms in which the proof has to come. */
  readonly window: number;
}

const wait: Course = { do: 'wait' };

const late = (reading: Reading, listed: string): Course => ({
  do: 'record',
  result: 'late',
  words: 'fault' in reading ? `The cloud could not be read back: ${reading.fault.message}` : listed,
});

/** Whether a later read may bring more: not where the cloud refuses for good, or answers in no form that was agreed on. */
const mayPass = ({ family, retryable }: CloudFault): boolean =>
  family === 'refused' ? retryable : family !== 'unexpected-answer';

/** What answers in no form that was agreed on, or refuses without a word of its own, need not be the service. */
const isNonsense = (fault: CloudFault): boolean => !mayPass(fault) && !isRefusedForGood(fault);

/** What is known of reads that one after the other brought nothing. */
export interface Unread {
  /** When the cloud last answered nonsense, and for how long (ms) by then. */
  readonly nonsense: { readonly at: number; readonly lasted: number } | undefined;
  readonly authFailures: number;
}

export const nothingUnread: Unread = { nonsense: undefined, authFailures: 0 };

/** No time between two reads counts for more (ms), because the clock may be set back or forward. */
const longestRound = 60_000;

const nonsenseAfter = ({ nonsense }: Unread, now: number): Unread['nonsense'] => {
  if (nonsense === undefined) return { at: now, lasted: 0 };
  const round = Math.min(Math.max(0, now - nonsense.at), longestRound);
  return { at: now, lasted: nonsense.lasted + round };
};

export const unreadAfter = (before: Unread, fault: CloudFault, now: number): Unread => ({
  nonsense: isNonsense(fault) ? nonsenseAfter(before, now) : undefined,
  authFailures: before.authFailures + (hasToWait(fault, now) ? 1 : 0),
});

/** Whether it is no use to read once more; an outage always passes, however long it takes. */
export const isHopeless = (unread: Unread, fault: CloudFault, window: number): boolean => {
  if (unread.authFailures >= mostAuthFailures) return true;
  if (unread.nonsense !== undefined) return unread.nonsense.lasted >= window;
  return !mayPass(fault);
};

const afterRefusal = (watch: Watch): Course => {
  const { step, reading, elapsed, window } = watch;
  const words = step.outcome?.message ?? 'The cloud refused it.';
  const keyRefused = step.authFailures >= mostAuthFailures;
  const again = step.outcome?.again === true && !keyRefused && step.attempts < mostStartsRefused;
  if ('fault' in reading) {
    // With a key that is refused nothing can be read either; waiting for a reading would never end.
    if (keyRefused) return { do: 'record', result: 'present', words };
    if (elapsed < window || (again && mayPass(reading.fault))) return wait;
    return {
      do: 'record',
      result: 'late',
      words: `${words} The cloud could not be read back: ${reading.fault.message}`,
    };
  }
  if (reading.look.state === 'pending') {
    if (elapsed < window) return wait;
    return { do: 'record', result: 'late', words: `${words} A deletion was still running.` };
  }
  return again ? { do: 'start again' } : { do: 'record', result: 'present', words };
};

const afterUnknown = (watch: Watch): Course => {
  const { step, reading, quiet, elapsed, window } = watch;
  if ('look' in reading && reading.look.state === 'present') {
    const settled = reading.look.surely || quiet >= quietReads;
    if (settled && step.attempts < mostStartsUnknown) return { do: 'start again' };
    if (settled) {
      return {
        do: 'record',
        result: 'present',
        words: `It was tried ${step.attempts} times; none was confirmed and the access is still there.`,
      };
    }
  }
  if (elapsed < window) return wait;
  return late(reading, 'Whether the cloud accepted it is unknown, and the access is still listed.');
};

/** Decides from one reading. Only a reading that shows the grants gone ends in `gone`. */
export const judgeReading = (watch: Watch): Course => {
  const { step, reading, elapsed, window } = watch;
  if ('look' in reading) {
    if (reading.look.state === 'gone') return { do: 'record', result: 'gone' };
    if (reading.look.state === 'failed') {
      return { do: 'record', result: 'present', words: `The deletion failed: ${reading.look.reason}` };
    }
  }
  const outcome = step.outcome?.outcome ?? 'unknown';
  switch (outcome) {
    case 'refused':
      return afterRefusal(watch);
    case 'accepted':
      if (elapsed < window) return wait;
      return late(reading, 'The cloud accepted it, but the access is still listed.');
    case 'unknown':
      return afterUnknown(watch);
    default:
      return outcome satisfies never;
  }
};
