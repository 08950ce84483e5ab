import { expect, it } from 'vitest';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import type { CloudSwitches } from '../../src/sandbox/cloud/switches.ts';
import type { Persona } from '../../src/sandbox/slack/persona.ts';
import {
  approves,
  changesOf,
  expectNoRequest,
  grantsOf,
  inStory,
  type Story,
  toldEnd,
  userId,
  viewSays,
} from '../support/e2e.ts';

const sessionsOf = (cloud: LocalCloud, userName: string) => {
  const id = userId(cloud, userName);
  return cloud.organisation.sessions.filter((session) => session.user_id === id);
};

const groupsOf = ({ organisation }: LocalCloud, userName: string) => {
  const { user_id } = organisation.users.find((user) => user.user_name === userName) ?? {};
  return organisation.groups
    .filter(({ group_id }) =>
      organisation.memberships.some((row) => row.group_id === group_id && row.user_id === user_id),
    )
    .map((group) => group.display_name);
};

const userOf = (cloud: LocalCloud, userName: string) =>
  cloud.organisation.users.find((user) => user.user_name === userName);

/** Something happens right before the cloud looks at a call of this operation. */
const rightBefore = (cloud: LocalCloud, operation: string, act: () => void): void => {
  cloud.switches.faults.push({
    match: (call) => {
      if (call.operation === operation) act();
      return false;
    },
    times: 1,
    act: { kind: 'cut-before' },
  });
};

/** From a slash command that names everything to the review and the request. */
const ask = async ({ stage }: Story, who: Persona, kind: string, command: string) => {
  await stage.types(who, `${command} INC-7 "Laptop stolen"`);
  await stage.view(who, kind);
  const review = await stage.reviews(who, kind);
  const id = /R-\d{6}/.exec(await stage.submits(who))?.[0] ?? 'no request';
  return { id, review };
};

it('portal sessions are ended by rule, and a session of later is left alone and shown', () =>
  inStory(async (story) => {
    const { cloud, alice, slack } = story;
    const approved = sessionsOf(cloud, 'mallory.finch');
    rightBefore(cloud, 'BatchDeleteSessions', () =>
      cloud.organisation.sessions.push(
        ...approved.slice(0, 1).map((session) => ({ ...session, session_id: 'later-session' })),
      ),
    );
    const { id, review } = await ask(story, alice, 'portal-sessions', '/revoke-sessions mallory.finch');
    for (const session of approved) expect(review).toContain(session.session_id);
    expect(review).toContain('can sign in again at once');
    const told = await toldEnd(story, id, 'succeeded');
    expect(told.card).toContain('Proven by reading the cloud back: all 2 grants are gone');
    expect(told.thread).toContain('later-session');
    expect(sessionsOf(cloud, 'mallory.finch').map((session) => session.session_id)).toEqual([
      'later-session',
    ]);
    expect(changesOf(cloud, 'BatchDeleteSessions').map((call) => call.body)).toEqual([
      { session_ids: approved.map((session) => session.session_id) },
    ]);
    expect(cloud.calls.changes()).toHaveLength(1);
    expect(slack.troubles).toEqual([]);
  }));

it('a user is disabled only with a second approver, never by whoever asked', () =>
  inStory(async (story) => {
    const { cloud, stage, bob, carol, slack } = story;
    const grants = grantsOf(cloud, 'mallory.finch');
    const { id, review } = await ask(story, bob, 'user-disable', '/disable-user mallory.finch');
    expect(review).toContain('1 approval by another person needed');
    expect(review).toContain('Portal sessions that are live now are not ended');
    expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain(
      'a second person has to approve it',
    );
    expect(cloud.calls.changes()).toEqual([]);
    expect(userOf(cloud, 'mallory.finch')?.enabled).toBe(true);
    await approves(story, carol, id);
    const told = await toldEnd(story, id, 'succeeded');
    expect(told.card).toContain('Proven by reading the cloud back');
    expect(told.audit).toContain('was refused');
    expect(userOf(cloud, 'mallory.finch')?.enabled).toBe(false);
    expect(grantsOf(cloud, 'mallory.finch')).toEqual(grants);
    expect(cloud.calls.changes()).toMatchObject([{ operation: 'DisableUser' }]);
    expect(slack.troubles).toEqual([]);
  }));

it('a user is taken out of one of their groups, by rule, and stays in the others', () =>
  inStory(async (story) => {
    const { cloud, stage, alice, slack } = story;
    const before = groupsOf(cloud, 'mallory.finch');
    await stage.types(alice, '/revoke-membership mallory.finch INC-7 "Moved to another team"');
    await stage.view(alice, 'group-membership');
    const offered = JSON.stringify(await alice.suggest('group', ''));
    expect(offered).toContain('night-shift');
    expect(offered).not.toContain('developers');
    await stage.picks(alice, 'group', 'data', 'data-science');
    const review = await stage.reviews(alice, 'group-membership');
    expect(review).toContain('Lost with it: DataScientist');
    expect(review).toContain('Warning: an assignment of their own still grants DataScientist');
    expect(review).toContain('may write the membership back');
    const id = /R-\d{6}/.exec(await stage.submits(alice))?.[0] ?? 'no request';
    const told = await toldEnd(story, id, 'succeeded');
    expect(told.card).toContain('Proven by reading the cloud back: the grant is gone');
    expect(groupsOf(cloud, 'mallory.finch')).toEqual(before.filter((name) => name !== 'data-science'));
    expect(cloud.calls.changes()).toMatchObject([{ operation: 'DeleteGroupMembership' }]);
    expect(slack.troubles).toEqual([]);
  }));

it.each([
  ['user-disable', '/disable-user dmitri.volkov', 'is disabled already'],
  ['portal-sessions', '/revoke-sessions alice', 'Live portal sessions of user Alice Moreau'],
])('%s has nothing to revoke with "%s", and says so', (kind, command, words) =>
  inStory(async (story) => {
    const { stage, alice } = story;
    await stage.types(alice, `${command} INC-7 "Laptop stolen"`);
    await stage.view(alice, kind);
    await alice.submit();
    expect(await viewSays(story, alice, 'Nothing to revoke')).toContain(words);
    expectNoRequest(story);
  }),
);

it.each<Partial<CloudSwitches>>([{ identityStoreDelayMs: 300 }, { emptyBodyContentLength: false }])(
  'each succeeds where the cloud is one with %o',
  (setting) =>
    inStory(async (story) => {
      const { cloud, alice, bob } = story;
      Object.assign(cloud.switches, setting);
      const sessions = await ask(story, alice, 'portal-sessions', '/revoke-sessions mallory.finch');
      await toldEnd(story, sessions.id, 'succeeded');
      const disable = await ask(story, alice, 'user-disable', '/disable-user mallory.finch');
      await approves(story, bob, disable.id);
      await toldEnd(story, disable.id, 'succeeded');
      const leave = '/revoke-membership mallory.finch night-shift';
      const membership = await ask(story, alice, 'group-membership', leave);
      await toldEnd(story, membership.id, 'succeeded');
      expect(sessionsOf(cloud, 'mallory.finch')).toEqual([]);
      expect(userOf(cloud, 'mallory.finch')?.enabled).toBe(false);
      expect(groupsOf(cloud, 'mallory.finch')).toEqual(['data-science']);
      expect(cloud.calls.changes()).toHaveLength(3);
    }),
);

it.each([
  ['user-disable', '/disable-user mallory.finch', 'DisableUser'],
  ['group-membership', '/revoke-membership mallory.finch data-science', 'DeleteGroupMembership'],
] as const)(
  '%s is never called proven where an identity provider writes it back',
  (kind, command, operation) =>
    inStory(
      async (story) => {
        const { cloud, alice, bob } = story;
        cloud.switches.writtenBack = true;
        const { id } = await ask(story, alice, kind, command);
        if (kind === 'user-disable') await approves(story, bob, id);
        const told = await toldEnd(story, id, 'unverified');
        expect(told.card).toContain('0 of 1 grants are proven gone');
        expect(changesOf(cloud, operation)).toHaveLength(1);
      },
      {
        adjust: (config) => ({ ...config, patience: { ...config.patience, verificationWindow: 300 } }),
      },
    ),
);
