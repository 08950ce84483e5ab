import type { Reread } from '../domain/again.ts';
import type { Kind, Look, Step } from '../domain/kind.ts';
import { coveredImpact, type Request } from '../domain/request.ts';
import { kindNamed, type Needs } from './needs.ts';

/**
 * Looks at a step once. What another step of the same request removes was approved too, so it is not "new since".
 * @throws {CloudFault}
 */
export const lookAt = async (
  needs: Pick<Needs, 'cloud'>,
  kind: Kind,
  step: Step,
  request: Request,
  job: string | undefined | null,
): Promise<Look> => {
  const approved = new Set(coveredImpact(request).grants.map((grant) => grant.key));
  const look = await kind.look(step, job, needs.cloud);
  return { ...look, since: look.since.filter((grant) => !approved.has(grant.key)) };
};

/**
 * Reads once more what a request that is over was to take, step by step. It makes no changing call. The listings
 * decide: a job of long ago is not asked for, because the cloud may have forgotten it.
 * @param job null where only what is listed counts; undefined where people want to know what is running, too
 * @throws {CloudFault} when not everything could be read
 */
export const reread = async (
  needs: Pick<Needs, 'cloud' | 'kinds'>,
  request: Request,
  job: undefined | null,
): Promise<readonly Reread[]> => {
  const kind = kindNamed(needs.kinds, request.asked.kind);
  const rereads: Reread[] = [];
  for (const step of kind.steps(request.asked.target, coveredImpact(request))) {
    rereads.push({ step, look: await lookAt(needs, kind, step, request, job) });
  }
  return rereads;
};
