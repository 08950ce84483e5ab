import { namedIn } from '../domain/approvers.ts';
import { answerOf, type Standing } from '../domain/decide.ts';
import { approversFor, everyApprover } from '../domain/policy.ts';
import type { Answer } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { atTheClick, type Needs, whileLooking } from './needs.ts';

/** Whether somebody may ask for revocations. */
export const mayAsk = async (
  { people, policy }: Pick<Needs, 'people' | 'policy'>,
  user: string,
  maxAge: number,
): Promise<Answer> => answerOf(await people.seats(user, policy.requesters, maxAge));

/**
 * The names that may approve this request: those of the rule that it was asked under, as far as the policy in force
 * still names them. A request from before there were rules has that of today.
 */
export const approverNames = ({ policy }: Pick<Needs, 'policy'>, { asked }: Request): readonly string[] => {
  const today = namedIn(approversFor(policy, asked.kind));
  return asked.from === undefined ? today : namedIn(asked.from).filter((id) => today.includes(id));
};

/** Whether Slack says that somebody may neither ask for nor approve any kind of revocation. */
export const hasNoRole = async (
  { people, policy }: Pick<Needs, 'people' | 'policy'>,
  user: string,
): Promise<boolean> => {
  const names = [...policy.requesters, ...everyApprover(policy)];
  return answerOf(await people.seats(user, names, whileLooking)) === 'no';
};

/** Whether somebody is among those who may decide this request. */
export const mayDecide = async (
  needs: Pick<Needs, 'people' | 'policy'>,
  request: Request,
  user: string,
  maxAge: number,
): Promise<Answer> => answerOf(await needs.people.seats(user, approverNames(needs, request), maxAge));

/**
 * For whom of the approvers somebody stands at the click. With a cool-off, a group counts only for those who are
 * known to have been in it for so long.
 */
export const standingAtClick = async (
  needs: Pick<Needs, 'people' | 'policy' | 'ledger' | 'clock' | 'rosters'>,
  request: Request,
  user: string,
): Promise<Standing> => {
  const { held, unknown } = await needs.people.seats(user, approverNames(needs, request), atTheClick);
  const { coolOff } = needs.policy;
  if (coolOff === 0) return { held, unknown, fresh: [] };
  const groups = held.filter((id) => id !== user);
  await needs.rosters.level(groups);
  const { rosters } = needs.ledger.inForce();
  const before = needs.clock.now() - coolOff;
  const fresh = groups.filter((group) => (rosters[group]?.[user] ?? Number.POSITIVE_INFINITY) > before);
  return { held: held.filter((id) => !fresh.includes(id)), unknown, fresh };
};
