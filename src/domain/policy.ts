import { isSamePerson } from './affected.ts';
import { type ApproverRule, isUserGroup, leastPeople, namedIn } from './approvers.ts';
import { named } from './decide.ts';
import type { Identity, Person } from './facts.ts';
import { folded } from './folded.ts';
import type { Risk } from './kind.ts';

/** The part of the configuration that says what needs a second approver, and for how long things wait. */
export interface Policy {
  /** Slack ids of users and user groups who may ask. */
  readonly requesters: readonly string[];
  /** From whom approvals must come, for the kinds that {@link Policy.approversOf} does not name. */
  readonly approvers: ApproverRule;
  readonly approversOf: Readonly<Record<string, ApproverRule>>;
  /** Approvals where a second approver is needed, for the kinds that the other does not name. At least 1. */
  readonly approvalsNeeded: number;
  readonly approvalsNeededOf: Readonly<Record<string, number>>;
  /** ms for which somebody who has just come into a group of approvers does not count for it; 0: not at all. */
  readonly coolOff: number;
  /** Slack ids of users and user groups who are told of what still waits after {@link Policy.escalateAfter} (ms). */
  readonly escalateTo: readonly string[];
  readonly escalateAfter: number;
  readonly requireApproval: 'risky' | 'always';
  /** A group with more members than this needs a second approver. */
  readonly groupThreshold: number;
  /** Revocations by rule alone in `recentWindow` per requester; twice as many for the whole bot. */
  readonly unapprovedLimit: number;
  /** Ids, user names, display names and e-mails, in lower case and in Unicode's form NFC. Each costs one approval more. */
  readonly protectedPrincipals: readonly string[];
  /** ms */
  readonly approvalWindow: number;
  /** ms */
  readonly executionWindow: number;
}

export const approversFor = (policy: Policy, kind: string): ApproverRule =>
  policy.approversOf[kind] ?? policy.approvers;

/** Everybody whom the policy names as an approver of any kind, by Slack ids of users and user groups. */
export const everyApprover = ({ approvers, approversOf }: Policy): readonly string[] => [
  ...new Set([approvers, ...Object.values(approversOf)].flatMap(namedIn)),
];

/** All user groups by which the policy says who may do what. */
export const groupsOf = (policy: Policy): readonly string[] =>
  [...new Set([...policy.requesters, ...everyApprover(policy), ...policy.escalateTo])].filter(isUserGroup);

/** The look-back of {@link Policy.unapprovedLimit}, in ms. */
export const recentWindow = 10 * 60_000;

/** How many requests went on by rule alone in the last {@link recentWindow}, whatever became of them. */
export interface Recent {
  readonly byRequester: number;
  readonly byAll: number;
}

/** Everybody in REQUESTERS and APPROVERS, or that Slack could not be asked. */
export type Staff = readonly Person[] | 'could not ask';

/** How many people must approve, who, and by which rules. 0 approvals: it goes on by rule. */
export interface Verdict {
  readonly approvals: number;
  readonly from: ApproverRule;
  readonly because: readonly string[];
}

const protectedAmong = (risk: Risk, policy: Policy): string | undefined => {
  const isProtected = (name: string) => policy.protectedPrincipals.includes(folded(name));
  const own = risk.names.find(isProtected);
  if (own !== undefined || risk.people === 'unknown') return own;
  return risk.people.find(({ id, userName, displayName, emails }) =>
    [id, userName, displayName ?? userName, ...emails].some(isProtected),
  )?.userName;
};

const staffAmong = (people: readonly Identity[], staff: readonly Person[]): Person | undefined =>
  staff.find((member) => {
    const email = member.email;
    return email !== undefined && people.some((person) => isSamePerson(person, email));
  });

/** Only the id is known of them, by which nobody is recognised in Slack. */
const isNameless = ({ id, userName, emails }: Identity): boolean => userName === id && emails.length === 0;

const groupRules = (risk: Risk, policy: Policy): string[] => {
  if (risk.principalType !== 'GROUP') return [];
  if (risk.people === 'unknown') return ['the members of the group could not be counted'];
  if (risk.people.length <= policy.groupThreshold) return [];
  return [`the group has ${risk.people.length} members, more than ${policy.groupThreshold}`];
};

const staffRules = (risk: Risk, staff: Staff): string[] => {
  if (risk.principalType === 'EVERYBODY' || risk.people === 'unknown' || risk.people.length === 0) return [];
  if (risk.people.some(isNameless))
    return ['the name of the user could not be read, so it may be a requester or an approver'];
  if (staff === 'could not ask')
    return ['Slack could not be asked whether it is about a requester or an approver'];
  const unread = staff.find((member) => member.email === undefined);
  if (unread !== undefined) {
    return [
      `the e-mail of ${named(unread)}, who may ask or approve, could not be read, so it may be about them`,
    ];
  }
  const found = staffAmong(risk.people, staff);
  return found ? [`it is about, or contains, ${named(found)}, who may ask or approve`] : [];
};

const recentRules = (recent: Recent, policy: Policy): string[] => {
  const limit = policy.unapprovedLimit;
  const rules: string[] = [];
  if (recent.byRequester >= limit) {
    rules.push(
      `${recent.byRequester} revocations of this requester went on by rule within 10 minutes (limit ${limit})`,
    );
  }
  if (recent.byAll >= 2 * limit) {
    rules.push(`${recent.byAll} revocations went on by rule within 10 minutes (limit ${2 * limit})`);
  }
  return rules;
};

/** Whether a second approver is needed, how many, and why. Pure. */
export const judge = (
  kind: string,
  risk: Risk,
  facts: { readonly staff: Staff; readonly recent: Recent },
  policy: Policy,
): Verdict => {
  const guarded = protectedAmong(risk, policy);
  const because = [
    ...(risk.everything ? ['it takes everything there is at once'] : []),
    ...(policy.requireApproval === 'always' ? ['every revocation needs a second approver here'] : []),
    ...groupRules(risk, policy),
    ...staffRules(risk, facts.staff),
    ...recentRules(facts.recent, policy),
    ...(guarded === undefined ? [] : [`${guarded} is protected: one approval more`]),
  ];
  const from = approversFor(policy, kind);
  if (because.length === 0) return { approvals: 0, from, because: [] };
  const plain = leastPeople(from, policy.approvalsNeededOf[kind] ?? policy.approvalsNeeded);
  return { approvals: plain + (guarded === undefined ? 0 : 1), from, because };
};
