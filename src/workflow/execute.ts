import type { StepEnd } from '../domain/conclude.ts';
import { decideExpiry } from '../domain/decide.ts';
import type { Fact } from '../domain/facts.ts';
import type { Kind, Step } from '../domain/kind.ts';
import type { CloudFault, Lease } from '../domain/ports.ts';
import { isRefusedForGood } from '../domain/refusal.ts';
import { coveredImpact, type Request, stateOf } from '../domain/request.ts';
import { isHopeless, nothingUnread, type Unread, unreadAfter } from '../domain/verify.ts';
import { appendTo, load } from './amend.ts';
import { concludeStarted, concludeUnstarted } from './conclusion.ts';
import { kindNamed, type Needs } from './needs.ts';
import { preflight } from './preflight.ts';
import { carryStep, type Patience } from './step.ts';

/** A lease (ms) is renewed while its holder works; it only spares work, the ledger's versions are the lock. */
const leaseTime = 60_000;
/** Why an execution's lease is no longer renewed; without a reason each abort would make an error with its stack. */
const ended = 'the execution has ended';
/** Between tries (ms) while the cloud cannot be read before the first call; it doubles up to this. */
const longestWait = 60_000;

export type ExecuteNeeds = Needs & { readonly patience: Patience };

/** Appends what was decided from the request; undefined when it changed meanwhile. */
const append = async (
  needs: ExecuteNeeds,
  request: Request,
  facts: readonly Fact[],
): Promise<Request | undefined> => {
  if (facts.length === 0) return request;
  return (await appendTo(needs.ledger, request, facts)) ? load(needs.ledger, request.id) : undefined;
};

/**
 * Checks an approved request once more. Returns it when its first call may be made.
 * @param before why it could not be begun so far; empty when nothing is known
 */
const prepare = async (
  needs: ExecuteNeeds,
  id: string,
  before: string,
  signal: AbortSignal,
): Promise<Request | undefined> => {
  let trouble = before;
  let wait = needs.patience.pollInterval;
  while (!signal.aborted) {
    const request = await load(needs.ledger, id);
    if (request === undefined) return undefined;
    const state = stateOf(request);
    if (state === 'executing' || state === 'verifying') return request;
    if (state !== 'approved') return undefined;
    const expired = decideExpiry(request, needs.clock.now());
    if (expired.length > 0) {
      await append(
        needs,
        request,
        expired.map((fact) =>
          fact.fact === 'expired' && trouble !== ''
            ? { ...fact, words: `${fact.words} Last: ${trouble}` }
            : fact,
        ),
      );
      return undefined;
    }
    const check = await preflight(needs, kindNamed(needs.kinds, request.asked.kind), request);
    switch (check.go) {
      case 'on': {
        const ready = await append(needs, request, check.facts);
        if (ready) return ready;
        break;
      }
      case 'no further':
        if (await append(needs, request, check.facts)) return undefined;
        break;
      case 'wait':
        trouble = check.why;
        needs.log.warn('An approved request cannot be begun yet', { id, why: check.why });
        await needs.clock.sleep(wait, signal);
        wait = Math.min(wait * 2, 30_000);
        break;
      default:
        return check satisfies never;
    }
  }
  return undefined;
};

/** A first read that brings nothing, however often: nothing was begun, or nothing more can be. */
const refusedToRead = (hasBegun: boolean, step: Step, fault: CloudFault): Fact => {
  if (!hasBegun) {
    return { fact: 'failed', words: `It could not be begun: ${fault.message} Nothing was called.` };
  }
  const words = `The rest was not begun, because the cloud could not be read: ${fault.message}`;
  return { fact: 'proof', step: step.key, result: 'late', remaining: step.grants, since: [], words };
};

/**
 * Carries step after step.
 * @param unread of the reads before the next step, while it is `later`
 * @returns undefined when it has to be looked at again from the start, `later` after a while
 */
const carrySteps = async (
  needs: ExecuteNeeds,
  kind: Kind,
  from: Request,
  unread: Unread,
  signal: AbortSignal,
): Promise<
  { request: Request; ends: readonly StepEnd[] } | { later: Unread; why: string } | 'left' | undefined
> => {
  let request = from;
  const ends: StepEnd[] = [];
  for (const step of kind.steps(from.asked.target, coveredImpact(from))) {
    const carried = await carryStep(needs, kind, step, request, signal);
    if (carried.result === 'left') return 'left';
    if (carried.result === 'look again') return undefined;
    if (carried.result === 'not begun') {
      const { fault } = carried;
      // Before the first call the execution window ends what only waits.
      const hasBegun = stateOf(request) !== 'approved';
      const reads = hasBegun ? unreadAfter(unread, fault, needs.clock.now()) : nothingUnread;
      const isOver = hasBegun
        ? isHopeless(reads, fault, needs.patience.verificationWindow)
        : isRefusedForGood(fault);
      if (!isOver) return { later: reads, why: fault.message };
      await append(needs, request, [refusedToRead(hasBegun, step, fault)]);
      return undefined;
    }
    request = carried.request;
    const state = request.steps.get(step.key);
    if (state?.proof === undefined) return undefined;
    ends.push({ started: state.attempts > 0, proof: state.proof });
  }
  return { request, ends };
};

const carryAll = async (needs: ExecuteNeeds, id: string, signal: AbortSignal): Promise<void> => {
  let unread = nothingUnread;
  let trouble = '';
  let wait = needs.patience.pollInterval * 5;
  const rest = async (): Promise<void> => {
    await needs.clock.sleep(wait, signal);
    wait = Math.min(wait * 2, longestWait);
  };
  while (!signal.aborted) {
    const request = await prepare(needs, id, trouble, signal);
    if (request === undefined) return;
    const kind = kindNamed(needs.kinds, request.asked.kind);
    const carried = await carrySteps(needs, kind, request, unread, signal);
    if (carried === 'left') return;
    if (carried === undefined) {
      unread = nothingUnread;
      continue;
    }
    if ('later' in carried) {
      unread = carried.later;
      trouble = carried.why;
      await rest();
      continue;
    }
    const { ends } = carried;
    const end = ends.some(({ started }) => started)
      ? await concludeStarted(needs, carried.request, ends, signal)
      : await concludeUnstarted(needs, kind, carried.request, ends);
    if (typeof end === 'string') {
      trouble = end;
      await rest();
    } else if (await append(needs, carried.request, end)) return;
  }
};

const keepLease = async (needs: ExecuteNeeds, lease: Lease, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await needs.clock.sleep(leaseTime / 3, signal);
    if (!signal.aborted) await lease.renew(leaseTime);
  }
};

/**
 * Carries one approved request to its end. Does nothing while another request for the same principal is being
 * executed; call it again later then.
 * @returns false when another worker has the principal, so nothing was done
 */
export const execute = async (
  needs: ExecuteNeeds,
  id: string,
  principal: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const lease = await needs.ledger.lease(`principal/${principal}`, leaseTime);
  if (lease === null) return false;
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const kept = keepLease(needs, lease, until);
  try {
    await carryAll(needs, id, until);
    return true;
  } finally {
    over.abort(ended);
    await kept;
    await lease.release();
  }
};
