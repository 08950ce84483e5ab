import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAuthPauses, type Use } from '../../src/huaweicloud/auth-pause.ts';
import {
  canonicalRequest,
  expectedSignature,
  type SignedMessage,
} from '../../src/sandbox/cloud/canonical.ts';
import { createGatekeeper } from '../../src/sandbox/cloud/gatekeeper.ts';
import { permanentKey } from '../../src/sandbox/cloud/keys.ts';
import { Refusal } from '../../src/sandbox/cloud/refusals.ts';

const { ak, sk } = permanentKey;
const pauseMs = 300_000;
const hosts = ['identitycenter', 'identitystore'] as const;
/** A key that has used up its tries rests for an hour, and then one single call tries it again. */
const withinTheRest = 55 * 60_000;

type Event =
  | { readonly do: 'begin'; readonly use: Use; readonly host: (typeof hosts)[number] }
  /** The gateway looks at one of the calls under way, in any order. */
  | { readonly do: 'arrive'; readonly nth: number }
  /** The answer to one of those comes back, in any order. */
  | { readonly do: 'answer'; readonly nth: number }
  | { readonly do: 'revoke' | 'restore' | 'pass' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('begin' as const),
      use: fc.constantFrom('look-up', 'execution'),
      host: fc.constantFrom(...hosts),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('arrive' as const), nth: fc.nat(7) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), nth: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.constantFrom<Event>({ do: 'revoke' }, { do: 'restore' }, { do: 'pass' }) },
);

const signedWith = (secret: string, now: number): SignedMessage => {
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

interface Call {
  readonly use: Use;
  readonly host: string;
}

/** Takes the nth of a list, counted around. */
const takeNth = <T>(list: T[], nth: number): T | undefined =>
  list.length === 0 ? undefined : list.splice(nth % list.length, 1)[0];

/** Plays the events with the client's rule on one side and the local cloud's gateway on the other. */
const play = (events: readonly Event[]) => {
  const start = Date.UTC(2026, 2, 14, 15);
  let now = start;
  let secret: string = sk;
  let inARow = 0;
  let worst = 0;
  const gatekeeper = createGatekeeper([permanentKey]);
  const auths = createAuthPauses({ now: () => now, sleep: async () => undefined }, pauseMs, () => undefined);
  const sent: Call[] = [];
  const answered: (Call & { readonly key: 'accepted' | 'rejected' })[] = [];

  const arrive = (call: Call): void => {
    try {
      gatekeeper.check(signedWith(secret, now), now);
      inARow = 0;
      answered.push({ ...call, key: 'accepted' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      inARow += 1;
      worst = Math.max(worst, inARow);
      answered.push({ ...call, key: 'rejected' });
    }
  };

  for (const one of events) {
    switch (one.do) {
      case 'begin':
        if (auths.refusal(ak, one.host, one.use) === undefined && auths.take(ak, one.use))
          sent.push({ use: one.use, host: one.host });
        break;
      case 'arrive': {
        const call = takeNth(sent, one.nth);
        if (call !== undefined) arrive(call);
        break;
      }
      case 'answer': {
        const call = takeNth(answered, one.nth);
        if (call !== undefined) auths.ended(ak, call.host, call.use, call.key);
        break;
      }
      case 'revoke':
        secret = 'not the secret any more';
        break;
      case 'restore':
        secret = sk;
        break;
      case 'pass':
        now = Math.min(start + withinTheRest, now + pauseMs);
        break;
    }
  }
  return worst;
};

it('a key is never rejected more than four times in a row, however calls and answers cross, whenever it is revoked', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 20, maxLength: 120 }), (events) => {
      expect(play(events)).toBeLessThanOrEqual(4);
    }),
    { numRuns: 2_000 },
  );
});

it('a key that is lost is tried as often as it may be, so that the rule is put to the test', () => {
  const tries = (count: number): Event[] => [
    ...Array.from({ length: 4 }, () => ({ do: 'begin', use: 'execution', host: 'identitycenter' }) as const),
    ...Array.from({ length: count }).flatMap((): Event[] => [
      { do: 'arrive', nth: 0 },
      { do: 'answer', nth: 0 },
    ]),
  ];
  expect(play([{ do: 'revoke' }, ...tries(3)])).toBe(3);
  expect(play([{ do: 'revoke' }, ...tries(3), { do: 'pass' }, ...tries(1)])).toBe(4);
});
