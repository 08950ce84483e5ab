import { decideCancel } from '../domain/decide.ts';
import { type Act, onceOf } from './act.ts';
import { type Amended, amend } from './amend.ts';
import { atTheClick, type Needs } from './needs.ts';

/** The requester takes a request back before its execution begins. */
export const cancel = async (
  needs: Pick<Needs, 'ledger' | 'people'>,
  id: string,
  act: Act,
): Promise<Amended> => {
  const clicker = { who: await needs.people.who(act.user, atTheClick), via: act.via };
  return amend(needs.ledger, id, (request) => decideCancel(request, clicker), onceOf('cancel', id, act));
};
