import { createHash } from 'node:crypto';
import { canonicalJson } from './digest.ts';
import type { Fact, FactOf, Grant, Impact, LedgerRecord, Person } from './facts.ts';
import { advance, type Progress, progressOf, type State } from './state.ts';

interface Approval {
  readonly at: number;
  /** Absent when approved by rule. */
  readonly by?: Person;
  readonly seats: readonly string[];
  readonly digest: string;
}

/** How far one step has come: the last start, what the cloud answered to it, and what the last proof said. */
export interface StepState {
  readonly attempts: number;
  readonly startedAt: number;
  readonly outcome?: FactOf<'step_outcome'> & { readonly at: number };
  readonly proof?: FactOf<'proof'>;
  /** 401 answers so far that had to be waited out: after three pauses the step is given up. */
  readonly authFailures: number;
}

/** A request as its facts tell it. */
export interface Request {
  readonly id: string;
  /** Number of facts: what the next append expects. */
  readonly version: number;
  readonly progress: Progress;
  readonly asked: FactOf<'requested'>;
  readonly askedAt: number;
  readonly approvals: readonly Approval[];
  /** Execution must begin before this time (ms since the epoch). */
  readonly startBefore: number;
  readonly grew: readonly Grant[];
  readonly steps: ReadonlyMap<string, StepState>;
  /** The fact that ended it, with its time. */
  readonly end?: { readonly fact: Fact; readonly at: number };
  /** The last reading after the success, with its time. */
  readonly rechecked?: { readonly fact: FactOf<'stayed_gone' | 'came_back'>; readonly at: number };
  readonly card?: { readonly channel: string; readonly ts: string };
  /** The newest direct message that each person got about it, by their Slack ids. */
  readonly notices: ReadonlyMap<string, Notice>;
}

/** A direct message about a request, and how often this person was told to look at it. */
export interface Notice {
  readonly why: FactOf<'notified'>['why'];
  /** The state that it tells. */
  readonly state: State;
  readonly channel: string;
  readonly ts: string;
  readonly at: number;
  readonly times: number;
}

/** A 401 after which no access key may be used for a while; where another one may, nothing has to be waited out. */
export const hasToWait = (
  { status, againAt }: { readonly status?: number | undefined; readonly againAt?: number | undefined },
  now: number,
): boolean => status === 401 && (againAt === undefined || againAt > now);

export const stateOf = (request: Request): State => request.progress.state;

/** What it took is listed again, as the last reading after the success showed. */
export const hasComeBack = ({ rechecked }: Request): boolean => rechecked?.fact.fact === 'came_back';

const begin = (record: LedgerRecord): Request => {
  const fact = record.fact;
  if (fact.fact !== 'requested') {
    throw new Error(`${record.id} begins with "${fact.fact}" instead of "requested" (line ${record.seq})`);
  }
  return {
    id: record.id,
    version: record.version,
    progress: progressOf(fact),
    asked: fact,
    askedAt: record.at,
    approvals: [],
    startBefore: 0,
    grew: [],
    steps: new Map(),
    notices: new Map(),
  };
};

const withStep = (request: Request, key: string, change: (step: StepState) => StepState): Request => {
  const before = request.steps.get(key) ?? { attempts: 0, startedAt: 0, authFailures: 0 };
  return { ...request, steps: new Map(request.steps).set(key, change(before)) };
};

/** Applies one fact. Pure: the same facts always give the same request. */
export const evolve = (before: Request | undefined, record: LedgerRecord): Request => {
  if (before === undefined) return begin(record);
  const fact = record.fact;
  const request: Request = { ...before, version: record.version, progress: advance(before.progress, fact) };
  switch (fact.fact) {
    case 'approved': {
      const { digest, by, seats = [] } = fact;
      const approval = { at: record.at, digest, seats, ...(by && { by }) };
      return { ...request, approvals: [...request.approvals, approval], startBefore: fact.startBefore };
    }
    case 'approval_void':
      return { ...request, approvals: request.approvals.filter((a) => a.by?.user !== fact.user) };
    case 'impact_grew':
      return { ...request, grew: [...request.grew, ...fact.added] };
    case 'step_started':
      return withStep(request, fact.step, ({ authFailures }) => ({
        attempts: fact.attempt,
        startedAt: record.at,
        authFailures,
      }));
    case 'step_outcome':
      return withStep(request, fact.step, (step) => ({
        ...step,
        outcome: { ...fact, at: record.at },
        authFailures: step.authFailures + (hasToWait(fact, record.at) ? 1 : 0),
      }));
    case 'proof':
      return withStep(request, fact.step, (step) => ({ ...step, proof: fact }));
    case 'stayed_gone':
    case 'came_back':
      return { ...request, rechecked: { fact, at: record.at } };
    case 'notified': {
      const { user, why, state, channel, ts } = fact;
      const times = (request.notices.get(user)?.times ?? 0) + 1;
      const notice = { why, state, channel, ts, at: record.at, times };
      return { ...request, notices: new Map(request.notices).set(user, notice) };
    }
    case 'card_posted':
      return { ...request, card: { channel: fact.channel, ts: fact.ts } };
    case 'denied':
    case 'cancelled':
    case 'expired':
    case 'halted':
    case 'succeeded':
    case 'unverified':
    case 'partly_failed':
    case 'failed':
      if (request.progress.state === before.progress.state) return request;
      return { ...request, end: { fact, at: record.at } };
    default:
      return request;
  }
};

/** The request that these facts tell; undefined when there are none. */
export const fold = (records: readonly LedgerRecord[]): Request | undefined =>
  records.reduce<Request | undefined>(evolve, undefined);

/**
 * What is to be approved, as a short word that a button can carry: it changes with whatever an approval would cover,
 * so that nobody approves what they were not shown.
 */
export const stampOf = ({ asked, grew }: Request): string =>
  createHash('sha256')
    .update(canonicalJson([asked.digest, grew.map(({ key }) => key)]))
    .digest('hex')
    .slice(0, 16);

/** Everything that its approval covers now, each grant once: what was shown, and what came on top of "everything" since. */
export const coveredImpact = ({ asked, grew }: Request): Impact => ({
  ...asked.impact,
  grants: [...new Map([...asked.impact.grants, ...grew].map((grant) => [grant.key, grant])).values()],
});

/** The approved grants with these keys, with the words that people were shown. */
export const grantsNamed = (request: Request, keys: readonly string[]): readonly Grant[] => {
  const wanted = new Set(keys);
  return coveredImpact(request).grants.filter(({ key }) => wanted.has(key));
};
