import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAuthPauses, type Turn, type Use } from '../../src/huaweicloud/auth-pause.ts';
import {
  canonicalRequest,
  expectedSignature,
  type SignedMessage,
} from '../../src/sandbox/cloud/canonical.ts';
import { createGatekeeper } from '../../src/sandbox/cloud/gatekeeper.ts';
import { furtherKeys, permanentKey } from '../../src/sandbox/cloud/keys.ts';
import { Refusal } from '../../src/sandbox/cloud/refusals.ts';

const allKeys = [permanentKey, ...furtherKeys].slice(0, 4);
const pauseMs = 300_000;
const hosts = ['identitycenter', 'identitystore'] as const;
/** A key that has used up its tries rests for an hour, and then one single call tries it again. */
const withinTheRest = 55 * 60_000;

type Event =
  /** Or begins, arrives and is answered before anything else happens. */
  | { readonly do: 'begin' | 'whole'; readonly use: Use; readonly host: (typeof hosts)[number] }
  /** The gateway looks at one of the calls under way, in any order. */
  | { readonly do: 'arrive'; readonly nth: number }
  /** The answer to one of those comes back, in any order. */
  | { readonly do: 'answer'; readonly nth: number }
  /** One of the keys stops being right, or is right again. */
  | { readonly do: 'revoke' | 'restore'; readonly nth: number }
  | { readonly do: 'pass' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('begin' as const, 'whole' as const),
      use: fc.constantFrom('look-up', 'execution'),
      host: fc.constantFrom(...hosts),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('arrive' as const), nth: fc.nat(7) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), nth: fc.nat(7) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('revoke' as const, 'restore' as const), nth: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.constant<Event>({ do: 'pass' }) },
);

const signedWith = (ak: string, secret: string, now: number): SignedMessage => {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = new Map([['x-sdk-date', date]]);
  const message: SignedMessage = {
    method: 'GET',
    url: '/v1/instances',
    header: (name) => headers.get(name),
    body: new Uint8Array(),
  };
  const signature = expectedSignature(secret, date, canonicalRequest(message, ['x-sdk-date']));
  headers.set(
    'authorization',
    `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=x-sdk-date, Signature=${signature}`,
  );
  return message;
};

/** Takes the nth of a list, counted around. */
const takeNth = <T>(list: T[], nth: number): T | undefined =>
  list.length === 0 ? undefined : list.splice(nth % list.length, 1)[0];

/** Plays the events with the client's rule on one side and the local cloud's gateway on the other. */
const play = (events: readonly Event[], keyCount = 1) => {
  const start = Date.UTC(2026, 2, 14, 15);
  let now = start;
  const keys = allKeys.slice(0, keyCount);
  const aks = keys.map(({ ak }) => ak);
  const lost = new Set<string>();
  const inARow = new Map<string, number>();
  const mostUnderWay = new Map<string, number>();
  let worst = 0;
  let refused = 0;
  const gatekeeper = createGatekeeper(keys);
  const clock = { now: () => now, sleep: async () => undefined };
  const auths = createAuthPauses(clock, pauseMs, { rejected: () => undefined, accepted: () => undefined });
  const sent: Turn[] = [];
  const answered: { readonly turn: Turn; readonly key: 'accepted' | 'rejected' }[] = [];

  const arrive = (turn: Turn): void => {
    const { ak } = turn;
    const secret = keys.find((key) => key.ak === ak && !lost.has(ak))?.sk ?? 'not the secret any more';
    try {
      gatekeeper.check(signedWith(ak, secret, now), now);
      inARow.set(ak, 0);
      answered.push({ turn, key: 'accepted' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      inARow.set(ak, (inARow.get(ak) ?? 0) + 1);
      worst = Math.max(worst, ...inARow.values());
      answered.push({ turn, key: 'rejected' });
    }
  };

  for (const one of events) {
    switch (one.do) {
      case 'begin':
      case 'whole': {
        const refusal = auths.refusal(aks, one.host, one.use);
        if (refusal !== undefined) {
          refused += 1;
          break;
        }
        const turn = auths.take(aks, one.host, one.use);
        if (turn === undefined) break;
        if (one.do === 'whole') {
          arrive(turn);
          const answer = answered.pop();
          turn.ended(answer?.key ?? 'unknown');
          break;
        }
        sent.push(turn);
        const underWay = [...sent, ...answered.map(({ turn: own }) => own)].filter(
          ({ ak }) => ak === turn.ak,
        );
        mostUnderWay.set(turn.ak, Math.max(mostUnderWay.get(turn.ak) ?? 0, underWay.length));
        break;
      }
      case 'arrive': {
        const turn = takeNth(sent, one.nth);
        if (turn !== undefined) arrive(turn);
        break;
      }
      case 'answer': {
        const call = takeNth(answered, one.nth);
        call?.turn.ended(call.key);
        break;
      }
      case 'revoke':
        lost.add(aks[one.nth % keyCount] ?? '');
        break;
      case 'restore':
        lost.delete(aks[one.nth % keyCount] ?? '');
        break;
      case 'pass':
        now = Math.min(start + withinTheRest, now + pauseMs);
        break;
    }
  }
  return { worst, mostUnderWay: Math.max(0, ...mostUnderWay.values()), refused };
};

it.each([1, 2, 3, 4])(
  'of %i keys none is ever rejected more than four times in a row, however calls and answers cross, whichever is revoked',
  (keyCount) => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 20, maxLength: 120 }), (events) => {
        const played = play(events, keyCount);
        expect(played.worst).toBeLessThanOrEqual(4);
        expect(played.mostUnderWay).toBeLessThanOrEqual(3);
        const lost = events.flatMap((one) => (one.do === 'revoke' ? [one.nth % keyCount] : []));
        const allLost = new Set(lost).size === keyCount;
        expect(allLost ? 0 : played.refused).toBe(0);
      }),
      { numRuns: 400 },
    );
  },
);

it('a key that is lost is tried as often as it may be, so that the rule is put to the test', () => {
  const tries = (count: number): Event[] => [
    ...Array.from({ length: 4 }, () => ({ do: 'begin', use: 'execution', host: 'identitycenter' }) as const),
    ...Array.from({ length: count }).flatMap((): Event[] => [
      { do: 'arrive', nth: 0 },
      { do: 'answer', nth: 0 },
    ]),
  ];
  const lost: Event = { do: 'revoke', nth: 0 };
  expect(play([lost, ...tries(3)])).toMatchObject({ worst: 3, mostUnderWay: 3 });
  expect(play([lost, ...tries(3), { do: 'pass' }, ...tries(1)]).worst).toBe(4);
});
