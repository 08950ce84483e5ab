import { expect, it } from 'vitest';
import type { Persona } from '../../src/sandbox/slack/persona.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { approves, askProfile, inStory, letIn, type Story, toldEnd } from '../support/e2e.ts';

/** What somebody's Home says, once it contains the words. */
const homeSays = ({ slack }: Story, who: Persona, words: string): Promise<string> =>
  slack.until(`a Home with "${words}"`, () => {
    const text = visibleText(who.home() ?? { blocks: [] });
    return text.includes(words) ? text : undefined;
  });

const part = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(from), text.indexOf(to));

it('has what waits for somebody first, keeps itself up to date, and ends with what is over', () =>
  inStory(async (story) => {
    const { alice, bob, carol } = story;
    await bob.openHome();
    expect(await homeSays(story, bob, 'Nothing waits for you.')).toContain('/revoke-profile');
    const id = await askProfile(story);
    expect(await homeSays(story, bob, id)).toMatch(
      new RegExp(
        `Waiting for you\\n${id} · waiting for approval\\nRevoke all account access of user Mallory.*\\nAlice Moreau \\(U0ALICE001\\), .*Expires`,
      ),
    );
    await alice.openHome();
    expect(part(await homeSays(story, alice, id), 'Waiting for you', 'Your requests')).toContain(
      'Nothing waits',
    );
    await approves(story, carol, id);
    await toldEnd(story, id, 'succeeded');
    for (const who of [alice, bob]) {
      const text = await homeSays(story, who, 'succeeded: proven gone');
      expect(part(text, 'Recent', 'Take access away')).toContain(id);
      expect(text).toContain('Nothing waits for you.');
    }
  }));

it('shows nothing to people without a role, and nothing of it to the affected person before the end', () =>
  inStory(
    async (story) => {
      const { slack, carol } = story;
      const mallory = slack.as(SEED.users.mallory);
      const oscar = slack.as(SEED.users.oscar);
      const id = await askProfile(story);
      await oscar.openHome();
      const closed = await homeSays(story, oscar, 'Portcullis');
      expect(closed).toContain('Only those who may ask for or approve revocations can see them.');
      await mallory.openHome();
      expect(await homeSays(story, mallory, 'Nothing waits for you.')).not.toContain(id);
      await approves(story, carol, id);
      await toldEnd(story, id, 'succeeded');
      expect(await homeSays(story, mallory, id)).toContain('succeeded');
    },
    { prepare: letIn(SEED.groups.approvers, SEED.users.mallory) },
  ));

it('calls nothing waiting that somebody could not decide, and draws nothing for another tab', () =>
  inStory(
    async (story) => {
      const { alice, bob, slack } = story;
      const oscar = slack.as(SEED.users.oscar);
      await alice.openHome('messages');
      const id = await askProfile(story, 'mallory.finch', bob);
      await bob.openHome();
      const own = await homeSays(story, bob, id);
      expect(part(own, 'Your requests', 'Take access away')).toContain(id);
      expect(own).toContain('Nothing waits for you.');
      await oscar.openHome();
      expect(await homeSays(story, oscar, 'Nothing waits for you.')).not.toContain(id);
      expect(alice.home()).toBeUndefined();
    },
    { prepare: letIn(SEED.groups.responders, SEED.users.oscar) },
  ));

it('is drawn a moment later where Slack did not take it when it was opened', () =>
  inStory(async (story) => {
    const { slack, bob } = story;
    slack.switches.failWith['views.publish'] = { times: 1, error: 'internal_error' };
    await bob.openHome();
    expect(await homeSays(story, bob, 'Nothing waits for you.')).toContain('Take access away');
  }));

it('is drawn as soon as Slack takes it, where Slack asked to be left alone more than once', () =>
  inStory(async (story) => {
    const { slack, bob } = story;
    slack.switches.rateLimited['views.publish'] = { times: 2, retryAfter: 1 };
    await bob.openHome();
    expect(await homeSays(story, bob, 'Nothing waits for you.')).toContain('Take access away');
  }));

it('answers a click on it also where Slack does not open the request', () =>
  inStory(async (story) => {
    const { slack, alice, bob } = story;
    const id = await askProfile(story);
    await bob.openHome();
    await homeSays(story, bob, id);
    slack.switches.failWith['views.open'] = { times: 1, error: 'internal_error' };
    await bob.pressHome('open');
    const isAnswer = ({ text }: { text: string }): boolean =>
      text.includes('Slack did not open the form in time');
    await slack.until('an answer', () => bob.dms().find(isAnswer));
    expect(alice.dms().some(isAnswer)).toBe(false);
  }));
