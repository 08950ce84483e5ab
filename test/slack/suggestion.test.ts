import { expect, it } from 'vitest';
import type { Desk } from '../../src/slack/desk.ts';
import { onSuggestion } from '../../src/slack/form-submission.ts';
import { createWorld, nora, zoe } from '../support/world.ts';

const bench = () => {
  const world = createWorld();
  // Only these parts are needed for a menu.
  const desk = world.needs as unknown as Desk;
  const typed = async (user: string): Promise<string> => {
    const view = { id: 'V1', callback_id: 'profile', private_metadata: 'd1' };
    const asked = {
      user: { id: user },
      action_id: 'principal:USER',
      block_id: 'principal',
      value: 'finch',
      view,
    };
    return JSON.stringify(await onSuggestion(desk, world.kind('profile'), asked));
  };
  return { ...world, typed };
};

it('says in the menu when Slack cannot be asked who is typing, instead of that nobody is called so', async () => {
  const { people, typed } = bench();
  people.reachable = false;
  const said = await typed(nora);
  expect(said).toContain('Slack could not be asked');
  expect(said).toContain('"value":"note:0"');
  expect(said).not.toContain('…');
});

it('offers nothing to somebody who may not ask', async () => {
  const { typed } = bench();
  expect(await typed(zoe)).toBe('[]');
});

it('says so in time also when Slack does not answer', async () => {
  const { needs, clock, people, typed } = bench();
  people.who = () => new Promise(() => undefined);
  const began = needs.clock.now();
  const said = typed(nora);
  await clock.advance(2_000);
  expect(await said).toContain('Slack could not be asked');
  expect(needs.clock.now() - began).toBeLessThan(3_000);
});
