import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import type { Lease, Ledger } from '../../src/domain/ports.ts';
import { approve } from '../../src/workflow/approve.ts';
import { cancel } from '../../src/workflow/cancel.ts';
import { deny } from '../../src/workflow/deny.ts';
import { createRosters } from '../../src/workflow/rosters.ts';
import { createRunner, type Runner } from '../../src/workflow/runner.ts';
import { createSubmit } from '../../src/workflow/submit.ts';
import { openMemoryLedger } from '../support/memory-ledger.ts';
import {
  ada,
  allModelArtsUsers,
  ben,
  createWorld,
  oneAssignment,
  type World,
  wholeProfile,
} from '../support/world.ts';

/** A lease that everybody gets: what two bots are left with where leases fail. */
const always: Lease = { renew: async () => true, release: async () => undefined };

/** One more bot on the ledger of this world, with its own runner, watch and line of submissions. */
const joinBot = (world: World, leases: boolean) => {
  const { clock, memory } = world;
  const own = openMemoryLedger(memory, { clock });
  const ledger: Ledger = leases ? own : { ...own, lease: async () => always };
  const needs = { ...world.needs, ledger };
  const bot = { ...needs, rosters: createRosters(needs) };
  return { needs: bot, submit: createSubmit(bot), runner: createRunner(bot) };
};
type JoinedBot = ReturnType<typeof joinBot>;

const requests = [
  ['profile', wholeProfile],
  ['account-assignment', oneAssignment],
  ['modelarts-authorization', allModelArtsUsers],
] as const;

type Event =
  | {
      readonly do: 'click';
      readonly verb: 'approve' | 'deny' | 'cancel';
      readonly by: string;
      readonly nth: number;
    }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'restart'; readonly bot: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      verb: fc.constantFrom(
        'approve' as const,
        'approve' as const,
        'approve' as const,
        'deny' as const,
        'cancel' as const,
      ),
      by: fc.constantFrom(ada, ben),
      nth: fc.nat(2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 1_000, 20_000, 90_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), bot: fc.nat(1) }) },
);

const play = async (leases: boolean, delay: number, events: readonly Event[]) => {
  const world = createWorld();
  const { clock, cloud, memory } = world;
  cloud.delay = delay;
  const bots: [JoinedBot, JoinedBot] = [joinBot(world, leases), joinBot(world, leases)];
  const ids: string[] = [];
  for (const [name, values] of requests) {
    const submission = world.submission(await world.assess(name, values));
    // One delivery reaches one bot; a repeated one may reach the other.
    const answers = await Promise.all(bots.map(({ submit }) => submit(submission)));
    ids.push(...new Set(answers.flatMap((answer) => ('id' in answer ? [answer.id] : []))));
  }
  for (const { runner } of bots) runner.start();
  for (const now of events) {
    switch (now.do) {
      case 'click': {
        const act = world.click(now.by);
        const id = ids[now.nth] ?? '';
        await Promise.all(
          bots.map(({ needs }) => {
            if (now.verb === 'approve') return approve(needs, id, act);
            return now.verb === 'deny' ? deny(needs, id, act, 'no') : cancel(needs, id, act);
          }),
        );
        break;
      }
      case 'pass':
        await clock.advance(now.ms);
        break;
      case 'restart': {
        const bot = now.bot === 0 ? bots[0] : bots[1];
        const stopped = bot.runner.stop();
        await clock.advance(1_000);
        await stopped;
        const runner: Runner = createRunner(bot.needs);
        runner.start();
        bots[now.bot === 0 ? 0 : 1] = { ...bot, runner };
        break;
      }
      default:
        now satisfies never;
    }
  }
  await clock.runUntil(() => world.ledger.open().length === 0, 48 * 60 * 60_000);
  const stopping = Promise.all(bots.map(({ runner }) => runner.stop()));
  await clock.advance(1_000);
  await stopping;
  return { world, ids, records: memory.records };
};

it.each([
  ['two bots on one ledger execute each step once', true],
  ['two bots without leases do so too: the version of the request is the lock', false],
])('%s', async (_name, leases) => {
  let called = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 5_000, 60_000),
      fc.array(event, { maxLength: 12 }),
      async (delay, events) => {
        const { world, ids, records } = await play(leases, delay, events);
        expect(ids).toEqual(['R-000001', 'R-000002', 'R-000003']);
        const starts = records.flatMap(({ id, fact }) =>
          fact.fact === 'step_started' ? [`${id} ${fact.step} ${fact.attempt}`] : [],
        );
        expect(new Set(starts).size).toBe(starts.length);
        expect(world.cloud.changes).toHaveLength(starts.length);
        expect(starts.filter((start) => !start.endsWith(' 1'))).toEqual([]);
        const clicks = records.flatMap(({ once }) => once ?? []);
        expect(new Set(clicks).size).toBe(clicks.length);
        called += starts.length;
      },
    ),
    { numRuns: 40 },
  );
  expect(called).toBeGreaterThan(40);
});

/** Carries an assignment whose deletion takes long to its end, with so many bots. @returns how often the cloud was read */
const readsOf = async (bots: number): Promise<number> => {
  const world = createWorld();
  world.cloud.delay = 200_000;
  const id = await world.ask('account-assignment', oneAssignment);
  const runners = Array.from({ length: bots }, () => joinBot(world, true).runner);
  for (const runner of runners) runner.start();
  await world.clock.runUntil(() => world.state(id) === 'succeeded');
  await Promise.all(runners.map((runner) => runner.stop()));
  return world.cloud.reads();
};

it('a second bot reads nothing of what the first one works on, however long that takes', async () => {
  expect(await readsOf(2)).toBe(await readsOf(1));
});

it.each([1, 2])(
  '%i at work begin with the next request for a principal as soon as the one before is over',
  async (bots) => {
    const world = createWorld();
    const later = { ...oneAssignment, account: 'acc-test', permission_set: 'ps-read' };
    const ids = [
      await world.ask('account-assignment', oneAssignment),
      await world.ask('account-assignment', later),
    ];
    const runners = Array.from({ length: bots }, () => joinBot(world, true).runner);
    for (const runner of runners) runner.start();
    await world.clock.advance(bots * 9_000);
    await Promise.all(runners.map((runner) => runner.stop()));
    expect(ids.map(world.state)).toEqual(['succeeded', 'succeeded']);
  },
);

/** An assignment; the other bot starts its step while this one reads, before the nth look tells that the grant is gone. */
const startedDuringLook = async (nth: number) => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  const { look } = world.kind('account-assignment');
  let looks = 0;
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    look: async (...args: Parameters<typeof look>) => {
      looks += 1;
      if (looks === nth) {
        world.cloud.assignments = [];
        await world.ledger.append(id, null, [
          { fact: 'step_started', step: 'delete', attempt: nth, words: 'by the other bot' },
        ]);
      }
      return look(...args);
    },
  }));
  const runner = world.run({ kinds });
  await world.clock.runUntil(() => world.state(id) === 'succeeded');
  await runner.stop();
  return world.words(id).slice(2);
};

it.each([
  ['before the first start', 1, []],
  ['after a start', 2, ['step_started', 'step_outcome']],
])(
  'what one bot reads %s is no proof of what the other has started meanwhile',
  async (_name, nth, before) => {
    expect(await startedDuringLook(nth)).toEqual([
      ...before,
      'step_started',
      'step_outcome',
      'proof',
      'succeeded',
    ]);
  },
);

describe('while a call of one bot is under way', () => {
  /** An assignment; the other bot puts this on record meanwhile. */
  const meanwhile = async (answerIsLost: boolean, ...facts: readonly Fact[]) => {
    const world = createWorld();
    const id = await world.ask('account-assignment', oneAssignment);
    if (answerIsLost) world.cloud.changeTroubles.push({ as: 'too-late', acted: false });
    world.cloud.onChange = () => {
      world.cloud.onChange = () => {};
      void world.ledger.append(id, null, facts);
    };
    await world.finish(id);
    return { ...world, id };
  };

  it('and the other has ended the request, nothing more is called', async () => {
    const { cloud, id, words } = await meanwhile(true, { fact: 'halted', words: 'It needs more approvals.' });
    expect(cloud.changes).toHaveLength(1);
    expect(words(id)).not.toContain('proof');
    expect(words(id).filter((word) => word === 'step_started')).toHaveLength(1);
  });

  it('and the other has started the step again, its answer is not told as that of the other', async () => {
    const about = { step: 'delete', words: 'by the other bot' };
    const { facts, id } = await meanwhile(
      false,
      { fact: 'step_outcome', step: 'delete', outcome: 'unknown', message: 'lost' },
      { fact: 'step_started', attempt: 2, ...about },
    );
    expect(facts(id).flatMap((fact) => (fact.fact === 'step_outcome' ? [fact.outcome] : []))).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(facts(id).at(-1)).toMatchObject({ fact: 'succeeded' });
  });
});
