import type { Progress } from '../domain/state.ts';
import type { Summary } from '../domain/summary.ts';

/** The same summary in less memory. */
export type Compact = (summary: Summary) => Summary;

/**
 * Keeps one of each: among a hundred thousand requests the same people, kinds, incidents and ends come again and
 * again. The summaries themselves are written down field by field, because objects of one form need less memory than
 * those that a schema puts together.
 */
export const createCompact = (): Compact => {
  const texts = new Map<string, string>();
  const ends = new Map<string, Progress>();

  const text = (value: string): string => {
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    return known ?? value;
  };
  const end = (progress: Progress): Progress => {
    const key = JSON.stringify(progress);
    const known = ends.get(key);
    if (known === undefined) ends.set(key, progress);
    return known ?? progress;
  };

  return ({ id, progress, kind, title, principal, requester, requesterName, requestedAt, ...more }) => {
    const { incident, affected, proven } = more;
    return {
      id,
      progress: end(progress),
      kind: text(kind),
      title,
      principal: text(principal),
      requester: text(requester),
      requesterName: text(requesterName),
      requestedAt,
      ...(incident !== undefined && { incident: text(incident) }),
      affected: affected.map(text),
      ...(proven !== undefined && { proven: { at: proven.at, read: proven.read, back: proven.back } }),
    };
  };
};
