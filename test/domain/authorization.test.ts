import { describe, expect, it } from 'vitest';
import {
  type Authorization,
  authorizationsOf,
  grantsOf,
  howOf,
  isFederated,
  isForEverybody,
} from '../../src/domain/authorization.ts';
import { type Cloud, CloudFault, type CloudRequest } from '../../src/domain/ports.ts';

const place = { region: 'cn-north-4', project: 'p1' };
const ann: Authorization = { user_id: 'u1', user_name: 'ann', type: 'agency', content: 'ma_agency' };

/** A cloud with these rows in pages of two, whose offset counts what is said. */
const listing = (
  rows: readonly Authorization[],
  counts: 'pages' | 'entries' | 'nothing',
  total = rows.length,
) => {
  const asked: CloudRequest<unknown>[] = [];
  const cloud: Cloud = {
    call: async (request) => {
      asked.push(request);
      const offset = Number(request.query?.offset);
      const from = { pages: offset * 2, entries: offset, nothing: 0 }[counts];
      const auth = rows.slice(from, from + 2).map((row) => ({ ...row, secret_key: 'never to be kept' }));
      return { body: request.answer.parse({ total_count: total, auth }), status: 200 };
    },
  };
  return { cloud, offsets: () => asked.map(({ query }) => query?.offset), asked };
};
const people = (count: number): readonly Authorization[] =>
  Array.from({ length: count }, (_, n) => ({ ...ann, user_id: `u${n}`, user_name: `n${n}` }));

describe('the authorizations of a project', () => {
  it.each([
    ['pages', 5, [0, 1, 2]],
    ['pages', 4, [0, 1]],
    ['entries', 5, [0, 1, 3]],
    ['entries', 6, [0, 1, 3, 5]],
    ['pages', 2, [0]],
    ['pages', 0, [0]],
  ] as const)(
    'are read to the last where the offset counts %s: %i of them',
    async (counts, count, offsets) => {
      const cloud = listing(people(count), counts);
      expect(await authorizationsOf(place, cloud.cloud)).toEqual(people(count));
      expect(cloud.offsets()).toEqual(offsets);
    },
  );

  it.each(['pages', 'entries'] as const)(
    'are all there when two federated users are alike, where the offset counts %s',
    async (counts) => {
      const alike: Authorization = { user_name: 'fed', user_type: 'federate', content: 'ma_agency' };
      const rows = [alike, alike, ...people(3)];
      expect(await authorizationsOf(place, listing(rows, counts).cloud)).toEqual(rows);
    },
  );

  it('are not believed to be all when two alike stand on two pages', async () => {
    const alike: Authorization = { user_name: 'fed', user_type: 'federate', content: 'ma_agency' };
    const rows = [...people(1), alike, alike, { ...ann, user_id: 'last' }];
    await expect(authorizationsOf(place, listing(rows, 'pages').cloud)).rejects.toMatchObject({
      family: 'unexpected-answer',
    });
  });

  it('are asked for in one order, in their region and project, without changing anything', async () => {
    const { cloud, asked } = listing(people(1), 'pages');
    await authorizationsOf(place, cloud);
    expect(asked).toMatchObject([
      {
        service: 'modelarts',
        region: 'cn-north-4',
        project: 'p1',
        method: 'GET',
        path: ['v2', 'p1', 'authorizations'],
        query: { limit: 1000, offset: 0, sort_by: 'user_name', order: 'asc' },
        effect: 'read',
      },
    ]);
  });

  it.each([
    ['the cloud gives the same page again and again', people(2), 'nothing', 5, [0, 1], '2 of 5'],
    ['pages end before what was announced', people(4), 'pages', 5, [0, 1, 2], '4 of 5'],
    ['nothing comes of what was announced', [], 'pages', 1, [0, 1], '0 of 1'],
  ] as const)('are not believed when %s', async (_, rows, counts, total, offsets, gave) => {
    const cloud = listing(rows, counts, total);
    const fault = await authorizationsOf(place, cloud.cloud).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(CloudFault);
    expect(fault).toMatchObject({
      family: 'unexpected-answer',
      message: `The listing of the project's authorizations gave ${gave} entries.`,
      retryable: true,
    });
    expect(cloud.offsets()).toEqual(offsets);
  });
});

describe('an entry', () => {
  it.each<[string, Authorization, boolean, boolean]>([
    ['of a user', ann, false, false],
    ['by its type, for all users', { user_type: 'all-users', user_id: 'x' }, true, false],
    ['by its id, for all users', { user_id: 'ALL' }, true, false],
    ['by its longer id, for all users', { user_id: 'all-users' }, true, false],
    ['of somebody federated', { user_name: 'fed', user_type: 'federation' }, false, true],
    ['of somebody with an empty id', { user_name: 'fed', user_id: '' }, false, true],
    ['of nobody', {}, false, true],
  ])('%s', (_, row, everybody, federated) => {
    expect(isForEverybody(row)).toBe(everybody);
    expect(isFederated(row)).toBe(federated);
  });

  it.each<[Authorization, string]>([
    [{ type: 'credential' }, 'an access key'],
    [{ type: 'CREDENTIAL', content: 'x' }, 'an access key'],
    [{ type: 'agency', content: 'ma_agency' }, 'agency ma_agency'],
    [{ content: 'ma_agency' }, 'agency ma_agency'],
    [{}, 'agency unknown'],
  ])('%j acts by %s', (row, how) => {
    expect(howOf(row)).toBe(how);
  });

  it.each<[Authorization, string, string]>([
    [ann, 'p1/iam/u1', 'ann (u1), by agency ma_agency'],
    [{ ...ann, user_type: 'agency' }, 'p1/agency/u1', 'ann (u1), by agency ma_agency'],
    [
      { user_name: 'fed', user_type: 'federation', type: 'credential' },
      'p1/federation/name=fed',
      'fed (federation), by an access key',
    ],
    [{ user_name: 'fed' }, 'p1/iam/name=fed', 'fed (no id), by agency unknown'],
    [{}, 'p1/iam/name=', 'unnamed user (no id), by agency unknown'],
    [{ user_id: 'all', type: 'agency' }, 'p1/all-users', 'the entry for all users, by agency unknown'],
  ])('%j is the grant %s', (row, key, words) => {
    expect(grantsOf(place, [row])).toMatchObject([{ key, words }]);
  });

  it('can be given back by hand, if it is an agency; an access key cannot', () => {
    const commands = (row: Authorization) => grantsOf(place, [row]).map(({ restore }) => restore);
    const start = "hcloud ModelArts CreateAuthorization --cli-region='cn-north-4' --project_id='p1'";
    expect(commands(ann)).toEqual([`${start} --user_id='u1' --type='agency' --content='ma_agency'`]);
    expect(commands({ ...ann, type: 'Agency', user_type: 'all-users' })).toEqual([
      `${start} --user_id='all' --type='agency' --content='ma_agency'`,
    ]);
    expect(commands({ ...ann, user_id: '', user_type: 'federation' })).toEqual([
      `${start} --user_name='ann' --user_type='federation' --type='agency' --content='ma_agency'`,
    ]);
    for (const row of [
      { ...ann, type: 'credential' },
      { ...ann, content: '' },
      { user_id: 'u1', content: 'x' },
    ])
      expect(commands(row)).toEqual([undefined]);
  });

  it('counts once however often it is listed', () => {
    expect(grantsOf(place, [ann, { ...ann }, { user_id: 'all' }, { user_type: 'all-users' }])).toHaveLength(
      2,
    );
  });
});
