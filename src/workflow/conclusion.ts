import { conclude, type StepEnd } from '../domain/conclude.ts';
import type { Fact, FactOf } from '../domain/facts.ts';
import type { Kind } from '../domain/kind.ts';
import { CloudFault } from '../domain/ports.ts';
import { isRefusedForGood } from '../domain/refusal.ts';
import { coveredImpact, type Request } from '../domain/request.ts';
import type { Needs } from './needs.ts';
import { reread } from './reading.ts';

type ConclusionNeeds = Pick<Needs, 'cloud' | 'directory' | 'kinds'>;

/**
 * Rule 9: several steps are proven one after the other, and what the first one took may be listed again by the last proof.
 * Where that cannot be read, each has been proven all the same.
 * @returns nothing where a stop broke the reading off: it is read at the next start
 */
export const concludeStarted = async (
  needs: ConclusionNeeds,
  request: Request,
  ends: readonly StepEnd[],
  signal: AbortSignal,
): Promise<readonly Fact[]> => {
  const approved = coveredImpact(request).grants.length;
  const end = conclude(ends, approved);
  if (ends.length === 1 || end.fact !== 'succeeded') return [end];
  try {
    const proofs = (await reread(needs, request, null)).flatMap(({ step, look }): FactOf<'proof'>[] => {
      const { remaining, since } = look;
      const words = 'It was gone at first, but is listed again.';
      return remaining.length === 0
        ? []
        : [{ fact: 'proof', step: step.key, result: 'present', remaining, since, words }];
    });
    const latest = ends.map(({ started, proof }) => ({
      started,
      proof: proofs.find(({ step }) => step === proof.step) ?? proof,
    }));
    return [...proofs, conclude(latest, approved)];
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    return signal.aborted ? [] : [end];
  }
};

/**
 * Rule 9: "already gone" is said only of what exists. A listing without a grant is just as empty when the user, the
 * account or the permission set itself is not there any more. And it may be long ago that it was read.
 * @returns why it has to be asked again later, in words, or how it ends
 */
export const concludeUnstarted = async (
  needs: ConclusionNeeds,
  kind: Kind,
  request: Request,
  ends: readonly StepEnd[],
): Promise<readonly Fact[] | string> => {
  try {
    const now = await kind.impact(request.asked.target, needs.cloud, needs.directory);
    if (now.result === 'no-such') return [{ fact: 'failed', words: `${now.words} Nothing was called.` }];
    const { grants } = coveredImpact(request);
    const listed = new Set(now.impact.grants.map(({ key }) => key));
    if (grants.some(({ key }) => listed.has(key)))
      return [{ fact: 'failed', words: 'It was gone at first, but is listed again. Nothing was called.' }];
    if (listed.size === 0 || !kind.risk(request.asked.target, now.impact).everything)
      return [conclude(ends, grants.length)];
    const words = 'What was approved is gone, but something else is listed by now. Nothing was called.';
    return [{ fact: 'failed', words }];
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    if (!isRefusedForGood(error)) return error.message;
    return [{ fact: 'failed', words: `It could not be begun: ${error.message} Nothing was called.` }];
  }
};
