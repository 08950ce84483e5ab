import type { GroupNames } from '../domain/approval-words.ts';
import { type ApproverRule, isUserGroup, namedIn } from '../domain/approvers.ts';
import { admit, type Refusal } from '../domain/decide.ts';
import { canonicalJson, digestOf } from '../domain/digest.ts';
import type { Impact, Person, Target } from '../domain/facts.ts';
import type { FormValues, Kind, Risk } from '../domain/kind.ts';
import {
  approversFor,
  everyApprover,
  judge,
  type Recent,
  recentWindow,
  type Verdict,
} from '../domain/policy.ts';
import type { KnownPerson, Ledger, People } from '../domain/ports.ts';
import { isHiddenFrom, type Summary } from '../domain/summary.ts';
import { warningsOf } from '../domain/warnings.ts';
import { load } from './amend.ts';
import { type Needs, whileLooking } from './needs.ts';
import { mayAsk } from './roles.ts';

/** What the policy says of a risk as things stand now, and what its requester should know before asking. */
export interface Judged {
  readonly verdict: Verdict;
  /** What people call the user groups that the verdict names, by their ids. */
  readonly groupNames: GroupNames;
  readonly warnings: readonly string[];
}

/** Everything that a review shows and a submission stores. */
export interface Assessed extends Judged {
  readonly kind: Kind;
  readonly target: Target;
  readonly impact: Impact;
  readonly digest: string;
  /** Other requests for the same principal that are under way, the same target first, as far as the requester may know. */
  readonly alongside: readonly Summary[];
}

export type AssessResult =
  | { readonly result: 'assessed'; readonly assessed: Assessed }
  | { readonly result: 'wrong'; readonly errors: Readonly<Record<string, string>> }
  | { readonly result: 'refused'; readonly refusal: Refusal };

/**
 * Whether somebody may ask for revocations. The answer may be five minutes old; what it leads to is approved or
 * counted later.
 */
export const admitRequester = async (
  needs: Pick<Needs, 'people' | 'policy'>,
  user: string,
): Promise<KnownPerson | Refusal> => {
  const who = admit(await needs.people.who(user, whileLooking));
  if ('code' in who) return who;
  switch (await mayAsk(needs, user, whileLooking)) {
    case 'yes':
      return who;
    case 'no':
      return {
        code: 'not_a_requester',
        words: 'You are not among those who may ask for revocations (REQUESTERS). Nothing was done.',
      };
    default:
      return {
        code: 'could_not_ask',
        words:
          'Slack could not be asked just now whether you may ask for revocations. Please try again in a minute.',
      };
  }
};

const recentOf = async (ledger: Ledger, user: string, now: number): Promise<Recent> => {
  const byRule = await ledger.list(
    (summary) => summary.progress.byRule && summary.requestedAt > now - recentWindow,
    1_000,
  );
  return { byRequester: byRule.filter((summary) => summary.requester === user).length, byAll: byRule.length };
};

/** What people call the user groups of a rule, as far as Slack tells. */
const groupNamesIn = async (
  people: People,
  rule: ApproverRule,
): Promise<Readonly<Record<string, string>>> => {
  const groups = namedIn(rule).filter(isUserGroup);
  const names = await Promise.all(groups.map((id) => people.groupName(id)));
  return Object.fromEntries(
    groups.flatMap((id, index) => (names[index] === undefined ? [] : [[id, names[index]]])),
  );
};

/** The policy's verdict on a revocation as things stand now. */
export const judgeNow = async (
  needs: Pick<Needs, 'people' | 'ledger' | 'clock' | 'policy'>,
  kind: Kind,
  risk: Risk,
  requester: Person,
): Promise<Judged> => {
  const { people, policy } = needs;
  const [staff, approvers, recent] = await Promise.all([
    people.staff([...policy.requesters, ...everyApprover(policy)], whileLooking),
    people.behind(namedIn(approversFor(policy, kind.name)), whileLooking),
    recentOf(needs.ledger, requester.user, needs.clock.now()),
  ]);
  const verdict = judge(kind.name, risk, { staff, recent }, policy);
  return {
    verdict,
    groupNames: await groupNamesIn(people, verdict.from),
    warnings: warningsOf(risk, verdict, requester, approvers),
  };
};

/** Of the requests under way for a principal so many are looked through for the same target, and so many are shown. */
const mostLookedAt = 50;
const mostAlongside = 5;

/** The newest other requests for the same principal that are still under way; those for the very same target first. */
const alongsideOf = async (
  ledger: Ledger,
  kind: Kind,
  target: Target,
  requester: Person,
): Promise<readonly Summary[]> => {
  const principal = kind.principal(target);
  const open = new Set(ledger.open());
  const found = await ledger.list(
    (summary) =>
      summary.principal === principal && open.has(summary.id) && !isHiddenFrom(summary, requester.email),
    mostLookedAt,
  );
  const wanted = canonicalJson(target);
  const same = new Set<Summary>();
  for (const summary of found) {
    const request = summary.kind === kind.name ? await load(ledger, summary.id) : undefined;
    if (request !== undefined && canonicalJson(request.asked.target) === wanted) same.add(summary);
  }
  return [...same, ...found.filter((summary) => !same.has(summary))].slice(0, mostAlongside);
};

type AssessNeeds = Pick<Needs, 'people' | 'ledger' | 'clock' | 'policy' | 'cloud' | 'directory'>;

/**
 * From a filled-in form to what would be lost. Changes nothing.
 * @throws {CloudFault} when the cloud could not be asked
 */
export const assess = async (
  needs: AssessNeeds,
  kind: Kind,
  values: FormValues,
  requester: Person,
): Promise<AssessResult> => {
  const aim = await kind.aim(values, needs.directory);
  return aim.result === 'wrong' ? aim : assessTarget(needs, kind, aim.target, requester);
};

/**
 * What would be lost by aiming at this target now. Changes nothing.
 * @throws {CloudFault} when the cloud could not be asked
 */
export const assessTarget = async (
  needs: AssessNeeds,
  kind: Kind,
  target: Target,
  requester: Person,
): Promise<Exclude<AssessResult, { result: 'wrong' }>> => {
  const assessment = await kind.impact(target, needs.cloud, needs.directory);
  if (assessment.result === 'no-such') {
    return { result: 'refused', refusal: { code: 'no_such', words: assessment.words } };
  }
  const { impact } = assessment;
  if (impact.grants.length === 0) {
    const words = `Nothing to revoke: the cloud lists none of it. ${impact.lines.join('. ')}.`;
    return { result: 'refused', refusal: { code: 'nothing_to_revoke', words } };
  }
  return {
    result: 'assessed',
    assessed: {
      kind,
      target,
      impact,
      digest: digestOf(kind.name, target, impact.grants),
      ...(await judgeNow(needs, kind, kind.risk(target, impact), requester)),
      alongside: await alongsideOf(needs.ledger, kind, target, requester),
    },
  };
};
