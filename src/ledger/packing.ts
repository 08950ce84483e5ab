import type { Progress } from '../domain/state.ts';
import type { Summary } from '../domain/summary.ts';
import type { RequestStream, Stream } from './requests.ts';

/**
 * A request that is done, in few objects: when the garbage collector cannot keep up, it looks at all there are in one go.
 * Times are whole milliseconds in two parts, because a number as large as a time is an object of its own.
 */
export interface Packed extends Stream, Omit<Summary, 'id' | 'requestedAt' | 'incident' | 'proven'> {
  readonly requestedHigh: number;
  readonly requestedLow: number;
  readonly incident: string | undefined;
  /** Undefined when it was not proven; then the times of the proof are zero. */
  readonly back: boolean | undefined;
  readonly provenHigh: number;
  readonly provenLow: number;
  readonly readHigh: number;
  readonly readLow: number;
}

const part = 2 ** 30;
// The bitwise operators make them whole numbers of 32 bits for the engine too.
const high = (time: number): number => (time / part) | 0;
const low = (time: number): number => (time % part) | 0;
const whole = (highPart: number, lowPart: number): number => highPart * part + lowPart;

/** What was packed. Field by field, because taking the rest of an object is slow. */
export const unpack = (id: string, packed: Packed): RequestStream => {
  const { progress, kind, title, principal, requester, requesterName, incident, affected, back } = packed;
  const { version, last } = packed;
  const at = whole(packed.provenHigh, packed.provenLow);
  const read = whole(packed.readHigh, packed.readLow);
  const summary: Summary = {
    id,
    progress,
    kind,
    title,
    principal,
    requester,
    requesterName,
    requestedAt: whole(packed.requestedHigh, packed.requestedLow),
    ...(incident !== undefined && { incident }),
    affected,
    ...(back !== undefined && { proven: { at, read, back } }),
  };
  return { summary, version, last };
};

const areSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index]);

/**
 * Packs requests so that there is one of each: among a hundred thousand the same people, kinds, incidents and ends come
 * again and again.
 */
export const createPacking = (): ((request: RequestStream) => Packed) => {
  const texts = new Map<string, string>();
  const ends = new Map<string, Progress>();
  const shared = new Set<Progress>();
  /** By the first of each. */
  const names = new Map<string, string[]>();

  const text = (value: string): string => {
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    return known ?? value;
  };
  const end = (progress: Progress): Progress => {
    if (shared.has(progress)) return progress;
    const key = JSON.stringify(progress);
    const known = ends.get(key);
    if (known !== undefined) return known;
    ends.set(key, progress);
    shared.add(progress);
    return progress;
  };
  const namesOf = (affected: string[]): string[] => {
    const [first = ''] = affected;
    const known = names.get(first);
    if (known !== undefined && areSame(known, affected)) return known;
    names.set(first, affected);
    return affected;
  };

  return ({ summary, version, last }) => {
    const { progress, kind, title, principal, requester, requesterName, requestedAt } = summary;
    const { incident, affected, proven } = summary;
    return {
      progress: end(progress),
      kind: text(kind),
      title,
      principal: text(principal),
      requester: text(requester),
      requesterName: text(requesterName),
      requestedHigh: high(requestedAt),
      requestedLow: low(requestedAt),
      incident: incident === undefined ? undefined : text(incident),
      affected: namesOf(affected),
      back: proven?.back,
      provenHigh: high(proven?.at ?? 0),
      provenLow: low(proven?.at ?? 0),
      readHigh: high(proven?.read ?? 0),
      readLow: low(proven?.read ?? 0),
      version,
      last,
    };
  };
};
