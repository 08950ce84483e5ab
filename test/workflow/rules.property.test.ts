import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, digestOf } from '../../src/domain/digest.ts';
import type { LedgerRecord } from '../../src/domain/facts.ts';
import { CloudFault } from '../../src/domain/ports.ts';
import { fold, stateOf } from '../../src/domain/request.ts';
import { isFinal, type State } from '../../src/domain/state.ts';
import { approve } from '../../src/workflow/approve.ts';
import { cancel } from '../../src/workflow/cancel.ts';
import { check } from '../../src/workflow/check.ts';
import { deny } from '../../src/workflow/deny.ts';
import { createRechecker } from '../../src/workflow/rechecker.ts';
import type { Runner } from '../../src/workflow/runner.ts';
import type { Trouble } from '../support/fake-cloud.ts';
import { settle } from '../support/virtual-clock.ts';
import {
  ada,
  allModelArtsUsers,
  ben,
  createWorld,
  gus,
  mallory,
  nora,
  oneAssignment,
  project,
  row,
  type World,
  wholeProfile,
  zoe,
} from '../support/world.ts';

/** Shorter than in life, so that stories run through them more often. */
const approvalWindow = 5 * 60_000;
const executionWindow = 8 * 60_000;
const patience = { pollInterval: 1_000, verificationWindow: 150_000, authFailurePause: 60_000 };
const recheckTimes = [30_000, 10 * 60_000];

type Event =
  | {
      readonly do: 'click';
      readonly verb: 'approve' | 'deny' | 'cancel';
      readonly user: string;
      readonly nth: number;
    }
  | { readonly do: 'twice'; readonly user: string; readonly nth: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'check'; readonly user: string; readonly nth: number }
  | { readonly do: 'runner' | 'give back' }
  | { readonly do: 'change goes wrong' | 'read goes wrong'; readonly trouble: Trouble }
  | { readonly do: 'reach Slack'; readonly reachable: boolean }
  | { readonly do: 'role'; readonly user: string; readonly has: boolean }
  | { readonly do: 'standing'; readonly user: string; readonly standing: 'full member' | 'deactivated' }
  | { readonly do: 'delay'; readonly ms: number }
  | { readonly do: 'deletions fail'; readonly fail: boolean }
  | { readonly do: 'grow' };

const nth = fc.nat(2);
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom(400, 401, 403, 404, 409, 429, 500).map((status): Trouble => ({ as: 'refused', status })),
  fc.constant<Trouble>({ as: 'refused', status: 409, code: 'IIC.1006' }),
  fc.constant<Trouble>({ as: 'not-reached' }),
  fc.boolean().map((acted): Trouble => ({ as: 'too-late', acted })),
  fc.boolean().map((acted): Trouble => ({ as: 'unexpected-answer', acted })),
);
const user = fc.constantFrom(nora, ada, ben, mallory, gus, zoe);

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      verb: fc.constant('approve' as const),
      user,
      nth,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      verb: fc.constantFrom('deny' as const, 'cancel' as const),
      user,
      nth,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('twice' as const), user, nth }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 1, 1_000, 2_600, 30_000, 61_000, 3 * 60_000, approvalWindow, executionWindow),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Event>({ do: 'runner' }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('check' as const), user: fc.constantFrom(nora, mallory), nth }),
  },
  { weight: 3, arbitrary: fc.constant<Event>({ do: 'give back' }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change goes wrong' as const), trouble }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read goes wrong' as const), trouble }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reach Slack' as const), reachable: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('role' as const),
      user: fc.constantFrom(ada, ben, mallory),
      has: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('standing' as const),
      user: fc.constantFrom(ada, ben),
      standing: fc.constantFrom('full member' as const, 'deactivated' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('delay' as const),
      ms: fc.constantFrom(0, 5_000, 120_000, 900_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deletions fail' as const), fail: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant<Event>({ do: 'grow' }) },
);

const isLast = (records: readonly LedgerRecord[], word: string): boolean =>
  records.at(-1)?.fact.fact === word;

/** Keys of everything that the cloud lists, as the kinds make them. */
const listed = ({ cloud }: World): ReadonlySet<string> =>
  new Set([
    ...cloud.assignments.map((one) =>
      [one.principal_type, one.principal_id, one.account_id, one.permission_set_id].join('/'),
    ),
    ...(cloud.authorizations.get(project) ?? []).map((one) =>
      one.user_type === 'all-users' ? `${project}/all-users` : `${project}/iam/${one.user_id}`,
    ),
  ]);

/** Rule 1 and 2, told anew: who has approved what is about to begin, and what is wrong with it. */
const wrongWithApproval = (world: World, id: string): readonly string[] => {
  const { people, clock } = world;
  const request = world.request(id);
  const { kind, target, impact, digest, by, affected } = request.asked;
  const wrong: string[] = [];
  if (digestOf(kind, target, impact.grants) !== digest) wrong.push('the digest is not that of the request');
  if (request.approvals.some((approval) => approval.digest !== digest))
    wrong.push('another digest was approved');
  if (request.asked.approvals === 0)
    return request.progress.byRule ? wrong : [...wrong, 'no rule let it go on'];
  const approvers = new Set(request.approvals.map((approval) => approval.by?.user ?? 'by rule'));
  if (approvers.size < request.asked.approvals) wrong.push(`only ${approvers.size} have approved`);
  for (const { by: approver, at } of request.approvals) {
    const who = approver?.user ?? '';
    if (who === by.user) wrong.push('the requester approved');
    if (who === mallory && affected !== undefined) wrong.push('the affected person approved');
    if (who === gus || who === zoe) wrong.push(`${who} approved`);
    const canBeAsked = people.reachable;
    if (canBeAsked && !people.roles.approver.has(who)) wrong.push(`${who} is no approver now`);
    if (!canBeAsked && clock.now() - at >= 61_000) wrong.push('an old yes counted unasked');
  }
  return wrong;
};

const watch = (world: World, requestOf: (path: string) => string): string[] => {
  const wrong: string[] = [];
  const calls = new Map<string, number>();
  world.cloud.onChange = (change) => {
    const record = world.records(requestOf(change.path)).findLast(({ fact }) => fact.fact === 'step_started');
    if (record?.fact.fact !== 'step_started') {
      wrong.push('a call without a start on record');
      return;
    }
    const own = world.records(record.id);
    if (!isLast(own, 'step_started')) wrong.push('a call whose start is not the last fact');
    const key = canonicalJson([record.id, record.fact.step, record.fact.attempt]);
    if (calls.has(key)) wrong.push(`a second call for one start of ${record.id}`);
    calls.set(key, world.cloud.reads());
    const before = calls.get(canonicalJson([record.id, record.fact.step, record.fact.attempt - 1]));
    if (record.fact.attempt > 1 && before === world.cloud.reads()) wrong.push('started again without a read');
    if (own.filter(({ fact }) => fact.fact === 'step_started').length === 1) {
      wrong.push(...wrongWithApproval(world, record.id));
      if (world.clock.now() >= world.request(record.id).startBefore) wrong.push('begun after the window');
    }
  };
  world.ledger.subscribe(() => {
    const record = world.memory.records.at(-1);
    if (record?.fact.fact !== 'succeeded') return;
    const there = listed(world);
    const left = world.request(record.id).asked.impact.grants.filter((grant) => there.has(grant.key));
    if (left.length > 0) wrong.push(`${record.id} succeeded, and ${left.length} grants are listed`);
  });
  return wrong;
};

/** What later readings may tell of a request that is over. */
const mayFollow: Readonly<Partial<Record<State, readonly string[]>>> = {
  unverified: ['proof', 'succeeded'],
  succeeded: ['stayed_gone', 'came_back'],
};

/** What the facts of one request say against the rules, in the order in which they were written. */
const wrongInStory = (records: readonly LedgerRecord[]): readonly string[] => {
  const wrong: string[] = [];
  const open = new Set<string>();
  for (const [i, { fact }] of records.entries()) {
    const before = fold(records.slice(0, i));
    const over = before !== undefined && (isFinal(stateOf(before)) || stateOf(before) === 'unverified');
    if (over && !mayFollow[stateOf(before)]?.includes(fact.fact))
      wrong.push(`${fact.fact} after ${stateOf(before)}`);
    if (before?.rechecked?.fact.fact === 'came_back') wrong.push(`${fact.fact} after it came back`);
    if (fact.fact === 'step_started') {
      if (open.has(fact.step)) wrong.push('started again with no outcome of the start before');
      open.add(fact.step);
    }
    if (fact.fact === 'step_outcome') open.delete(fact.step);
  }
  return wrong;
};

const play = async (needed: number, events: readonly Event[]) => {
  const world = createWorld({ approvalsNeeded: needed, approvalWindow, executionWindow });
  world.needs.patience = patience;
  const { needs, cloud, people, clock } = world;
  world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
  const ids = [
    await world.ask('profile', wholeProfile),
    await world.ask('account-assignment', oneAssignment),
    await world.ask('modelarts-authorization', allModelArtsUsers),
  ];
  const idOf = (n: number): string => ids[n] ?? '';
  const wrong = watch(world, (path) => idOf(path.endsWith('profile') ? 0 : path.endsWith('delete') ? 1 : 2));
  let runner: Runner | undefined;
  let rechecker = createRechecker(needs, recheckTimes);

  const happen = async (now: Event): Promise<void> => {
    switch (now.do) {
      case 'click': {
        const act = world.click(now.user);
        if (now.verb === 'approve') await approve(needs, idOf(now.nth), act);
        else if (now.verb === 'cancel') await cancel(needs, idOf(now.nth), act);
        else await deny(needs, idOf(now.nth), act, 'no');
        return;
      }
      case 'twice': {
        const act = world.click(now.user);
        const other = world.click(now.user === ada ? ben : ada);
        await Promise.all([act, act, other].map((one) => approve(needs, idOf(now.nth), one)));
        return;
      }
      case 'check':
        await check(needs, idOf(now.nth), world.click(now.user)).catch((error: unknown) => {
          if (!(error instanceof CloudFault)) throw error;
        });
        return;
      case 'give back': {
        const busy = world.ledger.open();
        if (busy.includes(idOf(0)) || busy.includes(idOf(1))) return;
        cloud.assignments.push(row('u-mallory', 'acc-prod', 'ps-admin'));
        return;
      }
      case 'pass':
        return clock.advance(now.ms);
      case 'runner':
        if (runner === undefined) {
          runner = world.run();
          rechecker = createRechecker(needs, recheckTimes);
          rechecker.start();
        } else {
          await runner.stop();
          runner = undefined;
          await rechecker.stop();
          if (clock.sleeping() > 0) wrong.push('something runs on after the stop');
        }
        return;
      case 'change goes wrong':
        cloud.changeTroubles.push(now.trouble);
        return;
      case 'read goes wrong':
        cloud.readTroubles.push(now.trouble);
        return;
      case 'reach Slack':
        people.reachable = now.reachable;
        return;
      case 'role':
        people.roles.approver[now.has ? 'add' : 'delete'](now.user);
        return;
      case 'standing':
        people.change(now.user, { standing: now.standing });
        return;
      case 'delay':
        cloud.delay = now.ms;
        return;
      case 'deletions fail':
        cloud.jobFailure = now.fail ? 'the cloud gave up' : undefined;
        return;
      case 'grow':
        cloud.assignments.push(row('u-mallory', `acc-${cloud.assignments.length}`, 'ps-read'));
        return;
      default:
        now satisfies never;
    }
  };

  for (const now of events) {
    // What was checked must not change before the call that follows at once; clicks may come in between.
    if (now.do === 'role' || now.do === 'standing' || now.do === 'reach Slack') await settle();
    await happen(now);
  }
  await settle();
  people.reachable = true;
  runner ??= world.run();
  await clock.runUntil(() => world.ledger.open().length === 0, 48 * 60 * 60_000);
  await rechecker.stop();
  cloud.readTroubles.splice(0);
  const states = ids.map(world.state);
  for (const id of ids) await check(needs, id, world.click(nora));
  rechecker = createRechecker(needs, recheckTimes);
  rechecker.start();
  await clock.advance(Math.max(...recheckTimes));
  await runner.stop();
  await rechecker.stop();
  if (clock.sleeping() > 0) wrong.push('something runs on at the end');
  wrong.push(...ids.flatMap((id) => wrongInStory(world.records(id))));
  const started = world.memory.records.filter(({ fact }) => fact.fact === 'step_started').length;
  if (cloud.changes.length !== started) wrong.push(`${cloud.changes.length} calls for ${started} starts`);
  const again = world.memory.records.flatMap(({ fact }) =>
    fact.fact === 'stayed_gone' || fact.fact === 'came_back' || (fact.fact === 'proof' && fact.by)
      ? [fact.fact === 'proof' ? 'checked' : fact.fact]
      : [],
  );
  const untold = world.ledger.succeededSince(0).filter(({ proven }) => proven?.at === proven?.read);
  wrong.push(...untold.map(({ id }) => `${id} was never read again`));
  return { wrong, states, calls: cloud.changes.length, again };
};

it('whatever happens in whatever order, the rules hold and every request comes to its end', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 2),
      fc.array(event, { minLength: 4, maxLength: 24 }),
      async (needed, events) => {
        const { wrong, states, calls, again } = await play(needed, events);
        expect(wrong).toEqual([]);
        for (const what of [...states, ...again]) seen.add(what);
        seen.add(calls > 1 ? 'several calls' : 'one call or none');
      },
    ),
    { numRuns: 300 },
  );
  // Stories that never get anywhere would prove nothing.
  const states = ['succeeded', 'failed', 'denied', 'cancelled', 'expired', 'unverified'];
  for (const what of [...states, 'several calls', 'checked', 'stayed_gone', 'came_back']) {
    expect([...seen]).toContain(what);
  }
}, 120_000);
