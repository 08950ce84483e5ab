import { expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { createCards } from '../../src/slack/cards.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { approved, ends, person, requested, stepOutcome, stepStarted } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakePoster, refusedBy } from './fake-slack.ts';

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

it('is not posted again when it was deleted: the requester gets the result, and nobody else waits', async () => {
  const { fake, cards, ask, add, level, cardsIn } = bench();
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
