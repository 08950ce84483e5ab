import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Delivery } from '../../src/sandbox/slack/delivery.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { factsIn } from '../slack/evidence.ts';
import { approves, askProfile, inStory, type Story, toldEnd } from '../support/e2e.ts';
import { altered, bodies, broken } from './hostile/altered.ts';
import { homeOpened, recordDeliveries } from './hostile/recorded.ts';

const each = 5_000;
/** Of what comes to each listener, and of so many altered ones, it is looked one by one whether somebody or the log was told. */
const looked = 400;
const atOnce = 60;

const unhandled: unknown[] = [];
const keep = (error: unknown) => unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
});
afterEach(() => {
  process.off('unhandledRejection', keep);
});

const deliveriesOf = (recorded: readonly Delivery[], home: Delivery, count: number, seed: number) =>
  fc.sample(
    fc.oneof({ weight: 8, arbitrary: altered([...recorded, home]) }, { weight: 2, arbitrary: broken }),
    { numRuns: count, seed },
  );

/**
 * How much people and the log were told by now. What followers post and what is noted of every delivery and call comes
 * whatever is answered, so it only counts for an event, to which nobody waits for an answer.
 */
const toldBy = ({ slack, sandbox }: Story, { payload }: Delivery): number => {
  if ('event' in payload) return sandbox.lines.length;
  const shown = slack.calls.filter(
    ({ method, args }) => method.startsWith('views.') || /^[UW]/.test(String(args.channel)),
  );
  const logged = sandbox.lines.filter((line) => !line.includes('"level":"debug"'));
  return shown.length + logged.length + slack.workspace.ephemerals.length;
};

/** Changing calls must all belong to requests that a second person, or a rule, approved. */
const expectOnlyApproved = ({ sandbox, cloud }: Story): void => {
  const records = factsIn(sandbox);
  const starts = records.filter(({ fact }) => fact.fact === 'step_started');
  for (const { id, seq } of starts) {
    const before = records.filter((record) => record.id === id && record.seq < seq);
    const asked = before[0]?.fact;
    const given = before.flatMap(({ fact }) => (fact.fact === 'approved' ? [fact.by?.user ?? 'rule'] : []));
    expect(given.length).toBeGreaterThan(0);
    if (asked?.fact === 'requested') expect(given).not.toContain(asked.by.user);
  }
  expect(cloud.calls.changes().length).toBeLessThanOrEqual(starts.length);
};

it.each(['socket', 'http'] as const)(
  'whatever comes over %s, the bot stays, changes nothing unasked, and somebody or the log is told',
  (transport) =>
    inStory(
      async (story) => {
        const { slack, sandbox, stage, alice } = story;
        const recorded = await recordDeliveries(story);
        await slack.deliver.event(homeOpened(SEED.users.alice, 'home'));
        const home: Delivery = {
          type: 'events_api',
          answerable: false,
          payload: {
            team_id: SEED.team,
            api_app_id: SEED.app,
            type: 'event_callback',
            event: homeOpened(SEED.users.bob, 'home'),
          },
        };
        const seed = Math.floor(Math.random() * 2 ** 31);
        const deliveries = deliveriesOf(recorded, home, each, seed);
        const silent: Delivery[] = [];
        for (const delivery of [...recorded, ...deliveries.slice(0, looked)]) {
          const before = toldBy(story, delivery);
          let body: unknown;
          void slack.deliver.send(delivery).then((reply) => {
            if (reply.outcome === 'ok') body = reply.body;
          });
          const answered = () => body !== undefined || toldBy(story, delivery) > before;
          for (let n = 0; n < 4_000 && !answered(); n += 1)
            await new Promise((resolve) => setTimeout(resolve, 5));
          if (!answered()) silent.push(delivery);
        }
        expect({ seed, unhandled }).toEqual({ seed, unhandled: [] });
        expect({ seed, silent: silent.map((one) => JSON.stringify(one).slice(0, 600)) }).toEqual({
          seed,
          silent: [],
        });
        const rest = deliveries.slice(looked);
        await Promise.all(
          Array.from({ length: atOnce }, async () => {
            for (let next = rest.pop(); next !== undefined; next = rest.pop()) await slack.deliver.send(next);
          }),
        );
        expect({ seed, unhandled }).toEqual({ seed, unhandled: [] });
        expectOnlyApproved(story);
        const health = await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`);
        expect(await health.text()).toBe('ok\n');
        await stage.types(alice, '/revocations help');
        await stage.hears(alice, 'Portcullis: take access away');
      },
      { transport },
    ),
  600_000,
);

it(
  'whatever is signed and no delivery, the bot stays',
  () =>
    inStory(
      async ({ slack, sandbox, stage, alice }) => {
        const seed = Math.floor(Math.random() * 2 ** 31);
        const left = fc.sample(bodies, { numRuns: 1_000, seed });
        const cut: unknown[] = [];
        await Promise.all(
          Array.from({ length: atOnce }, async () => {
            for (let next = left.pop(); next !== undefined; next = left.pop()) {
              const reply = await slack.deliver.raw(next);
              if (reply.outcome === 'unreachable') cut.push(next);
            }
          }),
        );
        expect({ seed, cut, unhandled }).toEqual({ seed, cut: [], unhandled: [] });
        const health = await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`);
        expect(await health.text()).toBe('ok\n');
        await stage.types(alice, '/revocations help');
        await stage.hears(alice, 'Portcullis: take access away');
      },
      { transport: 'http' },
    ),
  400_000,
);

it(
  'is kept neither from its evidence nor from an approval by five thousand refused clicks',
  () =>
    inStory(async (story) => {
      const { slack, sandbox, stage, carol } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      const oscar = slack.as(SEED.users.oscar);
      await oscar.click(SEED.channels.incident, card.ts, 'approve');
      const click = slack.deliver.last();
      const people = [SEED.users.oscar, SEED.users.mallory, SEED.users.grace, SEED.users.alice];
      const clicks = Array.from({ length: 5_000 }, (_, n) => {
        const [action] = click.payload.actions as readonly Record<string, unknown>[];
        const actions = [{ ...action, action_ts: `${n}.000001` }];
        return {
          ...click,
          payload: { ...click.payload, user: { id: people[n % people.length] ?? '' }, actions },
        };
      });
      const flood = Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let next = clicks.pop(); next !== undefined; next = clicks.pop())
            await slack.deliver.send(next);
        }),
      );
      await approves(story, carol, id);
      await stage.audit(`${id} approved`);
      expect(clicks.length, 'clicks still to come').toBeGreaterThan(0);
      await flood;
      await toldEnd(story, id, 'succeeded');
      // One for each person and reason, where on a slow machine one reason is that Slack could not be asked.
      const told = factsIn(sandbox).flatMap(({ fact }) =>
        fact.fact === 'refused' ? [`${fact.by.user} ${fact.code}`] : [],
      );
      expect(new Set(told).size).toBeGreaterThanOrEqual(people.length);
      expect(told).toEqual([...new Set(told)]);
      const audit = slack.channel(SEED.channels.audit).posts;
      expect(audit.length).toBeLessThan(40);
      expect(unhandled).toEqual([]);
    }),
  400_000,
);
