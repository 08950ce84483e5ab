import { expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import type { Ledger, LogFields } from '../../src/domain/ports.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { createAuditChannel } from '../../src/slack/audit-channel.ts';
import { recordingLog } from '../huaweicloud/fake-parts.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { person, requested } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakePoster, refusedBy } from './fake-slack.ts';

const bench = () => {
  const clock = createVirtualClock();
  const ledger = createMemoryLedger({ clock });
  const fake = createFakePoster();
  const open = (uncleanStop: boolean) =>
    createAuditChannel({ ledger, poster: fake.poster, clock, log: silent, channel: 'CAUDIT', uncleanStop });
  const audit = open(false);
  const add = async (...facts: readonly Fact[]) => {
    for (const fact of facts) await ledger.append('bot', null, [fact]);
  };
  /** Every one of them goes by the same position. */
  const level = () => clock.runUntil(() => audit.isLevel(), 600_000);
  const payloads = () => fake.posts().map(({ post }) => post.metadata?.event_payload);
  /** Of each post, whether people are told that it may be a repeat. */
  const marks = () =>
    fake.posts().map(({ post }) => visibleText({ blocks: [], ...post }).includes('May be a repeat'));
  const anchors = (count: number, words = 'at') =>
    Array.from({ length: count }, (): Fact => ({ fact: 'anchor', words }));
  return { clock, ledger, fake, audit, open, add, level, payloads, marks, anchors };
};

it('posts one fact with its request, its actor, the previous number and the head, for people and machines', async () => {
  const { ledger, fake, audit, level } = bench();
  await ledger.append('new', 0, [requested()]);
  audit.start();
  await level();
  const [only] = fake.posts();
  expect(only?.channel).toBe('CAUDIT');
  expect(only?.post.text).toContain('#1 R-000001 requested: unora (UNORA) asked');
  expect(JSON.stringify(only?.post.blocks)).toContain('after #0 · 1:memory-1');
  expect(only?.post.metadata).toEqual({
    event_type: 'portcullis_fact',
    event_payload: { id: 'R-000001', seq: 1, fact: 'requested', head: 'memory-1' },
  });
  await audit.stop();
});

it('merges a backlog to at most twenty facts a post, in order, each naming the one before', async () => {
  const { fake, audit, add, level, payloads, anchors } = bench();
  await add(...anchors(45));
  audit.start();
  await level();
  expect(payloads().map((payload) => payload?.seq)).toEqual([20, 40, 45]);
  const trails = fake.posts().map(({ post }) => /after #(\d+)/.exec(JSON.stringify(post.blocks))?.[1]);
  expect(trails).toEqual(['0', '20', '40']);
  expect(
    [...(fake.posts()[1]?.post.text ?? '').matchAll(/UTC #(\d+)/g)].map(([, seq]) => Number(seq)),
  ).toEqual(Array.from({ length: 20 }, (_, n) => 21 + n));
  await audit.stop();
});

it('names the last fact that an earlier run posted, not what was never posted after it', async () => {
  const { ledger, fake, audit, add, level, anchors } = bench();
  await add(
    ...anchors(3),
    { fact: 'cursor', name: 'audit', at: 3 },
    { fact: 'cursor', name: 'cards', at: 3 },
  );
  await ledger.moveCursor('audit', 5);
  await add(...anchors(1));
  audit.start();
  await level();
  expect(JSON.stringify(fake.posts()[0]?.post.blocks)).toContain('after #3 · 6:memory-6');
  await audit.stop();
});

it('goes on from its position when what stands before it is damaged, and says so in the log', async () => {
  const { clock, ledger, fake, level, add, anchors } = bench();
  await add(...anchors(3));
  await ledger.moveCursor('audit', 3);
  await add(...anchors(1));
  const read: Ledger['read'] = async (after, limit) => {
    if (after < 3) throw new Error('line 2 is damaged');
    return ledger.read(after, limit);
  };
  const lines: LogFields[] = [];
  const log = { ...silent, error: (_: string, fields: LogFields = {}) => lines.push(fields) };
  const parts = { poster: fake.poster, clock, log, channel: 'CAUDIT', uncleanStop: false };
  const audit = createAuditChannel({ ...parts, ledger: { ...ledger, read } });
  audit.start();
  await level();
  expect(JSON.stringify(fake.posts()[0]?.post.blocks)).toContain('after #3 · 4:memory-4');
  expect(lines).toEqual([{ seq: 3, reason: 'line 2 is damaged' }]);
  await audit.stop();
});

it('still says who is needed and why somebody asked where names in the cloud are long or full of what cannot be seen', async () => {
  const { ledger, fake, audit, level } = bench();
  const { impact } = requested();
  const name = `${'\u200b'.repeat(64)} (a-1)`;
  const grants = Array.from({ length: 12 }, (_, n) => ({ key: `k${n}`, words: `admin on ${name}` }));
  const title = `Revoke all of user ${'x'.repeat(3_000)} (mallory.finch, u-1)`;
  await ledger.append('new', 0, [requested({ impact: { ...impact, title, grants } })]);
  audit.start();
  await level();
  const said = visibleText({ blocks: [], ...fake.posts()[0]?.post });
  expect(said).toContain('(mallory.finch, u-1)');
  expect(said).toContain('12 grants: admin on ');
  expect(said).toContain('and 2 more');
  expect(said).toContain('Needs 1 approval by ');
  expect(said).toContain('Reason: incident');
  await audit.stop();
});

it('tells everybody who came into a group and went out, whatever they call themselves', async () => {
  const { fake, audit, add, level } = bench();
  const members = (which: string) =>
    Array.from({ length: 20 }, (_, n) => ({ user: `U0${which}0000${n}`, name: '\u200b'.repeat(80) }));
  const [added, removed] = [members('CAME'), members('WENT')];
  await add({ fact: 'group_changed', group: 'S1', first: false, added, removed });
  audit.start();
  await level();
  const said = visibleText({ blocks: [], ...fake.posts()[0]?.post });
  for (const { user } of [...added, ...removed]) expect(said).toContain(`(${user})`);
  await audit.stop();
});

it('merges no more than 3,000 characters, and cuts a longer fact', async () => {
  const { fake, audit, add, level, payloads, anchors } = bench();
  await add(...anchors(3, 'x'.repeat(1_400)), ...anchors(1, 'y'.repeat(9_000)), ...anchors(1));
  audit.start();
  await level();
  expect(payloads().map((payload) => payload?.seq)).toEqual([2, 3, 5]);
  for (const { post } of fake.posts()) {
    expect(post.text.length).toBeLessThanOrEqual(3_500);
    expect(JSON.stringify(post.blocks).length).toBeLessThan(4_500);
  }
  await audit.stop();
});

it('measures a fact as it is shown, so that none is cut off behind one that gets longer', async () => {
  const { fake, audit, add, level, anchors } = bench();
  await add(...anchors(5, '\u200b'.repeat(1_000)));
  audit.start();
  await level();
  const seqs = fake
    .posts()
    .flatMap(({ post }) => [...post.text.matchAll(/UTC #(\d+)/g)].map(([, seq]) => seq));
  expect(seqs).toEqual(['1', '2', '3', '4', '5']);
  for (const { post } of fake.posts()) expect(JSON.stringify(post.blocks).length).toBeLessThan(4_500);
  await audit.stop();
});

it('tells what goes and who is needed, whatever somebody gave as the reason', async () => {
  const { ledger, fake, audit, level } = bench();
  await ledger.append('new', 0, [requested({ reason: '\u200b'.repeat(1_000), incident: 'INC-1' })]);
  audit.start();
  await level();
  const [only] = fake.posts();
  for (const said of [only?.post.text, JSON.stringify(only?.post.blocks)]) {
    for (const words of ['Incident: INC-1', '1 grant: one.', 'Needs 1 approval'])
      expect(said).toContain(words);
  }
  await audit.stop();
});

it('leaves out what is only about Slack itself', async () => {
  const { ledger, fake, audit, add, level } = bench();
  await ledger.append('new', 0, [requested()]);
  await ledger.append('R-000001', null, [{ fact: 'card_posted', channel: 'C1', ts: '1.2' }]);
  await add({ fact: 'cursor', name: 'audit', at: 1 });
  audit.start();
  await level();
  expect(fake.posts()).toHaveLength(1);
  await audit.stop();
});

it('marks every post of what was there before an unclean stop as a possible repeat, and none after', async () => {
  const { open, add, level, marks, anchors } = bench();
  await add(...anchors(45));
  const audit = open(true);
  await add(...anchors(20));
  audit.start();
  await level();
  expect(marks()).toEqual([true, true, true, false]);
  await audit.stop();
});

it('still marks what an unclean stop left unknown when the next run was over before it came to it', async () => {
  const { open, add, level, marks, anchors } = bench();
  await add(...anchors(25));
  open(true);
  const next = open(false);
  next.start();
  await level();
  expect(marks()).toEqual([true, true]);
  await next.stop();
});

/** A poster whose first post stands, but the answer gets lost after five seconds. */
const losingOneAnswer = ({ clock, fake }: Pick<ReturnType<typeof bench>, 'clock' | 'fake'>): void => {
  const answering = { ...fake.poster };
  fake.poster.post = async (...args) => {
    await answering.post(...args);
    Object.assign(fake.poster, answering);
    await clock.sleep(5_000);
    throw new Error('ETIMEDOUT');
  };
};

it('marks what it posts again after a lost answer as a possible repeat, and nothing after', async () => {
  const { clock, fake, audit, add, level, payloads, marks, anchors } = bench();
  losingOneAnswer({ clock, fake });
  await add(...anchors(1));
  audit.start();
  await level();
  await add(...anchors(1));
  await level();
  expect(payloads().map((payload) => payload?.seq)).toEqual([1, 1, 2]);
  expect(marks()).toEqual([false, true, false]);
  await audit.stop();
});

it('marks it also when the answer gets lost during an orderly stop', async () => {
  const { clock, fake, audit, open, add, level, payloads, marks, anchors } = bench();
  losingOneAnswer({ clock, fake });
  await add(...anchors(1));
  audit.start();
  await clock.advance(1_000);
  const stopped = audit.stop();
  await clock.advance(5_000);
  await stopped;
  const next = open(false);
  next.start();
  await level();
  expect(payloads().map((payload) => payload?.seq)).toEqual([1, 1]);
  expect(marks()).toEqual([false, true]);
  await next.stop();
});

it('marks nothing that Slack has refused', async () => {
  const { clock, fake, audit, add, level, marks, anchors } = bench();
  fake.trouble = () => refusedBy('is_archived');
  await add(...anchors(1));
  audit.start();
  await clock.advance(1_000);
  fake.trouble = () => undefined;
  await level();
  expect(marks()).toEqual([false]);
  await audit.stop();
});

it('still marks what an unclean stop left unknown after an answer was lost', async () => {
  const { clock, fake, open, add, level, marks, anchors } = bench();
  losingOneAnswer({ clock, fake });
  await add(...anchors(45));
  const audit = open(true);
  audit.start();
  await level();
  expect(marks()).toEqual([true, true, true, true]);
  await audit.stop();
});

/** Slack refuses what says this, but not the plain line in its place. */
const refusing = (words: string, { fake }: Pick<ReturnType<typeof bench>, 'fake'>): void => {
  fake.trouble = (one) =>
    one.did === 'post' && JSON.stringify(one.post.blocks ?? '').includes(words)
      ? refusedBy('invalid_blocks')
      : undefined;
};

it('marks the plain line in place of what Slack refuses, too', async () => {
  const { fake, open, add, level, marks } = bench();
  refusing('poison', { fake });
  await add({ fact: 'anchor', words: 'poison' });
  const audit = open(true);
  audit.start();
  await level();
  expect(marks()).toEqual([true]);
  await audit.stop();
});

it('marks the plain line that it posts again after a lost answer', async () => {
  const { clock, fake, audit, add, level, marks } = bench();
  refusing('poison', { fake });
  losingOneAnswer({ clock, fake });
  await add({ fact: 'anchor', words: 'poison' });
  audit.start();
  await level();
  expect(marks()).toEqual([false, true]);
  await audit.stop();
});

it('puts a plain line in place of content that Slack refuses, and goes on', async () => {
  const { fake, audit, add, level, payloads } = bench();
  refusing('poison', { fake });
  await add({ fact: 'anchor', words: 'poison' }, { fact: 'stopped', words: 'bye' });
  audit.start();
  await level();
  await add({ fact: 'anchor', words: 'fine' });
  await level();
  const [plain] = fake.posts();
  expect(plain?.post.text).toMatch(/^#1 bot anchor, #2 bot stopped: Slack refused the full entry/);
  expect(plain?.post.text).toContain('after #0 · 2:memory-2');
  expect(payloads().map((payload) => payload?.seq)).toEqual([2, 3]);
  expect(audit.isUsable()).toBe(true);
  await audit.stop();
});

it.each(['internal_error', 'fatal_error'])(
  'puts a marked plain line in place of an entry over which Slack fails again and again (%s), and goes on in order',
  async (code) => {
    const { fake, audit, add, level, payloads, marks, anchors } = bench();
    fake.trouble = (one) =>
      JSON.stringify(one.post.blocks ?? '').includes('poison') ? refusedBy(code) : undefined;
    await add({ fact: 'anchor', words: 'poison' });
    audit.start();
    await level();
    await add(...anchors(1));
    await level();
    expect(fake.posts()[0]?.post.text).toMatch(
      /^May be a repeat.*#1 bot anchor: Slack refused the full entry/,
    );
    expect(payloads().map((payload) => payload?.seq)).toEqual([1, 2]);
    expect(marks()).toEqual([true, false]);
    expect(audit.isUsable()).toBe(true);
    await audit.stop();
  },
);

it('posts everything in full and in order after an hour in which Slack failed over everything, and did not ask often', async () => {
  const { clock, fake, audit, add, level, payloads, anchors } = bench();
  let tries = 0;
  fake.trouble = () => {
    tries += 1;
    return refusedBy('internal_error');
  };
  await add(...anchors(30));
  audit.start();
  await clock.advance(60 * 60_000);
  expect(tries).toBeLessThan(150);
  fake.trouble = () => undefined;
  await level();
  expect(payloads().map((payload) => payload?.seq)).toEqual([20, 30]);
  for (const { post } of fake.posts()) expect(post.text).not.toContain('Slack refused');
  await audit.stop();
});

it('holds the cursor when the channel is refused, says so, and then posts everything once', async () => {
  const { clock, ledger, fake, audit, add, level, payloads, anchors } = bench();
  fake.trouble = () => refusedBy('is_archived');
  await add(...anchors(3));
  audit.start();
  await clock.advance(5_000);
  expect(audit.isUsable()).toBe(false);
  expect(ledger.cursor('audit')).toBe(0);
  await add(...anchors(2));
  fake.trouble = () => undefined;
  await level();
  expect(payloads().map((payload) => payload?.seq)).toEqual([5]);
  expect(audit.isUsable()).toBe(true);
  await audit.stop();
});

it.each([
  ['is_archived', ['invite the bot, or correct AUDIT_CHANNEL']],
  ['missing_scope', ['reinstall the app with the scopes of manifest.yml']],
  ['not_allowed_token_type', ['reinstall the app with the scopes of manifest.yml']],
  ['token_revoked', []],
])('asks only for what helps (%s)', async (code, remedies) => {
  const { clock, fake, ledger, add, anchors } = bench();
  const log = recordingLog();
  fake.trouble = () => refusedBy(code);
  await add(...anchors(1));
  const audit = createAuditChannel({
    ledger,
    poster: fake.poster,
    clock,
    log,
    channel: 'CAUDIT',
    uncleanStop: false,
  });
  audit.start();
  await clock.advance(0);
  expect(audit.isUsable()).toBe(false);
  const asked = log.lines
    .map(({ message }) => message)
    .filter((message) => message.includes('audit channel'));
  expect(asked).toEqual(remedies.map((remedy) => `The audit channel cannot be posted to; ${remedy}`));
  await audit.stop();
});

it('counts as unusable when Slack takes nothing for a while, also for a reason that nobody knows', async () => {
  for (const error of [new Error('ECONNREFUSED'), refusedBy('never_heard_of')]) {
    const { clock, fake, audit, add, level, anchors } = bench();
    fake.trouble = () => error;
    await add(...anchors(1));
    audit.start();
    await clock.advance(0);
    expect(audit.isUsable()).toBe(true);
    await clock.advance(30_000);
    expect(audit.isUsable()).toBe(false);
    fake.trouble = () => undefined;
    await level();
    expect(audit.isUsable()).toBe(true);
    await audit.stop();
  }
});

it.each([new Error('ECONNRESET'), refusedBy('message_limit_exceeded')])(
  'posts the full entry, not the plain one, after passing trouble (%s)',
  async (error) => {
    const { fake, audit, add, level, anchors } = bench();
    let failures = 0;
    fake.trouble = () => {
      failures += 1;
      return failures === 1 ? error : undefined;
    };
    await add(...anchors(1));
    audit.start();
    await level();
    expect(fake.posts().map(({ post }) => post.text)).toEqual([
      expect.stringMatching(/UTC #1 bot anchor: Anchor: at$/),
    ]);
    await audit.stop();
  },
);

it('names people by name and id, never by a mention', async () => {
  const { fake, audit, add, level } = bench();
  const by = { ...person('UBOB'), name: 'Bob <@UBOB>' };
  await add({ fact: 'refused', by, via: {}, tried: 'approve', code: 'c', words: 'No <!channel>.' });
  audit.start();
  await level();
  const [only] = fake.posts();
  expect(only?.post.text).toContain('Bob &lt;@UBOB&gt; (UBOB)');
  expect(only?.post.text).not.toMatch(/<[@!]/);
  expect(JSON.stringify(only?.post.blocks)).not.toContain('"mrkdwn"');
  await audit.stop();
});
