import { isOneHuman, isSamePerson } from '../domain/affected.ts';
import { ruleWords } from '../domain/approval-words.ts';
import { isFulfilled, type Seated } from '../domain/approvers.ts';
import { named } from '../domain/decide.ts';
import { digestOf } from '../domain/digest.ts';
import type { Fact } from '../domain/facts.ts';
import type { Kind } from '../domain/kind.ts';
import { approversFor } from '../domain/policy.ts';
import { CloudFault, type Seats } from '../domain/ports.ts';
import { isRefusedForGood } from '../domain/refusal.ts';
import type { Request } from '../domain/request.ts';
import { judgeNow } from './assess.ts';
import { atTheClick, type Needs } from './needs.ts';
import { approverNames } from './roles.ts';

/** How old a yes may be, in ms, when Slack cannot be asked at execution. */
const youngYes = 60_000;

/** A yes from the future, after the clock was put back, may be any age. */
const isYoung = (at: number, now: number): boolean => at <= now && now - at < youngYes;

export type Preflight =
  | { readonly go: 'on'; readonly facts: readonly Fact[] }
  /** These facts end or suspend the request. */
  | { readonly go: 'no further'; readonly facts: readonly Fact[] }
  | { readonly go: 'wait'; readonly why: string };

/** For whom somebody who approved stands now: rule 2 as it is at the click, but for what cannot have changed. */
const standingNow = async (
  needs: Pick<Needs, 'people' | 'policy'>,
  request: Request,
  user: string,
  atClick: readonly string[],
): Promise<Seats> => {
  const names = approverNames(needs, request);
  // An approval of an old fact does not say for whom it stands.
  const asked = atClick.length === 0 ? names : atClick.filter((id) => names.includes(id));
  const nobody: Seats = { held: [], unknown: [] };
  const unasked: Seats = { held: [], unknown: asked };
  const { affected } = request.asked;
  const who = await needs.people.who(user, atTheClick);
  if (who === 'could not ask') return unasked;
  if (who.standing !== 'full member' || !who.emailConfirmed) return nobody;
  // An e-mail may have passed to another account since the click.
  const others = [
    request.asked.by,
    ...request.approvals.flatMap(({ by }) => (by && by.user !== user ? [by] : [])),
  ];
  if (others.some((other) => isOneHuman(who.person, other))) return nobody;
  const { email } = who.person;
  if (affected && email === undefined) return unasked;
  if (affected && email !== undefined && isSamePerson(affected, email)) return nobody;
  return needs.people.seats(user, asked, atTheClick);
};

/** Rule 2 again, before the first call: whoever approved may do so still, and they are still the right ones. */
export const checkApprovers = async (
  needs: Pick<Needs, 'people' | 'clock' | 'policy'>,
  request: Request,
): Promise<Preflight> => {
  const { needed, from = approversFor(needs.policy, request.asked.kind) } = request.progress;
  const given = request.approvals.flatMap(({ by, at, seats }) => (by ? [{ by, at, seats }] : []));
  const standing = await Promise.all(
    given.map(async ({ by, at, seats }) => ({
      by,
      atClick: seats,
      young: isYoung(at, needs.clock.now()),
      ...(await standingNow(needs, request, by.user, seats)),
    })),
  );
  const voided = (gone: typeof standing): Preflight => ({
    go: 'no further',
    facts: gone.map(({ by }) => ({
      fact: 'approval_void',
      user: by.user,
      words: `${named(by)} may not approve this any more, so this approval does not count.`,
    })),
  });
  const gone = standing.filter(({ held, unknown }) => held.length + unknown.length === 0);
  if (gone.length > 0) return voided(gone);
  const enough = (people: readonly Seated[]): boolean => needed === 0 || isFulfilled(from, needed, people);
  if (enough(standing.map(({ by, held }) => ({ user: by.user, seats: held }))))
    return { go: 'on', facts: [] };
  if (standing.some(({ unknown, young }) => unknown.length > 0 && !young)) {
    const why = 'Slack could not be asked whether the approvers are still approvers.';
    return { go: 'wait', why };
  }
  const now = standing.map(({ by, held, unknown }) => ({ user: by.user, seats: [...held, ...unknown] }));
  if (enough(now)) return { go: 'on', facts: [] };
  // They are approvers all of them, but not any more for each of the groups that had to agree; or nobody said at the
  // click for whom they stand, and together they are not the right ones.
  const fewer = standing.filter(({ atClick }, index) => (now[index]?.seats.length ?? 0) < atClick.length);
  return voided(fewer.length > 0 ? fewer : standing);
};

const checkDigest = (request: Request): Preflight => {
  const { kind, target, impact, digest } = request.asked;
  const same =
    digestOf(kind, target, impact.grants) === digest && request.approvals.every((a) => a.digest === digest);
  if (same) return { go: 'on', facts: [] };
  const words = 'What was approved is not what is stored. Nothing was called.';
  return { go: 'no further', facts: [{ fact: 'failed', words }] };
};

/** What there is now on top of what was approved, as facts, and whether the approvals that were given are enough for it. */
export type Growth =
  | { readonly result: 'covered'; readonly grew: readonly Fact[] }
  | { readonly result: 'too few approvals'; readonly grew: readonly Fact[]; readonly words: string }
  | { readonly result: 'no-such'; readonly words: string };

export type GrowthNeeds = Pick<Needs, 'cloud' | 'directory' | 'people' | 'ledger' | 'clock' | 'policy'>;

/**
 * Whether its calls take everything there is by now. Once a step is proven, the others take what they name and nothing
 * else, and no growth is covered that nobody would prove.
 */
export const takesEverything = (kind: Kind, { asked, steps }: Request): boolean =>
  kind.risk(asked.target, asked.impact).everything &&
  [...steps.values()].every(({ proof }) => proof === undefined);

/**
 * Rule 5: what takes everything is read again right before each call; growth is shown, and may need more approvals.
 * @throws {CloudFault} when it cannot be read
 */
export const growthOf = async (needs: GrowthNeeds, kind: Kind, request: Request): Promise<Growth> => {
  const { target, impact, by } = request.asked;
  if (!takesEverything(kind, request)) return { result: 'covered', grew: [] };
  const now = await kind.impact(target, needs.cloud, needs.directory);
  if (now.result === 'no-such') return now;
  const known = new Set([...impact.grants, ...request.grew].map((grant) => grant.key));
  const added = now.impact.grants.filter((grant) => !known.has(grant.key));
  const grew: Fact[] = added.length > 0 ? [{ fact: 'impact_grew', added }] : [];
  const { verdict, groupNames } = await judgeNow(needs, kind, kind.risk(target, now.impact), by);
  const { approvals, from, because } = verdict;
  const { given } = request.progress;
  const isEnough = approvals <= given.length;
  if (isEnough && isFulfilled(from, approvals, given)) return { result: 'covered', grew };
  const lacks = isEnough
    ? `others to approve, ${ruleWords(from, approvals, groupNames)}`
    : `${approvals} approvals and has ${given.length}`;
  const words = `It now needs ${lacks}: ${because.join('; ')}.`;
  return { result: 'too few approvals', grew, words };
};

const checkGrowth = async (needs: GrowthNeeds, kind: Kind, request: Request): Promise<Preflight> => {
  const growth = await growthOf(needs, kind, request);
  const words = 'words' in growth ? `${growth.words} Nothing was called.` : '';
  switch (growth.result) {
    case 'covered':
      return { go: 'on', facts: growth.grew };
    case 'too few approvals':
      return { go: 'no further', facts: [...growth.grew, { fact: 'halted', words }] };
    case 'no-such':
      return { go: 'no further', facts: [{ fact: 'failed', words }] };
    default:
      return growth satisfies never;
  }
};

/** Everything that must hold right before the first changing call. Reads only. */
export const preflight = async (needs: GrowthNeeds, kind: Kind, request: Request): Promise<Preflight> => {
  const digest = checkDigest(request);
  if (digest.go !== 'on') return digest;
  const approvers = await checkApprovers(needs, request);
  if (approvers.go !== 'on') return approvers;
  try {
    return await checkGrowth(needs, kind, request);
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    if (!isRefusedForGood(error)) return { go: 'wait', why: error.message };
    const words = `It could not be begun: ${error.message} Nothing was called.`;
    return { go: 'no further', facts: [{ fact: 'failed', words }] };
  }
};
