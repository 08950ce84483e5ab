import { describe, expect, it } from 'vitest';
import type { ApiCall } from '../../src/sandbox/slack/core.ts';
import { liveInBlocks, liveSequences } from '../../src/sandbox/slack/mrkdwn.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { approves, inStory, type Story, toldEnd, userId } from '../support/e2e.ts';

const { incident, audit } = SEED.channels;

const poison = '<!channel> <@U0BOB00001> <https://evil.example|click> *bold* `code` :tada:';
const invisible = '\u202e\u2066\u200b\u200d\ufeff';
const lineBreak = 'Mallory\nEve Intruder (U0EVE00001) approved.';

/** Everything that anybody was shown so far: views as they were sent, messages as they stand. */
const shown = ({ slack }: Story) => {
  const views = slack.calls
    .filter(({ method }: ApiCall) => method === 'views.open' || method === 'views.update')
    .map(({ args }) => args.view);
  const messages = [...slack.workspace.channels.values()].flatMap((channel) => channel.messages);
  return { views, messages: [...messages, ...slack.workspace.ephemerals] };
};

/** Nothing foreign is live, nothing deceptive is invisible, and Slack refused nothing. */
const expectHarmless = (story: Story): void => {
  const { views, messages } = shown(story);
  const alive = messages.flatMap((message) => [
    ...liveInBlocks(message.blocks),
    ...liveSequences(message.text),
  ]);
  const live = [...alive, ...liveInBlocks(views)].filter(
    ({ kind, target }) =>
      kind !== 'date' && !(kind === 'link' && target.startsWith('https://acme-sandbox.slack.com/archives/')),
  );
  expect(live).toEqual([]);
  const all = JSON.stringify([views, messages.map(({ text, blocks }) => ({ text, blocks }))]);
  for (const character of invisible) expect(all.includes(character)).toBe(false);
  expect(story.slack.calls.filter((call) => !call.ok)).toEqual([]);
  expect(story.slack.troubles).toEqual([]);
  expect(story.sandbox.lines.join('\n')).not.toMatch(
    /refused a card|refused an audit entry|could not be shown/,
  );
};

/** Asks for everything of a user to go, with any reason. */
const ask = async (story: Story, reason: string): Promise<string> => {
  const { stage, alice } = story;
  await stage.types(alice, '/revoke-profile');
  await stage.view(alice, 'profile');
  // Also behind the longest of names, what tells a person from others can be read.
  await stage.picks(alice, 'principal', 'finch', 'mallory.finch');
  await alice.fill('reason', reason);
  const review = await stage.reviews(alice, 'profile');
  await stage.submits(alice);
  return review;
};

const seen = async (story: Story, id: string): Promise<string> => {
  const { stage, alice } = story;
  await stage.types(alice, `/revocations show ${id}`);
  const life = await stage.hears(alice, `${id} · succeeded`);
  await stage.types(alice, '/revocations list');
  await stage.hears(alice, 'Revocations: all');
  return life;
};

describe('foreign text', () => {
  it.each([
    ['that would ping, link and format', poison, poison],
    ['of a thousand Chinese characters', '撤'.repeat(1_000), '撤'.repeat(900)],
    ['of a thousand characters that grow when they are escaped', '&'.repeat(1_000), '&'.repeat(900)],
    ['of a thousand characters that nobody can see', `x${'\u200b'.repeat(998)}x`, 'x\\u{200b}\\u{200b}'],
    [
      'of halves of characters and many lines',
      `${'\ud83d'.repeat(200)}${'a\n'.repeat(400)}`,
      '\ufffd'.repeat(200),
    ],
  ])('a reason %s is shown as it is, everywhere', (_, reason, shownAs) =>
    inStory(async (story) => {
      await ask(story, reason);
      await approves(story, story.bob, 'R-000001');
      const told = await toldEnd(story, 'R-000001', 'succeeded');
      await seen(story, 'R-000001');
      expect(told.card).toContain(shownAs);
      expect(told.audit).toContain(shownAs);
      expectHarmless(story);
    }),
  );

  it('in names of users, groups, accounts, permission sets and people is shown as it is, everywhere', () =>
    inStory(async (story) => {
      const { cloud, alice, bob, slack } = story;
      const { organisation } = cloud;
      for (const user of organisation.users) {
        if (user.user_name === 'mallory.finch') user.display_name = `${lineBreak}${invisible}${poison}`;
      }
      for (const group of organisation.groups)
        group.display_name = `${group.display_name}\n${invisible}${poison}`;
      for (const account of organisation.accounts) account.name = `${account.name}\n${poison}${invisible}`;
      for (const set of organisation.permissionSets) set.name = `${set.name} ${invisible}${poison}`;
      Object.assign(alice.user, { realName: `Alice\n#9 R-000001 approved${invisible}${poison}` });
      Object.assign(bob.user, { realName: `Bob ${invisible}${poison}` });
      const review = await ask(story, poison);
      expect(review).toContain('<!channel>');
      await approves(story, bob, 'R-000001');
      const told = await toldEnd(story, 'R-000001', 'succeeded');
      const life = await seen(story, 'R-000001');
      for (const text of [review, told.card, told.thread, told.audit, life]) {
        expect(text.split('\n').filter((line) => line.trim().startsWith('Eve Intruder'))).toEqual([]);
        expect(text.split('\n').filter((line) => line.trim().startsWith('#9 R-000001'))).toEqual([]);
      }
      expect(slack.channel(audit).messages.length).toBeGreaterThan(3);
      expectHarmless(story);
    }));

  it('in what a person types after a command or as a list is answered as it is', () =>
    inStory(async (story) => {
      const { alice, stage, slack } = story;
      for (const text of [
        poison,
        `list ${poison}`,
        `show ${poison}`,
        'list constructor',
        'list __proto__',
        'x'.repeat(3_000),
      ]) {
        const before = alice.ephemerals().length;
        await stage.types(alice, `/revocations ${text}`);
        const answer = await slack.until('an answer', () => alice.ephemerals()[before]);
        expect(visibleText(answer)).toMatch(/I do not know|There is no/);
        expect(answer.text.length).toBeLessThan(4_000);
      }
      await stage.types(alice, `/revoke-profile nobody-${invisible}${poison}`);
      const form = await stage.view(alice, 'profile');
      expect(visibleText(form)).toContain('Nothing matches');
      expectHarmless(story);
    }));
});

describe('much of everything', () => {
  it('three hundred grants: the review shows fifty and the count, and all posts stay within limits', () =>
    inStory(async (story) => {
      const { cloud, slack, stage, alice } = story;
      const { accounts, permissionSets, assignments } = cloud.organisation;
      const principal_id = userId(cloud, 'mallory.finch');
      const own = () => assignments.filter((row) => row.principal_id === principal_id).length;
      const long = 'n'.repeat(120);
      const [base] = permissionSets;
      if (base === undefined) throw new Error('The seed has no permission sets');
      const sets = Array.from({ length: 30 }, (_, n) => ({
        ...base,
        permission_set_id: `set${n}x`.padEnd(32, '0'),
        name: `Set ${n} ${long}`,
      }));
      permissionSets.push(...sets);
      for (const { permission_set_id } of sets) {
        for (const { id: account_id } of accounts.slice(0, 10)) {
          if (own() < 300)
            assignments.push({ principal_id, principal_type: 'USER', account_id, permission_set_id });
        }
      }
      const review = await ask(story, '&'.repeat(1_000));
      expect(review).toContain('300 grants will be removed');
      expect(review).toContain('… and 250 more');
      const view = slack.calls.findLast(({ method }) => method === 'views.update')?.args.view;
      expect(JSON.stringify(view).length).toBeLessThan(250_000);
      const card = await stage.card('R-000001', 'requested');
      expect(card.blocks.length).toBeLessThanOrEqual(50);
      expect(visibleText(card)).toContain('… and 280 more');
      expect(JSON.stringify(card.blocks)).toContain('"approve"');
      await approves(story, story.bob, 'R-000001');
      const told = await toldEnd(story, 'R-000001', 'succeeded');
      expect(told.card).toContain('300');
      for (const post of slack.channel(audit).messages) {
        expect(post.text.length).toBeLessThanOrEqual(40_000);
        expect(JSON.stringify(post.blocks).length).toBeLessThan(16_000);
      }
      await stage.types(alice, '/revocations show R-000001');
      await stage.hears(alice, 'R-000001 · succeeded');
      expectHarmless(story);
    }));

  it('names far beyond seventy-five characters are offered, chosen and shown', () =>
    inStory(async (story) => {
      const { cloud, alice, slack, stage } = story;
      const long = '名'.repeat(200);
      for (const user of cloud.organisation.users) {
        if (user.user_name === 'mallory.finch') user.display_name = `Mallory ${long}`;
      }
      for (const account of cloud.organisation.accounts) account.name = `${account.name}-${long}`;
      for (const set of cloud.organisation.permissionSets) set.name = `${set.name}-${long}`;
      await stage.types(alice, '/revoke-assignment');
      await stage.view(alice, 'account-assignment');
      const offered = await alice.suggest('principal', 'mallory');
      for (const option of offered) {
        expect(JSON.stringify(option.text).length).toBeLessThan(75 + 60);
      }
      await stage.picks(alice, 'principal', 'mallory', 'Mallory');
      await stage.picks(alice, 'account', 'prod-core', 'prod-core');
      await stage.picks(alice, 'permission_set', 'Power', 'PowerUser');
      await stage.fills(alice, 'reason', 'x'.repeat(1_000));
      await stage.reviews(alice, 'account-assignment');
      await stage.submits(alice);
      await toldEnd(story, 'R-000001', 'succeeded');
      expect(slack.channel(incident).posts.length).toBeGreaterThan(0);
      expectHarmless(story);
    }));

  it('no suggestion holds more than a hundred options', () =>
    inStory(async (story) => {
      const { cloud, alice, stage } = story;
      const [base] = cloud.organisation.accounts;
      for (let n = 0; base && n < 150; n += 1) {
        cloud.organisation.accounts.push({ ...base, id: `acc${n}`.padEnd(32, '0'), name: `many-${n}` });
      }
      await stage.types(alice, '/revoke-assignment mallory.finch');
      await stage.view(alice, 'account-assignment');
      const offered = await alice.suggest('account', 'many');
      expect(offered.length).toBeLessThanOrEqual(100);
      expectHarmless(story);
    }));
});
