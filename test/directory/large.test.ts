import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userCandidate } from '../../src/directory/choices.ts';
import { createSearchIndex } from '../../src/directory/search-index.ts';
import { commonName, designSize, largeOrganisation } from '../../src/sandbox/cloud/large-seed.ts';
import { settle } from '../support/virtual-clock.ts';
import { startDirectory } from './room.ts';

const USER = { principal_type: 'USER' };
const GROUP = { principal_type: 'GROUP' };

/** Slack shows at most this much of a line of a menu. */
const lineLength = 75;

const organisation = largeOrganisation(Date.UTC(2026, 2, 14));
/** As many users as can be read over loopback in a second or two. */
const readable = 10_000;

let room: Awaited<ReturnType<typeof startDirectory>>;
beforeAll(async () => {
  room = await startDirectory({}, {}, { ...organisation, users: organisation.users.slice(0, readable) });
});
afterAll(async () => {
  await room.close();
});

describe('a large organisation', () => {
  it('is as large as it is said to be', () => {
    const { users, groups, accounts, permissionSets } = room.organisation;
    expect({
      users: users.length,
      groups: groups.length,
      accounts: accounts.length,
      permissionSets: permissionSets.length,
    }).toEqual({ ...designSize, users: readable });
  });

  it('is read to its last page, and answers meanwhile with what is there', async () => {
    const { directory, endPatience, operations } = room;
    const asked = directory.suggest('principal', USER, 'mallory.finch', 100);
    await settle();
    endPatience();
    const early = await asked;
    expect(early.notes?.[0]).toMatch(/^Still reading the users: [\d,]+ so far\. A whole id works\.$/);
    const found = await directory.resolve('principal', USER, 'mallory.finch');
    expect(found).toHaveLength(1);
    expect(operations().filter((name) => name === 'ListUsers').length).toBeGreaterThanOrEqual(100);
  });

  it('says to keep typing when more than a hundred match', async () => {
    const { choices, more, notes } = await room.directory.suggest('principal', USER, 'wei', 100);
    expect(choices).toHaveLength(100);
    expect(more).toBe(true);
    expect(notes).toEqual(['More than 100 match: keep typing.']);
  });

  it('tells apart everybody who has the same name', async () => {
    const { choices } = await room.directory.suggest('principal', USER, commonName, 100);
    expect(choices).toHaveLength(100);
    expect(choices.every(({ words }) => words.startsWith(`${commonName} (`))).toBe(true);
    expect(new Set(choices.map(({ words }) => words)).size).toBe(100);
  });

  it('never guesses who of them is meant', async () => {
    const found = await room.directory.resolve('principal', USER, commonName);
    expect(found.length).toBeGreaterThanOrEqual(100);
  });

  it('names a hundred of those whom a text names in part, and no more', async () => {
    expect(await room.directory.resolve('principal', USER, 'a')).toHaveLength(100);
  });

  it('finds a group among all, and reads on where many are listed', async () => {
    const { directory, organisation } = room;
    const last = organisation.groups.at(-1);
    const { choices } = await directory.suggest('principal', GROUP, last?.display_name ?? '', 100);
    expect(choices[0]?.id).toBe(last?.group_id);
  });

  it('offers of 500 accounts and 2,000 permission sets those that the principal has', async () => {
    const { directory, user } = room;
    const context = { ...USER, principal: user('mallory.finch').user_id };
    const accounts = await directory.suggest('account', context, '', 100);
    expect(accounts).toMatchObject({ choices: { length: 100 }, more: true });
    const [account] = accounts.choices;
    const sets = await directory.suggest(
      'permission-set',
      { ...context, account: account?.id ?? '' },
      '',
      100,
    );
    expect(sets.choices).toHaveLength(1);
  });

  it('is shown in lines that fit a menu', async () => {
    const { directory } = room;
    for (const lookup of ['account', 'permission-set'] as const) {
      const { choices, notes } = await directory.suggest(lookup, {}, '', 100);
      for (const text of [...choices.map(({ words }) => words), ...(notes ?? [])])
        expect(text.length).toBeLessThanOrEqual(lineLength);
    }
  });
});

describe('an index of the design size', () => {
  it('finds one among 100,000, and a hundred of a name that a thousand share', async () => {
    const { users } = organisation;
    const index = await createSearchIndex(
      users.map(({ user_id: id, user_name: userName, display_name: displayName, enabled }) =>
        userCandidate({ id, userName, displayName, enabled, emails: [] }),
      ),
    );
    const last = users.at(-1);
    expect(index.size).toBe(100_000);
    expect((await index.named(last?.user_name ?? '')).map(({ id }) => id)).toEqual([last?.user_id]);
    expect(await index.find(commonName, 100)).toMatchObject({ choices: { length: 100 }, more: true });
    expect((await index.named(commonName)).length).toBeGreaterThanOrEqual(1_000);
  });
});
