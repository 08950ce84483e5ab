import { z } from 'zod';
import { isSamePerson } from './affected.ts';
import type { LedgerRecord } from './facts.ts';
import { advance, isFinal, isOpen, Progress, progressOf } from './state.ts';

/** Of a request that succeeded: when it was proven gone, when last read, and whether it had come back then. */
const Proven = z.object({ at: z.number(), read: z.number(), back: z.boolean() });
export type Proven = z.infer<typeof Proven>;

/** What lists, searches and the policy's look back need of a request without reading all of its facts. */
export const Summary = z.object({
  id: z.string(),
  progress: Progress,
  kind: z.string(),
  title: z.string(),
  principal: z.string(),
  requester: z.string(),
  requesterName: z.string(),
  requestedAt: z.number(),
  incident: z.string().optional(),
  /** The affected person's user name, then e-mails, lower case: they may not see it until it is final. */
  affected: z.array(z.string()),
  /** By this the re-checks that are due are found. */
  proven: Proven.optional(),
});
export type Summary = z.infer<typeof Summary>;

/** How the proof stands after one more fact. A success is said once; what follows it are readings. */
const provenAfter = (before: Summary, { fact, at }: LedgerRecord): Proven | undefined => {
  const { proven, progress } = before;
  if (proven === undefined) {
    const succeeds = fact.fact === 'succeeded' && !isFinal(progress.state);
    return succeeds ? { at, read: at, back: false } : undefined;
  }
  if (fact.fact === 'stayed_gone') return { ...proven, read: at };
  return fact.fact === 'came_back' ? { ...proven, read: at, back: true } : proven;
};

/** The summary after one more fact of the request. Keeps no grants, so it stays small for any impact. */
export const summarise = (before: Summary | undefined, record: LedgerRecord): Summary => {
  const fact = record.fact;
  if (before !== undefined) {
    const proven = provenAfter(before, record);
    const progress = advance(before.progress, fact);
    if (progress === before.progress && proven === before.proven) return before;
    return proven === undefined ? { ...before, progress } : { ...before, progress, proven };
  }
  if (fact.fact !== 'requested') throw new Error(`${record.id} does not begin with "requested"`);
  const names = fact.affected === undefined ? [] : [fact.affected.userName, ...fact.affected.emails];
  return {
    id: record.id,
    progress: progressOf(fact),
    kind: fact.kind,
    title: fact.impact.title,
    principal: fact.principal,
    requester: fact.by.user,
    requesterName: fact.by.name,
    requestedAt: record.at,
    ...(fact.incident !== undefined && { incident: fact.incident }),
    affected: names.map((name) => name.toLowerCase()),
  };
};

/** The runner has work with it. */
export const isWork = (summary: Summary): boolean => isOpen(summary.progress.state);

/** Nothing can happen to it any more, so the affected person may see it too. */
const isDone = (summary: Summary): boolean => isFinal(summary.progress.state);

/**
 * Whether somebody with this Slack e-mail may not learn of the request: the affected person, until it is final.
 * Without an e-mail it cannot be ruled out that it is them.
 */
export const isHiddenFrom = (summary: Summary, email: string | undefined): boolean => {
  const [userName, ...emails] = summary.affected;
  if (userName === undefined || isDone(summary)) return false;
  return email === undefined || isSamePerson({ id: '', userName, emails }, email);
};
