import { expect, it } from 'vitest';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import { removeWhere } from '../../src/sandbox/cloud/organisation.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { approves, askProfile, expectNoRequest, inStory, toldEnd, userId, viewSays } from '../support/e2e.ts';

/** The identity store forgets the user; what else goes is up to the caller. */
const deleteUser = ({ organisation }: LocalCloud, id: string): void =>
  removeWhere(organisation.users, (user) => user.user_id === id);

it.concurrent('says that nothing matches a mistyped id, and leaves the field empty', () =>
  inStory(async (story) => {
    const { stage, alice } = story;
    const mistyped = '00000000-0000-4000-8000-000000000000';
    await stage.types(alice, `/revoke-profile ${mistyped} INC-7 "Laptop stolen"`);
    const form = visibleText(await stage.view(alice, 'profile'));
    expect(form).toContain(`Nothing matches "${mistyped}"`);
    expect(await alice.submit()).toMatchObject({ outcome: 'errors', by: 'client' });
    expect(JSON.stringify(alice.view()?.blocks)).not.toContain(`"value":"${mistyped}"`);
    expectNoRequest(story);
  }));

it.concurrent('says "no such user" of a user who was deleted since the form was filled in, never "already gone"', () =>
  inStory(async (story) => {
    const { stage, cloud, alice } = story;
    const id = userId(cloud, 'trent.osei');
    await stage.types(alice, '/revoke-profile trent.osei INC-7 "Contract has ended"');
    await stage.view(alice, 'profile');
    deleteUser(cloud, id);
    removeWhere(cloud.organisation.assignments, (row) => row.principal_id === id);
    await alice.submit();
    const shown = await viewSays(story, alice, 'There is no such user');
    expect(shown).toContain(id);
    expect(shown.toLowerCase()).not.toContain('already gone');
    expect(shown.toLowerCase()).not.toContain('nothing to revoke');
    expect(alice.view()?.submit ?? null).toBeNull();
    expectNoRequest(story);
  }));

it.concurrent('ends failed, never "already gone", when the user is deleted between the request and its approval', () =>
  inStory(async (story) => {
    const { cloud, bob } = story;
    const id = await askProfile(story, 'trent.osei');
    deleteUser(cloud, userId(cloud, 'trent.osei'));
    await approves(story, bob, id);
    const told = await toldEnd(story, id, 'failed');
    expect(told.card).toContain('There is no such user');
    expect(told.card).toContain('Nothing was called');
    expect(cloud.calls.changes()).toEqual([]);
  }));

it.concurrent('says that there is nothing to revoke, and offers no submit button', () =>
  inStory(async (story) => {
    const { stage, alice } = story;
    await stage.types(alice, '/revoke-profile lobby.kiosk INC-7 "Kiosk was opened"');
    await stage.view(alice, 'profile');
    await alice.submit();
    const shown = await viewSays(story, alice, 'Nothing to revoke');
    expect(shown).toContain(userId(story.cloud, 'lobby.kiosk'));
    expect(alice.view()?.submit ?? null).toBeNull();
    expectNoRequest(story);
  }));

it.concurrent('is done without a call when somebody else has taken the access before the approval', () =>
  inStory(async (story) => {
    const { cloud, bob } = story;
    const id = await askProfile(story);
    const mallory = userId(cloud, 'mallory.finch');
    removeWhere(cloud.organisation.assignments, (row) => row.principal_id === mallory);
    await approves(story, bob, id);
    const told = await toldEnd(story, id, 'succeeded');
    expect(told.card).toContain('Already gone');
    expect(told.card).toContain('Nothing was called');
    expect(cloud.calls.changes()).toEqual([]);
  }));

it.concurrent.each(['all', 'ALL', 'all-users', 'All-Users', ' all', ''])(
  'refuses "%s" in the ModelArts user field before any call',
  (forged) =>
    inStory(async (story) => {
      const { stage, cloud, slack, alice } = story;
      await stage.types(alice, '/revoke-modelarts cn-north-4_vision liu.yang INC-7 "Agency was misused"');
      await stage.view(alice, 'modelarts-authorization');
      const liu = cloud.organisation.iamUsers.find(({ name }) => name === 'liu.yang')?.id ?? '';
      await stage.reviews(alice, 'modelarts-authorization');
      const sent = slack.deliver.last();
      const honest = JSON.stringify(sent);
      const tampered = honest.replaceAll(`"value":"${liu}"`, `"value":"${forged}"`);
      expect(tampered).not.toBe(honest);
      cloud.calls.clear();
      const reply = await slack.deliver.send({ ...sent, payload: JSON.parse(tampered).payload });
      expect(reply.outcome).toBe('ok');
      const shown = await viewSays(story, alice, 'To take the authorizations of all users');
      expect(shown).toContain('Choose one user from the list');
      expect(cloud.calls.all.filter((call) => call.operation.includes('Authorization'))).toEqual([]);
      expectNoRequest(story);
    }),
);
