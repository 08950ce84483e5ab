import { expect, it } from 'vitest';
import { openDirectory } from './room.ts';

const open = async () => {
  const opened = await openDirectory();
  const { directory, user } = opened;
  const offered = async (userName: string, text: string) =>
    directory.suggest('group-of-user', { principal: user(userName).user_id }, text, 100);
  return { ...opened, offered };
};
const names = (choices: readonly { readonly words: string }[]) =>
  choices.map(({ words }) => words.replace(/ \(.*/, '')).toSorted((one, other) => one.localeCompare(other));

it('only the groups of the chosen user are offered', async () => {
  const { offered } = await open();
  expect(names((await offered('mallory.finch', '')).choices)).toEqual(['data-science', 'night-shift']);
  expect(names((await offered('mallory.finch', 'night')).choices)).toEqual(['night-shift']);
  expect(await offered('lobby.kiosk', '')).toMatchObject({
    choices: [],
    notes: [expect.stringContaining('in no group')],
  });
});

it('nothing is offered before a user is chosen', async () => {
  const { directory } = await open();
  expect((await directory.suggest('group-of-user', { principal: '' }, '', 100)).choices).toEqual([]);
});

it('a name means a group of the user, and a whole id any group', async () => {
  const { directory, user, local } = await open();
  const context = { principal: user('mallory.finch').user_id };
  const other = local.organisation.groups.find((group) => group.display_name === 'developers');
  const resolved = async (text: string) => names(await directory.resolve('group-of-user', context, text));
  expect(await resolved('data-science')).toEqual(['data-science']);
  expect(await resolved('developers')).toEqual([]);
  expect(await resolved(other?.group_id ?? '')).toEqual(['developers']);
});
