import { decideApprove } from '../domain/decide.ts';
import { type Act, ask, onceOf } from './act.ts';
import { type Amended, amend } from './amend.ts';
import type { Needs } from './needs.ts';

/** A second person agrees. The fact is on disk when this returns. */
export const approve = async (
  needs: Pick<Needs, 'ledger' | 'people' | 'clock' | 'policy'>,
  id: string,
  act: Act,
): Promise<Amended> => {
  const { clicker, answer } = await ask(needs, act, 'approver');
  return amend(
    needs.ledger,
    id,
    (request) => decideApprove(request, clicker, answer, needs.clock.now(), needs.policy),
    onceOf('approve', id, act),
  );
};
