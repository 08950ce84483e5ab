import type { Fact, FactOf } from '../domain/facts.ts';
import type { Kind, Step } from '../domain/kind.ts';
import { CloudFault, LedgerFault } from '../domain/ports.ts';
import { hasToWait, type Request, stateOf } from '../domain/request.ts';
import { judgeReading, type Reading } from '../domain/verify.ts';
import { amend } from './amend.ts';
import type { Needs } from './needs.ts';
import { lookAt } from './reading.ts';

/** How long to wait between reads, and how long a proof may take. All in ms. */
export interface Patience {
  readonly pollInterval: number;
  readonly verificationWindow: number;
  /** How long a key that was refused (401) is left alone. */
  readonly authFailurePause: number;
}

/** Between reads while the cloud cannot be read at all. */
const longestWait = 60_000;
/** Between tries to record an answer while the ledger cannot be written. */
const recordPause = 1_000;

export type StepNeeds = Pick<Needs, 'ledger' | 'cloud' | 'clock' | 'log'> & { readonly patience: Patience };

const asFault = (error: unknown): CloudFault => {
  if (error instanceof CloudFault) return error;
  throw error;
};

const read = async (
  needs: StepNeeds,
  kind: Kind,
  step: Step,
  request: Request,
  job: string | undefined | null,
): Promise<Reading> => {
  try {
    return { look: await lookAt(needs, kind, step, request, job) };
  } catch (error) {
    return { fault: asFault(error) };
  }
};

/** Appends facts that are true whatever else happened to the request meanwhile, and returns it as it is then. */
const record = async (
  needs: StepNeeds,
  id: string,
  facts: (request: Request) => readonly Fact[],
): Promise<Request> => {
  const amended = await amend(needs.ledger, id, (request) => ({ result: 'facts', facts: facts(request) }));
  if (amended.result === 'refused') throw new Error(`${id} has gone from the ledger`);
  return amended.request;
};

/**
 * Records what the cloud answered to a start of the step, however long the ledger cannot be written: only this process
 * knows it.
 * @throws {LedgerFault} when it still cannot be written at a stop
 */
const recordAnswer = async (
  needs: StepNeeds,
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

const proofFact = (
  step: Step,
  result: FactOf<'proof'>['result'],
  reading: Reading,
  words: string | undefined,
): FactOf<'proof'> => ({
  fact: 'proof',
  step: step.key,
  result,
  remaining: 'look' in reading ? reading.look.remaining : step.grants,
  since: 'look' in reading ? reading.look.since : [],
  ...(words !== undefined && { words }),
});

/** What the cloud answered to the one changing call, told as a fact. Anything unclear is unknown. */
const callOnce = async (needs: StepNeeds, kind: Kind, step: Step): Promise<FactOf<'step_outcome'>> => {
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
        return { ...details, outcome: 'refused', again: fault.retryable || fault.status === 401 };
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
 * Starts the step: the fact first, then the call, then its outcome. Appending `step_started` at the version that
 * was read is the lock: of two that try, one calls.
 * @returns undefined when somebody else was first, or the request may not be executed any more
 */
const start = async (
  needs: StepNeeds,
  kind: Kind,
  step: Step,
  before: Request,
  signal: AbortSignal,
): Promise<Request | undefined> => {
  // A journal found damaged meanwhile still takes outcomes, but nothing new is begun on it.
  if (needs.ledger.trouble() !== undefined) return undefined;
  const attempt = (before.steps.get(step.key)?.attempts ?? 0) + 1;
  const appended = await needs.ledger.append(before.id, before.version, [
    { fact: 'step_started', step: step.key, attempt, words: step.words },
  ]);
  if (appended.result !== 'appended') return undefined;
  return recordAnswer(needs, before.id, attempt, await callOnce(needs, kind, step), signal);
};

const stoppedInBetween = (step: Step): FactOf<'step_outcome'> => ({
  fact: 'step_outcome',
  step: step.key,
  outcome: 'unknown',
  message: 'The bot was stopped before the answer was recorded.',
});

/** Reads until a reading decides: recorded as the step's proof, or a reason to start the step again. */
const watch = async (
  needs: StepNeeds,
  kind: Kind,
  step: Step,
  request: Request,
  signal: AbortSignal,
): Promise<Request | 'start again' | 'stopped'> => {
  const { pollInterval, verificationWindow, authFailurePause } = needs.patience;
  const state = request.steps.get(step.key);
  const outcome = state?.outcome;
  if (state === undefined || outcome === undefined) throw new Error(`${request.id} has no outcome to watch`);
  if (outcome.status === 401) {
    const { againAt = outcome.at + authFailurePause } = outcome;
    await needs.clock.sleep(Math.max(0, againAt - needs.clock.now()), signal);
  }
  // After a lost answer the reads find the job; its end must be asked for even when it no longer runs.
  let job = outcome.job;
  let authFailures = state.authFailures;
  let quiet = 0;
  let shown = '';
  let wait = pollInterval;
  while (!signal.aborted) {
    const reading = await read(needs, kind, step, request, job);
    if ('look' in reading) {
      const now = [reading.look.state, ...reading.look.remaining].join('\n');
      quiet = now === shown ? quiet + 1 : 1;
      shown = now;
      if (outcome.outcome === 'unknown' && reading.look.state === 'pending') job ??= reading.look.job;
    } else if (hasToWait(reading.fault, needs.clock.now())) {
      authFailures += 1;
    }
    const elapsed = needs.clock.now() - outcome.at;
    const course = judgeReading({
      step: { ...state, authFailures },
      reading,
      quiet,
      elapsed,
      window: verificationWindow,
    });
    switch (course.do) {
      case 'record':
        return record(needs, request.id, (now) => {
          const latest = now.steps.get(step.key);
          const outdated = latest?.proof !== undefined || latest?.attempts !== state.attempts;
          return outdated ? [] : [proofFact(step, course.result, reading, course.words)];
        });
      case 'start again':
        if (outcome.again)
          await needs.clock.sleep(Math.min(pollInterval * 2 ** state.attempts, longestWait), signal);
        return signal.aborted ? 'stopped' : 'start again';
      case 'wait':
        await needs.clock.sleep(wait, signal);
        wait = 'fault' in reading ? Math.min(wait * 2, longestWait) : Math.min(wait * 1.5, pollInterval * 5);
        break;
      default:
        return course satisfies never;
    }
  }
  return 'stopped';
};

/** How a step stands after an attempt to carry it through. */
export type Carried =
  | { readonly result: 'proven'; readonly request: Request }
  /** Stopped, or another worker has it: whoever reads the state later goes on. */
  | { readonly result: 'left' }
  /** The first read went wrong, so nothing was begun. */
  | { readonly result: 'not begun'; readonly fault: CloudFault };

/** Carries one step from where its facts say it is to its proof. Safe to call again after any crash. */
export const carryStep = async (
  needs: StepNeeds,
  kind: Kind,
  step: Step,
  from: Request,
  signal: AbortSignal,
): Promise<Carried> => {
  let request = from;
  const known = request.steps.get(step.key);
  if (known?.proof) return { result: 'proven', request };
  if (known === undefined) {
    const reading = await read(needs, kind, step, request, null);
    if ('fault' in reading) return { result: 'not begun', fault: reading.fault };
    if (reading.look.state === 'gone' && reading.look.since.length === 0) {
      return {
        result: 'proven',
        request: await record(needs, request.id, () => [proofFact(step, 'gone', reading, undefined)]),
      };
    }
  } else if (known.outcome === undefined) {
    request = await record(needs, request.id, (now) =>
      now.steps.get(step.key)?.outcome === undefined ? [stoppedInBetween(step)] : [],
    );
  }
  let begin = known === undefined;
  while (!signal.aborted) {
    if (begin) {
      const state = stateOf(request);
      if (state !== 'approved' && state !== 'executing' && state !== 'verifying') return { result: 'left' };
      if (state === 'approved' && needs.clock.now() >= request.startBefore) return { result: 'left' };
      const started = await start(needs, kind, step, request, signal);
      if (started === undefined) return { result: 'left' };
      request = started;
    }
    const watched = await watch(needs, kind, step, request, signal);
    if (watched === 'stopped') return { result: 'left' };
    if (watched !== 'start again') return { result: 'proven', request: watched };
    begin = true;
  }
  return { result: 'left' };
};
