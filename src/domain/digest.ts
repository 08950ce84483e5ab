import { createHash } from 'node:crypto';
import type { Grant, Target } from './facts.ts';

/** JSON with sorted keys and no blanks, so that equal values have equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
};

/**
 * What exactly is approved: SHA-256 over kind, target ids and grant keys. Names and counts are left out, because
 * they may change without changing what is removed.
 */
export const digestOf = (kind: string, target: Target, grants: readonly Grant[]): string =>
  createHash('sha256')
    .update(canonicalJson({ kind, target, grants: grants.map((grant) => grant.key).sort() }))
    .digest('hex');
