import { WebClient } from '@slack/web-api';
import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../../src/config.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { auditable, audited, factsIn, lifeOf } from '../slack/evidence.ts';
import { createShiftedClock, inShiftedStory } from '../slack/shifted-story.ts';
import { approves, askAssignment, askProfile, inStory, type Story, toldEnd } from '../support/e2e.ts';

const { incident, audit } = SEED.channels;

const changes = ({ cloud }: Story) => cloud.calls.changes().length;

const buttonsOf = (story: Story, id: string) => {
  const card = story.slack.channel(incident).posts.find((post) => post.text.startsWith(`${id} `));
  return (card?.blocks ?? []).filter((block) => block.type === 'actions');
};

/** Denies through the dialog, up to the words in it. */
const denies = async ({ stage, slack }: Story, who: Story['bob'], id: string, reason: string) => {
  const card = await stage.card(id, 'requested');
  await who.click(incident, card.ts, 'deny');
  await stage.view(who, 'deny');
  await who.fill('reason', reason);
  await who.submit();
  return slack.until('an answer in the dialog', () => {
    const text = visibleText(who.view() ?? { blocks: [] });
    return text.includes('Recording') ? undefined : text;
  });
};

/** Waits until card, thread and audit channel say how the request ended. */
const ended = async ({ stage }: Story, id: string, state: string, words: string) => {
  const card = await stage.card(id, state);
  const thread = await stage.thread(id, words);
  const posts = await stage.audit(`${id} ${state}`);
  return { card: visibleText(card), thread, posts };
};

const expectNoCall = (story: Story, id: string): void => {
  expect(changes(story)).toBe(0);
  expect(buttonsOf(story, id)).toEqual([]);
  expect(lifeOf(story.sandbox, id)).not.toContain('step_started');
};

describe('what is clicked or delivered more than once', () => {
  it('runs once when the approval is clicked twice and each click is delivered twice', () =>
    inStory(async (story) => {
      const { stage, bob } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await Promise.all([
        bob.click(incident, card.ts, 'approve', { times: 2 }),
        bob.click(incident, card.ts, 'approve', { times: 2 }),
      ]);
      await toldEnd(story, id, 'succeeded');
      expect(changes(story)).toBe(1);
      const life = lifeOf(story.sandbox, id);
      expect(life.filter((fact) => fact === 'approved')).toHaveLength(1);
      expect(life.filter((fact) => fact === 'step_started')).toHaveLength(1);
      await story.slack.until('an answer to each delivery', () => bob.ephemerals().length === 4);
      expect(story.slack.troubles).toEqual([]);
    }));

  it('runs once when two approvers click at the same moment, and the later one is told by whom', () =>
    inStory(async (story) => {
      const { stage, bob, carol, slack } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await Promise.all([bob, carol].map((who) => who.click(incident, card.ts, 'approve')));
      await toldEnd(story, id, 'succeeded');
      expect(changes(story)).toBe(1);
      expect(lifeOf(story.sandbox, id).filter((fact) => fact === 'approved')).toHaveLength(1);
      const told = await slack.until('both to be answered', () => {
        const all = [...bob.ephemerals(), ...carol.ephemerals()].map(visibleText);
        return all.length === 2 ? all : undefined;
      });
      expect(told.filter((words) => words.startsWith('You approved'))).toHaveLength(1);
      expect(told.filter((words) => /already (approved by|decided)/.test(words))).toHaveLength(1);
    }));

  it('is one request when the final submission is delivered three times', () =>
    inStory(async (story) => {
      const { stage, alice } = story;
      await stage.types(alice, '/revoke-assignment trent.osei "Contract has ended"');
      await stage.view(alice, 'account-assignment');
      await stage.picks(alice, 'account', 'storefront', 'prod-storefront');
      await stage.picks(alice, 'permission_set', 'power', 'PowerUser');
      await stage.reviews(alice, 'account-assignment');
      expect((await alice.submit({ times: 3 })).outcome).toBe('updated');
      await toldEnd(story, 'R-000001', 'succeeded');
      const requested = factsIn(story.sandbox).filter(({ fact }) => fact.fact === 'requested');
      expect(requested).toHaveLength(1);
      expect(changes(story)).toBe(1);
    }));

  it.each(['socket', 'http'] as const)(
    'runs once where no answer reached Slack in time and people submit and click again, over %s',
    (transport) =>
      inStory(
        async (story) => {
          const { stage, alice, bob, slack } = story;
          await stage.types(alice, '/revoke-profile mallory.finch "Laptop stolen"');
          await stage.view(alice, 'profile');
          await stage.reviews(alice, 'profile');
          slack.switches.dropAcks = 1;
          expect((await alice.submit()).outcome).toBe('trouble');
          expect((await alice.submit()).outcome).toBe('updated');
          const card = await stage.card('R-000001', 'requested');
          slack.switches.dropAcks = 1;
          await Promise.all([1, 2].map(() => bob.click(incident, card.ts, 'approve')));
          await toldEnd(story, 'R-000001', 'succeeded');
          const life = factsIn(story.sandbox).map(({ fact }) => fact.fact);
          for (const once of ['requested', 'approved', 'step_started'])
            expect(life.filter((fact) => fact === once)).toHaveLength(1);
          expect(changes(story)).toBe(1);
          expect(slack.switches.dropAcks).toBe(0);
        },
        { transport },
      ),
  );

  it('is one denial when the dialog is submitted twice', () =>
    inStory(async (story) => {
      const { stage, bob } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await bob.click(incident, card.ts, 'deny');
      await stage.view(bob, 'deny');
      await bob.fill('reason', 'Not without the data team');
      await bob.submit({ times: 2 });
      await ended(story, id, 'denied', 'Bob Lindqvist (U0BOB00001) denied');
      expect(lifeOf(story.sandbox, id).filter((fact) => fact === 'denied')).toHaveLength(1);
    }));
});

describe('a request that is over', () => {
  it('allows a second request for the target, and its review links the card of the first', () =>
    inStory(async (story) => {
      const { alice, stage } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await expect.poll(() => lifeOf(story.sandbox, id)).toContain('card_posted');
      await stage.types(alice, '/revoke-profile mallory.finch INC-8 "Again"');
      await stage.view(alice, 'profile');
      expect(await stage.reviews(alice, 'profile')).toContain(`${id} (waiting for approval)`);
      expect(JSON.stringify(alice.view()?.blocks)).toContain(`/p${card.ts.replace('.', '')}`);
    }));

  it('takes the live buttons off a second card that a crash has left, when somebody clicks on it', () =>
    inStory(async (story) => {
      const { bob, carol, slack, stage } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      // What a crash between the post and its record leaves: the same card, posted again.
      const client = new WebClient(slack.botToken, {
        slackApiUrl: slack.apiUrl,
        retryConfig: { retries: 0 },
      });
      const stray = await client.chat.postMessage({
        channel: incident,
        text: card.text,
        blocks: JSON.parse(JSON.stringify(card.blocks)),
      });
      await denies(story, bob, id, 'Wrong person');
      await stage.card(id, 'denied');
      await carol.click(incident, stray.ts ?? '', 'approve');
      await stage.hears(carol, 'was already denied by Bob Lindqvist');
      await slack.until('the stray card to have no buttons', () => {
        const message = slack.channel(incident).message(stray.ts ?? '');
        return message?.text.includes('denied') && !JSON.stringify(message.blocks).includes('"actions"');
      });
      expect(lifeOf(story.sandbox, id)).toContain('refused');
      expectNoCall(story, id);
    }));

  it('never runs when it was denied; the reason is on record and a late approval is told by whom', () =>
    inStory(async (story) => {
      const { slack, bob, carol, stage } = story;
      const id = await askProfile(story);
      slack.switches.failWith['chat.update'] = { times: 1, error: 'internal_error' };
      expect(await denies(story, bob, id, 'Mallory is on call tonight')).toContain(`You denied ${id}`);
      // The card still shows its buttons, because Slack did not take the update.
      expect(await stage.clicks(carol, id, 'requested', 'approve')).toContain(
        'was already denied by Bob Lindqvist (U0BOB00001)',
      );
      const told = await ended(story, id, 'denied', 'Bob Lindqvist (U0BOB00001) denied');
      expect(told.thread).toContain('Mallory is on call tonight');
      expect(told.posts).toContain('Mallory is on call tonight');
      expectNoCall(story, id);
    }));

  it('never runs when its requester cancelled it', () =>
    inStory(async (story) => {
      const { alice, bob, slack, stage } = story;
      const id = await askProfile(story);
      slack.switches.failWith['chat.update'] = { times: 1, error: 'internal_error' };
      expect(await stage.clicks(alice, id, 'requested', 'cancel')).toContain(`You cancelled ${id}`);
      expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('already cancelled by Alice');
      await ended(story, id, 'cancelled', 'Alice Moreau (U0ALICE001) cancelled it');
      expectNoCall(story, id);
    }));

  it('never runs when nobody approved in time', () =>
    inStory(
      async (story) => {
        const { bob, slack, stage } = story;
        slack.switches.failWith['chat.update'] = { times: 1, error: 'internal_error' };
        const id = await askProfile(story);
        const card = await stage.card(id, 'requested');
        await expect.poll(() => lifeOf(story.sandbox, id)).toContain('expired');
        await bob.click(incident, card.ts, 'approve').catch(() => undefined);
        await ended(story, id, 'expired', 'It did not have the approvals it needs in time');
        expectNoCall(story, id);
        expect(lifeOf(story.sandbox, id)).not.toContain('approved');
      },
      {
        adjust: (config: Config) => ({ ...config, policy: { ...config.policy, approvalWindow: 3_000 } }),
      },
    ));

  it('says what a confirm dialog is about, and a dialog that is left does nothing', () =>
    inStory(async (story) => {
      const { bob, alice, stage } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      const texts = JSON.stringify(card.blocks);
      expect(texts).toContain('5 grants will be removed');
      expect(texts).toContain('The request for 5 grants is taken back');
      const delivered = story.slack.deliver.last();
      expect((await bob.click(incident, card.ts, 'approve', { confirm: false })).outcome).toBe('cancelled');
      expect((await alice.click(incident, card.ts, 'cancel', { confirm: false })).outcome).toBe('cancelled');
      expect(story.slack.deliver.last()).toEqual(delivered);
      expect(lifeOf(story.sandbox, id).filter((fact) => fact !== 'card_posted')).toEqual(['requested']);
      expect(changes(story)).toBe(0);
    }));
});

describe('when Slack is not there', () => {
  it('goes on with the revocation and posts everything afterwards, each fact once', () =>
    inStory(async (story) => {
      const { slack, cloud, stage, bob, sandbox } = story;
      const id = await askProfile(story);
      await stage.audit(`${id} requested`);
      cloud.switches.latencyMs = 50;
      const card = await stage.card(id, 'requested');
      await bob.click(incident, card.ts, 'approve');
      await expect.poll(() => lifeOf(sandbox, id)).toContain('step_started');
      slack.switches.outage = true;
      await expect.poll(() => lifeOf(sandbox, id)).toContain('succeeded');
      expect(changes(story)).toBe(1);
      expect(slack.channel(incident).posts.some((post) => post.text.includes('succeeded'))).toBe(false);
      slack.switches.outage = false;
      const { thread } = await toldEnd(story, id, 'succeeded');
      expect(thread.match(/Calling the cloud/g)).toHaveLength(1);
      expect(thread.match(/Bob Lindqvist \(U0BOB00001\) approved/g)).toHaveLength(1);
      await vi.waitFor(() => expect(audited(sandbox)).toEqual(auditable(sandbox)), { timeout: 5_000 });
    }));

  it('shows the review all the same when it could not be shown at first', () =>
    inStory(async (story) => {
      const { slack, stage, alice } = story;
      await stage.types(alice, '/revoke-profile');
      await stage.view(alice, 'profile');
      await stage.picks(alice, 'principal', 'finch', 'mallory.finch');
      await stage.fills(alice, 'reason', 'Laptop stolen');
      slack.switches.failWith['views.update'] = { times: 1, error: 'internal_error' };
      expect(await stage.reviews(alice, 'profile')).toContain('5 grants will be removed');
    }));

  it('leaves nobody in front of a loading view when Slack refuses what should be shown', () =>
    inStory(async (story) => {
      const { slack, stage, alice } = story;
      await stage.types(alice, '/revoke-profile');
      await stage.view(alice, 'profile');
      await stage.picks(alice, 'principal', 'finch', 'mallory.finch');
      await stage.fills(alice, 'reason', 'Laptop stolen');
      slack.switches.failWith['views.update'] = { times: 1, error: 'invalid_arguments' };
      await alice.submit();
      const shown = await slack.until('an answer', () => {
        const view = alice.view();
        return view && !visibleText(view).includes('Reading the cloud') ? view : undefined;
      });
      expect(visibleText(shown)).toContain('could not be shown here');
      expect(shown.submit).toBeNull();
    }));

  it('holds the audit cursor while the channel is archived, says so, and then posts each fact once, in order', () =>
    inStory(async (story) => {
      const { slack, sandbox } = story;
      const ready = async () => (await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`)).status;
      await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 5_000 });
      slack.channel(audit).channel.isArchived = true;
      const posted = audited(sandbox);
      const id = await askAssignment(story);
      await story.stage.card(id, 'succeeded');
      await vi.waitFor(async () => expect(await ready()).toBe(503), { timeout: 5_000 });
      expect(audited(sandbox)).toEqual(posted);
      expect(sandbox.lines.join('\n')).toContain('The audit channel cannot be posted to');
      slack.channel(audit).channel.isArchived = false;
      await vi.waitFor(() => expect(audited(sandbox)).toEqual(auditable(sandbox)), { timeout: 10_000 });
      await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 5_000 });
    }));

  it('does not post a deleted card again: the result goes to the audit channel and to the requester', () =>
    inStory(async (story) => {
      const { slack, stage, alice, bob } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await bob.click(incident, card.ts, 'deny');
      await stage.view(bob, 'deny');
      const click = slack.deliver.last();
      const [action] = click.payload.actions as readonly Record<string, unknown>[];
      alice.remove(incident, card.ts);
      await slack.deliver.send({
        ...click,
        payload: { ...click.payload, actions: [{ ...action, action_id: 'approve' }] },
      });
      const message = await slack.until(
        'a message to the requester',
        () => alice.dms().find((dm) => visibleText(dm).includes('Succeeded')),
        10_000,
      );
      expect(visibleText(message)).toContain(id);
      await stage.audit(`${id} succeeded`);
      expect(slack.channel(incident).posts.filter((post) => post.text.startsWith(id))).toEqual([]);
      // Nothing else waits for it.
      const next = await askAssignment(story);
      await toldEnd(story, next, 'succeeded');
    }));

  it('sends the card to the audit channel when its own was archived meanwhile', () =>
    inStory(async (story) => {
      const { slack, stage, alice } = story;
      await stage.types(alice, '/revoke-profile mallory.finch "Laptop stolen"');
      await stage.view(alice, 'profile');
      await stage.reviews(alice, 'profile');
      slack.channel(incident).channel.isArchived = true;
      await stage.submits(alice);
      const card = await slack.until('the card', () =>
        slack.channel(audit).posts.find((post) => post.metadata?.event_type === 'portcullis_request'),
      );
      expect(card.text).toMatch(/^R-000001 requested/);
      await slack.until('the link', () =>
        alice.dms().find((dm) => visibleText(dm).includes('/archives/C0AUDIT001/')),
      );
    }));
});

describe('a command typed where no card can be posted', () => {
  const direct = async ({ alice, slack }: Story): Promise<string> => {
    await alice.openHome('messages');
    const found = [...slack.workspace.channels.values()].find(
      ({ kind, members }) => kind === 'im' && members.includes(SEED.users.alice),
    );
    return found?.id ?? '';
  };
  it.each([
    ['a direct message', direct, 'this is a direct message'],
    ['a channel without the bot', async () => SEED.channels.general, 'the bot is not in this channel'],
    ['a private channel without the bot', async () => SEED.channels.secret, 'the bot is not in this channel'],
    ['a shared channel', async () => SEED.channels.shared, 'shared with another organisation'],
  ] as const)('%s: form and review say so, and the requester gets a link to the card', (_, where, why) =>
    inStory(async (story) => {
      const { alice, stage, slack } = story;
      const channel = await where(story);
      const before = slack.workspace.channels.get(channel)?.messages.length;
      await alice.command(channel, '/revoke-profile');
      expect(visibleText(await stage.view(alice, 'profile'))).toContain(why);
      await stage.picks(alice, 'principal', 'finch', 'mallory.finch');
      await stage.fills(alice, 'principal_type', 'GROUP');
      await stage.fills(alice, 'principal_type', 'USER');
      expect(visibleText(await stage.view(alice, 'profile'))).toContain(why);
      await stage.picks(alice, 'principal', 'finch', 'mallory.finch');
      await stage.fills(alice, 'reason', 'Laptop stolen');
      expect(await stage.reviews(alice, 'profile')).toContain(why);
      expect(await stage.submits(alice)).toContain('audit channel');
      const card = await slack.until('the card in the audit channel', () =>
        slack.channel(audit).posts.find((post) => post.text.startsWith('R-000001 requested')),
      );
      const link = await slack.until('the link', () =>
        alice.dms().find((message) => visibleText(message).includes('The card of R-000001 is here')),
      );
      expect(visibleText(link)).toContain(`/archives/${audit}/p${card.ts.replace('.', '')}`);
      const now = slack.workspace.channels.get(channel)?.messages.length;
      expect(now).toBe(channel.startsWith('D') ? (before ?? 0) + 1 : before);
      await story.bob.click(audit, card.ts, 'approve');
      await slack.until('the end', () =>
        slack.channel(audit).posts.find((post) => post.text.startsWith('R-000001 succeeded')),
      );
      expect(slack.troubles).toEqual([]);
    }),
  );
});

describe('an approver who leaves between approval and execution', () => {
  const outage = (story: Story) => {
    story.cloud.switches.faults.push({
      match: (call) => call.effect === 'read',
      times: Number.POSITIVE_INFINITY,
      act: { kind: 'status', status: 503, body: { error_code: 'GATEWAY.0503', error_msg: 'later' } },
    });
  };

  it('voids the approval: nothing is called, and the request waits for another approver', async () => {
    const clock = createShiftedClock();
    await inShiftedStory(clock, async (story) => {
      const { bob, carol, stage, slack, cloud, sandbox } = story;
      const id = await askProfile(story);
      outage(story);
      await stage.clicks(bob, id, 'requested', 'approve');
      await vi.waitFor(() => expect(sandbox.lines.join('\n')).toContain('cannot be begun yet'), {
        timeout: 10_000,
      });
      const approvers = slack.workspace.userGroups.get(SEED.groups.approvers);
      approvers?.users.splice(0, approvers.users.length, carol.user.id);
      clock.shift(11_000);
      await vi.waitFor(() => expect(lifeOf(sandbox, id)).toContain('approval_void'), { timeout: 10_000 });
      cloud.switches.faults.length = 0;
      const text = visibleText(await stage.card(id, 'requested'));
      expect(text).toContain('Nobody has approved yet');
      await stage.thread(id, 'Approval void: Bob Lindqvist (U0BOB00001)');
      expect(changes(story)).toBe(0);
      expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('not among the approvers');
      await approves(story, carol, id);
      await toldEnd(story, id, 'succeeded');
      expect(changes(story)).toBe(1);
    });
  });
});
