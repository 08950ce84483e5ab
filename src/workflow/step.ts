import type { FactOf } from '../domain/facts.ts';
import type { Kind, Look, Step } from '../domain/kind.ts';
import type { CloudFault } from '../domain/ports.ts';
import { hasToWait, type Request } from '../domain/request.ts';
import { isHopeless, judgeReading, nothingUnread, type Reading, unreadAfter } from '../domain/verify.ts';
import { record } from './amend.ts';
import { takesEverything } from './preflight.ts';
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
/**
 * The time for the proof begins anew with each start of the bot, so that a stop takes nothing from it; but not beyond so
 * many times of it since the outcome, or a bot that is started again and again would never say that it is unproven. A few
 * reads there are in any case.
 */
const mostWindows = 3;
const fewReads = 3;

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
  ...(result === 'present' && 'fault' in reading && { unread: true }),
  ...(words !== undefined && { words }),
});

/** What a reading has shown of the start with this number, unless the step was proven or started again meanwhile. */
const recordProof = (
  needs: StepNeeds,
  id: string,
  attempts: number,
  proof: FactOf<'proof'>,
): Promise<Request> =>
  record(needs, id, (now) => {
    const latest = now.steps.get(proof.step);
    return latest?.proof !== undefined || latest?.attempts !== attempts ? [] : [proof];
  });

/** The last reading showed the grants, and what else there is by now nobody could tell. */
const notAgain = (
  step: Step,
  { remaining, since }: Pick<Look, 'remaining' | 'since'>,
  { message }: CloudFault,
): FactOf<'proof'> => ({
  fact: 'proof',
  step: step.key,
  result: 'present',
  remaining,
  since,
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
): Promise<Request | { readonly startAgain: Look } | 'stopped'> => {
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
  // Not since the outcome: a bot that was stopped meanwhile has not read. And round by round, none counting for more than
  // the longest wait, because the clock may be set back or forward.
  let last = needs.clock.now();
  let elapsed = 0;
  const before = Math.max(0, last - outcome.at);
  let reads = 0;
  let hasRested = false;
  while (!signal.aborted) {
    const reading = await read(needs, kind, step, request, job);
    // What a stop breaks off, or turns away, tells nothing of the cloud.
    if ('fault' in reading && signal.aborted) return 'stopped';
    if ('look' in reading) {
      const now = [reading.look.state, ...reading.look.remaining].join('\n');
      quiet = now === shown ? quiet + 1 : 1;
      shown = now;
      if (outcome.outcome === 'unknown' && reading.look.state === 'pending') job ??= reading.look.job;
    } else if (hasToWait(reading.fault, needs.clock.now())) {
      authFailures += 1;
    }
    reads += 1;
    const at = needs.clock.now();
    elapsed += Math.min(Math.max(0, at - last), longestWait);
    last = at;
    const overall = reads < fewReads ? 0 : before + elapsed - mostWindows * verificationWindow;
    const course = judgeReading({
      step: { ...state, authFailures },
      reading,
      quiet,
      elapsed: Math.max(elapsed, overall),
      window: verificationWindow,
    });
    switch (course.do) {
      case 'record':
        return recordProof(
          needs,
          request.id,
          state.attempts,
          proofFact(step, course.result, reading, course.words),
        );
      case 'start again':
        if (!('look' in reading)) return 'stopped';
        if (!outcome.again || hasRested) return { startAgain: reading.look };
        // The reading is old after that, so it is the next one that decides.
        hasRested = true;
        await needs.clock.sleep(Math.min(pollInterval * 2 ** state.attempts, longestWait), signal);
        last = needs.clock.now();
        elapsed = 0;
        break;
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
  // A request's first call comes right after everything was checked for it.
  let isChecked = request.steps.size === 0;
  let listed: Pick<Look, 'remaining' | 'since'> = { remaining: step.grants, since: [] };
  if (known?.proof) return { result: 'proven', request };
  if (known === undefined) {
    const reading = await read(needs, kind, step, request, null);
    if ('fault' in reading) return { result: 'not begun', fault: reading.fault };
    listed = reading.look;
    isChecked &&= listed.since.length === 0;
    // What is new since is a reason to call only where the approvals cover it.
    const isMore = listed.since.length > 0 && takesEverything(kind, request);
    if (reading.look.state === 'gone' && !isMore) {
      const proof = proofFact(step, 'gone', reading, undefined);
      // Somebody may have cancelled it while it was read; then whoever looks at it next leaves it at that.
      const proven = await record(needs, request.id, (now) =>
        now.end !== undefined || now.steps.has(step.key) ? [] : [proof],
      );
      return { result: 'proven', request: proven };
    }
  } else if (known.outcome === undefined) {
    request = await record(needs, request.id, (now) =>
      now.steps.get(step.key)?.outcome === undefined ? [stoppedInBetween(step)] : [],
    );
  }
  let unread = nothingUnread;
  let begin = known === undefined;
  while (!signal.aborted) {
    if (begin) {
      const started = await startStep(needs, kind, step, request, listed.since, isChecked, signal);
      isChecked = false;
      switch (started.result) {
        case 'called':
          request = started.request;
          unread = nothingUnread;
          break;
        case 'not read': {
          const { fault } = started;
          const state = request.steps.get(step.key);
          if (state === undefined) return { result: 'not begun', fault };
          unread = unreadAfter(unread, fault, needs.clock.now());
          if (!isHopeless(unread, fault, verificationWindow)) {
            await needs.clock.sleep(pollInterval * 5, signal);
            break;
          }
          const proof = notAgain(step, listed, fault);
          return { result: 'proven', request: await recordProof(needs, request.id, state.attempts, proof) };
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
    if (!('startAgain' in watched)) return { result: 'proven', request: watched };
    listed = watched.startAgain;
    begin = true;
  }
  return { result: 'left' };
};
