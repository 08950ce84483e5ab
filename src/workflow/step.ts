import type { FactOf } from '../domain/facts.ts';
import type { Kind, Step } from '../domain/kind.ts';
import type { CloudFault } from '../domain/ports.ts';
import { hasToWait, type Request } from '../domain/request.ts';
import { judgeReading, mayStillPass, type Reading } from '../domain/verify.ts';
import { record } from './amend.ts';
import { lookAt } from './reading.ts';
import { asFault, type StartNeeds, startStep } from './start-step.ts';

/** How long to wait between reads, and how long a proof may take. All in ms. */
export interface Patience {
  readonly pollInterval: number;
  readonly verificationWindow: number;
  /** How long a key that was refused (401) is left alone. */
  readonly authFailurePause: number;
}

/** Between reads while the cloud cannot be read at all. */
const longestWait = 60_000;

export type StepNeeds = StartNeeds & { readonly patience: Patience };

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

/** The last reading showed the grants, and what else there is by now nobody could tell. */
const notAgain = (step: Step, { message }: CloudFault): FactOf<'proof'> => ({
  fact: 'proof',
  step: step.key,
  result: 'present',
  remaining: step.grants,
  since: [],
  words: `It was not called again, because the cloud could not be read: ${message}`,
});

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
    const pause = (outcome.againAt ?? outcome.at + authFailurePause) - outcome.at;
    await needs.clock.sleep(Math.max(0, pause - Math.max(0, needs.clock.now() - outcome.at)), signal);
  }
  // After a lost answer the reads find the job; its end must be asked for even when it no longer runs.
  let job = outcome.job;
  let authFailures = state.authFailures;
  let quiet = 0;
  let shown = '';
  let wait = pollInterval;
  // Not since the outcome: a bot that was stopped meanwhile has not read, and the clock may have been set back.
  let since = needs.clock.now();
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
    const at = needs.clock.now();
    since = Math.min(since, at);
    const course = judgeReading({
      step: { ...state, authFailures },
      reading,
      quiet,
      elapsed: at - since,
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
  /** What there is could not be read first, so nothing was begun. */
  | { readonly result: 'not begun'; readonly fault: CloudFault }
  /** The request is another now: its steps have to be made anew. */
  | { readonly result: 'look again' };

/** Carries one step from where its facts say it is to its proof. Safe to call again after any crash. */
export const carryStep = async (
  needs: StepNeeds,
  kind: Kind,
  step: Step,
  from: Request,
  signal: AbortSignal,
): Promise<Carried> => {
  let request = from;
  const { pollInterval, verificationWindow } = needs.patience;
  const known = request.steps.get(step.key);
  // Once a step is proven, the others take what they name and nothing else.
  const isExact = [...request.steps.values()].some(({ proof }) => proof !== undefined);
  // A request's first call comes right after everything was checked for it.
  let isChecked = isExact || request.steps.size === 0;
  if (known?.proof) return { result: 'proven', request };
  if (known === undefined) {
    const reading = await read(needs, kind, step, request, null);
    if ('fault' in reading) return { result: 'not begun', fault: reading.fault };
    isChecked = isExact || (isChecked && reading.look.since.length === 0);
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
  let unreadSince: number | undefined;
  let begin = known === undefined;
  while (!signal.aborted) {
    if (begin) {
      const started = await startStep(needs, kind, step, request, isChecked, signal);
      isChecked = isExact;
      switch (started.result) {
        case 'called':
          request = started.request;
          unreadSince = undefined;
          break;
        case 'not read': {
          const { fault } = started;
          if (!request.steps.has(step.key)) return { result: 'not begun', fault };
          unreadSince ??= needs.clock.now();
          if (mayStillPass(fault, needs.clock.now() - unreadSince, verificationWindow)) {
            await needs.clock.sleep(pollInterval * 5, signal);
            break;
          }
          return {
            result: 'proven',
            request: await record(needs, request.id, () => [notAgain(step, fault)]),
          };
        }
        case 'left':
        case 'look again':
          return started;
        default:
          return started satisfies never;
      }
    }
    const watched = await watch(needs, kind, step, request, signal);
    if (watched === 'stopped') return { result: 'left' };
    if (watched !== 'start again') return { result: 'proven', request: watched };
    begin = true;
  }
  return { result: 'left' };
};
