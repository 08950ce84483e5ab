import { expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { askProfile, inStory, letIn, type Story, toldEnd } from '../support/e2e.ts';

const { responders, approvers } = SEED.groups;

/** What somebody is told who types this. */
const hears = async ({ stage, alice }: Story, text: string, words: string, who = alice): Promise<string> => {
  await stage.types(who, text);
  return stage.hears(who, words);
};

const strict = (config: Config): Config => ({
  ...config,
  policy: {
    ...config.policy,
    approversOf: { profile: { anyone: [], together: [[responders, approvers]] } },
    approvalsNeededOf: { 'user-disable': 2 },
    coolOff: 24 * 3_600_000,
    escalateTo: [SEED.users.oscar],
  },
});

it('the policy in words: who may ask and approve what, with the people of now, when, and for how long', () =>
  inStory(
    async (story) => {
      const told = await hears(story, '/revocations policy', 'Who may do what, now');
      expect(told).toContain(`Ask: @responders (${responders}). Now: Alice Moreau`);
      expect(told).toMatch(
        /Approve \/revoke-assignment, \/revoke-modelarts, .*: 1 approval, from @approvers \(S0APPROVE1\)\. Now: Bob Lindqvist \(U0BOB00001\), Carol Adeyemi/,
      );
      expect(told).toMatch(
        /Approve \/revoke-profile: 2 approvals, one from @responders .* and one from @approvers/,
      );
      expect(told).toMatch(/Approve \/disable-user: 2 approvals, from @approvers/);
      for (const words of [
        'more than 5 members',
        'expires 30m after it was asked',
        'may approve for it 1d later',
        'After 10m these are told too: U0OSCAR001',
      ])
        expect(told).toContain(words);
    },
    { adjust: strict },
  ));

it('tries out what would be asked, and requests nothing', () =>
  inStory(async (story) => {
    const { cloud, bob } = story;
    const told = await hears(story, '/revocations policy profile mallory.finch', 'If you asked for this now');
    expect(told).toContain('1 approval needed, because it takes everything there is at once');
    expect(told).toContain('May approve now: Bob Lindqvist (U0BOB00001), Carol Adeyemi (U0CAROL001).');
    const own = await hears(story, '/revocations policy profile mallory.finch', 'Carol', bob);
    expect(own).toContain('May approve now: Carol Adeyemi (U0CAROL001).');
    const single = await hears(
      story,
      '/revocations policy /revoke-assignment trent.osei prod-storefront PowerUser',
      'go on by rule',
    );
    expect(single).toContain('1 grant would be removed.');
    await hears(story, '/revocations policy account-assignment trent.osei', 'Still needed, in this order');
    await hears(story, '/revocations policy everything', 'There is no kind "everything"');
    await hears(story, '/revocations policy profile', 'Say a kind and whom it would be about');
    await hears(story, '/revocations policy profile nobody.at.all', 'Nothing matches "nobody.at.all"');
    expect(cloud.calls.changes()).toEqual([]);
  }));

it('warns of what nobody could approve, before it is asked, in the review and on the card', () =>
  inStory(
    async (story) => {
      const { stage, bob } = story;
      const told = await hears(story, '/revocations policy profile mallory.finch', 'Careful', bob);
      expect(told).toContain(
        'As things are, this cannot be approved: it needs 1 approval, and nobody else may',
      );
      const id = await askProfile(story, 'mallory.finch', bob);
      expect(
        (await stage.card(id, 'requested')).blocks.map((block) => JSON.stringify(block)).join(),
      ).toContain('Warning to the requester: As things are, this cannot be approved');
    },
    {
      adjust: (config) => ({
        ...config,
        policy: { ...config.policy, approvers: { anyone: [SEED.users.bob], together: [] } },
      }),
    },
  ));

it('a rule of two groups needs one different person from each', () =>
  inStory(
    async (story) => {
      const { stage, bob, slack } = story;
      const oscar = slack.as(SEED.users.oscar);
      const id = await askProfile(story);
      expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('1 more approval needed');
      expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('approved R-000001 already');
      await stage.clicks(oscar, id, 'requested', 'approve');
      const told = await toldEnd(story, id, 'succeeded');
      expect(told.card).toContain('Approved by Bob Lindqvist (U0BOB00001) and Oscar Lind (U0OSCAR001).');
    },
    {
      adjust: (config) => ({
        ...config,
        policy: { ...config.policy, approvers: { anyone: [], together: [[responders, approvers]] } },
      }),
      prepare: letIn(responders, SEED.users.oscar),
    },
  ));
