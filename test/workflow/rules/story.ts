import fc from 'fast-check';
import type { ApproverRule } from '../../../src/domain/approvers.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Standing } from '../../../src/domain/ports.ts';
import type { Trouble } from '../../support/fake-cloud.ts';
import { approvers, requesters } from '../../support/fake-people.ts';
import {
  ada,
  allModelArtsUsers,
  ben,
  cat,
  gus,
  mallory,
  nora,
  oneAssignment,
  wholeProfile,
  zoe,
} from '../../support/world.ts';
import type { Mishap } from './process.ts';

/** Shorter than in life, so that stories run through them more often. All in ms. */
export const windows = { approvalWindow: 3 * 60_000, executionWindow: 4 * 60_000 };
export const patience = { pollInterval: 1_000, verificationWindow: 100_000, authFailurePause: 60_000 };

/** Two more user groups, of which a rule may want one person each. */
export const [first, second] = ['S1', 'S2'] as const;
export const allGroups = [requesters, approvers, first, second] as const;
type Group = (typeof allGroups)[number];

/** What can be asked for. */
export const asks = [
  { kind: 'profile', values: wholeProfile },
  { kind: 'account-assignment', values: oneAssignment },
  { kind: 'modelarts-authorization', values: allModelArtsUsers },
  { kind: 'account-assignment', values: { ...oneAssignment, principal: 'u-trent' } },
] as const;

/** What a clicker was shown of the request: nothing, what it is now, what it was at first, or another one. */
type Shown = 'nothing' | 'now' | 'at first' | 'another';

export type Event =
  | {
      readonly do: 'click';
      readonly verb: 'approve' | 'deny' | 'cancel' | 'check';
      readonly user: string;
      readonly nth: number;
      readonly shown: Shown;
      /** One delivery of the click after the other, all at once. */
      readonly deliveries: number;
    }
  | { readonly do: 'two click'; readonly users: readonly [string, string]; readonly nth: number }
  | { readonly do: 'newcomer clicks'; readonly user: string; readonly group: Group; readonly nth: number }
  | { readonly do: 'deny again'; readonly user: string; readonly what: number }
  | { readonly do: 'new policy'; readonly changes: Partial<Policy> }
  | { readonly do: 'ask'; readonly user: string; readonly what: number; readonly times: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'start or stop' | 'look at the groups' | 'give back' | 'grow' }
  | { readonly do: 'mishap'; readonly mishap: Mishap }
  | { readonly do: 'change goes wrong' | 'read goes wrong'; readonly trouble: Trouble }
  | { readonly do: 'reach Slack'; readonly reachable: boolean }
  | { readonly do: 'member'; readonly group: Group; readonly user: string; readonly isIn: boolean }
  | { readonly do: 'reach group'; readonly group: Group; readonly reachable: boolean }
  | { readonly do: 'standing'; readonly user: string; readonly standing: Standing }
  | { readonly do: 'e-mail'; readonly user: string; readonly is: 'confirmed' | 'unconfirmed' | 'unknown' }
  | { readonly do: 'delay'; readonly ms: number }
  | { readonly do: 'deletions fail'; readonly fail: boolean };

/** Those who cannot be asked about, or whose answer may have changed, must not change while a call is on its way. */
export const changesPeople: ReadonlySet<Event['do']> = new Set([
  'reach Slack',
  'member',
  'newcomer clicks',
  'reach group',
  'standing',
  'e-mail',
]);

const nth = fc.nat(2);
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom(400, 401, 403, 404, 409, 429, 500).map((status): Trouble => ({ as: 'refused', status })),
  fc.constant<Trouble>({ as: 'refused', status: 409, code: 'IIC.1006' }),
  fc.constant<Trouble>({ as: 'not-reached' }),
  fc.boolean().map((acted): Trouble => ({ as: 'too-late', acted })),
  fc.boolean().map((acted): Trouble => ({ as: 'unexpected-answer', acted })),
);
const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({
    at: fc.constant('append' as const),
    after: fc.nat(4),
    what: fc.constantFrom('cut before' as const, 'cut after' as const, 'fails' as const),
  }),
  fc.record({
    at: fc.constant('call' as const),
    after: fc.nat(1),
    what: fc.constantFrom('cut before' as const, 'cut after' as const),
  }),
);
const somebody = fc.constantFrom(ada, ben, cat, nora, mallory, gus, zoe);
const approver = fc.constantFrom(ada, ben, cat);
const shown = fc.constantFrom<Shown>('nothing', 'nothing', 'now', 'now', 'now', 'at first', 'another');
const bool = fc.boolean();
const group = fc.constantFrom(...allGroups);
const click = (verb: fc.Arbitrary<'approve' | 'deny' | 'cancel' | 'check'>, user: fc.Arbitrary<string>) =>
  fc.record({
    do: fc.constant('click' as const),
    verb,
    user,
    nth,
    shown,
    deliveries: fc.constantFrom(1, 1, 1, 2),
  });
const one = <T extends Event['do']>(word: T) => fc.constant(word);

const anyone: ApproverRule = { anyone: [approvers], together: [] };
const oneOfEach: ApproverRule = { anyone: [], together: [[first, second]] };
const rule = fc.constantFrom<ApproverRule>(
  anyone,
  anyone,
  oneOfEach,
  { anyone: [ben], together: [[first, second]] },
  { anyone: [approvers], together: [[first, approvers]] },
  { anyone: [ada, ben, cat], together: [] },
);

const policy: fc.Arbitrary<Partial<Policy>> = fc.record({
  approvers: rule,
  approversOf: fc.oneof(
    fc.constant({}),
    rule.map((other): Policy['approversOf'] => ({ profile: other })),
  ),
  approvalsNeeded: fc.constantFrom(1, 1, 2),
  approvalsNeededOf: fc.constantFrom<Policy['approvalsNeededOf']>({}, {}, { profile: 2 }),
  coolOff: fc.constantFrom(0, 90_000),
  requireApproval: fc.constantFrom('risky' as const, 'risky' as const, 'always' as const),
  unapprovedLimit: fc.constantFrom(3, 1),
  protectedPrincipals: fc.constantFrom<readonly string[]>([], [], ['u-mallory']),
});

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 9, arbitrary: click(fc.constant('approve'), approver) },
  { weight: 3, arbitrary: click(fc.constant('approve'), somebody) },
  { weight: 3, arbitrary: click(fc.constantFrom('deny', 'cancel'), somebody) },
  { weight: 3, arbitrary: click(fc.constant('check'), fc.constantFrom(nora, mallory)) },
  { weight: 3, arbitrary: fc.record({ do: one('two click'), users: fc.tuple(approver, somebody), nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: one('ask'),
      user: fc.constantFrom(nora, nora, mallory, cat, ada, zoe),
      what: fc.nat(asks.length - 1),
      times: fc.constantFrom(1, 1, 2, 4),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: one('pass'),
      ms: fc.constantFrom(0, 1, 1_000, 2_600, 30_000, 59_999, 61_000, windows.approvalWindow, 11 * 60_000),
    }),
  },
  { weight: 6, arbitrary: fc.constant<Event>({ do: 'start or stop' }) },
  { weight: 4, arbitrary: fc.record({ do: one('mishap'), mishap }) },
  { weight: 2, arbitrary: fc.constant<Event>({ do: 'look at the groups' }) },
  { weight: 4, arbitrary: fc.record({ do: one('newcomer clicks'), user: somebody, group, nth }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: one('deny again'), user: approver, what: fc.constantFrom(0, 2) }),
  },
  { weight: 1, arbitrary: policy.map((changes): Event => ({ do: 'new policy', changes })) },
  { weight: 3, arbitrary: fc.constant<Event>({ do: 'give back' }) },
  { weight: 1, arbitrary: fc.constant<Event>({ do: 'grow' }) },
  { weight: 3, arbitrary: fc.record({ do: one('change goes wrong'), trouble }) },
  { weight: 2, arbitrary: fc.record({ do: one('read goes wrong'), trouble }) },
  { weight: 2, arbitrary: fc.record({ do: one('reach Slack'), reachable: bool }) },
  { weight: 4, arbitrary: fc.record({ do: one('member'), group, user: somebody, isIn: bool }) },
  { weight: 2, arbitrary: fc.record({ do: one('reach group'), group, reachable: bool }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: one('standing'),
      user: approver,
      standing: fc.constantFrom<Standing>('full member', 'deactivated', 'guest'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: one('e-mail'),
      user: approver,
      is: fc.constantFrom('confirmed' as const, 'unconfirmed' as const, 'unknown' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: one('delay'), ms: fc.constantFrom(0, 5_000, 70_000, 900_000) }) },
  { weight: 1, arbitrary: fc.record({ do: one('deletions fail'), fail: bool }) },
);

export interface Story {
  readonly policy: Partial<Policy>;
  /** What Nora asks for at the beginning. */
  readonly begin: readonly number[];
  readonly events: readonly Event[];
}

export const story: fc.Arbitrary<Story> = fc.record({
  policy,
  begin: fc.constantFrom([0], [0], [1], [2], [0, 1], [0, 2], [3, 1]),
  events: fc.array(event, { minLength: 4, maxLength: 20 }),
});
