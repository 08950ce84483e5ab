import type { ModalView } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, type Heard, socketApp, triggerOf } from './support.ts';

const { alice, bob, grace, mallory, oscar, sven } = SEED.users;
const { incident } = SEED.channels;
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value), value });
const form: ModalView = {
  type: 'modal',
  callback_id: 'form',
  title: plain('Form'),
  submit: plain('Go'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'kind',
      dispatch_action: true,
      label: plain('Kind'),
      element: { type: 'static_select', action_id: 'kind', options: [option('user'), option('group')] },
    },
    {
      type: 'input',
      block_id: 'who',
      label: plain('Who'),
      element: { type: 'external_select', action_id: 'who', min_query_length: 2 },
    },
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'why', min_length: 3, max_length: 10 },
    },
    {
      type: 'input',
      block_id: 'more',
      optional: true,
      label: plain('More'),
      element: { type: 'email_text_input', action_id: 'more' },
    },
  ],
};
const found = { options: [option('U1'), option('U2')] };

const stage = async (answer: (heard: Heard) => object | undefined | 'silence' = () => undefined) => {
  const setup = await bench();
  const { heard } = await socketApp(setup, answer);
  return { ...setup, heard, last: () => heard.at(-1)?.body ?? {} };
};

/** Alice with the form open; suggestions are answered, submissions as told. */
const withForm = async (submitted: () => object | undefined | 'silence' = () => undefined) => {
  const setup = await stage(({ body }) => {
    if (body.type === 'block_suggestion') return found;
    return body.type === 'view_submission' ? submitted() : undefined;
  });
  const trigger_id = await triggerOf(setup, setup.heard, alice);
  await setup.client.views.open({ trigger_id, view: form });
  return { ...setup, person: setup.slack.as(alice) };
};

const complete = async ({ person }: Awaited<ReturnType<typeof withForm>>) => {
  await person.fill('kind', 'user');
  await person.suggest('who', 'ma');
  await person.fill('who', 'U1');
  await person.fill('why', 'because');
};

describe('a slash command', () => {
  it('arrives with mentions, channels and addresses encoded where the manifest says so', async () => {
    const { slack, last } = await stage();
    await slack
      .as(alice)
      .command('#inc-042', '/try @mallory @approvers #general #secret-room https://x.example a<b');
    expect(last()).toMatchObject({
      command: '/try',
      text: `<@${mallory}|mallory> <!subteam^${SEED.groups.approvers}|@approvers> <#${SEED.channels.general}|general> <#${SEED.channels.secret}|> <https://x.example> a&lt;b`,
      user_id: alice,
      channel_id: incident,
      team_id: SEED.team,
      api_app_id: SEED.app,
    });
    await slack.as(alice).command('#secret-room', '/plain @mallory');
    expect(last()).toMatchObject({ text: '@mallory', channel_name: 'privategroup' });
  });

  it('shows an answer to its author only, unless it says in_channel', async () => {
    const answers: (object | undefined)[] = [
      undefined,
      { text: 'psst' },
      { text: 'all', response_type: 'in_channel' },
    ];
    const { slack } = await stage(() => answers.shift());
    const type = () => slack.as(alice).command('#inc-042', '/try');
    expect(await type()).toEqual({ outcome: 'ok' });
    expect((await type()).response?.ephemeral_to).toBe(alice);
    await type();
    expect(slack.channel(incident).messages.map(({ user, text }) => [user, text])).toEqual([
      [alice, '/try'],
      [SEED.users.bot, 'all'],
    ]);
  });

  it('fails in words when the app is silent, or not there', async () => {
    const { slack } = await stage(() => 'silence');
    const late = await slack.as(alice).command('#inc-042', '/try');
    expect(late).toMatchObject({ outcome: 'timeout', response: { ephemeral_to: alice } });
    expect(late.response?.text).toBe(
      '/try failed because the app did not respond. Please try again or contact the app developer.',
    );
    const alone = await bench();
    const nobody = await alone.slack.as(alice).command('#inc-042', '/try');
    expect(nobody.outcome).toBe('dispatch_failed');
    expect(nobody.response?.text).toBe('/try failed with the error "dispatch_failed"');
  });

  it.each([
    ['that the manifest does not have', alice, '#inc-042', '/nope'],
    ['of a stranger', sven, '#with-partner', '/try'],
  ])('%s never reaches the app', async (_what, user, place, line) => {
    const { slack, heard } = await stage();
    expect((await slack.as(user).command(place, line)).outcome).toBe('refused');
    expect(heard).toEqual([]);
  });

  it.each([
    ['in an archived channel', alice, '#inc-001'],
    ['in a private channel of others', oscar, '#secret-room'],
    ['where a guest is not', grace, '#general'],
  ])('cannot be typed %s', async (_what, user, place) => {
    const { slack } = await stage();
    await expect(slack.as(user).command(place, '/try')).rejects.toThrow(/archived|cannot see/);
  });
});

describe('a form', () => {
  it('lets the client check required fields, lengths and formats before the app hears of it', async () => {
    const setup = await withForm();
    const { person, heard } = setup;
    expect(await person.submit()).toMatchObject({
      outcome: 'errors',
      by: 'client',
      errors: { kind: expect.any(String), who: expect.any(String), why: expect.any(String) },
    });
    await complete(setup);
    await person.fill('why', 'no');
    await person.fill('more', 'not an address');
    expect(Object.keys((await person.submit()).errors ?? {})).toEqual(['why', 'more']);
    expect(heard.map(({ body }) => body.type)).not.toContain('view_submission');
    await expect(person.fill('why', 'x'.repeat(11))).rejects.toThrow('no more than 10');
  });

  it('takes only options that are offered', async () => {
    const { person } = await withForm();
    await expect(person.fill('kind', 'robot')).rejects.toThrow('not offered; offered: user, group');
    await expect(person.fill('who', 'U1')).rejects.toThrow('not offered; offered: none');
    await person.suggest('who', 'ma');
    await person.fill('who', 'U1');
    expect(person.view()?.state.values.who?.who).toMatchObject({ selected_option: { value: 'U1' } });
  });

  it('asks the app for suggestions from enough characters on, with values as old as the last update', async () => {
    const { person, last, heard, client } = await withForm();
    await person.fill('kind', 'group');
    const before = heard.length;
    expect(await person.suggest('who', 'm')).toEqual([]);
    expect(heard).toHaveLength(before);
    expect(await person.suggest('who', 'ma')).toHaveLength(2);
    expect(last()).toMatchObject({
      type: 'block_suggestion',
      action_id: 'who',
      block_id: 'who',
      value: 'ma',
    });
    expect(last()).not.toHaveProperty('trigger_id');
    expect(last()).toMatchObject({
      view: { state: { values: { kind: { kind: { selected_option: null } } } } },
    });
    await client.views.update({ view_id: String(person.view()?.id), view: form });
    await person.suggest('who', 'ma');
    expect(last()).toMatchObject({
      view: { state: { values: { kind: { kind: { selected_option: { value: 'group' } } } } } },
    });
  });

  it.each([
    ['more than 100', { options: Array.from({ length: 101 }, (_one, n) => option(`v${n}`)) }],
    ['a value of 151', { options: [option('x'.repeat(151))] }],
    ['nothing', undefined],
  ])('shows an empty menu when the app offers %s', async (_what, answer) => {
    const setup = await stage(({ body }) => (body.type === 'block_suggestion' ? answer : undefined));
    const trigger_id = await triggerOf(setup, setup.heard, alice);
    await setup.client.views.open({ trigger_id, view: form });
    expect(await setup.slack.as(alice).suggest('who', 'ma')).toEqual([]);
    expect(setup.slack.troubles.join()).toContain('the menu who shows no results');
  });

  it('tells the app at once of inputs with dispatch_action', async () => {
    const { person, last, heard } = await withForm();
    await person.fill('why', 'because');
    expect(heard).toHaveLength(1);
    await person.fill('kind', 'group');
    expect(last()).toMatchObject({
      type: 'block_actions',
      container: { type: 'view' },
      actions: [{ type: 'static_select', action_id: 'kind', selected_option: { value: 'group' } }],
      view: { state: { values: { why: { why: { value: 'because' } } } } },
    });
    expect(last()).not.toHaveProperty('response_url');
  });

  const second = { ...form, callback_id: 'second' };
  it.each([
    ['nothing', undefined, 'closed', undefined],
    ['clear', { response_action: 'clear' }, 'cleared', undefined],
    ['update', { response_action: 'update', view: second }, 'updated', 'second'],
    ['push', { response_action: 'push', view: second }, 'pushed', 'second'],
    ['errors', { response_action: 'errors', errors: { why: 'no' } }, 'errors', 'form'],
    ['errors for no field', { response_action: 'errors', errors: { nope: 'no' } }, 'trouble', 'form'],
    ['an invalid view', { response_action: 'update', view: { type: 'modal' } }, 'trouble', 'form'],
    ['something else', { ok: true }, 'trouble', 'form'],
    ['silence', 'silence' as const, 'trouble', 'form'],
  ])('that is answered with %s', async (_what, answer, outcome, shown) => {
    const setup = await withForm(() => answer);
    await complete(setup);
    expect((await setup.person.submit()).outcome).toBe(outcome);
    expect(setup.person.view()?.callback_id).toBe(shown);
  });

  it('can be delivered twice, and the person sees one answer', async () => {
    const setup = await withForm();
    await complete(setup);
    expect(await setup.person.submit({ times: 2 })).toEqual({ outcome: 'closed' });
    const [first, again] = setup.heard.filter(({ body }) => body.type === 'view_submission');
    expect(again?.body).toEqual(first?.body);
  });

  it('says when it is cancelled, or closed by the x, without the input', async () => {
    const { person, last, client } = await withForm();
    await client.views.update({ view_id: String(person.view()?.id), view: form });
    await person.close();
    expect(person.view()).toBeUndefined();
    expect(last()).toMatchObject({ type: 'view_closed', is_cleared: false, view: { state: { values: {} } } });
    const again = await withForm();
    await again.person.close({ all: true });
    expect(again.last()).toMatchObject({ type: 'view_closed', is_cleared: true });
  });
});

describe('a button on a message', () => {
  const go = {
    type: 'button' as const,
    action_id: 'go',
    value: 'R-1',
    text: plain('Go'),
    confirm: { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No') },
  };
  const blocks = [{ type: 'actions' as const, elements: [go] }];
  const card = async (answer: (heard: Heard) => object | undefined | 'silence' = () => undefined) => {
    const setup = await stage(answer);
    const metadata = { event_type: 'card', event_payload: { id: 'R-1' } };
    const { ts = '' } = await setup.client.chat.postMessage({
      channel: incident,
      text: 'card',
      blocks,
      metadata,
    });
    return {
      ...setup,
      ts,
      click: (user: string, more = {}) => setup.slack.as(user).click(incident, ts, 'go', more),
    };
  };

  it('reaches the app with the whole message, after the confirm dialog', async () => {
    const { click, heard, last, ts } = await card();
    expect(await click(bob, { confirm: false })).toEqual({ outcome: 'cancelled' });
    expect(heard).toEqual([]);
    expect(await click(bob)).toEqual({ outcome: 'ok' });
    expect(last()).toMatchObject({
      type: 'block_actions',
      user: { id: bob, team_id: SEED.team },
      team: { id: SEED.team },
      container: { type: 'message', message_ts: ts, channel_id: incident, is_ephemeral: false },
      message: { ts, metadata: { event_type: 'card' } },
      actions: [{ action_id: 'go', value: 'R-1', confirm: { title: { text: 'Sure?' } } }],
    });
  });

  it('is the same click when it is delivered twice, and another when clicked twice', async () => {
    const { click, heard } = await card();
    await click(bob, { times: 2 });
    await click(bob);
    const stamps = heard.map(({ body }) => Object(body.actions)[0].action_ts);
    expect(stamps[0]).toBe(stamps[1]);
    expect(stamps[2]).not.toBe(stamps[0]);
  });

  it('times out, and then it can be clicked again', async () => {
    const answers = ['silence' as const, undefined];
    const { click, slack } = await card(() => answers.shift());
    expect(await click(bob)).toEqual({ outcome: 'timeout' });
    expect(slack.troubles).toEqual(['Operation timed out. Apps need to respond within 3 seconds.']);
    expect(await click(bob)).toEqual({ outcome: 'ok' });
  });

  it('names the own team of a stranger who clicks in a shared channel', async () => {
    const { slack, client, last } = await card();
    const { ts = '' } = await client.chat.postMessage({ channel: SEED.channels.shared, text: 'x', blocks });
    await slack.as(sven).click('#with-partner', ts, 'go');
    expect(last()).toMatchObject({ team: { id: SEED.team }, user: { team_id: SEED.otherTeam } });
    slack.switches.strangerPayloadTeam = 'own';
    await slack.as(sven).click('#with-partner', ts, 'go');
    expect(last()).toMatchObject({ team: { id: SEED.otherTeam } });
  });

  it('is not there for those who cannot see the channel, or for a wrong name', async () => {
    const { slack, ts, click } = await card();
    await expect(click(sven)).rejects.toThrow('cannot see');
    await expect(slack.as(bob).click(incident, ts, 'stop')).rejects.toThrow('there are: go');
  });

  const use = (body: unknown, answer: object) =>
    fetch(String(Object(body).response_url), { method: 'POST', body: JSON.stringify(answer) });

  it('gives five answers within thirty minutes, and then none', async () => {
    const { click, last, slack, clock, ts } = await card();
    await click(bob);
    const first = last();
    expect(await (await use(first, { text: 'done', replace_original: true })).text()).toBe('ok');
    expect(slack.channel(incident).message(ts)).toMatchObject({ text: 'done', blocks: [] });
    for (let count = 0; count < 4; count += 1) await use(first, { text: `n${count}` });
    expect(
      slack
        .as(bob)
        .ephemerals()
        .map(({ text }) => text),
    ).toEqual(['n0', 'n1', 'n2', 'n3']);
    const sixth = await use(first, { text: 'x' });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
    await slack.as(alice).command('#inc-042', '/try');
    clock.advance(30 * 60_000 + 1);
    const late = await use(last(), { text: 'x' });
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  it('on an ephemeral message comes without the message, and can remove it', async () => {
    const { slack, client, last } = await card();
    const { message_ts = '' } = await client.chat.postEphemeral({
      channel: incident,
      user: bob,
      text: 'x',
      blocks,
    });
    await slack.as(bob).click(incident, message_ts, 'go');
    expect(last()).toMatchObject({ container: { is_ephemeral: true } });
    expect(last()).not.toHaveProperty('message');
    await use(last(), { delete_original: true });
    expect(slack.as(bob).ephemerals()).toEqual([]);
  });

  it('answers where the bot may not post', async () => {
    const { slack, last } = await card();
    await slack.as(alice).command('#secret-room', '/try');
    await use(last(), { text: 'here', response_type: 'in_channel' });
    expect(slack.channel('#secret-room').saying('here')?.bot_id).toBe(SEED.bot);
    const refused = await use(last(), { blocks: [{ type: 'header' }], text: 'x' });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_blocks' }]);
  });
});
