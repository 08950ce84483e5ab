import { isOneHuman } from '../domain/affected.ts';
import { admitDecider, type Clicker, type Decision, decideDeny } from '../domain/decide.ts';
import { canonicalJson } from '../domain/digest.ts';
import type { Person } from '../domain/facts.ts';
import type { Request } from '../domain/request.ts';
import { type Act, clickerOf, onceOf } from './act.ts';
import { type Amended, amend, load, unknownRequest } from './amend.ts';
import { inTurn } from './in-turn.ts';
import { atTheClick, type Needs } from './needs.ts';
import { mayDecide } from './roles.ts';

/** In which one person may deny the same target once, in ms. */
const denyWindow = 24 * 60 * 60_000;

const hasDenied = async (
  ledger: Needs['ledger'],
  person: Person,
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
    if (end?.fact.fact !== 'denied' || !isOneHuman(end.fact.by, person) || end.at <= since) return false;
    return canonicalJson(request?.asked.target) === canonicalJson(target);
  });
};

type DenyNeeds = Pick<Needs, 'ledger' | 'people' | 'clock' | 'policy'>;

const decide = async (
  needs: DenyNeeds,
  request: Request,
  clicker: Clicker,
  user: string,
  reason: string,
): Promise<Decision> => {
  const decider = admitDecider(request, clicker, 'deny', needs.clock.now());
  if ('barred' in decider) return decider.barred;
  const answer = await mayDecide(needs, request, user, atTheClick);
  const since = needs.clock.now() - denyWindow;
  const before = await hasDenied(needs.ledger, decider.person, request.asked, since);
  return decideDeny(request, clicker, answer, reason, needs.clock.now(), before);
};

/** Why somebody cannot deny it now, before they say why they would; undefined when they can. Records nothing. */
export const refuseDenial = async (
  needs: DenyNeeds,
  id: string,
  act: Act,
): Promise<(Amended & { readonly result: 'refused' }) | undefined> => {
  const request = await load(needs.ledger, id);
  if (request === undefined) return { result: 'refused', refusal: unknownRequest(id) };
  const decision = await decide(needs, request, await clickerOf(needs, act), act.user, '');
  return decision.result === 'refused' ? { ...decision, request } : undefined;
};

/** An approver says no, with a reason. */
export const deny = async (needs: DenyNeeds, id: string, act: Act, reason: string): Promise<Amended> => {
  const clicker = await clickerOf(needs, act);
  // Of two at once for the same target, the later one must see the earlier.
  return inTurn(needs.ledger, `deny/${act.user}`, () =>
    amend(
      needs.ledger,
      id,
      (request) => decide(needs, request, clicker, act.user, reason),
      onceOf('deny', id, act),
    ),
  );
};
