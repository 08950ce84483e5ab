import { describe, expect, it, vi } from 'vitest';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { auditable, audited, factsIn, lifeOf } from '../slack/evidence.ts';
import { approves, askAssignment, askProfile, storyIn, textOf, toldEnd } from '../support/e2e.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { openSandbox } from '../support/sandbox.ts';

const { incident, audit } = SEED.channels;
const hour = 3_600_000;

const inFastStory = async (
  transport: 'socket' | 'http',
  play: (story: ReturnType<typeof storyIn>, clock: ReturnType<typeof createFastClock>) => Promise<void>,
): Promise<void> => {
  const clock = createFastClock();
  const sandbox = await openSandbox(transport, undefined, undefined, clock);
  try {
    await play(storyIn(sandbox), clock);
  } finally {
    await sandbox.close();
  }
};

const allPosted = async ({ sandbox }: ReturnType<typeof storyIn>): Promise<void> => {
  await vi.waitFor(() => expect(new Set(audited(sandbox))).toEqual(new Set(auditable(sandbox))), {
    timeout: 30_000,
  });
};

describe('Slack is away for an hour', () => {
  it('while a revocation runs: it goes on, and everything is told afterwards, in order and merged', () =>
    inFastStory('http', async (story, clock) => {
      const { slack, stage, sandbox, cloud } = story;
      cloud.switches.disassociateDelayMs = 60_000;
      const id = await askProfile(story);
      await approves(story, story.bob, id);
      await expect.poll(() => lifeOf(sandbox, id)).toContain('step_started');
      slack.switches.outage = true;
      clock.run(240);
      await vi.waitFor(() => expect(lifeOf(sandbox, id)).toContain('succeeded'), { timeout: 30_000 });
      const away = clock.now() + hour;
      await vi.waitFor(() => expect(clock.now()).toBeGreaterThan(away), { timeout: 40_000 });
      const health = await fetch(`http://127.0.0.1:${sandbox.botPort()}/healthz`);
      expect(health.status).toBe(200);
      expect(slack.channel(incident).posts.some((post) => post.text.includes('succeeded'))).toBe(false);
      const told = { facts: audited(sandbox).length, posts: slack.channel(audit).posts.length };
      slack.switches.outage = false;
      // Followers wait up to a minute for their next try; it need not take a real one.
      const { thread } = await toldEnd(story, id, 'succeeded');
      clock.run(1);
      expect(thread.match(/Calling the cloud/g)).toHaveLength(1);
      await allPosted(story);
      const order = audited(sandbox);
      expect(order).toEqual(order.toSorted((one, other) => one - other));
      expect(new Set(order).size).toBe(order.length);
      const posts = slack.channel(audit).posts.length - told.posts;
      expect(posts, 'posts for what came meanwhile').toBeLessThan(order.length - told.facts);
      expect(cloud.calls.changes()).toHaveLength(1);
      await stage.audit(`${id} succeeded`);
    }));

  it('while a request waits: it expires in its time, and its buttons are gone once Slack is back', () =>
    inFastStory('http', async (story, clock) => {
      const { slack, sandbox, stage, bob, cloud } = story;
      const id = await askProfile(story);
      await stage.card(id, 'requested');
      await slack.until('the notice', () => bob.dms().length > 0);
      slack.switches.outage = true;
      clock.run(240);
      await vi.waitFor(() => expect(lifeOf(sandbox, id)).toContain('expired'), { timeout: 30_000 });
      slack.switches.outage = false;
      const card = await stage.card(id, 'expired');
      await slack.until(
        'the notice to be closed',
        () => {
          const texts = bob.dms().map((message) => JSON.stringify(message.blocks));
          return texts.length > 0 && texts.every((text) => !text.includes('action_id'));
        },
        30_000,
      );
      clock.run(1);
      expect(JSON.stringify(card.blocks)).not.toContain('action_id');
      expect(cloud.calls.changes()).toEqual([]);
    }));
});

it('starts during an outage: what had begun goes on, and is told once Slack is back', () =>
  inFastStory('http', async (story, clock) => {
    const { slack, sandbox, cloud, stage } = story;
    cloud.switches.deletionDelayMs = 60_000;
    const id = await askAssignment(story);
    await vi.waitFor(() => expect(lifeOf(sandbox, id)).toContain('step_started'), { timeout: 10_000 });
    await sandbox.stopBot();
    slack.switches.outage = true;
    await sandbox.startBot();
    clock.run(60);
    await vi.waitFor(() => expect(lifeOf(sandbox, id)).toContain('succeeded'), { timeout: 30_000 });
    expect((await fetch(`http://127.0.0.1:${sandbox.botPort()}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`)).status).toBe(503);
    slack.switches.outage = false;
    await stage.card(id, 'succeeded');
    await allPosted(story);
    expect(cloud.calls.changes()).toHaveLength(1);
  }));

it('works through refusals, errors and silence of Slack while it tells, and tells each thing once', () =>
  inFastStory('socket', async (story, clock) => {
    const { slack, sandbox, stage, bob } = story;
    const id = await askProfile(story);
    await approves(story, bob, id);
    slack.switches.rateLimited['chat.postMessage'] = { times: 3, retryAfter: 20 };
    slack.switches.failWith['chat.update'] = { times: 4, status: 503 };
    slack.switches.failWith['chat.postMessage'] = { times: 3, error: 'internal_error' };
    const unanswered: string[] = [];
    slack.switches.hang = ({ method }) => {
      if (unanswered.includes(method) || !method.startsWith('chat.')) return undefined;
      unanswered.push(method);
      return { acts: false };
    };
    clock.run(30);
    const { thread } = await toldEnd(story, id, 'succeeded');
    expect(unanswered.toSorted()).toEqual(['chat.postMessage', 'chat.update']);
    expect(slack.switches.rateLimited['chat.postMessage']?.times).toBe(0);
    for (const { times } of Object.values(slack.switches.failWith)) expect(times).toBe(0);
    clock.run(1);
    expect(thread.match(/Calling the cloud/g)).toHaveLength(1);
    await allPosted(story);
    expect(new Set(audited(sandbox)).size).toBe(audited(sandbox).length);
    await stage.audit(`${id} succeeded`);
  }));

it('finishes what has begun while its token is revoked, is not ready meanwhile, and tells it afterwards', () =>
  inFastStory('http', async (story, clock) => {
    const { slack, sandbox, bob, stage, cloud } = story;
    const id = await askProfile(story);
    cloud.switches.disassociateDelayMs = 60_000;
    await approves(story, bob, id);
    await expect.poll(() => lifeOf(sandbox, id)).toContain('step_started');
    clock.run(30);
    slack.switches.revokedToken = true;
    await vi.waitFor(() => expect(lifeOf(sandbox, id)).toContain('succeeded'), { timeout: 20_000 });
    const ready = async () => (await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`)).status;
    await expect.poll(ready).toBe(503);
    slack.switches.revokedToken = false;
    await stage.card(id, 'succeeded');
    await allPosted(story);
    await expect.poll(ready).toBe(200);
    clock.run(1);
  }));

it('tells the requester and the audit channel what came of it when the bot was removed from the channel', () =>
  inFastStory('socket', async (story, clock) => {
    const { slack, sandbox, stage, alice, bob } = story;
    const id = await askProfile(story);
    await approves(story, bob, id);
    const { members } = slack.channel(incident).channel;
    members.splice(members.indexOf(SEED.users.bot), 1);
    clock.run(20);
    await slack.until(
      'the result',
      () => alice.dms().some((message) => textOf(message).includes('Succeeded')),
      30_000,
    );
    await stage.audit(`${id} succeeded`);
    clock.run(1);
    const record = factsIn(sandbox).findLast((one) => one.id === id && one.fact.fact === 'succeeded');
    expect(record).toBeDefined();
    expect(slack.channel(audit).posts.length).toBeGreaterThan(0);
  }));
