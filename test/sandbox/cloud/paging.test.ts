import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Started, startCloud } from './harness.ts';
import { refusalOf } from './official-sdk.ts';

const usersPage = z.object({
  users: z.array(z.object({ user_id: z.string() })),
  page_info: z.object({ next_marker: z.string().nullish(), current_count: z.number() }),
});

const readPage = async ({ sdk, store }: Started, query: Record<string, string | number>) =>
  usersPage.parse(await sdk({ method: 'GET', path: `${store}/users`, query }));

/** All pages to the end; `between` runs after the first. */
const readAll = async (started: Started, limit: number, between: () => void = () => {}) => {
  const pages = [await readPage(started, { limit })];
  between();
  for (let marker = pages[0]?.page_info.next_marker; marker; marker = pages.at(-1)?.page_info.next_marker) {
    pages.push(await readPage(started, { limit, marker }));
  }
  return pages;
};

test('a list is whole and without repetitions, in pages of the asked size', async () => {
  const started = await startCloud();
  const pages = await readAll(started, 15);
  expect(pages.map((page) => page.page_info.current_count)).toEqual([15, 15, 10]);
  const ids = pages.flatMap((page) => page.users.map((user) => user.user_id));
  expect(new Set(ids)).toEqual(new Set(started.cloud.organisation.users.map((user) => user.user_id)));
  expect(ids.length).toBe(40);
});

test('a page that ends exactly at the end has no marker, which is 24 characters long before', async () => {
  const pages = await readAll(await startCloud(), 20);
  expect(pages.map((page) => page.page_info.next_marker)).toEqual([expect.stringMatching(/^.{24}$/), null]);
});

test('rows that go away between pages do not hide others', async () => {
  const started = await startCloud();
  const { users } = started.cloud.organisation;
  const order = (await readAll(started, 100)).flatMap((page) => page.users.map((user) => user.user_id));
  const gone = new Set(order.slice(0, 5));
  const pages = await readAll(started, 10, () => {
    users.splice(0, users.length, ...users.filter((user) => !gone.has(user.user_id)));
  });
  expect(pages.flatMap((page) => page.users.map((user) => user.user_id))).toEqual(order);
});

test('pages can be made short without being the last', async () => {
  const started = await startCloud({ shortPages: 7 });
  const pages = await readAll(started, 100);
  expect(pages.map((page) => page.page_info.current_count)).toEqual([7, 7, 7, 7, 7, 5]);
});

test('a marker of another list, or of another filter, is refused', async () => {
  const started = await startCloud({ shortPages: 1, userNameMatch: 'fuzzy' });
  const marker = (await readPage(started, {})).page_info.next_marker ?? '';
  const { sdk, store } = started;
  expect(await refusalOf(sdk({ method: 'GET', path: `${store}/groups`, query: { marker } }))).toMatchObject({
    status: 400,
  });
  expect(await refusalOf(readPage(started, { marker, user_name: 'a' }))).toMatchObject({ status: 400 });
});

describe('the end of a list', () => {
  test.each([
    [null, { next_marker: null, current_count: 1 }],
    ['' as const, { next_marker: '', current_count: 1 }],
    ['missing' as const, { current_count: 1 }],
  ])('can be told by next_marker being %j', async (nextMarkerEnd, page_info) => {
    const { sdk } = await startCloud({ nextMarkerEnd });
    const answer = await sdk({ method: 'GET', path: '/v1/instances' });
    expect(answer).toHaveProperty('page_info', page_info);
  });
});

test('every list with markers gives all its rows in pages of one', async () => {
  const started = await startCloud({ shortPages: 1, deletionDelayMs: 0 });
  const { sdk, instance, store, account, user, set, group, cloud } = started;
  const { organisation } = cloud;
  const accountId = account('prod-core').id;
  const setId = set('ReadOnlyAccess').permission_set_id;
  const inAccount = organisation.assignments.filter((row) => row.account_id === accountId);
  const withSet = organisation.assignments.filter((row) => row.permission_set_id === setId);
  const mallory = user('mallory.finch').user_id;
  const groupId = group('data-science').group_id;
  const lists: [string, Record<string, string>, string, number][] = [
    [`${instance}/permission-sets`, {}, 'permission_sets', 9],
    [
      `${instance}/permission-sets/provisioned-to-accounts`,
      { account_id: accountId },
      'permission_sets',
      new Set(inAccount.map((row) => row.permission_set_id)).size,
    ],
    [
      `${instance}/permission-sets/${setId}/accounts`,
      {},
      'account_ids',
      new Set(withSet.map((row) => row.account_id)).size,
    ],
    [`${instance}/account-assignments`, { account_id: accountId }, 'account_assignments', inAccount.length],
    [
      `${instance}/account-assignments-for-principals`,
      { principal_id: mallory, principal_type: 'USER' },
      'account_assignments',
      5,
    ],
    [`${store}/groups`, {}, 'groups', 8],
    [`${store}/group-memberships`, { group_id: groupId }, 'group_memberships', 8],
    [`${store}/group-memberships-for-member`, { user_id: mallory }, 'group_memberships', 2],
    ['/v1/organizations/accounts', {}, 'accounts', 12],
    ['/v5/users', {}, 'users', 10],
  ];
  const answer = z.looseObject({ page_info: z.object({ next_marker: z.string().nullish() }) });
  for (const [path, filter, field, count] of lists) {
    const rows = new Set<string>();
    let marker: string | null | undefined;
    do {
      const query = marker ? { ...filter, marker } : filter;
      const page = answer.parse(await sdk({ method: 'GET', path, query }));
      for (const row of z.array(z.unknown()).parse(page[field])) rows.add(JSON.stringify(row));
      marker = page.page_info.next_marker;
    } while (marker);
    expect([path, rows.size]).toEqual([path, count]);
  }
});
