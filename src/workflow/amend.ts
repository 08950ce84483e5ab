import type { Decision, Refusal } from '../domain/decide.ts';
import type { Fact } from '../domain/facts.ts';
import type { Ledger } from '../domain/ports.ts';
import { fold, type Request } from '../domain/request.ts';
import type { Needs } from './needs.ts';

/** Bounds the compare-and-retry loop; each round lost means that somebody else's append won. */
const mostRounds = 100;

/** Every other stream is no request, whatever id a click or a form claims. */
const requestId = /^R-\d{6,}$/;

/** The request as the ledger tells it now; undefined when there is none with this id. */
export const load = async (ledger: Pick<Ledger, 'ofRequest'>, id: string): Promise<Request | undefined> =>
  requestId.test(id) ? fold(await ledger.ofRequest(id)) : undefined;

export type Amended =
  | { readonly result: 'appended'; readonly request: Request; readonly facts: readonly Fact[] }
  | { readonly result: 'refused'; readonly refusal: Refusal; readonly request?: Request }
  /** The same click or delivery was worked on before. */
  | { readonly result: 'already'; readonly request: Request };

export const unknownRequest = (id: string): Refusal => ({
  code: 'no_such_request',
  words: `There is no request ${id.slice(0, 20)}. Try /revocations list.`,
});

/**
 * Read, decide, write if unchanged, else again. `decide` is asked anew for each state it meets, so a race between
 * two people ends as if one had come after the other.
 * @throws {LedgerFault} when the ledger cannot be written; nothing has happened then
 */
export const amend = async (
  ledger: Ledger,
  id: string,
  decide: (request: Request) => Decision | Promise<Decision>,
  once?: string,
): Promise<Amended> => {
  for (let round = 0; round < mostRounds; round += 1) {
    const records = requestId.test(id) ? await ledger.ofRequest(id) : [];
    const request = fold(records);
    if (request === undefined) return { result: 'refused', refusal: unknownRequest(id) };
    if (once !== undefined && records.some((known) => known.once === once))
      return { result: 'already', request };
    const decision = await decide(request);
    if (decision.result === 'refused') return { result: 'refused', refusal: decision.refusal, request };
    if (decision.facts.length === 0) return { result: 'appended', request, facts: [] };
    const appended = await ledger.append(
      id,
      request.version,
      decision.facts,
      once === undefined ? {} : { once },
    );
    switch (appended.result) {
      case 'appended': {
        const now = await load(ledger, id);
        return { result: 'appended', request: now ?? request, facts: decision.facts };
      }
      case 'already':
        return { result: 'already', request };
      case 'conflict':
        break;
      default:
        return appended satisfies never;
    }
  }
  throw new Error(`${id} was changed ${mostRounds} times while it was being decided`);
};

/** What only tells that people were told or refused something: whatever was decided without knowing it still holds. */
const isAside = ({ fact }: Fact): boolean =>
  fact === 'card_posted' || fact === 'notified' || fact === 'refused' || fact === 'refusals_counted';

/**
 * Appends what was decided from this request, unless something that bears on it happened meanwhile.
 * @returns whether it was appended
 */
export const appendTo = async (
  ledger: Ledger,
  { id, version }: Pick<Request, 'id' | 'version'>,
  facts: readonly Fact[],
): Promise<boolean> => {
  let expected = version;
  for (let round = 0; round < mostRounds; round += 1) {
    const { result } = await ledger.append(id, expected, facts);
    if (result !== 'conflict') return result === 'appended';
    const since = (await ledger.ofRequest(id)).slice(version);
    if (!since.every(({ fact }) => isAside(fact))) return false;
    expected = version + since.length;
  }
  return false;
};

/** Appends facts that are true whatever else happened to the request meanwhile, and returns it as it is then. */
export const record = async (
  needs: Pick<Needs, 'ledger'>,
  id: string,
  facts: (request: Request) => readonly Fact[],
): Promise<Request> => {
  const amended = await amend(needs.ledger, id, (request) => ({ result: 'facts', facts: facts(request) }));
  if (amended.result === 'refused') throw new Error(`${id} has gone from the ledger`);
  return amended.request;
};
