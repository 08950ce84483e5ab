import { expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { createCards } from '../../src/slack/cards.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { approved, ends, person, proof, requested, stepOutcome, stepStarted } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakePoster, refusedBy } from './fake-slack.ts';
import { takesNoticesLate } from './late-ledger.ts';

const bench = () => {
  const clock = createVirtualClock();
  const ledger = createMemoryLedger({ clock });
  const fake = createFakePoster();
  const create = () =>
    createCards({ ledger, poster: fake.poster, clock, log: silent, auditChannel: 'CAUDIT' });
  const cards = create();
  const ask = async (changes: Parameters<typeof requested>[0] = {}): Promise<string> =>
    (await ledger.append('new', 0, [requested(changes)])).id;
  const add = (id: string, ...facts: readonly Fact[]) => ledger.append(id, null, facts);
  const level = () => clock.runUntil(() => cards.isLevel(), 600_000);
  const cardsIn = (channel: string) =>
    fake.posts().filter(({ channel: at, post }) => at === channel && post.metadata !== undefined);
  const told = () => fake.posts().filter(({ post }) => post.thread !== undefined);
  return { clock, ledger, fake, cards, create, ask, add, level, cardsIn, told };
};
const bob = person('UBOB');

it('posts one card, puts its place on record, and tells what follows in its thread, each fact once', async () => {
  const { ledger, fake, cards, ask, add, level, cardsIn, told } = bench();
  cards.start();
  const id = await ask();
  await level();
  await add(id, approved(bob));
  await add(id, stepStarted());
  await level();
  await add(id, stepOutcome('accepted'));
  await add(id, ends.succeeded);
  await level();
  expect(cardsIn('C1')).toHaveLength(1);
  const placed = (await ledger.ofRequest(id))
    .map(({ fact }) => fact)
    .find(({ fact }) => fact === 'card_posted');
  expect(placed).toEqual({ fact: 'card_posted', channel: 'C1', ts: '1.000' });
  const text = told()
    .map(({ post }) => post.text)
    .join('\n');
  for (const words of ['ubob (UBOB) approved', 'Calling the cloud', 'accepted the call', 'Succeeded']) {
    expect(text.split(words)).toHaveLength(2);
  }
  expect(told().every(({ post }) => post.thread === '1.000')).toBe(true);
  expect(fake.updates().at(-1)?.post.text).toMatch(/^R-000001 succeeded/);
  await cards.stop();
});

it('removes buttons before anything is posted, of whatever request', async () => {
  const { fake, cards, ask, add, level } = bench();
  const ids = [await ask(), await ask(), await ask()];
  cards.start();
  await level();
  const before = fake.done.length;
  for (const id of ids) await add(id, ends.denied);
  await level();
  const after = fake.done.slice(before).map(({ did }) => did);
  expect(after).toEqual(['update', 'update', 'update', 'post', 'post', 'post']);
  await cards.stop();
});

it('removes buttons while a backlog of posts is still on its way', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const first = await ask();
  const second = await ask();
  cards.start();
  await level();
  let posts = 0;
  const { poster } = fake;
  const slow = { ...poster };
  poster.post = async (...args) => {
    posts += 1;
    if (posts === 1) await add(second, ends.denied);
    await clock.sleep(1_000);
    return slow.post(...args);
  };
  for (let n = 0; n < 5; n += 1) {
    await add(first, { fact: 'impact_grew', added: [{ key: `k${n}`, words: 'more' }] });
    await add('bot', { fact: 'anchor', words: 'x' });
  }
  await level();
  const gone = fake.done.findIndex(
    ({ did, post: { text } }) => did === 'update' && text.includes('R-000002 denied'),
  );
  const lastPost = fake.done.findLastIndex(({ did }) => did === 'post');
  expect(gone).toBeGreaterThan(0);
  expect(gone).toBeLessThan(lastPost);
  await cards.stop();
});

it('takes away buttons first, then shows ends, and then progress', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const [progresses, over, waits, other] = [await ask(), await ask(), await ask(), await ask()];
  cards.start();
  await level();
  for (const id of [progresses, over]) await add(id, approved(bob));
  await level();
  await clock.advance(10_000);
  const before = fake.updates().length;
  const { poster } = fake;
  const taking = { ...poster };
  let isFirst = true;
  poster.update = async (...args) => {
    if (isFirst) {
      isFirst = false;
      await add(progresses, stepStarted());
      await add(over, stepStarted(), ends.succeeded);
      await add(waits, ends.denied);
    }
    return taking.update(...args);
  };
  await add(other, approved(bob));
  await level();
  const updated = fake.updates().slice(before);
  expect(updated.map(({ post }) => post.text.slice(0, 8))).toEqual([other, waits, over, progresses]);
  await cards.stop();
});

it('shows progress at most every three seconds, and the end at once', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, approved(bob));
  await level();
  expect(fake.updates()).toHaveLength(1);
  await add(id, stepStarted());
  await add(id, stepOutcome('accepted', { cloudRequest: 'abc' }));
  await level();
  expect(fake.updates()).toHaveLength(1);
  await clock.advance(3_000);
  expect(fake.updates()).toHaveLength(2);
  await add(id, ends.succeeded);
  await level();
  expect(fake.updates().at(-1)?.post.text).toMatch(/succeeded/);
  const count = fake.updates().length;
  await clock.advance(60_000);
  expect(fake.updates()).toHaveLength(count);
  await cards.stop();
});

it('shows progress also after the clock was set back, because nobody knows how long ago the last was shown', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, approved(bob));
  await level();
  await clock.advance(-60 * 60_000);
  await add(id, stepStarted());
  await level();
  await clock.advance(60_000);
  expect(fake.updates().at(-1)?.post.text).toMatch(/executing/);
  await cards.stop();
});

it('shows progress later where Slack did not take it when its time had come', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, approved(bob));
  await add(id, stepStarted());
  await level();
  await add(id, stepOutcome('accepted', { cloudRequest: 'abc' }));
  await level();
  fake.trouble = () => new Error('ECONNRESET');
  await clock.advance(5_000);
  fake.trouble = () => undefined;
  await clock.advance(120_000);
  expect(fake.updates().at(-1)?.post.text).toMatch(/^R-000001 verifying/);
  await cards.stop();
});

it('is brought up to date after a start also when Slack does not answer at first', async () => {
  const { clock, fake, cards, create, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, approved(bob));
  await level();
  await add(id, stepStarted());
  await add(id, stepOutcome('accepted', { cloudRequest: 'abc' }));
  await level();
  await cards.stop();
  fake.trouble = () => new Error('ECONNRESET');
  const again = create();
  again.start();
  await clock.advance(5_000);
  fake.trouble = () => undefined;
  await clock.advance(120_000);
  expect(fake.updates().at(-1)?.post.text).toMatch(/^R-000001 verifying/);
  await again.stop();
});

it('does not send what has not changed', async () => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, { fact: 'refused', by: bob, via: {}, tried: 'approve', code: 'c', words: 'w' });
  await level();
  expect(fake.updates()).toEqual([]);
  await cards.stop();
});

it('is not sent again after its end for each person who is told of it, or refused something', async () => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, ends.denied);
  await level();
  const count = fake.updates().length;
  for (const user of ['UBOB', 'UCAROL', 'UDAN']) {
    const why = { why: 'decided', state: 'denied', channel: 'D1', ts: '1.0' } as const;
    await add(id, { fact: 'notified', user, ...why });
    await add(id, {
      fact: 'refused',
      by: person(user),
      via: {},
      tried: 'approve',
      code: 'decided',
      words: 'No.',
    });
    await level();
  }
  expect(fake.updates()).toHaveLength(count);
  await cards.stop();
});

it('posts a new card before what is still to be told of others', async () => {
  const { clock, fake, cards, ask, add, level, cardsIn } = bench();
  const busy = await Promise.all([ask(), ask(), ask()]);
  cards.start();
  await level();
  const { poster } = fake;
  const fast = { ...poster };
  poster.post = async (...args) => {
    await clock.sleep(1_000);
    return fast.post(...args);
  };
  for (let n = 0; n < 4; n += 1) {
    for (const id of busy) await add(id, { fact: 'impact_grew', added: [{ key: `k${n}`, words: 'more' }] });
  }
  await clock.advance(1_500);
  const before = fake.posts().length;
  const two = [await ask(), await ask()];
  await level();
  const after = fake.posts().slice(before);
  // One was on its way already.
  expect(after.slice(1, 3).map(({ post }) => post.metadata?.event_payload.id)).toEqual(two);
  expect(after.length).toBeGreaterThan(10);
  expect(cardsIn('C1')).toHaveLength(5);
  await cards.stop();
});

it('posts a card that could not stand anywhere as soon as it can, and meanwhile serves the others', async () => {
  const { clock, fake, cards, ask, add, level, cardsIn } = bench();
  fake.trouble = (one) =>
    one.channel === 'CAUDIT' || one.channel === 'CGONE' ? refusedBy('is_archived') : undefined;
  const homeless = await ask({ channel: 'CGONE', askedIn: 'CGONE' });
  const id = await ask();
  cards.start();
  await level();
  await add(id, ends.denied);
  await level();
  expect(fake.updates().at(-1)?.post.text).toMatch(/^R-000002 denied/);
  fake.trouble = (one) => (one.channel === 'CGONE' ? refusedBy('is_archived') : undefined);
  await clock.advance(3_000);
  expect(cardsIn('CAUDIT').map(({ post }) => post.text)).toEqual([
    expect.stringMatching(new RegExp(homeless)),
  ]);
  await cards.stop();
});

it('goes to the audit channel when its own refuses it, with a link to the requester', async () => {
  const { fake, cards, ask, level, cardsIn } = bench();
  fake.trouble = (one) => (one.channel === 'CGONE' ? refusedBy('not_in_channel') : undefined);
  await ask({ channel: 'CGONE', askedIn: 'CGONE' });
  cards.start();
  await level();
  expect(cardsIn('CAUDIT')).toHaveLength(1);
  const link = fake.posts().find(({ channel }) => channel === 'UNORA');
  expect(JSON.stringify(link?.post.blocks)).toContain(
    '"type":"link","url":"https://acme.slack.com/archives/CAUDIT/',
  );
  await cards.stop();
});

it('sends the link later, and once, where Slack did not take it at first', async () => {
  const { clock, fake, cards, ask, level } = bench();
  fake.trouble = (one) => (one.channel === 'UNORA' ? refusedBy('ratelimited') : undefined);
  const id = await ask({ askedIn: 'D1' });
  cards.start();
  await level();
  const links = () => fake.posts().filter(({ channel }) => channel === 'UNORA');
  expect(links()).toEqual([]);
  fake.trouble = () => undefined;
  await clock.advance(60_000);
  expect(links().map(({ post }) => post.text)).toEqual([
    expect.stringContaining(`The card of ${id} is here`),
  ]);
  await cards.stop();
});

it('has no link to a requester whom it affects, before the end', async () => {
  const { clock, fake, cards, ask, add, level, cardsIn } = bench();
  fake.trouble = () => refusedBy('is_archived');
  const by = person('UMALLORY', 'mallory@example.com');
  const [, ended] = [await ask({ by, askedIn: 'D1' }), await ask({ by, askedIn: 'D1' })];
  await add(ended, ends.denied);
  cards.start();
  await level();
  fake.trouble = () => undefined;
  await clock.advance(10_000);
  expect(cardsIn('C1')).toHaveLength(2);
  const links = fake.posts().filter(({ channel }) => channel === 'UMALLORY');
  expect(links.map(({ post }) => post.text)).toEqual([
    expect.stringContaining(`The card of ${ended} is here`),
  ]);
  await cards.stop();
});

it('is not posted again when it was deleted: the requester gets the result, and nobody else waits', async () => {
  const { ledger, fake, cards, ask, add, level, cardsIn } = bench();
  const id = await ask();
  cards.start();
  await level();
  fake.trouble = (one) => {
    if (one.did === 'update') return refusedBy('message_not_found');
    return one.post.thread === undefined ? undefined : refusedBy('thread_not_found');
  };
  await add(id, approved(bob));
  await add(id, ends.succeeded);
  await level();
  expect(cardsIn('C1')).toHaveLength(1);
  const messages = fake.posts().filter(({ channel }) => channel === 'UNORA');
  expect(messages.map(({ post }) => post.text)).toEqual([expect.stringMatching(/^R-000001: Succeeded/)]);
  const told = (await ledger.ofRequest(id)).filter(({ fact }) => fact.fact === 'notified');
  expect(told.map(({ fact }) => fact)).toMatchObject([{ user: 'UNORA', why: 'outcome', state: 'succeeded' }]);
  await cards.stop();
});

it('that was deleted tells its requester once, also where the ledger took that only at a later try', async () => {
  const { clock, ledger, fake, ask, add } = bench();
  const late = takesNoticesLate(ledger);
  const { poster } = fake;
  const cards = createCards({ ledger: late.ledger, poster, clock, log: silent, auditChannel: 'CAUDIT' });
  const level = () => clock.runUntil(() => cards.isLevel(), 600_000);
  const id = await ask();
  cards.start();
  await level();
  fake.trouble = (one) => (one.did === 'update' ? refusedBy('message_not_found') : undefined);
  await add(id, approved(bob), ends.succeeded);
  await level();
  expect(late.hasFailed()).toBe(true);
  expect(fake.posts().filter(({ channel }) => channel === 'UNORA')).toHaveLength(1);
  await cards.stop();
});

it('that was deleted tells its requester also that the access came back', async () => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  fake.trouble = (one) => (one.did === 'update' ? refusedBy('message_not_found') : undefined);
  await add(id, approved(bob), stepStarted(), stepOutcome('accepted'), proof('gone'), ends.succeeded);
  await level();
  await add(id, { fact: 'came_back', grants: [{ key: 'k1', words: 'one' }] });
  await level();
  const messages = fake.posts().filter(({ channel }) => channel === 'UNORA');
  expect(messages.at(-1)?.post.text).toMatch(/^R-000001: Came back/);
  await cards.stop();
});

it('that was deleted tells a requester whom it affects what is final, and not before', async () => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask({ by: person('UMALLORY', 'mallory@example.com') });
  cards.start();
  await level();
  fake.trouble = (one) => (one.did === 'update' ? refusedBy('message_not_found') : undefined);
  await add(id, approved(bob), stepStarted(), stepOutcome('accepted'), ends.unverified);
  await level();
  expect(fake.posts().filter(({ channel }) => channel === 'UMALLORY')).toEqual([]);
  await add(id, ends.succeeded);
  await level();
  const messages = fake.posts().filter(({ channel }) => channel === 'UMALLORY');
  expect(messages.map(({ post }) => post.text)).toEqual([expect.stringContaining('Succeeded')]);
  await cards.stop();
});

it('goes on when the requester of a deleted card cannot be written to either', async () => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  fake.trouble = (one) => {
    if (one.did === 'update') return refusedBy('message_not_found');
    return one.channel === 'UNORA' ? refusedBy('user_disabled') : undefined;
  };
  await add(id, ends.denied);
  await level();
  expect(cards.trouble()).toBeUndefined();
  await cards.stop();
});

it('repeats nothing when Slack goes away in the middle, and leaves nothing out', async () => {
  const { fake, cards, ask, add, level, told } = bench();
  const ids = [await ask(), await ask(), await ask()];
  cards.start();
  await level();
  for (const id of ids) await add(id, ends.denied);
  let posts = 0;
  fake.trouble = (one) => {
    if (one.did === 'update') return undefined;
    posts += 1;
    return posts === 2 || posts === 3 ? new Error('ECONNRESET') : undefined;
  };
  await level();
  expect(told().map(({ post }) => post.text.slice(0, 8))).toEqual(ids);
  await cards.stop();
});

it('is plain where Slack refuses the full one, so that buttons come and go all the same', async () => {
  const { fake, cards, ask, add, level, cardsIn } = bench();
  fake.trouble = (one) =>
    one.post.blocks?.some(({ type }) => type === 'header') ? refusedBy('invalid_blocks') : undefined;
  const id = await ask();
  cards.start();
  await level();
  expect(JSON.stringify(cardsIn('C1')[0]?.post.blocks)).toContain('"approve"');
  await add(id, ends.denied);
  await level();
  expect(fake.updates().at(-1)?.post.text).toMatch(/^R-000001 denied/);
  expect(JSON.stringify(fake.updates().at(-1)?.post.blocks)).not.toContain('"approve"');
  await cards.stop();
});

it('is plain where Slack fails over the full one again and again, and makes no other wait', async () => {
  const { fake, cards, ask, level, cardsIn } = bench();
  fake.trouble = (one) =>
    JSON.stringify(one.post.blocks ?? '').includes('poison') ? refusedBy('internal_error') : undefined;
  await ask({ reason: 'poison' });
  await ask();
  cards.start();
  await level();
  expect(cardsIn('C1').map(({ post }) => post.text.slice(0, 18))).toEqual([
    'R-000001 requested',
    'R-000002 requested',
  ]);
  expect(JSON.stringify(cardsIn('C1')[0]?.post.blocks)).toContain('"action_id":"approve"');
  await cards.stop();
});

it('tells whole what Slack takes after a few tries, however often that was so before', async () => {
  const { fake, cards, ask, add, level, told } = bench();
  let failures = 0;
  fake.trouble = (one) => {
    if (one.did !== 'post' || one.post.thread === undefined) return undefined;
    if (one.post.blocks === undefined || failures === 0) return undefined;
    failures -= 1;
    return refusedBy('fatal_error');
  };
  const id = await ask();
  cards.start();
  await level();
  for (const fact of [approved(bob), stepStarted()]) {
    failures = 4;
    await add(id, fact);
    await level();
  }
  expect(told().map(({ post }) => post.text)).toEqual([
    expect.stringContaining('ubob (UBOB) approved'),
    expect.stringContaining('Calling the cloud'),
  ]);
  await cards.stop();
});

it('tells in the thread, once the token is mended, what happened meanwhile', async () => {
  const { clock, fake, cards, ask, add, level, told } = bench();
  const id = await ask();
  cards.start();
  await level();
  fake.trouble = (one) =>
    one.did === 'post' && one.post.thread !== undefined ? refusedBy('token_revoked') : undefined;
  await add(id, ends.denied);
  await clock.advance(60_000);
  expect(told()).toEqual([]);
  fake.trouble = () => undefined;
  await level();
  expect(told().map(({ post }) => post.text)).toEqual([expect.stringContaining('denied: no')]);
  await cards.stop();
});

it('tells plainly what Slack fails over again and again, and goes on', async () => {
  const { fake, cards, ask, add, level, told } = bench();
  fake.trouble = (one) =>
    one.did === 'post' && one.post.thread !== undefined && one.post.text.includes('poison')
      ? refusedBy('fatal_error')
      : undefined;
  const [id, other] = [await ask(), await ask()];
  cards.start();
  await level();
  await add(id, { ...ends.denied, reason: 'poison' });
  await add(other, ends.denied);
  await level();
  expect(told().map(({ post }) => post.text)).toEqual([
    'R-000001: denied. See the ledger.',
    expect.stringMatching(/^R-000002: .*denied: no/),
  ]);
  await cards.stop();
});

it('makes no other wait when Slack fails over each update of it, and is brought up to date once it does not', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const [id, other] = [await ask(), await ask()];
  cards.start();
  await level();
  fake.trouble = (one) =>
    one.did === 'update' && one.post.text.includes(id) ? refusedBy('internal_error') : undefined;
  await add(id, ends.denied);
  await add(other, ends.denied);
  await level();
  expect(fake.updates().map(({ post }) => post.text.slice(0, 15))).toEqual([`${other} denied`]);
  fake.trouble = () => undefined;
  await clock.advance(60_000);
  expect(fake.updates().at(-1)?.post.text).toMatch(/^R-000001 denied/);
  expect(JSON.stringify(fake.updates().at(-1)?.post.blocks)).toContain('Reason');
  await cards.stop();
});

it('is not sent again without a pause where Slack fails over each update of it after a start', async () => {
  const { clock, fake, cards, create, ask, level } = bench();
  const id = await ask();
  cards.start();
  await level();
  await cards.stop();
  let tries = 0;
  fake.trouble = ({ did }) => {
    if (did !== 'update') return undefined;
    tries += 1;
    // A bot that asked without a pause would let no time pass, and this test not end.
    return tries > 200 ? undefined : refusedBy('internal_error');
  };
  const again = create();
  again.start();
  await clock.advance(10 * 60_000);
  expect(tries).toBeLessThan(60);
  fake.trouble = () => undefined;
  await clock.advance(60_000);
  expect(fake.updates().map(({ post }) => post.text.slice(0, 20))).toEqual([`${id} requested: `]);
  await again.stop();
});

it('leaves nothing out and makes nothing plain when Slack failed over everything for an hour, and did not ask often', async () => {
  const { clock, fake, cards, ask, add, level, cardsIn, told } = bench();
  const ids = [await ask(), await ask(), await ask()];
  cards.start();
  await level();
  let tries = 0;
  fake.trouble = () => {
    tries += 1;
    return refusedBy('internal_error');
  };
  for (const id of ids) await add(id, approved(bob));
  for (const id of ids) await add(id, stepStarted());
  const last = await ask();
  await add(last, ends.denied);
  await clock.advance(60 * 60_000);
  expect(tries).toBeLessThan(600);
  fake.trouble = () => undefined;
  const before = fake.done.length;
  await level();
  const first = fake.done.slice(before, before + 3).map(({ did }) => did);
  expect(first).toEqual(['update', 'update', 'update']);
  await clock.advance(60_000);
  expect(cardsIn('C1')).toHaveLength(4);
  const words = told().map(({ post }) => post.text);
  for (const id of ids) {
    const own = words.filter((text) => text.startsWith(id)).join(' ');
    expect(own).toMatch(/approved.*Calling the cloud/);
  }
  expect(words.some((text) => text.startsWith(last) && text.includes('denied: no'))).toBe(true);
  expect(words.join()).not.toContain('See the ledger');
  for (const { post } of [...fake.updates(), ...cardsIn('C1')])
    expect(JSON.stringify(post.blocks)).toContain('Reason');
  for (const id of ids)
    expect(fake.updates().findLast(({ post }) => post.text.includes(id))?.post.text).toMatch(/executing/);
  await cards.stop();
});

it('goes to the audit channel when its own refuses also the plain one, and makes no other wait', async () => {
  const { fake, cards, ask, level, cardsIn } = bench();
  fake.trouble = (one) => (one.channel === 'CODD' ? refusedBy('never_heard_of') : undefined);
  const odd = await ask({ channel: 'CODD', askedIn: 'CODD' });
  const other = await ask();
  cards.start();
  await level();
  expect(cardsIn('CAUDIT').map(({ post }) => post.metadata?.event_payload.id)).toEqual([odd]);
  expect(cardsIn('C1').map(({ post }) => post.metadata?.event_payload.id)).toEqual([other]);
  await cards.stop();
});

it('is tried less and less often where nobody takes it, and not again after the end if it is for what stands in it', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  const tries: string[] = [];
  let code = 'never_heard_of';
  fake.trouble = (one) => {
    if (one.did !== 'post' || one.post.metadata === undefined) return undefined;
    if (one.channel === 'CAUDIT') tries.push(one.post.text.slice(0, 8));
    return refusedBy(code);
  };
  const id = await ask();
  cards.start();
  await level();
  const triesIn = async (ms: number) => {
    const before = tries.length;
    await clock.advance(ms);
    return tries.length - before;
  };
  // The full card and the plain one, after 3, 6, 12 s and so on up to ten minutes.
  expect(await triesIn(3_600_000)).toBeLessThan(30);
  expect(await triesIn(3_600_000)).toBe(12);
  code = 'is_archived';
  await add(id, ends.denied);
  await level();
  expect(await triesIn(3_600_000)).toBe(6);
  code = 'never_heard_of';
  await triesIn(600_000);
  expect(await triesIn(3_600_000)).toBe(0);
  await cards.stop();
});

it('makes no other wait when Slack refuses to update it, whatever stands in it, and tells its end', async () => {
  const { fake, cards, ask, add, level, told } = bench();
  const [odd, other] = [await ask(), await ask()];
  cards.start();
  await level();
  fake.trouble = (one) =>
    one.did === 'update' && one.post.text.startsWith(odd) ? refusedBy('never_heard_of') : undefined;
  for (const id of [odd, other]) await add(id, ends.denied);
  await level();
  expect(fake.updates().map(({ post }) => post.text)).toEqual([expect.stringMatching(/^R-000002 denied/)]);
  expect(told().map(({ post }) => post.text.slice(0, 8))).toEqual([odd, other]);
  await cards.stop();
});

it.each(['edit_window_closed', 'cant_update_message'])(
  'has its thread also when Slack does not let it be changed any more (%s)',
  async (code) => {
    const { fake, cards, ask, add, level, told } = bench();
    const id = await ask();
    cards.start();
    await level();
    fake.trouble = (one) => (one.did === 'update' ? refusedBy(code) : undefined);
    await add(id, ends.denied);
    await level();
    expect(told().map(({ post }) => post.thread)).toEqual(['1.000']);
    expect(fake.posts().filter(({ channel }) => channel === 'UNORA')).toEqual([]);
    await cards.stop();
  },
);

it('tells many and long facts in several messages of bounded length', async () => {
  const { cards, ask, add, level, told } = bench();
  const id = await ask();
  cards.start();
  await level();
  const facts = Array.from(
    { length: 50 },
    (_, n): Fact => ({
      fact: 'impact_grew',
      added: [{ key: `k${n}`, words: `${n}:${'x'.repeat(400)}` }],
    }),
  );
  await add(id, ...facts);
  await level();
  const text = told()
    .map(({ post: { text: said } }) => said)
    .join('\n');
  for (let n = 0; n < 50; n += 1) expect(text.split(` ${n}:x`)).toHaveLength(2);
  for (const { post: said } of told()) expect(JSON.stringify(said.blocks).length).toBeLessThan(8_000);
  await cards.stop();
});

it('after a restart goes on with the card that stands, and posts no second one', async () => {
  const { clock, fake, cards, create, ask, add, level, cardsIn } = bench();
  const id = await ask();
  cards.start();
  await level();
  await cards.stop();
  await add(id, ends.denied);
  const next = create();
  next.start();
  await clock.runUntil(() => next.isLevel());
  expect(cardsIn('C1')).toHaveLength(1);
  expect(fake.updates().at(-1)?.post.text).toMatch(/denied/);
  await next.stop();
  expect(clock.sleeping()).toBe(0);
});

const many = (count: number) =>
  requested({
    impact: {
      ...requested().impact,
      grants: Array.from({ length: count }, (_, n) => ({ key: `k${n}`, words: `grant ${n}` })),
    },
  });
const succeed = [approved(bob), stepStarted(), stepOutcome('accepted'), proof('gone'), ends.succeeded];

it.each([
  [20, 0],
  [21, 1],
])('of %i grants puts %i files with the whole list into the thread, once', async (count, files) => {
  const { clock, fake, cards, create, ask, add, level } = bench();
  await ask(many(count));
  cards.start();
  await level();
  await cards.stop();
  const next = create();
  next.start();
  await add('bot', { fact: 'anchor', words: 'x' });
  await clock.runUntil(() => next.isLevel(), 600_000);
  await next.stop();
  const shared = fake.shares();
  expect(shared).toHaveLength(files);
  for (const { channel, post } of shared) {
    expect([channel, post.thread, post.text]).toEqual(['C1', '1.000', 'R-000001-grants.csv']);
    expect(post.files[0]?.text.split('\r\n')).toHaveLength(count + 2);
  }
});

it('puts the list of a card that found its place late below it', async () => {
  const { clock, fake, cards, ask, add, level } = bench();
  fake.trouble = (one) => (one.did === 'post' ? refusedBy('is_archived') : undefined);
  const id = await ask(many(30));
  cards.start();
  await level();
  await add(id, approved(bob));
  await level();
  expect(fake.shares()).toEqual([]);
  fake.trouble = () => undefined;
  await clock.advance(3_000);
  await level();
  expect(fake.shares().map(({ post }) => post.text)).toEqual(['R-000001-grants.csv']);
  await cards.stop();
});

it('gives the evidence in one message that also tells the end, as the ledger stood at the end', async () => {
  const { ledger, cards, ask, add, level, told } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, ...succeed);
  await level();
  const end = (await ledger.ofRequest(id)).findLast(({ fact }) => fact.fact === 'succeeded');
  const evidence = told().filter(({ post }) => JSON.stringify(post.blocks).includes('evidence'));
  expect(evidence).toHaveLength(1);
  expect(evidence[0]?.post.text).toContain(`Succeeded. gone Ledger ${end?.seq}:${end?.hash}`);
  expect(told().filter(({ post }) => post.text.includes('Succeeded'))).toHaveLength(1);
  await cards.stop();
});

it.each<[string, readonly Fact[]]>([
  ['was denied', [ends.denied]],
  ['could not be begun', [approved(bob), ends.failed]],
  ['was halted before anything was called', [approved(bob), ends.halted]],
  ['found everything gone', [approved(bob), proof('gone'), { ...ends.succeeded, alreadyGone: true }]],
])('gives no evidence of a request that %s', async (_, facts) => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask(many(30));
  cards.start();
  await level();
  await add(id, ...facts);
  await level();
  expect(JSON.stringify(fake.posts())).not.toContain('evidence');
  expect(fake.shares()).toHaveLength(1);
  await cards.stop();
});

it('gives the evidence also of a request that was halted after a call to the cloud', async () => {
  const { cards, ask, add, level, told } = bench();
  const id = await ask();
  cards.start();
  await level();
  await add(id, approved(bob), stepStarted(), stepOutcome('unknown'));
  await add(id, { fact: 'impact_grew', added: [{ key: 'k2', words: 'two' }] }, ends.halted);
  await level();
  const evidence = told().filter(({ post }) => JSON.stringify(post.blocks).includes('evidence'));
  expect(evidence.map(({ post }) => post.text)).toEqual([expect.stringMatching(/^R-000001: Halted: grew/)]);
  expect(JSON.stringify(evidence[0]?.post.blocks)).toContain('Not proven: 2 grants');
  await cards.stop();
});

it('gives the requester the evidence, with its files, where the card was deleted', async () => {
  const { fake, cards, ask, add, level } = bench();
  const id = await ask(many(30));
  cards.start();
  await level();
  fake.trouble = (one) => {
    if (one.did === 'update') return refusedBy('message_not_found');
    return one.post.thread === undefined ? undefined : refusedBy('thread_not_found');
  };
  await add(id, ...succeed);
  await level();
  const direct = fake.posts().filter(({ channel }) => channel === 'UNORA');
  expect(direct.map(({ post }) => post.text)).toEqual([expect.stringMatching(/^R-000001: Succeeded/)]);
  expect(fake.shares().at(-1)).toMatchObject({ channel: 'UNORA', post: { text: 'R-000001-results.csv' } });
  await cards.stop();
});

it('repeats no message while its files cannot be shared, and shares them once Slack is back', async () => {
  const { fake, cards, ask, add, level, told } = bench();
  const id = await ask(many(30));
  cards.start();
  await level();
  let tries = 0;
  fake.trouble = (one) => {
    if (one.did !== 'share') return undefined;
    tries += 1;
    return tries < 4 ? new Error('ECONNRESET') : undefined;
  };
  await add(id, ...succeed);
  await level();
  expect(tries).toBe(4);
  expect(fake.shares()).toHaveLength(2);
  expect(told().filter(({ post }) => post.text.includes('Succeeded'))).toHaveLength(1);
  await cards.stop();
});

it.each([
  ['will not take them', refusedBy('file_upload_size_restricted'), 'file_upload_size_restricted', 1],
  ['was not given the scope', refusedBy('missing_scope'), 'missing_scope', 1],
  ['never answers', new Error('ETIMEDOUT'), 'ETIMEDOUT', 5],
])('says in words that there are no files where Slack %s, and goes on', async (_, error, code, tries) => {
  const { fake, cards, ask, add, level, told } = bench();
  let tried = 0;
  fake.trouble = (one) => {
    if (one.did !== 'share') return undefined;
    tried += 1;
    return error;
  };
  const id = await ask(many(30));
  cards.start();
  await level();
  await add(id, ends.denied);
  await level();
  expect(told().map(({ post }) => post.text)).toEqual([
    `Slack did not take R-000001-grants.csv (${code}). /revocations export R-000001 has the same.`,
    expect.stringContaining('denied'),
  ]);
  expect(tried).toBe(tries);
  expect(cards.trouble()).toBeUndefined();
  await cards.stop();
});

const slowly = ({ clock, fake }: Pick<ReturnType<typeof bench>, 'clock' | 'fake'>): void => {
  const fast = { ...fake.poster };
  fake.poster.update = async (...args) => {
    await clock.sleep(1_000);
    await fast.update(...args);
  };
};

it('lets no stop wait for the cards that are looked at after a start', async () => {
  const parts = bench();
  const { clock, fake, cards, create, ask, level } = parts;
  for (let n = 0; n < 30; n += 1) await ask();
  cards.start();
  await level();
  await cards.stop();
  slowly(parts);
  const next = create();
  next.start();
  await clock.advance(1_500);
  const stopped = next.stop();
  await clock.advance(60_000);
  await stopped;
  expect(fake.updates()).toHaveLength(2);
});

it('posts new cards and takes buttons away before it has looked at all cards after a start', async () => {
  const parts = bench();
  const { clock, fake, cards, create, ask, add, level, cardsIn } = parts;
  const ids: string[] = [];
  for (let n = 0; n < 30; n += 1) ids.push(await ask());
  cards.start();
  await level();
  await cards.stop();
  slowly(parts);
  const next = create();
  next.start();
  await clock.advance(1_500);
  const late = ids.at(-1) ?? '';
  await add(late, ends.denied);
  await ask();
  await clock.advance(5_000);
  expect(fake.updates().some(({ post }) => post.text.startsWith(`${late} denied`))).toBe(true);
  expect(cardsIn('C1')).toHaveLength(31);
  await clock.advance(60_000);
  expect(fake.updates()).toHaveLength(30);
  await next.stop();
});

it('lets no stop wait for the cards that have changed, and brings them up to date after the next start', async () => {
  const parts = bench();
  const { clock, fake, cards, create, ask, add, level } = parts;
  const running = await ask();
  const waiting = [await ask(), await ask(), await ask()];
  cards.start();
  await level();
  await add(running, approved(bob), stepStarted());
  await level();
  const before = fake.updates().length;
  fake.trouble = () => new Error('ECONNRESET');
  await add(running, ends.failed);
  for (const id of waiting) await add(id, ends.denied);
  slowly(parts);
  await clock.advance(100);
  fake.trouble = () => undefined;
  await clock.runUntil(() => fake.updates().length > before);
  const stopped = cards.stop();
  await clock.advance(60_000);
  await stopped;
  expect(fake.updates()).toHaveLength(before + 2);
  const next = create();
  next.start();
  await clock.advance(60_000);
  const last = new Map(fake.updates().map(({ ts, post }) => [ts, post.text]));
  const states = Array.from(last.values(), (text) => text.split(/[ :]/)[1]);
  expect(states).toEqual(['failed', 'denied', 'denied', 'denied']);
  await next.stop();
});
