import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Ledger, LedgerFault } from '../../src/domain/ports.ts';
import { createNotices } from '../../src/slack/notices.ts';
import { createFakePeople } from '../support/fake-people.ts';
import { createMemoryStore, openMemoryLedger } from '../support/memory-ledger.ts';
import { approved, ends, person, requested, stepOutcome, stepStarted } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { policy, silent } from '../support/world.ts';
import { createFakePoster, refusedBy } from './fake-slack.ts';
import { takesNoticesLate } from './late-ledger.ts';

const minute = 60_000;
const everybody = ['NORA', 'BOB', 'CAROL', 'DAN', 'EVE', 'MALLORY'];
const bob = person('UBOB');

/** Bob and Carol approve, Dan only looks when it has waited for ten minutes, and Mallory is the affected person. */
const bench = (changes: Partial<Policy> = {}) => {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const ledger = openMemoryLedger(store, { clock });
  const fake = createFakePoster();
  const people = createFakePeople(
    everybody.map((name) => ({ user: `U${name}`, name, email: `${name.toLowerCase()}@example.com` })),
  );
  for (const user of ['UBOB', 'UCAROL', 'UNORA', 'UMALLORY']) people.roles.approver.add(user);
  people.roles.requester.add('UNORA');
  people.roles.requester.add('UCAROL');
  const inForce = { ...policy, escalateTo: ['UDAN'], escalateAfter: 10 * minute, ...changes };
  const create = (own: Ledger = ledger) =>
    createNotices({ ledger: own, people, policy: inForce, clock, log: silent, poster: fake.poster });
  const notices = create();
  const add = async (id: string, ...facts: readonly Fact[]): Promise<void> => {
    await ledger.append(id, null, facts);
  };
  const ask = async (more: Parameters<typeof requested>[0] = {}): Promise<string> => {
    const approveBefore = clock.now() + 30 * minute;
    return (await ledger.append('new', 0, [requested({ approveBefore, ...more })])).id;
  };
  /** The thread of the card has told everything. */
  const cardsAreLevel = () => ledger.moveCursor('cards', ledger.head().seq);
  const level = () => clock.advance(0);
  const texts = (user?: string): readonly string[] =>
    fake
      .posts()
      .filter(({ channel }) => user === undefined || channel === user)
      .map(({ channel, post }) => `${channel}: ${post.text}`);
  const told = () =>
    store.records.flatMap(({ fact }) => (fact.fact === 'notified' ? [`${fact.user} ${fact.why}`] : []));
  return { clock, store, ledger, fake, people, notices, create, add, ask, cardsAreLevel, level, texts, told };
};

const buttonsIn = (blocks: unknown): readonly string[] =>
  [...JSON.stringify(blocks ?? []).matchAll(/"action_id":"(\w+)"/g)].map(([, id]) => id ?? '');

describe('of a request that waits', () => {
  it('tells each of the approvers once, except the requester and the affected person', async () => {
    const { fake, notices, ask, level, texts, told, people } = bench();
    people.roles.approver.add('UGONE');
    notices.start();
    await ask();
    await level();
    expect(texts()).toEqual([
      expect.stringMatching(/^UBOB: R-000001 needs your decision: Revoke all/),
      expect.stringMatching(/^UCAROL: R-000001 needs your decision/),
    ]);
    expect(told()).toEqual(['UBOB asked', 'UCAROL asked']);
    const [{ post }] = fake.posts() as [ReturnType<typeof fake.posts>[number]];
    expect(buttonsIn(post.blocks)).toEqual(['open']);
    const shown = JSON.stringify(post.blocks);
    for (const words of ['unora (UNORA)', 'incident', '1 more approval needed', '"type":"date"']) {
      expect(shown).toContain(words);
    }
    await notices.stop();
  });

  it('reminds those who have not decided, later each time, in place of the message before', async () => {
    const { clock, fake, notices, ask, add, level, told } = bench();
    notices.start();
    const id = await ask({ approvals: 2 });
    await level();
    await add(id, approved(bob));
    await clock.advance(5 * minute - 1);
    expect(told()).toHaveLength(2);
    await clock.advance(1);
    expect(told().slice(2)).toEqual(['UCAROL reminded']);
    expect(fake.removals()).toEqual([expect.objectContaining({ channel: 'UCAROL', ts: '2.000' })]);
    await clock.advance(24 * minute);
    expect(told().filter((one) => one.startsWith('UCAROL'))).toEqual([
      'UCAROL asked',
      'UCAROL reminded',
      'UCAROL reminded',
    ]);
    expect(fake.removals()).toHaveLength(2);
    await clock.advance(24 * 60 * minute);
    expect(told().filter((one) => one.startsWith('UCAROL'))).toHaveLength(3);
    await notices.stop();
  });

  it('reminds only those whose approval would still count, where one from each group is needed', async () => {
    const from = { anyone: [], together: [['SAPP', 'STWO']] };
    const { clock, people, notices, ask, add, level, told } = bench({ approvers: from });
    people.groups.set('STWO', new Set(['UEVE']));
    notices.start();
    const id = await ask({ approvals: 2, from });
    await level();
    expect(told()).toEqual(['UBOB asked', 'UCAROL asked', 'UEVE asked']);
    await add(id, approved(bob, { seats: ['SAPP'] }));
    await clock.advance(5 * minute);
    expect(told().slice(3)).toEqual(['UEVE reminded']);
    await add(id, ends.denied);
    await clock.advance(0);
    expect(told()).toContain('UCAROL denied');
    await notices.stop();
  });

  it('reminds also when the message before cannot be deleted', async () => {
    const { clock, fake, notices, ask, told } = bench();
    fake.trouble = (one) => (one.did === 'remove' ? refusedBy('message_not_found') : undefined);
    notices.start();
    await ask();
    await clock.advance(5 * minute);
    expect(told().slice(2)).toEqual(['UBOB reminded', 'UCAROL reminded']);
    await notices.stop();
  });

  it('leaves the message before where it is for as long as Slack takes no other', async () => {
    const { clock, fake, notices, ask, told } = bench();
    notices.start();
    await ask();
    await clock.advance(0);
    fake.trouble = (one) => (one.did === 'post' ? refusedBy('internal_error') : undefined);
    await clock.advance(10 * minute);
    expect(fake.removals()).toEqual([]);
    fake.trouble = () => undefined;
    await clock.advance(2 * minute);
    expect(told().filter((one) => one.endsWith('reminded'))).toEqual(['UBOB reminded', 'UCAROL reminded']);
    expect(fake.removals()).toHaveLength(2);
    await notices.stop();
  });

  it('tells the others while Slack fails over one message again and again, and that one once it is taken', async () => {
    const { clock, fake, notices, ask, told } = bench();
    let tries = 0;
    fake.trouble = ({ channel }) => {
      if (channel !== 'UBOB') return undefined;
      tries += 1;
      return refusedBy('internal_error');
    };
    notices.start();
    await ask();
    await clock.advance(minute);
    expect(told()).toEqual(['UCAROL asked']);
    await clock.advance(3 * minute);
    expect(tries).toBeLessThan(10);
    fake.trouble = () => undefined;
    await clock.advance(minute);
    expect(told()).toEqual(['UCAROL asked', 'UBOB asked']);
    await notices.stop();
  });

  it('takes the buttons off a decided message also after Slack failed over that for ten minutes', async () => {
    const { clock, fake, notices, ask, add } = bench();
    notices.start();
    const id = await ask();
    await clock.advance(0);
    fake.trouble = () => refusedBy('internal_error');
    await add(id, ends.denied);
    await clock.advance(10 * minute);
    fake.trouble = () => undefined;
    await clock.advance(2 * minute);
    expect(
      fake
        .updates()
        .map(({ channel }) => channel)
        .toSorted(),
    ).toEqual(['UBOB', 'UCAROL']);
    await notices.stop();
  });

  it('tells those who are named for it when it has waited too long, and says that they only look', async () => {
    const { clock, fake, notices, ask, told } = bench();
    notices.start();
    await ask();
    await clock.advance(10 * minute - 1);
    expect(told().join()).not.toContain('UDAN');
    await clock.advance(1);
    expect(told()).toContain('UDAN escalated');
    const message = JSON.stringify(fake.posts().find(({ channel }) => channel === 'UDAN')?.post.blocks);
    expect(message).toContain('R-000001 is not decided yet');
    expect(message).toContain('its approvers decide');
    await clock.advance(18 * minute);
    expect(told().filter((one) => one.startsWith('UDAN'))).toHaveLength(1);
    await notices.stop();
  });

  it('does not say that nobody has decided where somebody has approved', async () => {
    const { clock, fake, notices, ask, add } = bench();
    notices.start();
    const id = await ask({ approvals: 2 });
    await add(id, approved(bob));
    await clock.advance(10 * minute);
    const message = JSON.stringify(fake.posts().find(({ channel }) => channel === 'UDAN')?.post.blocks);
    expect(message).toContain('R-000001 is not decided yet');
    expect(message).toContain('Approved by ubob (UBOB). 1 more approval needed.');
    expect(message).not.toContain('Nobody');
    await notices.stop();
  });

  it.each([
    ['leaves those who approve only in need in peace', ['SAPP', 'UDAN'], ['UBOB asked', 'UCAROL asked']],
    ['asks them when nobody else could', ['UNORA', 'UDAN'], ['UDAN asked']],
  ])('%s', async (_name, anyone, expected) => {
    const { notices, ask, level, told } = bench({ approvers: { anyone, together: [] } });
    notices.start();
    await ask();
    await level();
    expect(told()).toEqual(expected);
    await notices.stop();
  });

  it('tells those whom Slack could be asked about, and the others later', async () => {
    const { clock, notices, ask, people, level, told } = bench({
      approvers: { anyone: ['SAPP', 'SLATE'], together: [] },
    });
    const others = { ...people };
    people.who = async (user, maxAge) => (user === 'UCAROL' ? 'could not ask' : others.who(user, maxAge));
    notices.start();
    await ask();
    await level();
    expect(told()).toEqual(['UBOB asked']);
    people.groups.set('SLATE', new Set(['UEVE']));
    await clock.advance(30_000);
    expect(told().slice(1)).toEqual(['UEVE asked']);
    people.who = (user, maxAge) => others.who(user, maxAge);
    await clock.advance(30_000);
    expect(told().slice(2)).toEqual(['UCAROL asked']);
    await notices.stop();
  });

  it('tells everybody who could not be written to, once that is mended', async () => {
    const { clock, fake, notices, ask, told, texts } = bench();
    fake.trouble = () => refusedBy('messages_tab_disabled');
    notices.start();
    await ask();
    await clock.advance(minute);
    fake.trouble = () => undefined;
    await clock.advance(9 * minute - 1);
    expect(texts()).toEqual([]);
    await clock.advance(1);
    expect(told()).toEqual(['UBOB asked', 'UCAROL asked', 'UDAN escalated']);
    await notices.stop();
  });

  it('does not try a message again that Slack refuses, and sends that person the next', async () => {
    const { clock, fake, notices, ask, told } = bench();
    let tries = 0;
    fake.trouble = (one) => {
      if (one.channel !== 'UBOB' || one.post.text.startsWith('R-000002')) return undefined;
      tries += 1;
      return refusedBy('invalid_blocks');
    };
    notices.start();
    await ask();
    await clock.advance(20 * minute);
    await ask();
    await clock.advance(minute);
    expect(tries).toBe(1);
    expect(told()).toContain('UBOB asked');
    await notices.stop();
  });

  it('soon tries nobody again who cannot be written to, and goes on with the others', async () => {
    const { clock, fake, notices, ask, told } = bench();
    let tries = 0;
    fake.trouble = ({ channel }) => {
      if (channel !== 'UBOB') return undefined;
      tries += 1;
      return refusedBy('user_disabled');
    };
    notices.start();
    await ask();
    await ask();
    await clock.advance(6 * minute);
    expect(tries).toBe(1);
    expect(told()).toEqual(['UCAROL asked', 'UCAROL asked', 'UCAROL reminded', 'UCAROL reminded']);
    expect(notices.trouble()).toBeUndefined();
    await notices.stop();
  });

  it('tells at most fifty people, and says once that there are more', async () => {
    const { clock, ledger, fake, told, ask } = bench();
    const many = Array.from({ length: 60 }, (_, n) => `UAPPROVER${n}`);
    const people = createFakePeople(many.map((user) => ({ user, name: user, email: `${user}@example.com` })));
    for (const user of many) people.roles.approver.add(user);
    const lines: string[] = [];
    const log = { ...silent, warn: (message: string) => lines.push(message) };
    const notices = createNotices({ ledger, people, policy, clock, log, poster: fake.poster });
    notices.start();
    await ask();
    await clock.advance(minute);
    expect(told()).toHaveLength(50);
    expect(lines).toEqual([expect.stringContaining('More people may decide')]);
    await notices.stop();
  });
});

describe('of a request that is decided', () => {
  it('takes the button from every message, says who approved, and rings nobody', async () => {
    const { fake, notices, ask, add, level, told, texts } = bench();
    notices.start();
    const id = await ask();
    await level();
    await add(id, approved(person('UCAROL')));
    await level();
    const closed = fake.updates().map(({ channel, ts, post }) => [channel, ts, post.text]);
    const words = 'R-000001 was approved by ucarol (UCAROL). You need not do anything.';
    expect(closed).toEqual([
      ['UBOB', '1.000', words],
      ['UCAROL', '2.000', words],
    ]);
    expect(fake.updates().flatMap(({ post }) => buttonsIn(post.blocks))).toEqual([]);
    expect(texts('UBOB')).toHaveLength(1);
    expect(texts('UNORA')).toEqual([
      expect.stringMatching(/^UNORA: R-000001 was approved by ucarol \(UCAROL\) and is being executed/),
    ]);
    expect(told().slice(2)).toEqual(['UBOB decided', 'UCAROL decided', 'UNORA outcome']);
    await notices.stop();
  });

  it('changes nothing for the others while another approval is missing', async () => {
    const { fake, notices, ask, add, level } = bench();
    notices.start();
    const id = await ask({ approvals: 2 });
    await level();
    const before = fake.done.length;
    await add(id, approved(bob));
    await level();
    expect(fake.done).toHaveLength(before);
    await notices.stop();
  });

  it('tells the other approvers of a denial with its reason, and those who may ask how to ask anew', async () => {
    const { clock, fake, notices, ask, add, cardsAreLevel, level, texts } = bench();
    notices.start();
    const id = await ask();
    await level();
    await add(id, { ...ends.denied, by: bob, reason: 'wrong person' });
    await cardsAreLevel();
    await clock.advance(minute);
    const denied = fake.posts().slice(2);
    expect(denied.map(({ channel, post }) => [channel, buttonsIn(post.blocks)])).toEqual([
      ['UNORA', ['open']],
      ['UCAROL', ['open', 'retry']],
    ]);
    for (const { post } of denied) {
      expect(post.text).toContain('R-000001 was denied by ubob (UBOB)');
      expect(JSON.stringify(post.blocks)).toContain('wrong person');
    }
    expect(texts('UBOB')).toHaveLength(1);
    expect(fake.updates()).toHaveLength(2);
    await notices.stop();
  });

  it.each<[string, Fact, RegExp]>([
    ['cancelled', ends.cancelled, /^R-000001 was cancelled by unora/],
    ['expired', ends.expired, /^R-000001 has expired\. You need/],
    ['halted', ends.halted, /^R-000001 is halted/],
  ])('that was %s has no live button', async (_name, fact, words) => {
    const { fake, notices, ask, add, level } = bench();
    notices.start();
    const id = await ask();
    await level();
    await add(id, fact);
    await level();
    expect(fake.updates().map(({ post }) => post.text)).toEqual([
      expect.stringMatching(words),
      expect.stringMatching(words),
    ]);
    await notices.stop();
  });

  it('tells the requester once that it is being executed, however far it is by then', async () => {
    const { clock, notices, ask, add, texts, told } = bench();
    const id = await ask();
    await add(id, approved(bob), stepStarted());
    notices.start();
    await clock.advance(minute);
    await add(id, stepOutcome('accepted'));
    await clock.advance(minute);
    expect(texts('UNORA')).toEqual([expect.stringContaining('is being executed')]);
    expect(told()).toEqual(['UNORA outcome']);
    await notices.stop();
  });

  it('asks again, in one message, when the approval does not count any more', async () => {
    const { fake, notices, ask, add, level, told } = bench();
    notices.start();
    const id = await ask();
    await level();
    await add(id, approved(bob));
    await level();
    await add(id, { fact: 'approval_void', user: 'UBOB', words: 'left' });
    await level();
    expect(told().slice(5).toSorted()).toEqual(['UBOB asked', 'UCAROL asked', 'UNORA outcome']);
    expect(fake.removals().map(({ channel, ts }) => `${channel} ${ts}`)).toEqual([
      'UBOB 1.000',
      'UCAROL 2.000',
    ]);
    expect(fake.posts().find(({ post }) => post.text.includes('does not count'))?.channel).toBe('UNORA');
    await notices.stop();
  });

  it('tells the requester the end after the thread of the card, and not when that has told them', async () => {
    const { clock, notices, ask, add, cardsAreLevel, texts, told } = bench();
    notices.start();
    const [first, second] = [await ask(), await ask()];
    for (const id of [first, second]) await add(id, approved(bob), ends.succeeded);
    await clock.advance(minute);
    expect(texts('UNORA')).toEqual([]);
    await add(second, {
      fact: 'notified',
      user: 'UNORA',
      why: 'outcome',
      state: 'succeeded',
      channel: 'D1',
      ts: '1.0',
    });
    await cardsAreLevel();
    await clock.advance(1_000);
    expect(texts('UNORA')).toEqual([expect.stringMatching(/R-000001 · succeeded: proven gone: Revoke all/)]);
    expect(told().filter((one) => one === 'UNORA outcome')).toHaveLength(2);
    await notices.stop();
  });
});

describe('level-triggered', () => {
  it('repeats nothing after a restart, and does what was left to do', async () => {
    const { clock, ledger, fake, notices, create, ask, add, cardsAreLevel, level, told } = bench();
    notices.start();
    const [first, second] = [await ask(), await ask()];
    await level();
    await notices.stop();
    await add(first, { ...ends.denied, by: bob });
    await add(second, approved(bob));
    await cardsAreLevel();
    // The crash came when it had seen that, and before it had told anybody.
    await ledger.moveCursor('notices', ledger.head().seq);
    const before = told().length;
    const next = create();
    next.start();
    await level();
    await next.stop();
    expect(told().slice(before).toSorted()).toEqual([
      'UBOB decided',
      'UBOB decided',
      'UCAROL decided',
      'UCAROL decided',
      'UCAROL denied',
      'UNORA outcome',
      'UNORA outcome',
    ]);
    const done = fake.done.length;
    const last = create();
    last.start();
    await clock.advance(minute);
    expect(fake.done).toHaveLength(done);
    await last.stop();
    expect(clock.sleeping()).toBe(0);
  });

  it('repeats only what was posted and not yet on record', async () => {
    const { ledger, create, ask, level, texts, told } = bench();
    // The crash: Carol's message stands, and its record does not.
    const append: Ledger['append'] = async (id, version, facts, options) => {
      const [fact] = facts;
      if (fact?.fact === 'notified' && fact.user === 'UCAROL') throw new LedgerFault('cut off');
      return ledger.append(id, version, facts, options);
    };
    const crashing = create({ ...ledger, append });
    await ask();
    crashing.start();
    await level();
    await crashing.stop();
    expect(told()).toEqual(['UBOB asked']);
    const next = create();
    next.start();
    await level();
    expect(texts('UBOB')).toHaveLength(1);
    expect(texts('UCAROL')).toHaveLength(2);
    expect(told()).toEqual(['UBOB asked', 'UCAROL asked']);
    await next.stop();
  });

  it('repeats nothing that the ledger took only at a later try', async () => {
    const { clock, ledger, create, ask, texts, told } = bench();
    const late = takesNoticesLate(ledger);
    const notices = create(late.ledger);
    notices.start();
    await ask();
    await clock.advance(minute);
    expect(late.hasFailed()).toBe(true);
    expect(told()).toEqual(['UBOB asked', 'UCAROL asked']);
    expect(texts()).toHaveLength(2);
    await notices.stop();
  });

  it('waits while Slack is away, and then tells each once', async () => {
    const { clock, fake, notices, ask, told } = bench();
    let away = true;
    fake.trouble = () => (away ? new Error('ECONNRESET') : undefined);
    notices.start();
    await ask();
    await clock.advance(2 * minute);
    expect(told()).toEqual([]);
    away = false;
    await clock.advance(minute);
    expect(told()).toEqual(['UBOB asked', 'UCAROL asked']);
    await notices.stop();
  });

  it('posts nothing that it could not put on record', async () => {
    const { clock, fake, store, notices, ask } = bench();
    await ask();
    store.trouble = 'the disk is full';
    notices.start();
    await clock.advance(5 * minute);
    expect(fake.done).toEqual([]);
    store.trouble = undefined;
    await clock.advance(minute);
    expect(fake.posts()).toHaveLength(2);
    await notices.stop();
  });

  it('says nothing of what was decided long before it was there', async () => {
    const { clock, ledger, fake, create, ask, add, cardsAreLevel } = bench();
    await add(await ask(), ends.denied);
    await cardsAreLevel();
    await clock.advance(3 * 24 * 60 * minute);
    const looked: string[] = [];
    const ofRequest: Ledger['ofRequest'] = (id) => {
      looked.push(id);
      return ledger.ofRequest(id);
    };
    const notices = create({ ...ledger, ofRequest });
    notices.start();
    await clock.advance(minute);
    expect([fake.done, looked]).toEqual([[], []]);
    await notices.stop();
  });
});

it('tells people at once also while the clock is behind the ledger, which tells facts in order', async () => {
  const { clock, store, fake, people, texts } = bench();
  const ahead = { ...clock, now: () => clock.now() + 60 * minute };
  const ledger = openMemoryLedger(store, { clock: ahead });
  const parts = { ledger, people, policy, clock, log: silent, poster: fake.poster };
  const notices = createNotices(parts);
  notices.start();
  const { id } = await ledger.append('new', 0, [requested({ approveBefore: clock.now() + 30 * minute })]);
  await clock.advance(minute);
  expect(texts()).toEqual([
    expect.stringMatching(/^UBOB: .* needs/),
    expect.stringMatching(/^UCAROL: .* needs/),
  ]);
  await ledger.append(id, null, [{ ...ends.denied, by: bob }]);
  await ledger.moveCursor('cards', ledger.head().seq);
  await clock.advance(minute);
  expect(texts().slice(2).toSorted()).toEqual([
    expect.stringMatching(/^UCAROL: R-000001 was denied/),
    expect.stringMatching(/^UNORA: R-000001 was denied/),
  ]);
  expect(fake.updates().map(({ channel }) => channel)).toEqual(['UBOB', 'UCAROL']);
  await notices.stop();
});
