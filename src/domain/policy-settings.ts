import type { ApproverRule } from './approvers.ts';
import type { Policy } from './policy.ts';

/** The policy as somebody would write it into the environment. */
export type PolicySettings = Readonly<Record<string, string>>;

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A duration as it is configured: `30m`; `0` for none. */
const durationText = (ms: number): string => {
  const [unit, length] = units.find(([, size]) => ms > 0 && ms % size === 0) ?? ['ms', 1];
  return ms === 0 ? '0' : `${ms / length}${unit}`;
};

/** An approver rule as it is configured: `S1,S2+S3`. */
export const ruleText = ({ anyone, together }: ApproverRule): string =>
  [...anyone, ...together.map((names) => names.join('+'))].join(',');

const perKind = <T>(
  setting: string,
  values: Readonly<Record<string, T>>,
  text: (value: T) => string,
): PolicySettings =>
  Object.fromEntries(
    Object.entries(values).map(([kind, value]) => [
      `${setting}_${kind.toUpperCase().replaceAll('-', '_')}`,
      text(value),
    ]),
  );

export const settingsOf = (policy: Policy): PolicySettings => ({
  REQUESTERS: policy.requesters.join(','),
  APPROVERS: ruleText(policy.approvers),
  ...perKind('APPROVERS', policy.approversOf, ruleText),
  APPROVALS_NEEDED: String(policy.approvalsNeeded),
  ...perKind('APPROVALS_NEEDED', policy.approvalsNeededOf, String),
  APPROVER_COOL_OFF: durationText(policy.coolOff),
  ESCALATE_TO: policy.escalateTo.join(','),
  ESCALATE_AFTER: durationText(policy.escalateAfter),
  REQUIRE_APPROVAL: policy.requireApproval,
  GROUP_APPROVAL_THRESHOLD: String(policy.groupThreshold),
  UNAPPROVED_LIMIT: String(policy.unapprovedLimit),
  PROTECTED_PRINCIPALS: policy.protectedPrincipals.join(','),
  APPROVAL_WINDOW: durationText(policy.approvalWindow),
  EXECUTION_WINDOW: durationText(policy.executionWindow),
});

const shown = (text: string | undefined): string => (text === undefined || text === '' ? 'empty' : text);

/**
 * What is different now, a line for each setting: `APPROVALS_NEEDED: 1 → 2`.
 * @param before undefined when nothing is known of an earlier policy: then every setting is told
 */
export const settingsChanged = (
  before: PolicySettings | undefined,
  now: PolicySettings,
): readonly string[] => {
  if (before === undefined) return Object.entries(now).map(([name, text]) => `${name}: ${shown(text)}`);
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name}: ${shown(before[name])} → ${shown(now[name])}`);
};
