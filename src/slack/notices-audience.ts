import { isUserGroup, namesMissing } from '../domain/approvers.ts';
import { type Audience, mayBeTold } from '../domain/notices.ts';
import { type Request, stateOf } from '../domain/request.ts';
import { type Needs, whileLooking } from '../workflow/needs.ts';
import { approverNames } from '../workflow/roles.ts';

/** At most this many are told at once, and as many once it has waited too long: the card is there for all. */
const mostPeople = 50;

interface Found {
  readonly users: ReadonlySet<string>;
  /** False when Slack could not be asked about some of them. */
  readonly isWhole: boolean;
  /** There are more than may be told. */
  readonly isCut: boolean;
}

/** Those behind these ids who may be told of the request. */
const behind = async (
  { people }: Pick<Needs, 'people'>,
  request: Request,
  ids: readonly string[],
): Promise<Found> => {
  const users = new Set<string>();
  let isWhole = true;
  for (const id of ids) {
    const members = isUserGroup(id) ? await people.members(id, whileLooking) : [id];
    if (members === 'could not ask') isWhole = false;
    for (const user of members === 'could not ask' ? [] : members) {
      const who = await people.who(user, whileLooking);
      if (who === 'could not ask') isWhole = false;
      else if (mayBeTold(request, who)) users.add(user);
      if (users.size > mostPeople) {
        users.delete(user);
        return { users, isWhole, isCut: true };
      }
    }
  }
  return { users, isWhole, isCut: false };
};

/** Where one from each group is needed, the others of a group that has agreed are not waited for any more. */
const namesAwaited = (request: Request, names: readonly string[]): readonly string[] => {
  const { from, needed, given } = request.progress;
  if (from === undefined || stateOf(request) !== 'requested') return names;
  const missing = namesMissing(from, needed, given);
  return names.filter((name) => missing.includes(name));
};

/**
 * Who may be told of a request. Those who are named only for the escalation are left in peace at first, unless
 * nobody else could decide.
 */
export const audienceOf = async (
  needs: Pick<Needs, 'people' | 'policy'>,
  request: Request,
): Promise<{ readonly audience: Audience; readonly isWhole: boolean; readonly isCut: boolean }> => {
  const { escalateTo } = needs.policy;
  const names = approverNames(needs, request);
  const atFirst = names.filter((id) => !escalateTo.includes(id));
  const deciders = await behind(needs, request, namesAwaited(request, names));
  const others = await behind(needs, request, atFirst);
  const escalation = await behind(needs, request, escalateTo);
  const first = others.users.size === 0 && others.isWhole ? deciders : others;
  return {
    audience: { first: first.users, deciders: deciders.users, escalation: escalation.users },
    isWhole: deciders.isWhole && others.isWhole && escalation.isWhole,
    isCut: first.isCut || escalation.isCut,
  };
};
