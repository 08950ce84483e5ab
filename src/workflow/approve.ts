import { admitDecider, decideApprove } from '../domain/decide.ts';
import { type Act, clickerOf, onceOf } from './act.ts';
import { type Amended, amend } from './amend.ts';
import { refuseInTrouble } from './ledger-trouble.ts';
import type { Needs } from './needs.ts';
import { standingAtClick } from './roles.ts';

/**
 * A second person agrees. The fact is on disk when this returns.
 * @throws {LedgerFault} when it cannot be recorded or would not be executed
 */
export const approve = async (
  needs: Pick<Needs, 'ledger' | 'people' | 'clock' | 'policy' | 'rosters'>,
  id: string,
  act: Act,
): Promise<Amended> => {
  refuseInTrouble(needs.ledger);
  const clicker = await clickerOf(needs, act);
  return amend(
    needs.ledger,
    id,
    async (request) => {
      // What needs no question about groups is refused without one, so that nobody can use up Slack's patience.
      const decider = admitDecider(request, clicker, 'approve', needs.clock.now());
      if ('barred' in decider) return decider.barred;
      const standing = await standingAtClick(needs, request, act.user);
      return decideApprove(request, clicker, standing, needs.clock.now(), needs.policy);
    },
    onceOf('approve', id, act),
  );
};
