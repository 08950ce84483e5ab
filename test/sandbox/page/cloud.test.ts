import { describe, expect, test } from 'vitest';
import { shortPath, statusWords } from '../../../src/sandbox/page/cloud/call-words.ts';
import { tellChanges, type Watched, watch } from '../../../src/sandbox/page/cloud/changes.ts';
import { troubleOf } from '../../../src/sandbox/page/cloud/trouble.ts';
import type { Answer } from '../../../src/sandbox/wire.ts';

describe('a call in the log', () => {
  test.each([
    [200, '200', 'good'],
    [202, '202', 'good'],
    [400, '400 refused', 'bad'],
    [404, '404 refused', 'bad'],
    [429, '429 throttled', 'warn'],
    [499, '499 refused', 'bad'],
    [500, '500 failed', 'bad'],
    [503, '503 failed', 'bad'],
    [null, 'no answer', 'bad'],
  ] as const)('with status %s says "%s"', (status, words, tone) => {
    expect(statusWords(status)).toEqual({ words, tone });
  });

  test.each([
    ['/v1/instances', '/v1/instances'],
    ['/v1/instances/ins-0f873baf9611efdc/disassociate-profile', '…/ins-0f87…/disassociate-profile'],
    ['/v1/instances/ins-0f873baf9611efdc/permission-sets/0123456789abcdef', '…/permission-sets/01234567…'],
    ['/v1/instances/ins-0f873baf9611efdc/account-assignments/delete', '…/account-assignments/delete'],
    ['/v1/reports-2026', '/v1/reports-2026'],
    ['/', '/'],
  ])('shows of the path %s the end: %s', (path, short) => {
    expect(shortPath(path)).toBe(short);
  });
});

describe('a watched list', () => {
  /** Looks at one list after the other; keys are letters. */
  const looks = (...lists: readonly string[]): string =>
    lists
      .map((keys) => keys.split('').map((key) => ({ key })))
      .reduce<readonly Watched<{ key: string }>[] | undefined>(watch, undefined)
      ?.map(({ row, mark }) => (mark === 'kept' ? row.key : `${row.key} ${mark}`))
      .join(', ') ?? '';

  test.each([
    ['has nothing new at the first look', ['ab'], 'a, b'],
    ['stays as it is', ['ab', 'ab'], 'a, b'],
    ['keeps what is gone in its place', ['abc', 'ac'], 'a, b gone, c'],
    ['shows what is new at the end', ['ab', 'xab'], 'a, b, x new'],
    ['still shows what was gone and new at the next look', ['abc', 'acx', 'acx'], 'a, b gone, c, x new'],
    ['shows as gone what was new and went', ['a', 'ax', 'a'], 'a, x gone'],
    ['shows as new what went and came back', ['ab', 'a', 'ab'], 'a, b new'],
    ['can become empty', ['ab', ''], 'a gone, b gone'],
    ['can begin empty', ['', 'a'], 'a new'],
  ])('%s', (_, lists, shown) => {
    expect(looks(...lists)).toBe(shown);
  });

  test('shows the newest words of a row', () => {
    const before = watch(undefined, [{ key: 'a', account: 'old name' }]);
    expect(watch(before, [{ key: 'a', account: 'new name' }])).toEqual([
      { row: { key: 'a', account: 'new name' }, mark: 'kept' },
    ]);
  });

  test.each([
    [[], ''],
    [['kept'], ''],
    [['gone'], '1 grant is gone.'],
    [['gone', 'kept', 'gone'], '2 grants are gone.'],
    [['new'], '1 grant is new.'],
    [['new', 'gone', 'gone'], '2 grants are gone. 1 grant is new.'],
  ] as const)('with %j tells "%s"', (marks, words) => {
    const rows = marks.map((mark, place) => ({ row: { key: String(place) }, mark }));
    expect(tellChanges(rows, { one: 'grant', many: 'grants' })).toBe(words);
  });
});

describe('an act', () => {
  test('that was done needs no words', () => {
    expect(troubleOf({ outcome: 'ok' })).toBeUndefined();
  });

  test.each(['timeout', 'error', 'trouble', 'cannot'] as const)('that ends in "%s" says why', (outcome) => {
    expect(troubleOf({ outcome, why: 'The bot is being started.' })).toBe('The bot is being started.');
  });

  test.each(['timeout', 'error', 'errors', 'trouble', 'cannot'] as const)(
    'that ends in "%s" without a reason is not passed over',
    (outcome: Answer['outcome']) => {
      expect(troubleOf({ outcome })).toMatch(/\S/);
    },
  );

  test('that has words beside fields tells all of them', () => {
    expect(troubleOf({ outcome: 'errors', errors: { name: 'Too long.', on: 'Not a switch.' } })).toBe(
      'Too long. Not a switch.',
    );
  });
});
