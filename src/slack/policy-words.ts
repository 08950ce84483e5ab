import { type GroupNames, ruleWords, seatWords } from '../domain/approval-words.ts';
import { leastPeople } from '../domain/approvers.ts';
import { named } from '../domain/decide.ts';
import type { Kind } from '../domain/kind.ts';
import { approversFor, type Policy } from '../domain/policy.ts';
import { settingsOf } from '../domain/policy-settings.ts';
import type { SeatedPerson } from '../domain/ports.ts';
import { plural } from './words.ts';

/** Names of people as they are now; of many the first, and how many there are besides. */
export const peopleWords = (people: readonly SeatedPerson[] | 'could not ask', most = 30): string => {
  if (people === 'could not ask') return 'Slack could not be asked who that is just now';
  if (people.length === 0) return 'nobody';
  const shown = people.slice(0, most).map(({ person, standing }) => {
    const words = named(person);
    return standing === 'full member' ? words : `${words}, who does not count: ${standing}`;
  });
  const rest = people.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
};

export const idsWords = (ids: readonly string[], names: GroupNames): string =>
  ids.map((id) => seatWords(id, names)).join(', ');

/** Kinds that are approved by the same people in the same number. */
export interface ApprovedAlike {
  readonly kinds: readonly Kind[];
  readonly rule: Policy['approvers'];
  readonly needed: number;
}

/** The kinds, together where the same holds for them. */
export const approvedAlike = (kinds: readonly Kind[], policy: Policy): readonly ApprovedAlike[] => {
  const found = new Map<string, ApprovedAlike>();
  for (const kind of kinds) {
    const rule = approversFor(policy, kind.name);
    const needed = leastPeople(rule, policy.approvalsNeededOf[kind.name] ?? policy.approvalsNeeded);
    const key = JSON.stringify([rule, needed]);
    const before = found.get(key)?.kinds ?? [];
    found.set(key, { kinds: [...before, kind], rule, needed });
  }
  return [...found.values()];
};

/** Which commands need how many approvals, and from whom, where a second approver is needed. */
export const approvedWords = ({ kinds, rule, needed }: ApprovedAlike, names: GroupNames): string =>
  `${kinds.map(({ command }) => command.name).join(', ')}: ${plural(needed, 'approval')}, ${ruleWords(rule, needed, names)}`;

/** When a second approver is needed, as sentences. */
export const whenWords = (policy: Policy): readonly string[] => {
  if (policy.requireApproval === 'always') return ['Always, for every revocation (REQUIRE_APPROVAL).'];
  const { groupThreshold, unapprovedLimit, protectedPrincipals } = policy;
  return [
    'For everything at once: a whole profile, disabling a user, all users of a project.',
    `For a group with more than ${plural(groupThreshold, 'member')}, or whose members cannot be counted.`,
    'For whoever may ask or approve, and for groups that contain them.',
    `After ${plural(unapprovedLimit, 'revocation')} by rule of one requester within 10 minutes, or ${unapprovedLimit * 2} of all.`,
    protectedPrincipals.length === 0
      ? 'Nobody is protected by name (PROTECTED_PRINCIPALS).'
      : `For ${plural(protectedPrincipals.length, 'protected principal')}, with one approval more: ${protectedPrincipals.slice(0, 20).join(', ')}${protectedPrincipals.length > 20 ? ' …' : ''}.`,
  ];
};

/** For how long things wait, and who hears of it. */
export const waitingWords = (policy: Policy, names: GroupNames): readonly string[] => {
  const { APPROVAL_WINDOW, EXECUTION_WINDOW, APPROVER_COOL_OFF, ESCALATE_AFTER } = settingsOf(policy);
  return [
    `A request expires ${APPROVAL_WINDOW} after it was asked, and must be begun within ${EXECUTION_WINDOW} of its approval.`,
    policy.coolOff === 0
      ? 'Whoever comes into a group of approvers may approve at once (APPROVER_COOL_OFF is 0).'
      : `Whoever comes into a group of approvers may approve for it ${APPROVER_COOL_OFF} later.`,
    policy.escalateTo.length === 0
      ? 'Nobody else is told of what waits long (ESCALATE_TO).'
      : `After ${ESCALATE_AFTER} these are told too: ${idsWords(policy.escalateTo, names)}.`,
  ];
};
