const REMEDY =
  'Check that HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are right and enabled, that a security token has not ' +
  'expired, and that the clock of this machine is right.';

const iso = (at: number): string => new Date(at).toISOString();

/** One key among those that may be used for the same. */
export interface Place {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

const nameOf = ({ number, of }: Place): string =>
  of === 1 ? 'the access key' : `access key ${number} of ${of}`;

/** When a key that was rejected rests, and when some key may be used: in milliseconds since the epoch. */
export interface RestTimes {
  readonly until: number;
  /** At `now` or before it, another key is used meanwhile. */
  readonly againAt: number;
  readonly now: number;
}

const meanwhile = ({ of }: Place, { againAt, now }: RestTimes): string => {
  if (of === 1) return '';
  return againAt <= now
    ? 'Another access key is used meanwhile.'
    : `All ${of} access keys rest; the first may be used again at ${iso(againAt)}.`;
};

const sentences = (...all: readonly string[]): string => all.filter((words) => words !== '').join(' ');

/** For whoever looks after the bot: that a key was rejected, until when it rests, and what to check. */
export function rejectedWords(host: string, place: Place, failures: number, times: RestTimes): string {
  const row = failures === 1 ? 'once' : `${failures} times in a row`;
  return sentences(
    `${host} did not accept ${nameOf(place)} (HTTP 401, ${row}).`,
    `Nothing is sent with it until ${iso(times.until)}, so that the gateway does not lock it.`,
    meanwhile(place, times),
    REMEDY,
  );
}

/** For whoever waits for the call that was rejected. */
export function restWords(place: Place, times: RestTimes): string {
  const name = nameOf(place);
  const rests = `${name.charAt(0).toUpperCase()}${name.slice(1)} rests until ${iso(times.until)}.`;
  return sentences(rests, meanwhile(place, times));
}

/** For whoever asks while all of several keys rest. */
export function allRestWords(host: string, of: number, againAt: number): string {
  return sentences(
    `${host} did not accept any of the ${of} access keys (HTTP 401).`,
    `Nothing is sent until ${iso(againAt)}, when the first of them may be used again, so that the gateway does not lock them.`,
    REMEDY,
  );
}

/** For whoever was told that a key was rejected. */
export function acceptedWords(host: string, place: Place): string {
  return `${host} accepts ${nameOf(place)} again.`;
}
