import { admitDecider, decideDeny } from '../domain/decide.ts';
import { canonicalJson } from '../domain/digest.ts';
import type { Request } from '../domain/request.ts';
import { type Act, clickerOf, onceOf } from './act.ts';
import { type Amended, amend, load } from './amend.ts';
import { atTheClick, type Needs } from './needs.ts';
import { mayDecide } from './roles.ts';

/** In which one person may deny the same target once, in ms. */
const denyWindow = 24 * 60 * 60_000;

const hasDenied = async (
  ledger: Needs['ledger'],
  user: string,
  { kind, principal, target }: Request['asked'],
  since: number,
): Promise<boolean> => {
  const denied = await ledger.list(
    (summary) =>
      summary.progress.state === 'denied' && summary.kind === kind && summary.principal === principal,
    50,
  );
  const requests = await Promise.all(denied.map((summary) => load(ledger, summary.id)));
  return requests.some((request) => {
    const end = request?.end;
    if (end?.fact.fact !== 'denied' || end.fact.by.user !== user || end.at <= since) return false;
    return canonicalJson(request?.asked.target) === canonicalJson(target);
  });
};

/** An approver says no, with a reason. */
export const deny = async (
  needs: Pick<Needs, 'ledger' | 'people' | 'clock' | 'policy'>,
  id: string,
  act: Act,
  reason: string,
): Promise<Amended> => {
  const clicker = await clickerOf(needs, act);
  const now = needs.clock.now();
  return amend(
    needs.ledger,
    id,
    async (request) => {
      const decider = admitDecider(request, clicker, 'deny', now);
      if ('barred' in decider) return decider.barred;
      const answer = await mayDecide(needs, request, act.user, atTheClick);
      const before = await hasDenied(needs.ledger, act.user, request.asked, now - denyWindow);
      return decideDeny(request, clicker, answer, reason, now, before);
    },
    onceOf('deny', id, act),
  );
};
