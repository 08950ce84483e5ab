import type { Fact, FactOf, Grant } from '../domain/facts.ts';
import type { Kind, Step } from '../domain/kind.ts';
import { CloudFault, LedgerFault } from '../domain/ports.ts';
import { isRefusedForGood } from '../domain/refusal.ts';
import { type Request, stateOf } from '../domain/request.ts';
import { appendTo, record } from './amend.ts';
import type { Needs } from './needs.ts';
import { checkApprovers, type Growth, type GrowthNeeds, growthOf } from './preflight.ts';

export type StartNeeds = GrowthNeeds & Pick<Needs, 'log'>;

/** Between tries to record an answer while the ledger cannot be written. */
const recordPause = 1_000;

/** @throws whatever is no fault of the cloud */
export const asFault = (error: unknown): CloudFault => {
  if (error instanceof CloudFault) return error;
  throw error;
};

/** What the cloud answered to the one changing call, told as a fact. Anything unclear is unknown. */
const callOnce = async (needs: StartNeeds, kind: Kind, step: Step): Promise<FactOf<'step_outcome'>> => {
  const about = { fact: 'step_outcome', step: step.key } as const;
  try {
    return { ...about, outcome: 'accepted', ...(await kind.start(step, needs.cloud)) };
  } catch (error) {
    const fault = asFault(error);
    const details = {
      ...about,
      message: fault.message,
      ...(fault.status !== undefined && { status: fault.status }),
      ...(fault.code !== undefined && { code: fault.code }),
      ...(fault.requestId !== undefined && { cloudRequest: fault.requestId }),
      ...(fault.againAt !== undefined && { againAt: fault.againAt }),
    };
    switch (fault.family) {
      case 'refused':
        // A proxy's page may stand in place of whatever the cloud answered.
        return fault.retryable || isRefusedForGood(fault)
          ? { ...details, outcome: 'refused', again: fault.retryable }
          : { ...details, outcome: 'unknown' };
      case 'not-reached':
        return { ...details, outcome: 'refused', again: true };
      case 'too-late':
      case 'unexpected-answer':
        return { ...details, outcome: 'unknown' };
      default:
        return fault.family satisfies never;
    }
  }
};

/**
 * Records what the cloud answered to a start of the step, however long the ledger cannot be written: only this process
 * knows it.
 * @throws {LedgerFault} when it still cannot be written at a stop
 */
const recordAnswer = async (
  needs: StartNeeds,
  id: string,
  attempt: number,
  answer: FactOf<'step_outcome'>,
  signal: AbortSignal,
): Promise<Request> => {
  for (;;) {
    const isLastTry = signal.aborted;
    try {
      return await record(needs, id, (request) =>
        request.steps.get(answer.step)?.attempts === attempt ? [answer] : [],
      );
    } catch (error) {
      if (!(error instanceof LedgerFault) || isLastTry) throw error;
      needs.log.error('What the cloud answered could not be recorded yet; it is tried again', { id, error });
      await needs.clock.sleep(recordPause, signal);
    }
  }
};

/**
 * The intent first, with what came on top of "everything", then the call, then its outcome. Appending `step_started` to
 * the request as it was read is the lock: of two that try, one calls.
 * @returns undefined when somebody else was first
 */
const call = async (
  needs: StartNeeds,
  kind: Kind,
  step: Step,
  before: Request,
  grew: readonly Fact[],
  signal: AbortSignal,
): Promise<Request | undefined> => {
  // A journal found damaged meanwhile still takes outcomes, but nothing new is begun on it.
  if (needs.ledger.trouble() !== undefined) return undefined;
  const attempt = (before.steps.get(step.key)?.attempts ?? 0) + 1;
  const started: Fact = { fact: 'step_started', step: step.key, attempt, words: step.words };
  if (!(await appendTo(needs.ledger, before, [...grew, started]))) return undefined;
  return recordAnswer(needs, before.id, attempt, await callOnce(needs, kind, step), signal);
};

/** Where there is no such user any more, but grants are listed still, the listing tells what the call will take. */
const sinceFacts = (since: readonly Grant[]): readonly Fact[] =>
  since.length > 0 ? [{ fact: 'impact_grew', added: since }] : [];

export type Start =
  | { readonly result: 'called'; readonly request: Request }
  /** The request is another now: what its steps take, or that it goes no further. */
  | { readonly result: 'look again' }
  /** Somebody else was first, or the request may not be executed any more. */
  | { readonly result: 'left' }
  /** What there is now could not be read, so nothing was called. */
  | { readonly result: 'not read'; readonly fault: CloudFault };

/**
 * Starts a step, as far as the approvals cover what it takes by now.
 * @param since what the last reading of the step showed on top of what is approved
 * @param isChecked what there is was compared with the approvals a moment ago, and nothing more was listed since
 */
export const startStep = async (
  needs: StartNeeds,
  kind: Kind,
  step: Step,
  request: Request,
  since: readonly Grant[],
  isChecked: boolean,
  signal: AbortSignal,
): Promise<Start> => {
  const state = stateOf(request);
  if (state !== 'approved' && state !== 'executing' && state !== 'verifying') return { result: 'left' };
  let growth: Growth = { result: 'covered', grew: [] };
  try {
    if (!isChecked) growth = await growthOf(needs, kind, request);
  } catch (error) {
    return { result: 'not read', fault: asFault(error) };
  }
  if (growth.result === 'too few approvals') {
    const words = `${growth.words} ${request.steps.size === 0 ? 'Nothing was called.' : 'Nothing more was called.'}`;
    await appendTo(needs.ledger, request, [...growth.grew, { fact: 'halted', words }]);
    return { result: 'look again' };
  }
  if (state === 'approved') {
    // Once more, because what was read since may have taken minutes, and so may this.
    if ((await checkApprovers(needs, request)).go !== 'on') return { result: 'look again' };
    if (needs.clock.now() >= request.startBefore) return { result: 'left' };
  }
  const grew = growth.result === 'no-such' ? sinceFacts(since) : growth.grew;
  const called = await call(needs, kind, step, request, grew, signal);
  if (called === undefined) return { result: 'left' };
  return grew.length > 0 ? { result: 'look again' } : { result: 'called', request: called };
};
