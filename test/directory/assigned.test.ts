import { describe, expect, it } from 'vitest';
import { openDirectory } from './room.ts';

type Room = Awaited<ReturnType<typeof openDirectory>>;

const holder = ({ user }: Room, userName: string) => ({
  principal_type: 'USER',
  principal: user(userName).user_id,
});

const namesOf = (choices: readonly { readonly words: string }[]) =>
  choices.map(({ words }) => words.split(' (')[0]);

describe('the accounts and permission sets of a principal', () => {
  it('are those that a user really has', async () => {
    const room = await openDirectory({}, { shortPages: 2 });
    const context = holder(room, 'mallory.finch');
    const accounts = await room.directory.suggest('account', context, '', 100);
    expect(namesOf(accounts.choices)).toEqual(['data-lake', 'prod-core', 'prod-payments']);
    const sets = await room.directory.suggest(
      'permission-set',
      { ...context, account: room.account('prod-core').id },
      '',
      100,
    );
    expect(namesOf(sets.choices)).toEqual(['PowerUser', 'ReadOnlyAccess']);
  });

  it('are those that a group really has, found by a part of their name', async () => {
    const { directory, group } = await openDirectory();
    const context = { principal_type: 'GROUP', principal: group('night-shift').group_id };
    const { choices } = await directory.suggest('account', context, 'storefront', 100);
    expect(namesOf(choices)).toEqual(['prod-storefront']);
  });

  it('come from one listing of the assignments, for both fields', async () => {
    const room = await openDirectory();
    const context = holder(room, 'mallory.finch');
    for (const text of ['', 'p', 'pr']) await room.directory.suggest('account', context, text, 100);
    await room.directory.suggest('permission-set', { ...context, account: 'any' }, '', 100);
    const asked = room.operations().filter((name) => name === 'ListAccountAssignmentsForPrincipal');
    expect(asked).toHaveLength(1);
  });

  it('are read again after some seconds, so that what is gone is not offered for long', async () => {
    const room = await openDirectory();
    const context = holder(room, 'trent.osei');
    const names = async () => namesOf((await room.directory.suggest('account', context, '', 100)).choices);
    expect(await names()).toEqual(['dev-shared', 'prod-storefront']);
    room.organisation.assignments.length = 0;
    room.clock.advance(30_000);
    expect(await names()).toEqual([]);
  });

  it('still take a whole id, and say that it is none of theirs', async () => {
    const room = await openDirectory();
    const context = holder(room, 'mallory.finch');
    const { id } = room.account('staging');
    const { choices } = await room.directory.suggest('account', context, id, 100);
    expect(choices).toEqual([
      { id, words: `staging (${id})`, detail: 'not assigned to the one who is chosen' },
    ]);
    const own = room.account('prod-core').id;
    expect((await room.directory.suggest('account', context, own, 100)).choices).toEqual([
      { id: own, words: `prod-core (${own})` },
    ]);
  });

  it('are none for somebody without any, which is said', async () => {
    const room = await openDirectory();
    const context = holder(room, 'lobby.kiosk');
    expect(await room.directory.suggest('account', context, '', 100)).toEqual({
      choices: [],
      more: false,
      notes: ['Nothing is assigned to this user itself.'],
    });
    const sets = { ...holder(room, 'mallory.finch'), account: room.account('staging').id };
    expect((await room.directory.suggest('permission-set', sets, '', 100)).notes).toEqual([
      'Nothing is assigned to this user itself on this account.',
    ]);
  });

  it('go by their ids when an assignment is of an account that is not listed', async () => {
    const room = await openDirectory();
    const context = holder(room, 'lobby.kiosk');
    const account = 'f'.repeat(32);
    room.organisation.assignments.push({
      account_id: account,
      permission_set_id: room.set('PowerUser').permission_set_id,
      principal_id: context.principal,
      principal_type: 'USER',
    });
    const { choices } = await room.directory.suggest('account', context, '', 100);
    expect(choices).toEqual([{ id: account, words: account }]);
  });

  it('cannot be offered when they cannot be read, which is said', async () => {
    const room = await openDirectory();
    room.refuse('ListAccountAssignmentsForPrincipal', 403, 'IIC.1000');
    expect(await room.directory.suggest('account', holder(room, 'alice'), '', 100)).toEqual({
      choices: [],
      more: false,
      notes: ['The accounts of this user cannot be read now. A whole id may work.'],
    });
  });

  it('are all there are until somebody is chosen', async () => {
    const { directory, organisation } = await openDirectory();
    const context = { principal_type: 'USER', principal: '' };
    const { choices } = await directory.suggest('account', context, '', 100);
    expect(choices).toHaveLength(organisation.accounts.length);
  });
});
