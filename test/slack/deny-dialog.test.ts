import { expect, it } from 'vitest';
import { stampOf } from '../../src/domain/request.ts';
import { onDenySubmission } from '../../src/slack/deny-dialog.ts';
import type { Desk } from '../../src/slack/desk.ts';
import { ada, createWorld, wholeProfile } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

it('keeps the reason that was typed where Slack cannot be asked, so that it can be submitted again', async () => {
  const { needs, ask, people, request, state } = createWorld();
  const id = await ask('profile', wholeProfile);
  const slack = createFakeSlack(() => ({}));
  const parts = { ...needs, client: slack.client, refusals: { note: async () => {} } };
  // Only these parts are needed for a denial.
  const desk = parts as unknown as Desk;
  const deny = async (): Promise<string> => {
    const view = {
      id: 'V1',
      callback_id: 'deny',
      private_metadata: `${id} ${stampOf(request(id))}`,
      state: { values: { reason: { reason: { value: 'not this one' } } } },
    };
    await onDenySubmission(desk, { user: { id: ada }, view }).after?.();
    return slack.calls.at(-1)?.args.view ?? '';
  };
  people.reachable = false;
  const shown = await deny();
  expect(shown).toContain('Slack could not be asked');
  expect(shown).toContain('"callback_id":"deny"');
  expect(shown).toContain('"initial_value":"not this one"');
  expect(state(id)).toBe('requested');
  people.reachable = true;
  expect(await deny()).toContain(`You denied ${id}`);
});
