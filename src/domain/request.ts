import type { Fact, FactOf, Grant, LedgerRecord, Person } from './facts.ts';

/**
 * The states of a request, what holds in each, and every way out:
 * - `requested`: waits for approvals. Out: approved, denied, cancelled, expired.
 * - `approved`: may be executed until `startBefore`. Out: executing, cancelled, expired, halted, requested (a
 *   void approval), succeeded (everything was gone already), failed (could not be begun).
 * - `executing`: a changing call is on its way or was refused in passing. Out: verifying, or an end.
 * - `verifying`: the call was accepted or its outcome is unknown; reads decide. Out: executing again, or an end.
 * - `unverified`: the time to prove it ran out. Out: succeeded, by a later read.
 * - `denied`, `cancelled`, `expired`, `succeeded`, `failed`, `partly_failed`, `halted`: final.
 */
export type State =
  | 'requested'
  | 'approved'
  | 'executing'
  | 'verifying'
  | 'unverified'
  | 'denied'
  | 'cancelled'
  | 'expired'
  | 'succeeded'
  | 'failed'
  | 'partly_failed'
  | 'halted';

const finals: ReadonlySet<State> = new Set([
  'denied',
  'cancelled',
  'expired',
  'succeeded',
  'failed',
  'partly_failed',
  'halted',
]);

/** Nothing can happen to it any more. */
export const isFinal = (state: State): boolean => finals.has(state);

/** There is work left for the runner: waiting for a deadline counts. */
export const isOpen = (state: State): boolean => !isFinal(state) && state !== 'unverified';

export interface Approval {
  readonly at: number;
  /** Absent when approved by rule. */
  readonly by?: Person;
  readonly rule?: string;
  readonly digest: string;
}

/** How far one step has come: the last start, what the cloud answered to it, and what the last proof said. */
export interface StepState {
  readonly attempts: number;
  readonly startedAt: number;
  readonly outcome?: FactOf<'step_outcome'> & { readonly at: number };
  readonly proof?: FactOf<'proof'>;
  /** 401 answers so far: after three pauses the step is given up. */
  readonly authFailures: number;
}

/** A request as its facts tell it. */
export interface Request {
  readonly id: string;
  /** Number of facts: what the next append expects. */
  readonly version: number;
  readonly state: State;
  readonly asked: FactOf<'requested'>;
  readonly askedAt: number;
  readonly approvals: readonly Approval[];
  readonly startBefore: number;
  readonly grew: readonly Grant[];
  readonly steps: ReadonlyMap<string, StepState>;
  /** The fact that ended it, with its time. */
  readonly end?: { readonly fact: Fact; readonly at: number };
  readonly card?: { readonly channel: string; readonly ts: string };
}

const begin = (record: LedgerRecord): Request => {
  if (record.fact.fact !== 'requested') {
    throw new Error(
      `${record.id} begins with "${record.fact.fact}" instead of "requested" (line ${record.seq})`,
    );
  }
  return {
    id: record.id,
    version: record.version,
    state: 'requested',
    asked: record.fact,
    askedAt: record.at,
    approvals: [],
    startBefore: 0,
    grew: [],
    steps: new Map(),
  };
};

const withStep = (request: Request, key: string, change: (step: StepState) => StepState): Request => {
  const before = request.steps.get(key) ?? { attempts: 0, startedAt: 0, authFailures: 0 };
  return { ...request, steps: new Map(request.steps).set(key, change(before)) };
};

const ended = (request: Request, state: State, record: LedgerRecord): Request => ({
  ...request,
  state,
  end: { fact: record.fact, at: record.at },
});

const settle = (request: Request): Request => {
  if (request.state !== 'requested' && request.state !== 'approved') return request;
  const enough =
    request.approvals.some((a) => a.rule !== undefined) ||
    request.approvals.length >= request.asked.approvals;
  return { ...request, state: enough && request.approvals.length > 0 ? 'approved' : 'requested' };
};

/** Applies one fact. Pure: the same facts always give the same request. */
export const evolve = (before: Request | undefined, record: LedgerRecord): Request => {
  if (before === undefined) return begin(record);
  const request: Request = { ...before, version: record.version };
  const fact = record.fact;
  switch (fact.fact) {
    case 'approved': {
      const approval: Approval = {
        at: record.at,
        digest: fact.digest,
        ...(fact.by && { by: fact.by }),
        ...(fact.rule !== undefined && { rule: fact.rule }),
      };
      return settle({
        ...request,
        approvals: [...request.approvals, approval],
        startBefore: fact.startBefore,
      });
    }
    case 'approval_void':
      return settle({ ...request, approvals: request.approvals.filter((a) => a.by?.user !== fact.user) });
    case 'impact_grew':
      return { ...request, grew: [...request.grew, ...fact.added] };
    case 'step_started':
      return withStep({ ...request, state: 'executing' }, fact.step, ({ authFailures }) => ({
        attempts: fact.attempt,
        startedAt: record.at,
        authFailures,
      }));
    case 'step_outcome':
      return withStep(
        { ...request, state: fact.outcome === 'refused' ? 'executing' : 'verifying' },
        fact.step,
        (step) => ({
          ...step,
          outcome: { ...fact, at: record.at },
          authFailures: step.authFailures + (fact.status === 401 ? 1 : 0),
        }),
      );
    case 'proof':
      return withStep(request, fact.step, (step) => ({ ...step, proof: fact }));
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
      return ended(request, fact.fact, record);
    case 'refused':
    case 'refusals_counted':
      return request;
    case 'requested':
    case 'started':
    case 'stopped':
    case 'anchor':
    case 'recovered':
    case 'cursor':
      throw new Error(`"${fact.fact}" cannot follow in ${record.id} (line ${record.seq})`);
    default:
      return fact satisfies never;
  }
};

/** The request that these facts tell; undefined when there are none. */
export const fold = (records: readonly LedgerRecord[]): Request | undefined =>
  records.reduce<Request | undefined>(evolve, undefined);
