import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../src/bot.ts';
import type { Fault } from '../../src/sandbox/cloud/switches.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import {
  type BotProcess,
  type Env,
  type Ground,
  onGround as onGroundOf,
  statusOf,
} from '../e2e/bot-process.ts';
import { type Bundle, bundleMain } from '../e2e/crash/bundle.ts';
import {
  approves,
  askAssignment,
  askProfile,
  changesOf,
  grantsOf,
  type Story,
  type Told,
  textOf,
  toldEnd,
} from '../support/e2e.ts';

/** Child processes start slowly on a small machine. */
const patience = 120_000;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleMain();
}, patience);
afterAll(() => bundle.remove());

/** With the bot as it is shipped. */
const onGround = (play: (ground: Ground) => Promise<void>) => onGroundOf(play, [bundle.path]);

/** The next call of this operation is never answered; resolves when it has arrived. */
const hanging = ({ cloud }: Story, operation: string, acts: boolean): Promise<void> =>
  new Promise((resolve) => {
    const fault: Fault = {
      match: (call) => {
        if (call.operation !== operation || fault.times === 0) return false;
        resolve();
        return true;
      },
      times: 1,
      act: { kind: 'hang', acts },
    };
    cloud.switches.faults.push(fault);
  });

const kill = async ({ slack }: Ground, bot: BotProcess): Promise<void> => {
  bot.signal('SIGKILL');
  expect(await bot.ended()).toBeNull();
  await slack.until('Slack to see the connection end', () => slack.connections() === 0, 10_000);
};

const auditPosts = ({ slack }: Ground) => slack.channel(SEED.channels.audit).posts;

/** The sequence numbers of the facts in one audit post. */
const numbersIn = ({ text }: { readonly text: string }): readonly string[] =>
  [...text.matchAll(/UTC #(\d+) /g)].flatMap(([, seq]) => seq ?? []);

/** The shortest time between two audit posts, in real ms: on this ground Slack's clock goes ten times slower. */
const shortestGap = (ground: Ground): number => {
  const times = auditPosts(ground).map(({ ts }) => Number(ts) * 10_000);
  return Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
};

/** Starts the bot again on the same ledger, and checks what every restart must keep. */
const finishAfterRestart = async (ground: Ground, id: string): Promise<Told> => {
  const { slack, story, config } = ground;
  const before = auditPosts(ground).length;
  const known = new Set(auditPosts(ground).flatMap(numbersIn));
  const bot = await ground.run();
  const told = await toldEnd(story, id, 'succeeded');
  const repeats = auditPosts(ground)
    .slice(before)
    .filter((post) => numbersIn(post).some((seq) => known.has(seq)));
  for (const post of repeats) expect(textOf(post)).toContain('May be a repeat');
  // One a second, but the first of two may be on its way for longer.
  expect(shortestGap(ground)).toBeGreaterThan(200);
  const cards = slack.channel(story.stage.incident).posts.filter((post) => post.text.startsWith(`${id} `));
  expect(cards).toHaveLength(1);
  bot.signal('SIGTERM');
  expect(await bot.ended()).toBe(0);
  expect(await verifyLedger(config)).toBeGreaterThan(8);
  return told;
};

it.concurrent(
  'finishes exactly once when killed after the cloud has acted and before its answer came',
  () =>
    onGround(async (ground) => {
      const { story, cloud } = ground;
      const bot = await ground.run();
      await ground.slack.whenConnected(30_000);
      const id = await askProfile(story);
      const arrived = hanging(story, 'DisassociateProfile', true);
      await approves(story, story.bob, id);
      await arrived;
      await story.stage.thread(id, 'Calling the cloud');
      await kill(ground, bot);
      const told = await finishAfterRestart(ground, id);
      expect(cloud.calls.changes()).toHaveLength(1);
      expect(grantsOf(cloud, 'mallory.finch')).toEqual([]);
      for (const place of [told.thread, told.audit]) {
        expect(place).toContain('unknown; reading will tell');
        expect(place).toContain('The bot was stopped before the answer was recorded.');
        expect(place).not.toContain('Calling the cloud again');
      }
    }),
  patience,
);

it.concurrent(
  'calls once more, with effect once, when killed while the cloud had not acted',
  () =>
    onGround(async (ground) => {
      const { story, cloud } = ground;
      const bot = await ground.run();
      await ground.slack.whenConnected(30_000);
      const before = grantsOf(cloud, 'trent.osei').length;
      const arrived = hanging(story, 'DeleteAccountAssignment', false);
      const id = await askAssignment(story);
      await arrived;
      await story.stage.thread(id, 'Calling the cloud');
      await kill(ground, bot);
      const told = await finishAfterRestart(ground, id);
      const calls = changesOf(cloud, 'DeleteAccountAssignment');
      expect(calls.map((call) => call.acted)).toEqual([false, true]);
      expect(cloud.calls.changes()).toHaveLength(2);
      expect(grantsOf(cloud, 'trent.osei')).toHaveLength(before - 1);
      for (const place of [told.thread, told.audit]) {
        expect(place).toContain('The bot was stopped before the answer was recorded.');
        expect(place).toContain('Calling the cloud again (start 2)');
      }
    }),
  patience,
);

it.concurrent(
  'makes its only call after the restart when killed between the approval and the call',
  () =>
    onGround(async (ground) => {
      const { story, cloud } = ground;
      const bot = await ground.run();
      await ground.slack.whenConnected(30_000);
      const id = await askProfile(story);
      const arrived = hanging(story, 'ListAccountAssignmentsForPrincipal', false);
      await approves(story, story.bob, id);
      await arrived;
      await story.stage.thread(id, 'approved.');
      await kill(ground, bot);
      expect(cloud.calls.changes()).toEqual([]);
      const told = await finishAfterRestart(ground, id);
      expect(changesOf(cloud, 'DisassociateProfile')).toHaveLength(1);
      expect(grantsOf(cloud, 'mallory.finch')).toEqual([]);
      for (const place of [told.thread, told.audit]) {
        expect(place).not.toContain('again');
        expect(place).not.toContain('unknown');
      }
    }),
  patience,
);

it.concurrent(
  'ends with 0 within 10 s of SIGTERM, lets no second process in while it runs, and one after it',
  () =>
    onGround(async (ground) => {
      const bot = await ground.run();
      const second = ground.begin();
      expect(await second.ended()).toBe(75);
      expect(second.output()).toContain(ground.directory);
      expect(await statusOf(bot.port, '/healthz', 200)).toContain('ok');
      expect(await statusOf(bot.port, '/readyz', 200)).toContain('ok');
      const asked = performance.now();
      bot.signal('SIGTERM');
      expect(await bot.ended()).toBe(0);
      expect(performance.now() - asked).toBeLessThan(10_000);
      const next = await ground.run();
      next.signal('SIGTERM');
      expect(await next.ended()).toBe(0);
    }),
  patience,
);

it.concurrent(
  'ends with 65 and names line and remedy when a byte of the journal was changed',
  () =>
    onGround(async (ground) => {
      const bot = await ground.run();
      bot.signal('SIGTERM');
      expect(await bot.ended()).toBe(0);
      const path = join(ground.directory, 'journal.jsonl');
      const lines = (await readFile(path, 'utf8')).split('\n');
      lines[1] = (lines[1] ?? '').replace('"fact":"', '"fact":"x');
      await writeFile(path, lines.join('\n'));
      // Without a checkpoint all of it is verified before anything else.
      await rm(join(ground.directory, 'state.json'));
      const next = ground.begin();
      expect(await next.ended()).toBe(65);
      expect(next.output()).toContain('journal.jsonl, line 2:');
      expect(next.output()).toContain('restore journal.jsonl from a backup');
    }),
  patience,
);

it.concurrent(
  'goes on with a refused Slack token, is alive, not ready, and says what to do',
  () =>
    onGround(async (ground) => {
      ground.slack.switches.revokedToken = true;
      const bot = await ground.run();
      expect(await statusOf(bot.port, '/healthz', 200)).toContain('ok');
      expect(await statusOf(bot.port, '/readyz', 503)).not.toContain(ground.slack.botToken);
      expect(await bot.line('SLACK_BOT_TOKEN')).not.toContain(ground.slack.botToken);
      bot.signal('SIGTERM');
      expect(await bot.ended()).toBe(0);
    }),
  patience,
);

it.concurrent(
  'ends with 78 and names every problem of its configuration at once, and no value of a secret',
  () =>
    onGround(async (ground) => {
      const secrets: Env = {
        SLACK_BOT_TOKEN: 'not-a-bot-token-0001',
        SLACK_APP_TOKEN: 'not-an-app-token-0001',
        AUDIT_KEY: 'too-short-a-key',
        HUAWEICLOUD_SDK_SK: 'secret key with blanks',
        HUAWEICLOUD_SDK_SECURITY_TOKEN: 'security token with blanks',
        AUDIT_KEYS_OLD: 'an-old-key-too-short',
      };
      const wrong: Env = {
        REQUESTERS: '',
        APPROVERS: 'everybody',
        AUDIT_CHANNEL: '#security-audit',
        PORT: 'http',
        APPROVALS_NEEDED: '0',
        POLL_INTERVAL: '5',
        MODELARTS_PROJECTS: 'cn-north-4',
        HUAWEICLOUD_ENDPOINT_IAM: 'http://iam.example.com',
        LOG_LEVEL: 'loud',
      };
      const bot = ground.begin({ ...ground.env, ...secrets, ...wrong });
      expect(await bot.ended()).toBe(78);
      for (const name of [...Object.keys(secrets), ...Object.keys(wrong)])
        expect(bot.output()).toContain(name);
      for (const value of [...Object.values(secrets), ground.env.HUAWEICLOUD_SDK_SK])
        expect(bot.output()).not.toContain(value);
    }),
  patience,
);

it.concurrent(
  'ends with 78 when .env cannot be read, instead of going on without the rules in it',
  () =>
    onGround(async (ground) => {
      await mkdir(join(dirname(ground.directory), '.env'));
      const bot = ground.begin();
      expect(await bot.ended()).toBe(78);
      expect(bot.output()).toContain('.env cannot be read (EISDIR)');
    }),
  patience,
);

it.concurrent(
  'finishes what was asked for, and stops in an orderly way, though nobody takes its log any more',
  () =>
    onGround(async (ground) => {
      const { slack, story, cloud } = ground;
      // Each call to the cloud is a line then.
      const bot = await ground.run({ ...ground.env, LOG_LEVEL: 'debug' });
      await slack.whenConnected(30_000);
      bot.deafen();
      const id = await askProfile(story);
      await approves(story, story.bob, id);
      await toldEnd(story, id, 'succeeded');
      expect(cloud.calls.changes()).toHaveLength(1);
      bot.signal('SIGTERM');
      expect(await bot.ended()).toBe(0);
    }),
  patience,
);

it.concurrent(
  'leaves nothing locked where its port is taken',
  () =>
    onGround(async (ground) => {
      const bot = await ground.run();
      bot.signal('SIGTERM');
      expect(await bot.ended()).toBe(0);
      const { port } = new URL(ground.cloud.url);
      const next = ground.begin({ ...ground.env, PORT: port });
      expect(await next.ended()).toBe(1);
      expect(next.output()).toContain('EADDRINUSE');
      expect(await readdir(ground.directory)).not.toContain('lock.json');
    }),
  patience,
);
