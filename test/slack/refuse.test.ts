import { expect, it } from 'vitest';
import { recordRefusal } from '../../src/slack/refuse.ts';
import { createRefusals } from '../../src/workflow/refusals.ts';
import { ada, createWorld, gus, nora, zoe } from '../support/world.ts';

/** What stands on record after somebody was refused this for two requests. */
const recordedOf = async (user: string, code: string) => {
  const { needs, people, ask, memory } = createWorld();
  const parts = { ...needs, people, refusals: createRefusals(needs) };
  const ids = [
    await ask('profile', { principal_type: 'USER', principal: 'u-mallory' }),
    await ask('profile', { principal_type: 'USER', principal: 'u-trent' }),
  ];
  for (const request of ids) {
    await recordRefusal(parts, { user, via: {}, tried: 'approve', refusal: { code, words: 'No.' }, request });
  }
  return memory.records.flatMap(({ id, fact }) => (fact.fact === 'refused' ? [id] : []));
};

it.each([
  ['a requester who may not approve', nora, 'not_an_approver'],
  ['an approver who may not ask', ada, 'not_a_requester'],
])('puts on record for each request what is refused to %s', async (_who, user, code) => {
  expect(await recordedOf(user, code)).toEqual(['R-000001', 'R-000002']);
});

it.each([
  ['somebody without any role', zoe, 'not_an_approver'],
  ['somebody without any role, who clicks on Cancel', zoe, 'not_yours'],
  ['somebody without any role, who is late', zoe, 'already_decided'],
  ['a guest', gus, 'not_a_member'],
])('puts on record once what is refused to %s', async (_who, user, code) => {
  expect(await recordedOf(user, code)).toEqual(['R-000001']);
});
