import { type Assignment, reachWords, setNames } from '../../domain/assignment.ts';
import { countWords } from '../../domain/measure-words.ts';
import type { Directory } from '../../domain/ports.ts';
import type { KnownPrincipal } from '../../domain/principal.ts';
import { groupsNamed, groupWords, leaveCommand, type Sentences } from '../../domain/residual.ts';
import { type AssignmentTarget, isOf } from './target.ts';

/**
 * Groups through which the user keeps exactly what is taken, as warnings with the command that takes them out.
 * @param rows all that give this permission set on this account
 */
export const sameThroughGroups = async (
  { principal }: AssignmentTarget,
  user: KnownPrincipal,
  rows: readonly Assignment[],
  directory: Directory,
): Promise<Sentences> => {
  const giving = new Set(rows.filter((row) => row.principal_type === 'GROUP').map((row) => row.principal_id));
  const same = (await directory.groupsOf(principal)).filter((group) => giving.has(group.id));
  const more = same.length - groupsNamed;
  return [
    ...same
      .slice(0, groupsNamed)
      .map(
        (group) =>
          `Warning: ${groupWords(group)} still grants exactly the same: ${leaveCommand(user, group)}`,
      ),
    ...(more > 0
      ? [`Warning: ${countWords(more, 'more group grants', 'more groups grant')} exactly the same.`]
      : []),
  ];
};

/** Permission sets that are named; the others are counted. */
const setsNamed = 5;

/** What else the principal has by assignments of its own: on the same account, and elsewhere. */
export const otherAssignments = async (
  target: AssignmentTarget,
  { spoken }: KnownPrincipal,
  account: string,
  all: readonly Assignment[],
  directory: Directory,
): Promise<Sentences> => {
  const others = all.filter((row) => !isOf(row, target));
  const isHere = (row: Assignment) => row.account_id === target.account;
  const [here, elsewhere] = [others.filter(isHere), others.filter((row) => !isHere(row))];
  const shown = here.slice(0, setsNamed).map((row) => row.permission_set_id);
  const names = [...(await setNames(shown, directory)).values()];
  const unnamed = here.length - names.length;
  const list = [...names, ...(unnamed > 0 ? [`${unnamed} more`] : [])].join(', ');
  // A slash command's text names users only.
  const by = (command: string) => (target.principal_type === 'USER' ? `: ${command} ${spoken}` : '.');
  return [
    ...(here.length === 0
      ? []
      : [`Other permission sets on ${account} stay (${list})${by('/revoke-assignment')}`]),
    ...(elsewhere.length === 0 ? [] : [`Elsewhere stay ${reachWords(elsewhere)}${by('/revoke-profile')}`]),
  ];
};
