import { z } from 'zod';
import { hexOf } from './ids.ts';
import type { Voice } from './refusals.ts';
import type { CloudSwitches } from './switches.ts';

/** A whole number in a query, within bounds; ill-formed text is a 400. */
export const wholeNumber = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.int().min(lowest).max(highest));

/** `limit` and `marker` of every list in Identity Center and the identity store. */
export const pagingQuery = {
  limit: wholeNumber(1, 100).default(100),
  marker: z.string().length(24).optional(),
};

/** Remembers where each marker it gave out stands. A marker is 24 characters and fits one listing only. */
export interface Markers {
  issue(listing: string, lastKey: string): string;
  /** The key after which to go on, undefined for a marker that this listing never gave out. */
  lastKey(listing: string, marker: string): string | undefined;
}

export const createMarkers = (): Markers => {
  const known = new Map<string, { readonly listing: string; readonly lastKey: string }>();
  return {
    issue: (listing, lastKey) => {
      const marker = hexOf(`marker:${listing}:${lastKey}`, 24);
      known.set(marker, { listing, lastKey });
      return marker;
    },
    lastKey: (listing, marker) => {
      const found = known.get(marker);
      return found?.listing === listing ? found.lastKey : undefined;
    },
  };
};

interface Page<T> {
  readonly rows: readonly T[];
  readonly nextMarker: string | undefined;
}

interface Keyed<T> {
  readonly row: T;
  readonly key: string;
}

/** The first rows after a key: one pass without sorting them all, because a large listing has a thousand pages. */
const firstAfter = <T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  after: string | undefined,
  count: number,
): readonly Keyed<T>[] => {
  const first: Keyed<T>[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    if (after !== undefined && key <= after) continue;
    const last = first.at(-1);
    if (last !== undefined && first.length === count && key > last.key) continue;
    const place = first.findLastIndex((one) => one.key < key) + 1;
    first.splice(place, 0, { row, key });
    if (first.length > count) first.pop();
  }
  return first;
};

/**
 * One page of `rows` in the order of their keys. Going on after a key, not a place, keeps paging exact while
 * rows come and go.
 * @param listing names the list and its filters: a marker of another one is a 400
 */
export const pageOf = <T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  asked: { listing: string; limit: number; marker?: string | undefined },
  { markers, switches, voice }: { markers: Markers; switches: CloudSwitches; voice: Voice },
): Page<T> => {
  const after = asked.marker === undefined ? undefined : markers.lastKey(asked.listing, asked.marker);
  if (asked.marker !== undefined && after === undefined) throw voice.badRequest('marker is invalid');
  const size = Math.min(asked.limit, switches.shortPages ?? asked.limit);
  const oneMore = firstAfter(rows, keyOf, after, size + 1);
  const page = oneMore.slice(0, size);
  const last = page.at(-1);
  return {
    rows: page.map(({ row }) => row),
    nextMarker:
      last !== undefined && oneMore.length > page.length ? markers.issue(asked.listing, last.key) : undefined,
  };
};

/** `page_info` as Identity Center writes it; the end of the list as switched. */
export const pageInfo = (
  page: Page<unknown>,
  nextMarkerEnd: CloudSwitches['nextMarkerEnd'],
): Record<string, unknown> => {
  const current_count = page.rows.length;
  if (page.nextMarker !== undefined) return { next_marker: page.nextMarker, current_count };
  return nextMarkerEnd === 'missing' ? { current_count } : { next_marker: nextMarkerEnd, current_count };
};
