import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpReply } from '../../src/sandbox/slack/http-delivery.ts';
import type { Persona } from '../../src/sandbox/slack/persona.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import type { User } from '../../src/sandbox/slack/workspace.ts';
import { factsIn, lifeOf } from '../slack/evidence.ts';
import { createShiftedClock, inShiftedStory } from '../slack/shifted-story.ts';
import { approves, askProfile, inStory, letIn, type Story, toldEnd } from '../support/e2e.ts';
import { type Logged, openSandbox } from '../support/sandbox.ts';

const { incident } = SEED.channels;
type Json = Record<string, unknown>;

const answered = (who: Persona, story: Pick<Story, 'slack'>, before: number): Promise<string> =>
  story.slack.until('an answer', () => {
    const found = who.ephemerals()[before];
    return found === undefined ? undefined : visibleText(found);
  });

describe('a delivery that Slack did not send to this app', () => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>> & Logged;
  beforeAll(async () => {
    sandbox = await openSandbox('http');
    const alice = sandbox.slack.as(SEED.users.alice);
    await alice.command(incident, '/revoke-profile');
    await sandbox.slack.until('the form', () => alice.view());
    await alice.close({ all: true });
    await sandbox.slack.until('what is posted at the start', () =>
      sandbox.slack
        .channel(SEED.channels.audit)
        .posts.some((post) => visibleText(post).includes('bot anchor')),
    );
  });
  afterAll(() => sandbox.close());

  /** Sends it, and holds that no view was opened, nothing was written and nothing called. */
  const expectNothing = async (send: () => Promise<unknown>): Promise<void> => {
    const opened = sandbox.slack.calls.length;
    const facts = factsIn(sandbox).length;
    await send();
    expect(sandbox.slack.calls.slice(opened).map(({ method }) => method)).toEqual([]);
    expect(factsIn(sandbox)).toHaveLength(facts);
    expect(sandbox.slack.as(SEED.users.alice).view()).toBeUndefined();
    expect(sandbox.cloud.calls.changes()).toEqual([]);
  };
  const seconds = (offset: number) => String(Math.floor(Date.now() / 1000) + offset);
  const command = (over: Json = {}) => {
    const last = sandbox.slack.deliver.last();
    return { ...last, payload: { ...last.payload, ...over } };
  };

  it.each([
    ['signed with another secret', () => ({ secret: 'guessed' }), 401, /signature/i],
    ['without a signature', () => ({ signature: null }), 401, /signature/i],
    ['without a time stamp', () => ({ timestamp: null }), 401, /timestamp/i],
    ['sent six minutes ago', () => ({ timestamp: seconds(-360) }), 401, /timestamp/i],
    [
      'changed on its way',
      () => ({
        body: 'command=%2Frevoke-profile&text=bob',
        signedBody: 'command=%2Frevoke-profile&text=eve',
      }),
      401,
      /signature/i,
    ],
    ['longer than 4 MiB', () => ({ body: `payload=${'x'.repeat(4_300_000)}` }), 413, /too large|limit|413/i],
  ] as const)('%s is refused with a log line', async (_, forge, status, said) => {
    const from = sandbox.lines.length;
    let reply: HttpReply | undefined;
    await expectNothing(async () => {
      reply = await sandbox.slack.deliver.raw(forge());
    });
    expect(reply).toMatchObject({ outcome: 'answered', status });
    expect(sandbox.lines.slice(from).join('\n')).toMatch(said);
  });

  it.each([
    ['dated six minutes ahead', () => ({ delivery: command(), timestamp: seconds(360) }), /time stamp/],
    ['of another workspace', () => ({ delivery: command({ team_id: SEED.otherTeam }) }), /another workspace/],
    ['without a workspace', () => ({ delivery: command({ team_id: '' }) }), /another workspace/],
  ] as const)('%s is met with silence and a log line', { concurrent: true }, async (_, forge, said) => {
    await expectNothing(() => sandbox.slack.deliver.raw(forge()));
    expect(sandbox.lines.join('\n')).toMatch(said);
  });
});

it('is met with silence over Socket Mode when it is for another app, or by somebody of another workspace', () =>
  inStory(async (story) => {
    const { slack, sandbox, stage, bob } = story;
    const id = await askProfile(story);
    const card = await stage.card(id, 'requested');
    await bob.click(incident, card.ts, 'deny');
    await stage.view(bob, 'deny');
    const click = slack.deliver.last();
    const life = lifeOf(sandbox, id).filter((fact) => fact !== 'card_posted');
    const replies = await Promise.all(
      [{ api_app_id: SEED.otherApp }, { team: { id: SEED.otherTeam, domain: 'other' } }].map((over) => {
        const [action] = click.payload.actions as readonly Json[];
        const actions = [{ ...action, action_id: 'approve' }];
        return slack.deliver.send({ ...click, payload: { ...click.payload, actions, ...over } });
      }),
    );
    expect(replies).toEqual([{ outcome: 'timeout' }, { outcome: 'timeout' }]);
    expect(sandbox.lines.join('\n')).toContain('it is meant for another app');
    expect(sandbox.lines.join('\n')).toContain('it comes from another workspace');
    expect(lifeOf(sandbox, id).filter((fact) => fact !== 'card_posted')).toEqual(life);
    expect(bob.ephemerals()).toEqual([]);
  }));

describe('people who may not decide', () => {
  const people: readonly (readonly [string, string, Partial<User>, RegExp])[] = [
    ['an outsider', SEED.users.oscar, {}, /not among the approvers/],
    ['a guest', SEED.users.grace, {}, /you are a guest here/],
    ['a person of another organisation', SEED.users.carol, { isStranger: true }, /you are a stranger here/],
    ['a deactivated account', SEED.users.carol, { deleted: true }, /you are a deactivated account here/],
    ['a bot', SEED.users.carol, { isBot: true }, /you are a bot here/],
    ['an unconfirmed e-mail', SEED.users.carol, { isEmailConfirmed: false }, /e-mail .* is not confirmed/],
    ['the requester', SEED.users.alice, {}, /a second person has to approve/],
  ];
  it.each(people)(
    '%s is refused in words, and as few facts however often they click',
    (_, user, over, words) => {
      const clock = createShiftedClock();
      return inShiftedStory(clock, async (story) => {
        const { slack, sandbox, stage } = story;
        const id = await askProfile(story);
        const card = await stage.card(id, 'requested');
        const known = slack.workspace.users.get(user);
        if (known) Object.assign(known, over);
        clock.shift(11_000);
        const who = slack.as(user);
        for (let n = 0; n < 6; n += 1) {
          await who.click(incident, card.ts, 'approve');
          expect(await answered(who, story, n)).toMatch(words);
        }
        await who.click(incident, card.ts, 'cancel');
        await answered(who, story, 6);
        const refused = factsIn(sandbox).filter(({ fact }) => fact.fact === 'refused');
        expect(refused.length).toBeGreaterThan(0);
        expect(refused.length).toBeLessThanOrEqual(user === SEED.users.alice ? 1 : 2);
        expect(lifeOf(sandbox, id)).not.toContain('approved');
        expect(story.cloud.calls.changes()).toEqual([]);
      });
    },
  );

  it.each([SEED.users.oscar, SEED.users.grace])('%s opens no form and sees no list', (user) =>
    inStory(async (story) => {
      const who = story.slack.as(user);
      await who.command(incident, '/revoke-profile mallory.finch');
      expect(await answered(who, story, 0)).toMatch(/not among those who may ask|Only full members/);
      await who.command(incident, '/revocations list');
      expect(await answered(who, story, 1)).toMatch(/Only those who may|Only full members/);
      expect(who.view()).toBeUndefined();
      const refused = () => factsIn(story.sandbox).filter(({ fact }) => fact.fact === 'refused');
      await expect.poll(refused).toHaveLength(1);
    }),
  );

  it('an approver whose e-mail cannot be read decides nothing about a person', async () => {
    const clock = createShiftedClock();
    await inShiftedStory(clock, async (story) => {
      const { slack, bob, stage } = story;
      const id = await askProfile(story);
      Object.assign(bob.user, { email: '' });
      clock.shift(11_000);
      expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('could not be read from Slack');
      expect(lifeOf(story.sandbox, id)).not.toContain('approved');
      expect(slack.troubles).toEqual([]);
    });
  });

  it('nobody decides while Slack cannot tell who the approvers are', async () => {
    const clock = createShiftedClock();
    await inShiftedStory(clock, async (story) => {
      const { slack, bob, carol, stage, sandbox } = story;
      const id = await askProfile(story);
      clock.shift(11_000);
      slack.switches.failWith['usergroups.users.list'] = { times: 100, error: 'internal_error' };
      for (const who of [bob, carol]) {
        expect(await stage.clicks(who, id, 'requested', 'approve')).toContain('could not be asked');
      }
      delete slack.switches.failWith['usergroups.users.list'];
      slack.switches.failWith['users.info'] = { times: 100, error: 'internal_error' };
      clock.shift(11_000);
      expect(await stage.clicks(bob, id, 'requested', 'approve')).toContain('could not be asked');
      expect(lifeOf(sandbox, id)).not.toContain('approved');
      delete slack.switches.failWith['users.info'];
      clock.shift(1_000);
      await approves(story, bob, id);
      await toldEnd(story, id, 'succeeded');
    });
  });
});

describe('the affected person', () => {
  it('decides nothing, even as an approver, and learns nothing from the bot until it is over', async () => {
    const clock = createShiftedClock();
    await inShiftedStory(clock, async (story) => {
      const { slack, stage, carol, sandbox } = story;
      const mallory = slack.as(SEED.users.mallory);
      letIn(SEED.groups.approvers, mallory.user.id)(slack);
      clock.shift(11_000);
      const id = await askProfile(story);
      clock.shift(6 * 60_000);
      for (const button of ['approve', 'deny', 'cancel']) {
        const words = await stage.clicks(mallory, id, 'requested', button);
        expect(words).toMatch(/your own access|Only the person who asked/);
      }
      expect(mallory.view()).toBeUndefined();
      expect(lifeOf(sandbox, id)).not.toContain('denied');
      const ask = async (text: string): Promise<string> => {
        const before = mallory.ephemerals().length;
        await mallory.command(incident, `/revocations ${text}`);
        return answered(mallory, story, before);
      };
      for (const list of ['list', 'list mine', 'list waiting', 'list running', 'list failed']) {
        expect(await ask(list)).not.toContain(id);
      }
      const unknown = (await ask('show R-999999')).replace('R-999999', '…');
      expect((await ask(`show ${id}`)).replace(id, '…')).toBe(unknown);
      expect(mallory.dms()).toEqual([]);
      await approves(story, carol, id);
      await toldEnd(story, id, 'succeeded');
      clock.shift(6 * 60_000);
      expect(await ask('list')).toContain(id);
      expect(await ask(`show ${id}`)).toContain('Succeeded');
    });
  });

  it('may ask for it, and then takes nothing back', () =>
    inStory(
      async (story) => {
        const { slack, stage, sandbox } = story;
        const mallory = slack.as(SEED.users.mallory);
        const id = await askProfile(story, 'mallory.finch', mallory);
        expect(await stage.clicks(mallory, id, 'requested', 'cancel')).toContain('your own access');
        expect(lifeOf(sandbox, id)).not.toContain('cancelled');
      },
      { prepare: letIn(SEED.groups.responders, SEED.users.mallory) },
    ));
});

describe('a click that was forged', () => {
  it.each([
    ['no request', 'R-999999', /There is no request R-999999/],
    ['nothing', '', /There is no request/],
    ['10 kB', 'R'.repeat(10_000), /There is no request R{20}\./],
    ['the facts of the bot itself', 'bot', /There is no request bot/],
    ['a path', '../../etc/passwd', /There is no request/],
    ['a live mention', '<!channel>', /There is no request <!channel>/],
    ['no text at all', 42, /Something went wrong on our side/],
    ['an object', { id: 'R-000001' }, /Something went wrong on our side/],
  ] as const)('that names %s is answered in words and does nothing', (_, value, words) =>
    inStory(async (story) => {
      const { slack, bob, stage, sandbox } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await bob.click(incident, card.ts, 'approve', { confirm: false });
      await bob.click(incident, card.ts, 'deny');
      await stage.view(bob, 'deny');
      await bob.close();
      const click = slack.deliver.last();
      const [action] = click.payload.actions as readonly Json[];
      for (const action_id of ['approve', 'cancel']) {
        const before = bob.ephemerals().length;
        const reply = await slack.deliver.send({
          ...click,
          payload: { ...click.payload, actions: [{ ...action, action_id, value }] },
        });
        expect(reply.outcome).toBe('ok');
        expect(await answered(bob, story, before)).toMatch(words);
      }
      expect(lifeOf(sandbox, id)).not.toContain('approved');
      expect(story.cloud.calls.changes()).toEqual([]);
      expect(slack.troubles).toEqual([]);
    }),
  );

  it('on a button that nobody knows is answered too', () =>
    inStory(async (story) => {
      const { slack, bob, stage } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await bob.click(incident, card.ts, 'deny');
      const click = slack.deliver.last();
      const [action] = click.payload.actions as readonly Json[];
      const actions = [{ ...action, action_id: 'explode' }];
      await slack.deliver.send({ ...click, payload: { ...click.payload, actions } });
      expect(await answered(bob, story, 0)).toContain('does nothing in this version');
    }));

  it('on a button in a view that nobody knows is answered with a message', () =>
    inStory(async (story) => {
      const { slack, carol, stage } = story;
      const id = await askProfile(story);
      const notice = await slack.until('the notice', () =>
        carol.dms().find((message) => message.text.includes(id)),
      );
      await carol.click(notice.channel, notice.ts, 'open');
      await stage.view(carol, 'request');
      await slack.until('the buttons', () => JSON.stringify(carol.view()).includes('approve'));
      await carol.press('deny');
      const click = slack.deliver.last();
      const [action] = click.payload.actions as readonly Json[];
      const actions = [{ ...action, action_id: 'explode' }];
      const before = carol.dms().length;
      await slack.deliver.send({ ...click, payload: { ...click.payload, actions } });
      const answer = await slack.until('an answer', () => carol.dms()[before]);
      expect(visibleText(answer)).toContain('does nothing in this version');
    }));
});

describe('a form that was forged', () => {
  /** Alice's filled-in form, as its submission would be delivered. */
  const submission = async ({ slack, stage, alice }: Story): Promise<{ payload: Json; view: Json }> => {
    await stage.types(alice, '/revoke-profile mallory.finch INC-7 "Laptop stolen"');
    await stage.view(alice, 'profile');
    await slack.until('the filled-in form', () => JSON.stringify(alice.view()).includes('initial_value'));
    return { payload: submissionBy(alice), view: { ...alice.view() } };
  };
  const submissionBy = (who: Persona): Json => ({
    type: 'view_submission',
    team: { id: SEED.team, domain: 'acme' },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: who.user.id, team_id: SEED.team },
    api_app_id: SEED.app,
    trigger_id: '1.2.abc',
  });
  const send = (story: Story, payload: Json, view: Json) =>
    story.slack.deliver.send({ type: 'interactive', answerable: true, payload: { ...payload, view } });
  const state = (view: Json, block: string, value: unknown): Json => {
    const { values } = view.state as { values: Record<string, Record<string, Json>> };
    const [action = 'x'] = Object.keys(values[block] ?? {});
    return { ...view, state: { values: { ...values, [block]: { [action]: value } } } };
  };
  const expectNoRequest = ({ sandbox, cloud }: Story): void => {
    expect(factsIn(sandbox).filter(({ fact }) => fact.fact === 'requested')).toEqual([]);
    expect(cloud.calls.changes()).toEqual([]);
  };

  it.each([
    ['reason', '', 'reason'],
    ['reason', '   \n ', 'reason'],
    ['reason', 'x'.repeat(5_000), 'reason'],
    ['incident', '../../x', 'incident'],
    ['incident', 'x'.repeat(65), 'incident'],
    ['incident', '<!channel>', 'incident'],
  ] as const)('with this %s is shown beside the field', (block, value, error) =>
    inStory(async (story) => {
      const { payload, view } = await submission(story);
      const forged = state(view, block, { type: 'plain_text_input', value });
      const reply = await send(story, payload, forged);
      expect(reply).toMatchObject({
        outcome: 'ok',
        body: { response_action: 'errors', errors: { [error]: expect.stringMatching(/\w/) } },
      });
      expectNoRequest(story);
    }),
  );

  const select = (value: unknown) => ({
    type: 'static_select',
    selected_option: { text: { type: 'plain_text', text: 'Anybody' }, value },
  });
  it.each([
    ['principal_type', select('ROOT')],
    ['principal_type', select('__proto__')],
    ['principal_type', { type: 'static_select', selected_option: null }],
    ['principal', select('00000000-0000-0000-0000-000000000000')],
    ['principal', select('../../v1/instances')],
    ['principal', select('')],
    ['principal', select('x'.repeat(10_000))],
    ['principal', select('*')],
    ['principal', { type: 'external_select', selected_option: null }],
  ] as const)('with an unknown %s is answered in words', (block, value) =>
    inStory(async (story) => {
      const { payload, view } = await submission(story);
      const reply = await send(story, payload, state(view, block, value));
      expect(reply).toMatchObject({ outcome: 'ok', body: { response_action: 'update' } });
      const words = await story.slack.until(
        'words in the view',
        () => {
          const text = visibleText(story.alice.view() ?? { blocks: [] });
          const { hash } = story.alice.view() ?? {};
          return hash !== view.hash && !text.includes('Reading the cloud') ? text : undefined;
        },
        10_000,
      );
      expect(words).toMatch(/no |not |[Cc]hoose|[Pp]lease/);
      expect(words).not.toContain('will be removed');
      expectNoRequest(story);
    }),
  );

  it.each([
    ['a number', select(7)],
    ['nothing that is a field', 'text'],
  ])('with %s for an option is answered in words', (_, value) =>
    inStory(async (story) => {
      const { payload, view } = await submission(story);
      const reply = await send(story, payload, state(view, 'principal', value));
      expect(JSON.stringify(reply)).toContain('Something went wrong on our side');
      expectNoRequest(story);
    }),
  );

  it('with the draft of another person, view or kind is not taken', () =>
    inStory(async (story) => {
      const { payload, view } = await submission(story);
      const lost = /The bot was restarted, this form is older than 30 minutes/;
      const bob = { ...payload, user: { id: SEED.users.bob, team_id: SEED.team } };
      for (const [who, over] of [
        [bob, {}],
        [payload, { id: 'V0ELSEWHERE' }],
        [payload, { callback_id: 'account-assignment' }],
        [payload, { callback_id: 'profile/review' }],
        [payload, { private_metadata: 'guessed' }],
        [payload, { private_metadata: 'x'.repeat(10_000) }],
        [payload, { private_metadata: '' }],
      ] as const) {
        expect(JSON.stringify(await send(story, who, { ...view, ...over }))).toMatch(lost);
      }
      expectNoRequest(story);
    }));

  it('by somebody who may not ask is refused after the form was opened, too', async () => {
    const clock = createShiftedClock();
    await inShiftedStory(clock, async (story) => {
      const { stage, alice, slack, sandbox } = story;
      await stage.types(alice, '/revoke-profile mallory.finch "Laptop stolen"');
      await stage.view(alice, 'profile');
      await stage.reviews(alice, 'profile');
      slack.workspace.userGroups.get(SEED.groups.responders)?.users.splice(0);
      clock.shift(6 * 60_000);
      expect(await stage.submits(alice)).toContain('not among those who may ask');
      await expect.poll(() => factsIn(sandbox).map(({ fact }) => fact.fact)).toContain('refused');
      expectNoRequest(story);
    });
  });

  it('for a denial without a reason, or of a request that is none, denies nothing', () =>
    inStory(async (story) => {
      const { slack, bob, stage, sandbox } = story;
      const id = await askProfile(story);
      const card = await stage.card(id, 'requested');
      await bob.click(incident, card.ts, 'deny');
      const view: Json = { ...(await stage.view(bob, 'deny')) };
      const payload = submissionBy(bob);
      for (const value of ['', '  ', 'x'.repeat(1_001)]) {
        const reply = await send(story, payload, state(view, 'reason', { type: 'plain_text_input', value }));
        expect(reply).toMatchObject({
          body: { response_action: 'errors', errors: { reason: expect.any(String) } },
        });
      }
      const filled = state(view, 'reason', { type: 'plain_text_input', value: 'No' });
      for (const private_metadata of ['R-999999', 'bot', '', 'x'.repeat(3_000)]) {
        await send(story, payload, { ...filled, private_metadata });
        await slack.until('words', () =>
          visibleText(bob.view() ?? { blocks: [] }).includes('There is no request'),
        );
      }
      // Somebody who may not deny is refused at the submission at the latest.
      await send(story, { ...payload, user: { id: SEED.users.oscar, team_id: SEED.team } }, filled);
      await slack.until('words', () =>
        visibleText(bob.view() ?? { blocks: [] }).includes('not among the approvers'),
      );
      expect(lifeOf(sandbox, id)).not.toContain('denied');
    }));
});
