import { z } from 'zod';
import { type Fact, type FactOf, Grant, type LedgerRecord, Person, Target } from './facts.ts';
import { coveredImpact, fold, type Request, type StepState, stateOf } from './request.ts';
import { State } from './state.ts';

const Time = z.iso.datetime();

/** What the cloud answered to a changing call. */
const CloudAnswer = z.object({
  outcome: z.enum(['accepted', 'refused', 'unknown']),
  status: z.number().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  cloudRequest: z.string().optional(),
  job: z.string().optional(),
});
type CloudAnswer = z.infer<typeof CloudAnswer>;

/** The answer on one line, with the ids by which the cloud's own records can be searched. */
export const answerWords = ({ outcome, status, code, message, cloudRequest, job }: CloudAnswer): string =>
  [
    outcome,
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(code === undefined ? [] : [code]),
    ...(cloudRequest === undefined ? [] : [`cloud request ${cloudRequest}`]),
    ...(job === undefined ? [] : [`deletion ${job}`]),
    ...(message === undefined ? [] : [message]),
  ].join(', ');

/**
 * What became of a grant. `gone`: a listing read to its last page does not have it. `present`: it has.
 * `unproven`: the cloud was called, and no proof tells yet what became of it, or none ever will. `back`: it was proven gone, and is
 * listed again by the last reading after the success. `untouched`: nothing was called.
 */
const Result = z.enum(['gone', 'present', 'unproven', 'back', 'untouched']);
export type Result = z.infer<typeof Result>;

/** `cloud`: the answer to the call that should have removed it, where it is not gone. */
const ReportedGrant = Grant.extend({ result: Result, cloud: CloudAnswer.optional() });
export type ReportedGrant = z.infer<typeof ReportedGrant>;

/**
 * One request as the ledger tells it, for people and programs outside. Ids and words are those of the facts, with no
 * markup of Slack's; times are ISO 8601 in UTC.
 */
export const Report = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  state: State,
  reason: z.string(),
  incident: z.string().optional(),
  /** The earlier request of which this one takes what was still there. */
  retries: z.string().optional(),
  askedAt: Time,
  askedBy: Person,
  target: Target,
  lines: z.array(z.string()),
  /** Those that stand; `by` is absent when it went on by rule. */
  approvals: z.array(z.object({ at: Time, by: Person.optional() })),
  approvalsNeeded: z.number().int(),
  digest: z.string(),
  grants: z.array(ReportedGrant),
  /** What still works afterwards. */
  residual: z.array(z.string()),
  /** When the last console session that was open at the end has surely ended. */
  consolesUntil: Time.optional(),
  /** Listed by the last readings, but no part of what was approved. */
  newSince: z.array(Grant),
  /** The changing calls; `startedAt` is that of the last start. */
  calls: z.array(
    z.object({ words: z.string(), starts: z.number().int(), startedAt: Time, cloud: CloudAnswer.optional() }),
  ),
  end: z.object({ at: Time, words: z.string() }).optional(),
  facts: z.array(z.object({ seq: z.number().int(), at: Time, fact: z.string(), words: z.string() })),
  /** The last fact told here: by this the ledger proves that nothing was changed afterwards. */
  ledger: z.object({ seq: z.number().int(), hash: z.string() }),
});
export type Report = z.infer<typeof Report>;

/** What `/revocations export` gives as JSON. `version` rises when something here changes its meaning. */
export const Export = z.object({
  format: z.literal('portcullis-export'),
  version: z.literal(1),
  exportedAt: Time,
  /** The request or incident that was asked for. */
  of: z.string(),
  /** There are more requests than an export holds; these are the newest. */
  more: z.boolean(),
  requests: z.array(Report),
});
export type Export = z.infer<typeof Export>;

const iso = (ms: number): string => new Date(ms).toISOString();

const answerOf = ({ outcome }: StepState): { cloud?: CloudAnswer } =>
  outcome === undefined ? {} : { cloud: CloudAnswer.parse(outcome) };

type Outcome = Omit<ReportedGrant, keyof Grant>;

const leftBy = (step: StepState): (readonly [string, Outcome])[] => {
  const { proof } = step;
  if (proof === undefined || proof.result === 'gone') return [];
  const result: Result = proof.result === 'present' && !proof.unread ? 'present' : 'unproven';
  return proof.remaining.map((key) => [key, { result, ...answerOf(step) }]);
};

const cameBack = ({ rechecked }: Request): (readonly [string, Outcome])[] =>
  rechecked?.fact.fact === 'came_back'
    ? rechecked.fact.grants.map(({ key }) => [key, { result: 'back' }])
    : [];

/** It ended with a proof of each step. One that failed with all its proofs has nothing that is gone. */
const isConcluded = ({ end }: Request): boolean =>
  end?.fact.fact === 'succeeded' || end?.fact.fact === 'unverified' || end?.fact.fact === 'partly_failed';

const wasCalled = ({ steps }: Request): boolean => [...steps.values()].some(({ attempts }) => attempts > 0);

const grantsOf = (request: Request): ReportedGrant[] => {
  const left = new Map([...[...request.steps.values()].flatMap(leftBy), ...cameBack(request)]);
  const isProven = [...request.steps.values()].some(({ proof }) => proof !== undefined);
  const unconcluded: Result = wasCalled(request) ? 'unproven' : 'untouched';
  const otherwise: Result = isProven && isConcluded(request) ? 'gone' : unconcluded;
  return coveredImpact(request).grants.map((grant) => ({
    ...grant,
    ...(left.get(grant.key) ?? { result: otherwise }),
  }));
};

const isStart = (record: LedgerRecord): record is LedgerRecord & { fact: FactOf<'step_started'> } =>
  record.fact.fact === 'step_started';

const callsOf = (request: Request, records: readonly LedgerRecord[]): Report['calls'] => {
  const words = new Map(records.filter(isStart).map(({ fact }) => [fact.step, fact.words]));
  return [...request.steps]
    .filter(([, step]) => step.attempts > 0)
    .map(([key, step]) => ({
      words: words.get(key) ?? key,
      starts: step.attempts,
      startedAt: iso(step.startedAt),
      ...answerOf(step),
    }));
};

/** Where the card stands is no part of what happened to the access. */
const isTold = ({ fact }: Fact): boolean => fact !== 'card_posted';

/**
 * Counted from the end, when the access was surely gone; nothing of it where nothing was called, and where grants came on
 * top: how long their sessions last was not asked.
 */
const consolesUntil = (request: Request): Pick<Report, 'consolesUntil'> => {
  const { asked, end, grew } = request;
  const life = grew.length > 0 ? undefined : asked.impact.consoleLife;
  return life === undefined || end === undefined || !wasCalled(request)
    ? {}
    : { consolesUntil: iso(end.at + life) };
};

/**
 * The record of a request after these facts of it; undefined when there are none.
 * @param say the sentence of a fact
 */
export const reportOf = (
  records: readonly LedgerRecord[],
  say: (fact: Fact) => string,
): Report | undefined => {
  const request = fold(records);
  const last = records.at(-1);
  if (request === undefined || last === undefined) return undefined;
  const { asked, end } = request;
  const proofs = [...request.steps.values()].flatMap(({ proof }) => proof ?? []);
  return {
    id: request.id,
    kind: asked.kind,
    title: asked.impact.title,
    state: stateOf(request),
    reason: asked.reason,
    ...(asked.incident !== undefined && { incident: asked.incident }),
    ...(asked.retries !== undefined && { retries: asked.retries }),
    askedAt: iso(request.askedAt),
    askedBy: asked.by,
    target: asked.target,
    lines: [...asked.impact.lines],
    approvals: request.approvals.map(({ at, by }) => ({ at: iso(at), ...(by && { by }) })),
    approvalsNeeded: request.progress.needed,
    digest: asked.digest,
    grants: grantsOf(request),
    residual: [...asked.impact.residual],
    ...consolesUntil(request),
    newSince: [...new Map(proofs.flatMap(({ since }) => since).map((grant) => [grant.key, grant])).values()],
    calls: callsOf(request, records),
    ...(end && { end: { at: iso(end.at), words: say(end.fact) } }),
    facts: records
      .filter(({ fact }) => isTold(fact))
      .map(({ seq, at, fact }) => ({ seq, at: iso(at), fact: fact.fact, words: say(fact) })),
    ledger: { seq: last.seq, hash: last.hash },
  };
};
