import { decideCancel } from '../domain/decide.ts';
import { type Act, clickerOf, onceOf } from './act.ts';
import { type Amended, amend } from './amend.ts';
import type { Needs } from './needs.ts';

/** The requester takes a request back before its execution begins. */
export const cancel = async (
  needs: Pick<Needs, 'ledger' | 'people'>,
  id: string,
  act: Act,
): Promise<Amended> => {
  const clicker = await clickerOf(needs, act);
  return amend(needs.ledger, id, (request) => decideCancel(request, clicker), onceOf('cancel', id, act));
};
