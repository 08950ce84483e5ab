import { conclude } from './conclude.ts';
import { type Decision, refuse, refuseEarly } from './decide.ts';
import type { Fact, FactOf, Person, Via } from './facts.ts';
import type { Look, Step } from './kind.ts';
import type { KnownPerson } from './ports.ts';
import { coveredImpact, hasComeBack, type Request, stateOf } from './request.ts';

/** A step of a request that is over, and what a later reading says of it. */
export interface Reread {
  readonly step: Step;
  readonly look: Look;
}

/** Whether what it was to take may still be there, so that a new request for the same target makes sense. */
export const mayRetry = (request: Request): boolean => {
  const state = stateOf(request);
  switch (state) {
    case 'unverified':
    case 'failed':
    case 'partly_failed':
    case 'denied':
      return true;
    case 'succeeded':
      return hasComeBack(request);
    case 'requested':
    case 'approved':
    case 'executing':
    case 'verifying':
    case 'cancelled':
    case 'expired':
    case 'halted':
      return false;
    default:
      return state satisfies never;
  }
};

const stateWord = (request: Request): string => stateOf(request).replace('_', ' ');

/**
 * Only what is unverified can be checked again.
 * @param who a requester
 */
export const refuseCheck = (request: Request, who: KnownPerson): Decision | undefined => {
  const early = refuseEarly(request, who);
  if (early !== undefined || stateOf(request) === 'unverified') return early;
  return refuse(
    'nothing_to_check',
    `Only a request that is unverified can be checked again; ${request.id} is ${stateWord(request)}.`,
  );
};

/**
 * Only what may still be there can be retried.
 * @param who a requester
 */
export const refuseRetry = (request: Request, who: KnownPerson): Decision | undefined => {
  const early = refuseEarly(request, who);
  if (early !== undefined || mayRetry(request)) return early;
  return refuse(
    'nothing_to_retry',
    `There is nothing to retry: ${request.id} is ${stateWord(request)}. Nothing was done.`,
  );
};

const proofOf = (
  { step, look }: Reread,
  asked: { readonly by: Person; readonly via: Via },
): FactOf<'proof'> => ({
  fact: 'proof',
  step: step.key,
  result: look.state === 'gone' ? 'gone' : 'present',
  remaining: look.remaining,
  since: look.since,
  ...(look.state === 'pending' && { words: 'The cloud says that a deletion is running.' }),
  ...(look.state === 'failed' && { words: `The deletion failed: ${look.reason}` }),
  ...asked,
});

/** The proofs of a check, and the success when all of it is gone now (rule 9). Nothing else ends an unverified one. */
export const checkFacts = (
  request: Request,
  rereads: readonly Reread[],
  asked: { readonly by: Person; readonly via: Via },
): readonly Fact[] => {
  const proofs = rereads.map((reread) => proofOf(reread, asked));
  const ends = proofs.map((proof) => ({
    started: (request.steps.get(proof.step)?.attempts ?? 0) > 0,
    proof,
  }));
  const end = conclude(ends, coveredImpact(request).grants.length);
  return end.fact === 'succeeded' ? [...proofs, end] : proofs;
};
