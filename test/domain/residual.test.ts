import { describe, expect, it } from 'vitest';
import { type Cloud, CloudFault, type CloudFaultFamily } from '../../src/domain/ports.ts';
import type { KnownPrincipal } from '../../src/domain/principal.ts';
import { consolesOf, groupSentences, orSaid, outliving, portalSentences } from '../../src/domain/residual.ts';
import { directoryOf } from '../support/fake-directory.ts';

const mallory: KnownPrincipal = {
  words: 'user Mallory',
  spoken: 'mallory.finch',
  names: [],
  people: [],
  enabled: true,
};

describe('what a review adds', () => {
  it.each<[CloudFaultFamily, number | undefined, string]>([
    ['not-reached', undefined, 'could not be read just now.'],
    ['too-late', undefined, 'could not be read just now.'],
    ['refused', 403, 'could not be read: the cloud refused it (HTTP 403).'],
    ['refused', undefined, 'could not be read: the cloud refused it.'],
    ['unexpected-answer', 200, 'could not be read: the cloud answered in a form that nobody agreed on.'],
  ])('is said to be unread after a fault of the cloud: %s, %s', async (family, status, why) => {
    const fault = new CloudFault(family, 'any', { status, retryable: false });
    expect(await orSaid('Portal sessions', () => Promise.reject(fault))).toEqual([`Portal sessions ${why}`]);
  });

  it('is not silently left out where our own code is at fault', async () => {
    const mistake = new TypeError('ours');
    await expect(orSaid('Portal sessions', () => Promise.reject(mistake))).rejects.toBe(mistake);
  });
});

describe('open consoles', () => {
  const sets = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      id: `set-${n}`,
      name: `Set ${n}`,
      sessionDuration: `PT${n + 1}H`,
    }));
  const rows = (ids: readonly string[]) => async () =>
    ids.map((permission_set_id) => ({
      account_id: 'a',
      permission_set_id,
      principal_id: 'u1',
      principal_type: 'USER' as const,
    }));
  const directory = directoryOf({
    permissionSets: [...sets(12), { id: 'without', name: 'Without a duration' }],
  });
  /** Lists the permission sets, and one that is asked for by nobody and lasts longest. */
  const cloud: Cloud = {
    call: async (request) => ({
      status: 200,
      body: request.answer.parse({
        permission_sets: [
          ...sets(12).map(({ id, sessionDuration }) => ({
            permission_set_id: id,
            session_duration: sessionDuration,
          })),
          { permission_set_id: 'without', session_duration: null },
          { permission_set_id: 'of others', session_duration: 'PT24H' },
        ],
      }),
    }),
  };
  const ids = (count: number) => sets(count).map(({ id }) => id);

  it.each([
    ['few permission sets', ids(8), '8 h', 8],
    ['more than are asked for one by one', ids(9), '9 h', 9],
    ['one that is not there any more, among few', ['set-1', 'deleted'], '2 h', 2],
    ['one that tells no duration, among few', ['set-1', 'without'], '2 h', 2],
    ['one that tells no duration, among many', [...ids(9), 'without'], '9 h', 9],
  ])('live on as long as the longest of %s says', async (_, asked, words, hours) => {
    const consoles = await consolesOf(rows(asked), cloud, directory);
    expect(consoles.sentences).toEqual([
      `Console sessions that are open live on: the last one ends at the latest ${words} after the revocation.`,
    ]);
    expect(outliving(consoles)).toEqual({ consoleLife: hours * 3_600_000 });
  });

  it.each([[[]], [['deleted']], [['without']]])(
    'are not spoken of where no time is told: %j',
    async (asked) => {
      const consoles = await consolesOf(rows(asked), cloud, directory);
      expect(consoles.sentences).toEqual([]);
      expect(outliving(consoles)).toStrictEqual({});
    },
  );

  it('are said to be unread where the assignments behind them could not be read', async () => {
    const away = new CloudFault('not-reached', 'any', { retryable: true });
    const consoles = await consolesOf(() => Promise.reject(away), cloud, directory);
    expect(consoles.sentences).toEqual(['Ends of console sessions could not be read just now.']);
    expect(outliving(consoles)).toStrictEqual({});
  });

  it('of the portal are not spoken of where there are none', async () => {
    const none: Cloud = {
      call: async (request) => ({ status: 200, body: request.answer.parse({ session_list: [] }) }),
    };
    expect(await portalSentences('u1', mallory, none, directory)).toEqual([]);
  });
});

describe('what groups give', () => {
  const given = (count: number, grants: number) =>
    Array.from({ length: count }, (_, n) => ({
      group: { id: `g${n}`, displayName: `team-${n}` },
      rows: Array.from({ length: grants }, () => ({
        account_id: 'a',
        permission_set_id: 's',
        principal_id: `g${n}`,
        principal_type: 'GROUP' as const,
      })),
    }));

  it('is named for five groups, and counted for the others and for those that were not read', () => {
    const words = groupSentences({ groups: given(7, 2), unread: 3 }, mallory);
    expect(words).toHaveLength(7);
    expect(words[0]).toBe('2 grants stay through the group team-0: /revoke-membership mallory.finch team-0');
    expect(words.slice(5)).toEqual([
      '4 grants stay through 2 more groups.',
      '3 more groups were not read and may grant access too.',
    ]);
  });

  it('is said of one in the singular, and is nothing where groups give nothing', () => {
    const said = (groups: ReturnType<typeof given>, unread: number) =>
      groupSentences({ groups, unread }, mallory).slice(-2);
    expect(said(given(6, 1), 1)).toEqual([
      '1 grant stays through 1 more group.',
      '1 more group was not read and may grant access too.',
    ]);
    expect(said(given(9, 0), 0)).toEqual([]);
  });
});
