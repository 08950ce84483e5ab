import { describe, expect, it } from 'vitest';
import { settle } from '../support/virtual-clock.ts';
import { faultOf, openDirectory } from './room.ts';

type Room = Awaited<ReturnType<typeof openDirectory>>;

const USER = { principal_type: 'USER' };
const GROUP = { principal_type: 'GROUP' };
const minute = 60_000;

const suggest = ({ directory }: Room, text: string) => directory.suggest('principal', USER, text, 100);

/** The answer to somebody whose patience of so many ms ends while the cloud says nothing. */
const impatient = async <T>(room: Room, answer: Promise<T>, patience = 2_000): Promise<T> => {
  let told = false;
  const heard = answer.finally(() => {
    told = true;
  });
  for (let turn = 0; !told && turn < 20; turn += 1) {
    await settle();
    room.endPatience(patience);
  }
  return heard;
};

const hangUsers = ({ switches }: Room) =>
  switches.faults.push({
    match: (call) => call.operation === 'ListUsers',
    times: 10,
    act: { kind: 'hang' },
  });

/** The cloud still filters, but does not list everybody. */
const hangListing = ({ switches }: Room) =>
  switches.faults.push({
    match: (call) => call.operation === 'ListUsers' && call.query.user_name === undefined,
    times: 10,
    act: { kind: 'hang' },
  });

describe('type-ahead while the cloud is in trouble', () => {
  it('answers at once from a list that is known, though the cloud hangs', async () => {
    const room = await openDirectory();
    await suggest(room, '');
    hangUsers(room);
    const { choices, notes } = await impatient(room, suggest(room, 'mallory'), 150);
    expect(choices).toHaveLength(1);
    expect(notes).toBeUndefined();
  });

  it('says that who is new may be missing when nothing is known and the cloud hangs', async () => {
    const room = await openDirectory();
    await suggest(room, '');
    hangUsers(room);
    expect(await impatient(room, suggest(room, 'newcomer'))).toEqual({
      choices: [],
      more: false,
      notes: ['The cloud is slow to answer. Who is new may be missing here.'],
    });
  });

  it('answers with what is there when the cloud hangs in the middle of the first reading', async () => {
    const room = await openDirectory({}, { shortPages: 15 });
    room.switches.faults.push({
      match: (call) => call.operation === 'ListUsers' && call.query.marker !== undefined,
      times: 10,
      act: { kind: 'hang' },
    });
    const early = room.directory.suggest('principal', USER, '', 100);
    while (room.operations().filter((name) => name === 'ListUsers').length < 2) await settle();
    const { choices, notes } = await impatient(room, early, 1_000);
    expect(choices).toHaveLength(15);
    expect(notes).toEqual(['Still reading the users: 15 so far. A whole id works.']);
  });

  it('says that nothing can be read during an outage, and answers when it is over', async () => {
    const room = await openDirectory();
    await room.directory.suggest('principal', GROUP, '', 100);
    room.switches.outage = true;
    expect(await suggest(room, '')).toEqual({
      choices: [],
      more: false,
      notes: ['The users cannot be read now. A whole id may work.'],
    });
    room.switches.outage = false;
    room.clock.advance(5_000);
    expect((await suggest(room, 'mallory')).choices).toHaveLength(1);
  });

  it('goes on from the page that an outage interrupted', async () => {
    const room = await openDirectory({}, { shortPages: 15 });
    let pages = 0;
    room.switches.faults.push({
      match: (call) => {
        if (call.operation === 'ListUsers') pages += 1;
        return pages > 1;
      },
      times: 4,
      act: { kind: 'cut-before' },
    });
    expect(await suggest(room, '')).toMatchObject({
      choices: { length: 15 },
      notes: ['Only 15 users could be read so far. A whole id works.'],
    });
    room.clock.advance(5_000);
    expect((await suggest(room, '')).choices).toHaveLength(40);
    const first = room.local.calls.all.filter(
      (call) => call.operation === 'ListUsers' && call.query.marker === undefined,
    );
    expect(first).toHaveLength(1);
  });

  it('finds everybody who is there at the end once, though the listing changes between its pages', async () => {
    const room = await openDirectory({}, { shortPages: 10 });
    const { users } = room.organisation;
    let pages = 0;
    room.switches.faults.push({
      match: (call) => {
        if (call.operation !== 'ListUsers') return false;
        pages += 1;
        const [one] = users;
        if (pages === 2 && one) users.push({ ...one, user_id: 'ffffffff-late', user_name: 'late.comer' });
        if (pages === 3) users.splice(0, 1);
        return false;
      },
      times: 1,
      act: { kind: 'cut-before' },
    });
    const { choices } = await suggest(room, '');
    const ids = choices.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(users.map((user) => user.user_id)));
  });

  it('keeps a list for a quarter of an hour, and reads it anew while it answers from the old one', async () => {
    const room = await openDirectory();
    const readings = () =>
      room.local.calls.all.filter(({ operation, query }) => operation === 'ListUsers' && !query.user_name)
        .length;
    await Promise.all(['', 'a', 'al'].map((text) => suggest(room, text)));
    room.clock.advance(14 * minute);
    await suggest(room, 'ali');
    expect(readings()).toBe(1);
    room.organisation.users.length = 0;
    room.clock.advance(minute);
    expect((await suggest(room, 'mallory')).choices).toHaveLength(1);
    while (readings() < 2 || (await suggest(room, 'mallory')).choices.length > 0) await settle();
    expect(readings()).toBe(2);
  });

  it('says how old a list is that cannot be read anew for long', async () => {
    const room = await openDirectory();
    await suggest(room, '');
    room.clock.advance(29 * minute);
    room.switches.outage = true;
    expect((await suggest(room, '')).notes).toBeUndefined();
    room.clock.advance(18 * minute);
    const { choices, notes } = await suggest(room, 'mallory');
    expect(choices).toHaveLength(1);
    expect(notes).toEqual([
      'This list is 47 min old: the cloud cannot be read now.',
      'The cloud cannot be asked now. What is new may be missing here.',
    ]);
  });

  it('says how old a list is that is being read anew after a long time', async () => {
    const room = await openDirectory();
    await suggest(room, '');
    room.clock.advance(600 * minute);
    hangUsers(room);
    const { choices, notes } = await impatient(room, suggest(room, ''));
    expect(choices).toHaveLength(40);
    expect(notes).toEqual(['This list is 10 h old and is being read anew.']);
  });
});

describe('somebody who was created a minute ago', () => {
  const newcomer = async () => {
    const room = await openDirectory();
    await suggest(room, '');
    const { users } = room.organisation;
    const [one] = users;
    if (one === undefined) throw new Error('the seed has users');
    const id = '0c0ffee0-0000-4000-8000-000000000001';
    const emails = [{ value: 'new.comer@example.com', type: 'Work', primary: true } as const].map(
      (email) => ({ ...email, verification_status: 'VERIFIED' as const }),
    );
    users.push({ ...one, user_id: id, user_name: 'new.comer', display_name: 'Newt Comer', emails });
    return { room, id };
  };

  it.each([
    ['id', '0c0ffee0-0000-4000-8000-000000000001'],
    ['user name', 'new.comer'],
    ['e-mail', 'new.comer@example.com'],
  ])('is offered by the whole %s', async (_what, text) => {
    const { room, id } = await newcomer();
    expect(await suggest(room, text)).toEqual({
      choices: [{ id, words: 'Newt Comer (new.comer, new.comer@example.com)' }],
      more: false,
    });
    expect(await room.directory.resolve('principal', USER, text)).toMatchObject([{ id }]);
  });

  it('goes before those who only have the text in their names', async () => {
    const { room, id } = await newcomer();
    const [one] = room.organisation.users;
    if (one !== undefined) room.organisation.users.push({ ...one, user_id: 'n2', user_name: 'wei' });
    const { choices } = await suggest(room, 'wei');
    expect(choices[0]?.id).toBe('n2');
    expect(choices.map((choice) => choice.id)).not.toContain(id);
    expect(choices.length).toBeGreaterThan(2);
  });
});

describe('a text in a slash command', () => {
  it('names somebody by id though the listing hangs', async () => {
    const room = await openDirectory();
    hangListing(room);
    const id = room.user('mallory.finch').user_id;
    expect(await room.directory.resolve('principal', USER, id)).toMatchObject([{ id }]);
  });

  it('is not guessed while the listing is being read, because somebody else may be meant', async () => {
    const room = await openDirectory();
    hangListing(room);
    const asked = faultOf(room.directory.resolve('principal', USER, 'mallory.finch'));
    while (room.operations().filter((name) => name === 'ListUsers').length < 2) await settle();
    const fault = await impatient(room, asked, 10_000);
    expect(fault.message).toBe(
      'The users are still being read, so it is not certain who else has this name.',
    );
    expect(fault.retryable).toBe(true);
  });
});

describe('two of one name', () => {
  it('are shown with their ids when their name fills the line', async () => {
    const { directory, organisation, group } = await openDirectory();
    const name = 'Everybody who has ever worked on the landing zone of the payments platform';
    const one = group('night-shift');
    organisation.groups.push({ ...one, group_id: 'g-1', display_name: name });
    organisation.groups.push({ ...one, group_id: 'g-2', display_name: name });
    const { choices } = await directory.suggest('principal', GROUP, 'everybody who', 100);
    expect(choices).toEqual([
      {
        id: 'g-1',
        words: 'Everybody who has ever worked on the landing zone of the payments pl… (g-1)',
        detail: 'g-1',
      },
      {
        id: 'g-2',
        words: 'Everybody who has ever worked on the landing zone of the payments pl… (g-2)',
        detail: 'g-2',
      },
    ]);
    for (const { words } of choices) expect(words.length).toBeLessThanOrEqual(75);
  });
});
