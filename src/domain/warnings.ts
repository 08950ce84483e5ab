import { isOneHuman, isSamePerson } from './affected.ts';
import { isFulfilled } from './approvers.ts';
import { named } from './decide.ts';
import type { Identity, Person } from './facts.ts';
import type { Risk } from './kind.ts';
import { countWords } from './measure-words.ts';
import type { Verdict } from './policy.ts';
import type { SeatedPerson } from './ports.ts';

const isAmong = (people: readonly Identity[], { email }: Person): boolean =>
  email !== undefined && people.some((one) => isSamePerson(one, email));

/** Of many people the first few, with how many there are besides. */
const namesOf = (people: readonly SeatedPerson[]): string => {
  const shown = people.slice(0, 5).map(({ person }) => named(person));
  const rest = people.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
};

/** Whether somebody may decide on anything at all. */
const counts = ({ standing, emailConfirmed }: SeatedPerson): boolean =>
  standing === 'full member' && emailConfirmed;

/** Those of the approvers who may decide on a revocation that this person asks for. */
export const decidersOf = (
  risk: Risk,
  requester: Person,
  approvers: readonly SeatedPerson[],
): readonly SeatedPerson[] => {
  const affected = risk.principalType === 'USER' && risk.people !== 'unknown' ? risk.people : [];
  return approvers.filter(
    (one) =>
      counts(one) &&
      !isOneHuman(one.person, requester) &&
      !isAmong(affected, one.person) &&
      (affected.length === 0 || one.person.email !== undefined),
  );
};

const seated = (people: readonly SeatedPerson[]) =>
  people.map(({ person, seats }) => ({ user: person.user, seats }));

/** Says when a request could only expire, because too few people may approve it. */
const deadEnd = (
  risk: Risk,
  { approvals, from }: Verdict,
  requester: Person,
  approvers: readonly SeatedPerson[],
): readonly string[] => {
  if (approvals === 0) return [];
  const may = decidersOf(risk, requester, approvers);
  if (isFulfilled(from, approvals, seated(may))) return [];
  const who = may.length === 0 ? 'nobody else may approve it' : `only ${namesOf(may)} may approve it`;
  return [
    `As things are, this cannot be approved: it needs ${countWords(approvals, 'approval')}, and ${who}. It would expire.`,
  ];
};

/** Says when the approvers themselves lose their access, so that too few with access are left. */
const lockOut = (
  risk: Risk,
  { from, approvals }: Verdict,
  approvers: readonly SeatedPerson[],
): readonly string[] => {
  if (risk.people === 'unknown') return [];
  const { people } = risk;
  const able = approvers.filter(counts);
  const losing = able.filter(({ person }) => isAmong(people, person));
  const left = able.filter((one) => !losing.includes(one));
  const needed = Math.max(1, approvals);
  if (losing.length === 0 || !isFulfilled(from, needed, seated(able))) return [];
  if (isFulfilled(from, needed, seated(left))) return [];
  return [
    `It takes this access from so many approvers (${namesOf(losing)}) that the others are too few to approve anything like it.`,
  ];
};

/**
 * What a requester should know before asking: that it is their own access, that nobody could approve it, or that it
 * takes the approvers' own access. Sentences; none when there is nothing to warn of.
 */
export const warningsOf = (
  risk: Risk,
  verdict: Verdict,
  requester: Person,
  approvers: readonly SeatedPerson[] | 'could not ask',
): readonly string[] => {
  const own = risk.people !== 'unknown' && isAmong(risk.people, requester);
  return [
    ...(own ? ['This takes away your own access.'] : []),
    ...(approvers === 'could not ask' ? [] : deadEnd(risk, verdict, requester, approvers)),
    ...(approvers === 'could not ask' ? [] : lockOut(risk, verdict, approvers)),
  ];
};
