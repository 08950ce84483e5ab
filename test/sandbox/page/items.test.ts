import { describe, expect, it } from 'vitest';
import { itemsOf, itemsUnder, matching, offeredItems } from '../../../src/sandbox/page/blocks/items.ts';

const option = (value: string, text: string, description?: string) => ({
  value,
  text: { type: 'plain_text', text },
  ...(description !== undefined && { description: { type: 'plain_text', text: description } }),
});

describe('the items of a menu', () => {
  it('are its options, or those of its groups under their labels', () => {
    const groups = [{ label: { type: 'plain_text', text: 'Users' }, options: [option('u', 'Ursula')] }];
    expect(offeredItems({ options: [option('a', 'Alpha', 'the first')] })).toEqual([
      { value: 'a', text: 'Alpha', description: 'the first' },
    ]);
    expect(offeredItems({ option_groups: groups })).toEqual([{ value: 'u', text: 'Ursula', group: 'Users' }]);
  });

  it.each([
    ['', ['a', 'b']],
    ['ALP', ['a']],
    [' second ', ['b']],
    ['nobody', []],
  ])('that match %j are %j', (typed, expected) => {
    const items = itemsOf([option('a', 'Alpha'), option('b', 'Beta', 'the second')]);
    expect(matching(items, typed).map(({ value }) => value)).toEqual(expected);
  });

  it.each([
    [{ type: 'static_select', selected_option: option('a', 'Alpha') }, [{ value: 'a', text: 'Alpha' }]],
    [{ type: 'static_select', selected_option: null }, []],
    [{ type: 'checkboxes', selected_options: [option('a', 'Alpha')] }, [{ value: 'a', text: 'Alpha' }]],
    [{ type: 'users_select', selected_user: 'U1' }, [{ value: 'U1', text: 'name of U1' }]],
    [{ type: 'multi_users_select', selected_users: ['U1'] }, [{ value: 'U1', text: 'name of U1' }]],
    [{ type: 'users_select' }, []],
  ])('chosen in %j are told by their names', (value, expected) => {
    expect(itemsUnder(value, 'selected_', (id) => `name of ${id}`)).toEqual(expected);
  });
});
