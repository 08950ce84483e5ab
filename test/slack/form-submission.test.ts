import { randomUUID } from 'node:crypto';
import type { types } from '@slack/bolt';
import { expect, it } from 'vitest';
import type { Desk } from '../../src/slack/desk.ts';
import { createDrafts } from '../../src/slack/drafts.ts';
import type { ViewState } from '../../src/slack/form.ts';
import { onFormSubmission } from '../../src/slack/form-submission.ts';
import { onReviewSubmission } from '../../src/slack/review-submission.ts';
import { createWorld, nora } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const chosen = (value: string) => ({ selected_option: { value, text: { text: value } } });

/** A form that was filled in for somebody. */
const formFor = (principal: string): ViewState => ({
  values: {
    principal_type: { principal_type: chosen('USER') },
    principal: { 'principal:USER': chosen(principal) },
    reason: { reason: { value: 'incident' } },
  },
});

/** Nora's form, and what her view shows. */
const bench = () => {
  const world = createWorld();
  const busy: { for: string[] } = { for: [] };
  const link = { asked: async (): Promise<void> => {} };
  const slack = createFakeSlack(async (method, { view = '' }) => {
    if (method === 'chat.getPermalink') await link.asked();
    const [name] = busy.for.filter((one) => view.includes(one));
    if (name === undefined) return {};
    busy.for = [];
    return { retryAfter: 5 };
  });
  const drafts = createDrafts(world.clock, { random: randomUUID });
  const refusals = { note: async () => {} };
  const parts = { ...world.needs, submit: world.submit, client: slack.client, drafts, refusals };
  // Only these parts are needed from a form to a request.
  const desk = parts as unknown as Desk;
  const kind = world.kind('profile');
  const draft = drafts.open({ user: nora, kind: 'profile', view: 'VFORM', askedIn: 'C1', channel: 'C1' });
  const view = { id: 'VFORM', private_metadata: draft.id };
  const shown = () => slack.calls.findLast(({ method }) => method === 'views.update')?.args.view ?? '';
  const submission = (principal: string) => ({
    user: { id: nora },
    view: { ...view, callback_id: 'profile', state: formFor(principal) },
  });
  return {
    ...world,
    busy,
    link,
    /** Submits the form; the work after the acknowledgement is still to be done. */
    submitForm: (principal: string) => onFormSubmission(desk, kind, submission(principal)).after,
    /** Submits the review that is shown. */
    confirm: () => {
      const { private_metadata } = JSON.parse(shown()) as types.ModalView;
      return onReviewSubmission(desk, kind, {
        user: { id: nora },
        view: { id: 'VFORM', callback_id: 'profile/review', private_metadata: private_metadata ?? '' },
      });
    },
    shown,
  };
};

it('asks for what the view shows where the form was changed and submitted again because Slack had trouble', async () => {
  const { clock, busy, submitForm, confirm, shown, request } = bench();
  const [first, second] = [submitForm('u-mallory'), submitForm('u-trent')];
  busy.for = ['u-mallory'];
  const work = Promise.all([first?.(), second?.()]);
  await clock.advance(10_000);
  await work;
  await confirm();
  const { target } = request('R-000001').asked;
  expect(shown()).toContain(target.principal);
  expect(target).toMatchObject({ principal: 'u-trent' });
});

it('shows no review of an earlier submission in place of the request that a later one led to', async () => {
  const { submitForm, confirm, shown, request } = bench();
  const [first, second] = [submitForm('u-mallory'), submitForm('u-trent')];
  await second?.();
  await confirm();
  await first?.();
  expect(request('R-000001').asked.target).toMatchObject({ principal: 'u-trent' });
  expect(shown()).not.toContain('u-mallory');
});

it('keeps what was filled in where Slack cannot be asked who submits it', async () => {
  const { people, submitForm, confirm, shown, request } = bench();
  people.reachable = false;
  await submitForm('u-mallory')?.();
  for (const words of ['Slack could not be asked', '"callback_id":"profile"', 'u-mallory', 'incident'])
    expect(shown()).toContain(words);
  people.reachable = true;
  await submitForm('u-mallory')?.();
  await confirm();
  expect(request('R-000001').asked).toMatchObject({ reason: 'incident' });
});

it('takes no review of an earlier submission while a later one is worked on, and says so', async () => {
  const { ask, ledger, link, submitForm, confirm, shown } = bench();
  const other = await ask('profile', { principal_type: 'USER', principal: 'u-trent' });
  await ledger.append(other, null, [{ fact: 'card_posted', channel: 'C1', ts: '1.000' }]);
  await submitForm('u-mallory')?.();
  expect(shown()).toContain('u-mallory');
  let said = '';
  link.asked = async () => {
    said = JSON.stringify(await confirm());
  };
  await submitForm('u-trent')?.();
  expect(said).toContain('submitted once more');
  expect(ledger.open()).toEqual([other]);
});
