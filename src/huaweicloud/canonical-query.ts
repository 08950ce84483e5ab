import { percentEncode } from './percent-encode.ts';

export type QueryPair = readonly [key: string, value: string];

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The query as it is signed, and as it is sent. Sorted by the raw key and then by the raw value: sorting the
 * encoded pairs would put `tag[0]` before `tag`.
 * @param pairs raw (decoded) keys and values
 */
export function canonicalQuery(pairs: readonly QueryPair[]): string {
  return [...pairs]
    .sort((a, b) => byCodeUnit(a[0], b[0]) || byCodeUnit(a[1], b[1]))
    .map(([key, value]) => `${percentEncode(key)}=${percentEncode(value)}`)
    .join('&');
}
