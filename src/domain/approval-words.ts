import { type ApproverRule, type Missing, waysLeft } from './approvers.ts';
import { named } from './decide.ts';
import { listWords } from './list-words.ts';
import { countWords } from './measure-words.ts';
import type { Request } from './request.ts';

/** What people call user groups, by their ids. */
export type GroupNames = Readonly<Record<string, string>>;

/** A user group as people call it, with its id; somebody named by themselves is shown by the id alone. */
export const seatWords = (id: string, names: GroupNames): string =>
  names[id] === undefined ? id : `${names[id]} (${id})`;

const missingWords = ({ people, seats, among }: Missing, names: GroupNames): string => {
  const words = (ids: readonly string[]): readonly string[] => ids.map((id) => seatWords(id, names));
  const others = people - seats.length;
  const more = seats.length === 0 ? '' : 'more ';
  return listWords(
    [
      ...words(seats).map((seat) => `one from ${seat}`),
      ...(others === 0 ? [] : [`${others} ${more}from ${listWords(words(among), 'or')}`]),
    ],
    'and',
  );
};

/** The ways that are left, each with the people that it still takes. */
const waysWords = (ways: readonly Missing[], names: GroupNames): string => {
  const [only, ...others] = ways;
  if (only !== undefined && others.length === 0 && only.seats.length === 0) {
    const among = only.among.map((id) => seatWords(id, names));
    return `from ${listWords(among, 'or')}`;
  }
  return ways.map((way) => missingWords(way, names)).join(', or ');
};

/** From whom approvals must come: "from @duty (S1)", "one from @a (S2) and one from @b (S3)". */
export const ruleWords = (rule: ApproverRule, needed: number, names: GroupNames): string =>
  waysWords(waysLeft(rule, needed, []), names);

/** Where the target is not one human nobody is barred as the affected person, and people should know; empty where it is. */
export const membersWords = ({ affected, approvals }: Request['asked']): string =>
  affected === undefined && approvals > 0 ? ' Members of the target may approve, except the requester.' : '';

/** Who has approved and, until it is over, what is still missing, as sentences. */
export const approvalWords = ({ progress, approvals, asked, end }: Request): string => {
  if (progress.byRule || progress.needed === 0) return 'By rule: no second approver is needed.';
  const who = approvals.flatMap(({ by }) => (by ? [named(by)] : []));
  const nobody = end === undefined ? 'Nobody has approved yet.' : 'Nobody approved.';
  const given = who.length === 0 ? nobody : `Approved by ${listWords(who, 'and')}.`;
  if (end !== undefined) return given;
  const { from, needed } = progress;
  const [next, ...others] = from === undefined ? [] : waysLeft(from, needed, progress.given);
  if (next === undefined) {
    const missing = needed - who.length;
    return missing > 0 ? `${given} ${countWords(missing, 'more approval')} needed.` : given;
  }
  if (next.people === 0) return given;
  const more = who.length === 0 ? '' : 'more ';
  const count = `${countWords(next.people, `${more}approval`)} needed`;
  return `${given} ${count}, ${waysWords([next, ...others], asked.groupNames ?? {})}.`;
};
