import type { ModalView } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, manifestWith, refusal, socketApp, triggerOf } from './support.ts';

const { alice, bob } = SEED.users;
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = (more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: plain('Title'),
  blocks: [{ type: 'divider' }],
  ...more,
});
const field = (block_id: string, action_id = 'text') => ({
  type: 'input' as const,
  block_id,
  label: plain('L'),
  element: { type: 'plain_text_input' as const, action_id },
});
const withButton = modal({
  blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'more', text: plain('More') }] }],
});

const stage = async () => {
  const setup = await bench();
  const { heard } = await socketApp(setup);
  const trigger = (user: string = alice) => triggerOf(setup, heard, user);
  return { ...setup, heard, trigger, last: () => heard.at(-1)?.body ?? {} };
};

describe('a trigger', () => {
  it('opens a view for the person it was made for, once', async () => {
    const { slack, client, trigger } = await stage();
    const trigger_id = await trigger();
    await client.views.open({ trigger_id, view: modal({ callback_id: 'one' }) });
    expect(slack.as(alice).view()?.callback_id).toBe('one');
    expect(slack.as(bob).view()).toBeUndefined();
    const again = refusal(client.views.open({ trigger_id, view: modal() }));
    expect((await again).error).toBe('exchanged_trigger_id');
  });

  it('lives three seconds and not longer', async () => {
    const { client, clock, trigger } = await stage();
    const inTime = await trigger();
    const late = await trigger();
    clock.advance(3_000);
    expect((await client.views.open({ trigger_id: inTime, view: modal() })).ok).toBe(true);
    clock.advance(1);
    const refused = await refusal(client.views.open({ trigger_id: late, view: modal() }));
    expect(refused.error).toBe('expired_trigger_id');
  });

  it('cannot be invented', async () => {
    const { client } = await stage();
    const refused = await refusal(client.views.open({ trigger_id: '1.2.abc', view: modal() }));
    expect(refused.error).toBe('invalid_trigger_id');
  });

  it('is not used up by a view that is refused', async () => {
    const { client, trigger } = await stage();
    const trigger_id = await trigger();
    await refusal(client.views.open({ trigger_id, view: modal({ blocks: [field('a')] }) }));
    expect((await client.views.open({ trigger_id, view: modal() })).ok).toBe(true);
  });
});

describe('a view', () => {
  const submit = 'must define `submit` to use an `input` block in modals [json-pointer:/view]';
  it.each([
    [
      'a title of 25',
      modal({ title: plain('x'.repeat(25)) }),
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    [
      'private_metadata of 3001',
      modal({ private_metadata: 'x'.repeat(3001) }),
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    ['an input without a submit button', modal({ blocks: [field('a')] }), submit],
    [
      '101 blocks',
      modal({ blocks: Array(101).fill({ type: 'divider' }) }),
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [
      'an unknown block',
      { ...modal(), blocks: [{ type: 'alert' }] },
      'unsupported type: alert [json-pointer:/view/blocks/0/type]',
    ],
    [
      'no title',
      { type: 'modal', blocks: [{ type: 'divider' }] },
      'missing required field: title [json-pointer:/view]',
    ],
  ])('is refused with %s', async (_what, view, message) => {
    const { client, trigger } = await stage();
    const answer = await refusal(client.apiCall('views.open', { trigger_id: await trigger(), view }));
    expect(answer.error).toBe('invalid_arguments');
    expect(answer.response_metadata).toMatchObject({ messages: [`[ERROR] ${message}`] });
  });

  it('is refused beyond 250 kB', async () => {
    const { client, trigger } = await stage();
    const blocks = Array.from({ length: 90 }, () => ({
      type: 'section' as const,
      text: plain('x'.repeat(2_900)),
    }));
    const answer = await refusal(client.views.open({ trigger_id: await trigger(), view: modal({ blocks }) }));
    expect(answer.error).toBe('view_too_large');
  });

  it('is pushed up to three deep, only with a trigger of that modal', async () => {
    const { slack, client, trigger, last } = await stage();
    await client.views.open({ trigger_id: await trigger(), view: withButton });
    const outside = await refusal(client.views.push({ trigger_id: await trigger(), view: modal() }));
    expect(outside.error).toBe('invalid_trigger_id');
    const push = async () => {
      await slack.as(alice).press('more');
      return client.views.push({ trigger_id: String(last().trigger_id), view: withButton });
    };
    const second = await push();
    expect(second.view?.previous_view_id).toBe(second.view?.root_view_id);
    await push();
    expect((await refusal(push())).error).toBe('push_limit_reached');
    await slack.as(alice).press('more');
    await slack.as(alice).close({ all: true });
    const gone = client.views.push({ trigger_id: String(last().trigger_id), view: modal() });
    expect((await refusal(gone)).error).toBe('not_found');
  });

  it('is updated by id or external_id, never over newer content, never after it was closed', async () => {
    const { slack, client, trigger } = await stage();
    const opened = await client.views.open({
      trigger_id: await trigger(),
      view: modal({ external_id: 'x' }),
    });
    const view_id = String(opened.view?.id);
    const hash = String(opened.view?.hash);
    const updated = await client.views.update({
      view_id,
      hash,
      view: modal({ callback_id: 'two', external_id: 'x' }),
    });
    expect(updated.view?.hash).not.toBe(hash);
    expect((await refusal(client.views.update({ view_id, hash, view: modal() }))).error).toBe(
      'hash_conflict',
    );
    await client.views.update({ external_id: 'x', view: modal({ callback_id: 'three' }) });
    expect(slack.as(alice).view()?.callback_id).toBe('three');
    await slack.as(alice).close();
    expect((await refusal(client.views.update({ view_id, view: modal() }))).error).toBe('not_found');
  });

  it('has an external_id of its own', async () => {
    const { client, trigger } = await stage();
    await client.views.open({ trigger_id: await trigger(alice), view: modal({ external_id: 'x' }) });
    const second = client.views.open({ trigger_id: await trigger(bob), view: modal({ external_id: 'x' }) });
    expect((await refusal(second)).error).toBe('duplicate_external_id');
  });

  it('keeps what was typed where block_id and action_id stay', async () => {
    const { slack, client, trigger } = await stage();
    const form = (...blocks: ReturnType<typeof field>[]) => modal({ submit: plain('Go'), blocks });
    const opened = await client.views.open({
      trigger_id: await trigger(),
      view: form(field('a'), field('b')),
    });
    await slack.as(alice).fill('a', 'kept');
    await slack.as(alice).fill('b', 'lost');
    await client.views.update({
      view_id: String(opened.view?.id),
      view: form(field('a'), field('b', 'reset')),
    });
    expect(slack.as(alice).view()?.state.values).toEqual({
      a: { text: { type: 'plain_text_input', value: 'kept' } },
      b: { reset: { type: 'plain_text_input', value: null } },
    });
  });
});

describe('the Home tab', () => {
  const home = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };
  it('is published per person, and not over newer content', async () => {
    const { slack, client } = await stage();
    const first = await client.views.publish({ user_id: alice, view: home });
    expect(slack.as(alice).home()?.type).toBe('home');
    expect(slack.as(bob).home()).toBeUndefined();
    await client.views.publish({ user_id: alice, view: home, hash: String(first.view?.hash) });
    const stale = client.views.publish({ user_id: alice, view: home, hash: String(first.view?.hash) });
    expect((await refusal(stale)).error).toBe('hash_conflict');
  });

  it('is refused when the manifest has none', async () => {
    const features = { app_home: { home_tab_enabled: false } };
    const { client } = await bench({ manifest: { ...manifestWith(), features } });
    expect((await refusal(client.views.publish({ user_id: alice, view: home }))).error).toBe('not_enabled');
  });

  it('tells the app when it is opened, with the view that is there', async () => {
    const { slack, client, heard } = await stage();
    await slack.as(alice).openHome();
    expect(heard[0]?.body.event).toMatchObject({ type: 'app_home_opened', user: alice, tab: 'home' });
    expect(heard[0]?.body.event).not.toHaveProperty('view');
    await client.views.publish({ user_id: alice, view: home });
    await slack.as(alice).openHome();
    expect(heard[1]?.body.event).toMatchObject({ view: { type: 'home' } });
  });
});
