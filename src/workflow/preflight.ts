import { isSamePerson } from '../domain/affected.ts';
import { named } from '../domain/decide.ts';
import { digestOf } from '../domain/digest.ts';
import type { Fact, Identity } from '../domain/facts.ts';
import type { Kind } from '../domain/kind.ts';
import { type Answer, CloudFault } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { verdictOn } from './assess.ts';
import { atTheClick, type Needs } from './needs.ts';

/** How old a yes may be, in ms, when Slack cannot be asked at execution. */
const youngYes = 60_000;

export type Preflight =
  | { readonly go: 'on'; readonly facts: readonly Fact[] }
  /** These facts end or suspend the request. */
  | { readonly go: 'no further'; readonly facts: readonly Fact[] }
  | { readonly go: 'wait'; readonly why: string };

/** Whether somebody's approval still counts: rule 2 as it is at the click, but for what cannot have changed. */
const stillApproves = async (
  needs: Pick<Needs, 'people'>,
  user: string,
  affected: Identity | undefined,
): Promise<Answer> => {
  const who = await needs.people.who(user, atTheClick);
  if (who === 'could not ask') return who;
  if (who.standing !== 'full member') return 'no';
  const { email } = who.person;
  if (affected && email === undefined) return 'could not ask';
  if (affected && email !== undefined && isSamePerson(affected, email)) return 'no';
  return needs.people.has('approver', user, atTheClick);
};

const checkApprovers = async (
  needs: Pick<Needs, 'people' | 'clock'>,
  request: Request,
): Promise<Preflight> => {
  const voided: Fact[] = [];
  for (const { at, by } of request.approvals) {
    if (by === undefined) continue;
    const answer = await stillApproves(needs, by.user, request.asked.affected);
    if (answer === 'no') {
      const words = `${named(by)} may not approve this any more, so this approval does not count.`;
      voided.push({ fact: 'approval_void', user: by.user, words });
    }
    if (answer === 'could not ask' && needs.clock.now() - at >= youngYes) {
      return { go: 'wait', why: 'Slack could not be asked whether the approvers are still approvers.' };
    }
  }
  return voided.length > 0 ? { go: 'no further', facts: voided } : { go: 'on', facts: [] };
};

const checkDigest = (request: Request): Preflight => {
  const { kind, target, impact, digest } = request.asked;
  const same =
    digestOf(kind, target, impact.grants) === digest && request.approvals.every((a) => a.digest === digest);
  if (same) return { go: 'on', facts: [] };
  const words = 'What was approved is not what is stored. Nothing was called.';
  return { go: 'no further', facts: [{ fact: 'failed', words }] };
};

/** Rule 5: what takes everything is read again right before the call; growth is shown, and may need more approvals. */
const checkGrowth = async (
  needs: Pick<Needs, 'cloud' | 'directory' | 'people' | 'ledger' | 'clock' | 'policy'>,
  kind: Kind,
  request: Request,
): Promise<Preflight> => {
  const { target, impact, by } = request.asked;
  if (!kind.risk(target, impact).everything) return { go: 'on', facts: [] };
  const now = await kind.impact(target, needs.cloud, needs.directory);
  if (now.result === 'no-such') {
    const words = `${now.words} Nothing was called.`;
    return { go: 'no further', facts: [{ fact: 'failed', words }] };
  }
  const known = new Set([...impact.grants, ...request.grew].map((grant) => grant.key));
  const added = now.impact.grants.filter((grant) => !known.has(grant.key));
  const grew: Fact[] = added.length > 0 ? [{ fact: 'impact_grew', added }] : [];
  const verdict = await verdictOn(needs, kind.risk(target, now.impact), by.user);
  if (verdict.approvals <= request.progress.given.length) return { go: 'on', facts: grew };
  const words = `It now needs ${verdict.approvals} approvals and has ${request.progress.given.length}: ${verdict.because.join('; ')}. Nothing was called.`;
  return { go: 'no further', facts: [...grew, { fact: 'halted', words }] };
};

/** Everything that must hold right before the first changing call. Reads only. */
export const preflight = async (
  needs: Pick<Needs, 'cloud' | 'directory' | 'people' | 'ledger' | 'clock' | 'policy'>,
  kind: Kind,
  request: Request,
): Promise<Preflight> => {
  const digest = checkDigest(request);
  if (digest.go !== 'on') return digest;
  const approvers = await checkApprovers(needs, request);
  if (approvers.go !== 'on') return approvers;
  try {
    return await checkGrowth(needs, kind, request);
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    if (error.retryable || error.family !== 'refused') return { go: 'wait', why: error.message };
    const words = `It could not be begun: ${error.message} Nothing was called.`;
    return { go: 'no further', facts: [{ fact: 'failed', words }] };
  }
};
