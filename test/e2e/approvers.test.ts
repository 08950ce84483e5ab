import { expect, it } from 'vitest';
import type { Delivery } from '../../src/sandbox/slack/delivery.ts';
import type { Persona } from '../../src/sandbox/slack/persona.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import type { StoredMessage } from '../../src/sandbox/slack/workspace.ts';
import { lifeOf } from '../slack/evidence.ts';
import { createShiftedClock, inShiftedStory } from '../slack/shifted-story.ts';
import {
  approves,
  askProfile,
  inStory,
  letIn,
  type Story,
  textOf,
  toldEnd,
  viewSays,
} from '../support/e2e.ts';

const { incident } = SEED.channels;

/** A direct message to this person with these words, once there is one. */
const hears = ({ slack }: Story, who: Persona, words: string): Promise<StoredMessage> =>
  slack.until(`a message with "${words}" to ${who.user.realName}`, () =>
    who.dms().find((message) => textOf(message).includes(words)),
  );

const buttonsIn = (blocks: readonly unknown[]): readonly string[] =>
  [...JSON.stringify(blocks).matchAll(/"action_id":"(\w+)"/g)].map(([, id]) => id ?? '');

/** Opens the request from its direct message, and waits for what the view says. */
const opens = async (story: Story, who: Persona, words: string): Promise<string> => {
  const message = await hears(story, who, words);
  await who.click(message.channel, message.ts, 'open');
  await story.stage.view(who, 'request');
  return visibleText(who.view() ?? { blocks: [] });
};

/** Somebody clicks in their view as somebody else just did in theirs, too late to see that nothing is there any more. */
const clicksTooLate = async (
  { slack }: Story,
  who: Persona,
  click: Delivery,
  verb: string,
): Promise<void> => {
  const [action] = click.payload.actions as readonly Record<string, unknown>[];
  await slack.deliver.send({
    ...click,
    payload: {
      ...click.payload,
      user: { ...(click.payload.user as object), id: who.user.id },
      view: { ...(click.payload.view as object), id: who.view()?.id },
      actions: [{ ...action, action_id: verb, action_ts: '9.9' }],
    },
  });
};

const verbsOf = (who: Persona): readonly string[] => buttonsIn(who.view()?.blocks ?? []);

it.concurrent('is approved from the direct message, and everybody learns of it once', () =>
  inStory(
    async (story) => {
      const { slack, alice, bob, carol, sandbox } = story;
      const mallory = slack.as(SEED.users.mallory);
      const id = await askProfile(story);
      for (const who of [bob, carol]) {
        const { blocks } = await hears(story, who, `${id} needs your decision`);
        expect(buttonsIn(blocks)).toEqual(['open']);
      }
      const shown = await opens(story, carol, 'needs your decision');
      for (const words of [`${id} · waiting`, 'Alice Moreau', 'Laptop stolen', 'Expires', 'What remains']) {
        expect(shown).toContain(words);
      }
      expect(verbsOf(carol)).toEqual(['approve', 'deny']);
      expect((await carol.press('approve', { confirm: false })).outcome).toBe('cancelled');
      await carol.press('approve');
      await viewSays(story, carol, `You approved ${id}`);
      expect(verbsOf(carol)).toEqual([]);
      expect(carol.ephemerals()).toEqual([]);
      await toldEnd(story, id, 'succeeded');
      for (const who of [bob, carol]) {
        const { blocks } = await hears(story, who, `${id} was approved by Carol Adeyemi`);
        expect(buttonsIn(blocks)).toEqual([]);
        expect(who.dms()).toHaveLength(1);
      }
      await hears(story, alice, 'succeeded: proven gone');
      const told = alice.dms().map(textOf);
      expect(told.filter((text) => text.includes('proven gone'))).toHaveLength(1);
      expect(told.filter((text) => text.includes('is being executed')).length).toBeLessThan(2);
      expect(mallory.dms()).toEqual([]);
      await opens(story, alice, 'proven gone');
      expect(verbsOf(alice)).toEqual([]);
      expect(lifeOf(sandbox, id).filter((fact) => fact === 'approved')).toHaveLength(1);
      expect(slack.troubles).toEqual([]);
    },
    { prepare: letIn(SEED.groups.approvers, SEED.users.mallory) },
  ));

it.concurrent('is told to its requester once while it is executed, also where Slack is slower than the cloud', () =>
  inStory(async (story) => {
    const { slack, alice, bob, cloud } = story;
    const id = await askProfile(story);
    await hears(story, bob, `${id} needs your decision`);
    cloud.switches.disassociateDelayMs = 1_000;
    slack.switches.latencyMs = 50;
    await approves(story, bob, id);
    await toldEnd(story, id, 'succeeded');
    await hears(story, alice, 'succeeded: proven gone');
    const told = alice.dms().map(textOf);
    expect(told.filter((text) => text.includes('is being executed')).length).toBeLessThan(2);
    expect(told.filter((text) => text.includes('proven gone'))).toHaveLength(1);
  }));

it.concurrent('is denied from the view with a reason, and what others still see of it does nothing', () =>
  inStory(async (story) => {
    const { slack, stage, alice, bob, carol, sandbox, cloud } = story;
    const id = await askProfile(story);
    for (const who of [bob, carol]) await opens(story, who, 'needs your decision');
    await carol.press('deny');
    const click = slack.deliver.last();
    await stage.view(carol, 'deny');
    await carol.fill('reason', 'Ask the data team first');
    await carol.submit();
    await viewSays(story, carol, `You denied ${id}`);
    await carol.close();
    expect(await viewSays(story, carol, `You denied ${id}`)).toContain(`${id} · denied`);
    expect(verbsOf(carol)).toEqual([]);
    // Bob does nothing, and his view goes along all the same.
    await viewSays(story, bob, `${id} · denied`);
    expect(verbsOf(bob)).toEqual(['retry']);
    await clicksTooLate(story, bob, click, 'deny');
    expect(await viewSays(story, bob, 'was already denied by Carol Adeyemi')).toContain(`${id} · denied`);
    expect(verbsOf(bob)).toEqual(['retry']);
    expect(textOf(await hears(story, alice, `${id} was denied by Carol`))).toContain('Ask the data team');
    const message = await hears(story, bob, 'Why: Ask the data team first');
    expect(buttonsIn(message.blocks)).toEqual(['open', 'retry']);
    expect(carol.dms().map(textOf).join()).not.toContain('Why:');
    const card = await stage.card(id, 'denied');
    expect(buttonsIn(card.blocks)).toEqual([]);
    await bob.press('retry');
    await viewSays(story, bob, 'will be removed');
    expect(bob.depth()).toBe(2);
    await bob.close({ all: true });
    await bob.click(message.channel, message.ts, 'retry');
    await viewSays(story, bob, 'will be removed');
    expect(await stage.submits(bob)).toContain('R-000002');
    const second = await stage.card('R-000002', 'requested');
    expect(second.channel).toBe(incident);
    expect(textOf(message)).toBe(textOf(await hears(story, bob, 'Why: Ask the data team first')));
    expect(lifeOf(sandbox, id).filter((fact) => fact === 'denied')).toHaveLength(1);
    expect(cloud.calls.changes()).toEqual([]);
    expect(slack.troubles).toEqual([]);
  }));

it.concurrent('is taken back from the view by its requester; a click on what was older is refused and mended', () =>
  inStory(async (story) => {
    const { slack, stage, alice, bob, carol, sandbox } = story;
    const id = await askProfile(story);
    const card = await stage.card(id, 'requested');
    await bob.click(incident, card.ts, 'approve', { confirm: false });
    await carol.click(incident, card.ts, 'cancel');
    const click = slack.deliver.last();
    const [action] = click.payload.actions as readonly Record<string, unknown>[];
    const send = (changes: Record<string, unknown>) =>
      slack.deliver.send({ ...click, payload: { ...click.payload, actions: [{ ...action, ...changes }] } });
    for (const [action_id, action_ts] of [
      ['approve', '1.1'],
      ['deny', '1.2'],
    ]) {
      await send({ action_id, action_ts, block_id: 'decide:of-yesterday' });
      await stage.hears(carol, `What you saw of ${id} is older`);
    }
    expect(carol.view()).toBeUndefined();
    await slack.until('the card to be drawn again', () =>
      slack.channel(incident).posts.find((post) => post.ts === card.ts && post.edited !== undefined),
    );
    await send({ action_id: 'open' });
    await stage.view(carol, 'request');
    expect(lifeOf(sandbox, id)).not.toContain('approved');
    // The view of the requester offers what they can do, and only that.
    await alice.openHome();
    await slack.until('the Home of Alice', () => alice.home());
    await alice.pressHome('open', { value: id });
    await stage.view(alice, 'request');
    expect(verbsOf(alice)).toEqual(['cancel']);
    await alice.press('cancel');
    expect(await viewSays(story, alice, `You cancelled ${id}`)).toContain(`${id} · cancelled`);
    expect(textOf(await hears(story, bob, 'was cancelled by Alice'))).toContain('need not do anything');
    await viewSays(story, carol, `${id} · cancelled`);
    expect(verbsOf(carol)).toEqual([]);
    await clicksTooLate(story, carol, slack.deliver.last(), 'approve');
    await viewSays(story, carol, 'was already cancelled by Alice');
    expect(alice.dms()).toEqual([]);
  }));

it.concurrent('has no live button anywhere once it has expired, and is not there for the affected person', () => {
  const clock = createShiftedClock();
  return inShiftedStory(clock, async (story) => {
    const { slack, stage, alice, bob, carol } = story;
    const mallory = slack.as(SEED.users.mallory);
    letIn(SEED.groups.approvers, mallory.user.id)(slack);
    clock.shift(6 * 60_000);
    const id = await askProfile(story);
    const card = await stage.card(id, 'requested');
    await mallory.click(incident, card.ts, 'approve');
    await stage.hears(mallory, 'your own access');
    const click = slack.deliver.last();
    const [action] = click.payload.actions as readonly Record<string, unknown>[];
    const actions = [{ ...action, action_id: 'open' }];
    await slack.deliver.send({ ...click, payload: { ...click.payload, actions } });
    await viewSays(story, mallory, `There is no request ${id}.`);
    await opens(story, carol, 'needs your decision');
    await hears(story, bob, 'needs your decision');
    clock.shift(30 * 60_000);
    expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('has expired');
    for (const who of [bob, carol]) {
      expect(buttonsIn((await hears(story, who, `${id} has expired`)).blocks)).toEqual([]);
    }
    expect(buttonsIn((await stage.card(id, 'expired')).blocks)).toEqual([]);
    await hears(story, alice, 'It did not have the approvals it needs in time');
    await viewSays(story, carol, `${id} · expired`);
    expect(verbsOf(carol)).toEqual([]);
    expect(mallory.dms()).toEqual([]);
  });
});

it.concurrent('reminds after five minutes with one message, and tells others after ten, who only look', () => {
  const clock = createShiftedClock();
  const escalating = { escalateTo: [SEED.users.oscar] };
  return inShiftedStory(
    clock,
    async (story) => {
      const { slack, stage, alice, bob, carol } = story;
      const oscar = slack.as(SEED.users.oscar);
      const id = await askProfile(story);
      const first = await hears(story, bob, 'needs your decision');
      await hears(story, carol, 'needs your decision');
      clock.shift(5 * 60_000);
      // Whatever is put on record wakes those who follow the ledger.
      await stage.clicks(alice, id, 'requested', 'approve');
      const second = await hears(story, bob, `Reminder: ${id} still needs your decision`);
      expect(second.ts).not.toBe(first.ts);
      await slack.until('the reminder in place of the first message', () => bob.dms().length === 1);
      expect(oscar.dms()).toEqual([]);
      clock.shift(5 * 60_000);
      await stage.clicks(carol, id, 'requested', 'cancel');
      const shown = await hears(story, oscar, `${id} is not decided yet`);
      expect(textOf(shown)).toContain('its approvers decide');
      await opens(story, oscar, 'is not decided yet');
      expect(verbsOf(oscar)).toEqual([]);
      await approves(story, bob, id);
      await hears(story, oscar, 'was approved by Bob Lindqvist');
      await hears(story, alice, 'proven gone');
    },
    (config) => ({ ...config, policy: { ...config.policy, ...escalating } }),
  );
});
