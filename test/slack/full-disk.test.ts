import { expect, it } from 'vitest';
import type { Ledger } from '../../src/domain/ports.ts';
import { createCards } from '../../src/slack/cards.ts';
import { createNotices } from '../../src/slack/notices.ts';
import { createFakePeople } from '../support/fake-people.ts';
import { createMemoryStore, openMemoryLedger } from '../support/memory-ledger.ts';
import { ends, person, requested } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { policy, silent } from '../support/world.ts';
import { createFakePoster, refusedBy } from './fake-slack.ts';

const hour = 3_600_000;

/** A ledger whose disk fills up: each append fails, and the next may be possible again. */
const bench = () => {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const ledger: Ledger = { ...openMemoryLedger(store, { clock }), trouble: () => undefined };
  const fake = createFakePoster();
  const people = createFakePeople(
    ['NORA', 'BOB', 'CAROL'].map((name) => ({ user: `U${name}`, name, email: `${name}@example.com` })),
  );
  for (const user of ['UBOB', 'UCAROL']) people.roles.approver.add(user);
  const parts = { ledger, clock, log: silent, poster: fake.poster };
  const cards = createCards({ ...parts, auditChannel: 'CAUDIT' });
  const notices = createNotices({ ...parts, people, policy });
  const ask = async (changes: Parameters<typeof requested>[0] = {}): Promise<string> =>
    (await ledger.append('new', 0, [requested({ approveBefore: clock.now() + 2 * hour, ...changes })])).id;
  const setFull = (isFull: boolean): void => {
    store.trouble = isFull ? 'the disk is full' : undefined;
  };
  const recorded = (word: string) => store.records.filter(({ fact }) => fact.fact === word);
  return { clock, ledger, fake, cards, notices, ask, setFull, recorded };
};

it('a card is posted once while the disk is full, and put on record and linked to once it is not', async () => {
  const { clock, fake, cards, ask, setFull, recorded } = bench();
  await ask({ channel: 'CAUDIT', askedIn: 'D1' });
  setFull(true);
  cards.start();
  await clock.advance(hour);
  expect(fake.posts().map(({ channel }) => channel)).toEqual(['CAUDIT']);
  setFull(false);
  await clock.runUntil(() => cards.isLevel());
  expect(recorded('card_posted').map(({ fact }) => fact)).toMatchObject([{ channel: 'CAUDIT', ts: '1.000' }]);
  expect(fake.posts().map(({ channel }) => channel)).toEqual(['CAUDIT', 'UNORA']);
  await cards.stop();
});

it('a card that was put on record late shows what happened since', async () => {
  const { clock, ledger, fake, cards, ask, setFull } = bench();
  const id = await ask();
  setFull(true);
  cards.start();
  await clock.advance(0);
  setFull(false);
  await ledger.append(id, null, [ends.denied]);
  await clock.runUntil(() => cards.isLevel());
  expect(fake.updates().at(-1)).toMatchObject({
    ts: '1.000',
    post: { text: expect.stringMatching(/denied/) },
  });
  await cards.stop();
});

it('an approver is told once while the disk is full, and the others once it is not', async () => {
  const { clock, fake, notices, ask, setFull, recorded } = bench();
  await ask();
  setFull(true);
  notices.start();
  await clock.advance(hour);
  expect(fake.posts().map(({ channel }) => channel)).toEqual(['UBOB']);
  setFull(false);
  await clock.advance(60_000);
  expect(fake.posts().map(({ channel }) => channel)).toEqual(['UBOB', 'UCAROL']);
  expect(recorded('notified')).toHaveLength(2);
  await notices.stop();
});

it('the button goes from a message that was put on record after the decision', async () => {
  const { clock, ledger, fake, notices, ask, setFull } = bench();
  const id = await ask();
  setFull(true);
  notices.start();
  await clock.advance(0);
  setFull(false);
  await ledger.append(id, null, [{ ...ends.denied, by: person('UCAROL') }]);
  await clock.advance(60_000);
  expect(fake.updates()).toMatchObject([{ channel: 'UBOB', ts: '1.000' }]);
  await notices.stop();
});

it('the requester of a deleted card gets the result once while the disk is full', async () => {
  const { clock, ledger, fake, cards, ask, setFull, recorded } = bench();
  const id = await ask();
  cards.start();
  await clock.runUntil(() => cards.isLevel());
  await ledger.append(id, null, [ends.denied]);
  fake.trouble = (one) => {
    if (one.did === 'update') return refusedBy('message_not_found');
    return one.post.thread === undefined ? undefined : refusedBy('thread_not_found');
  };
  setFull(true);
  await clock.advance(hour);
  setFull(false);
  await clock.runUntil(() => cards.isLevel());
  expect(fake.posts().filter(({ channel }) => channel === 'UNORA')).toHaveLength(1);
  expect(recorded('notified').map(({ fact }) => fact)).toMatchObject([{ user: 'UNORA', why: 'outcome' }]);
  await cards.stop();
});
