import { expect, it } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import type { Desk } from '../../src/slack/desk.ts';
import { createDrafts, type Draft } from '../../src/slack/drafts.ts';
import { onReviewSubmission } from '../../src/slack/review-submission.ts';
import { createWorld, nora, wholeProfile } from '../support/world.ts';

/** A bot that begins with no drafts, as after a restart, and what it says to a submitted review. */
const bench = (changes: Partial<Policy> = {}) => {
  const world = createWorld(changes);
  const kind = world.kind('profile');
  const restarted = {
    ...world.needs,
    submit: world.submit,
    drafts: createDrafts(world.clock, { random: () => 'another' }),
  };
  // Only these parts are needed where nothing is submitted anew.
  const desk = restarted as unknown as Desk;
  const press = async (view: string, user: string = nora): Promise<string> => {
    const shown = { id: view, callback_id: 'profile/review', private_metadata: 'd1' };
    return JSON.stringify((await onReviewSubmission(desk, kind, { user: { id: user }, view: shown })).ack);
  };
  return { ...world, desk, press };
};

it('names the request that a view led to before a restart, when it is submitted once more', async () => {
  const { ask, press } = bench();
  const id = await ask('profile', wholeProfile, { draft: 'd1', via: { viewId: 'V1' } });
  const said = await press('V1');
  expect(said).toContain(`This was submitted already as ${id}.`);
  expect(said).not.toContain('nothing was done');
});

it('says that nothing was done where a restart took what had not been submitted', async () => {
  const { ask, press } = bench();
  await ask('profile', wholeProfile, { draft: 'd1', via: { viewId: 'V1' } });
  expect(await press('V2')).toContain('nothing was done');
  expect(await press('V1', 'UADA')).toContain('nothing was done');
});

it('says how many other people have to approve', async () => {
  for (const [protectedPrincipals, words] of [
    [[], 'waits for 1 approval by another person.'],
    [['mallory.finch'], 'waits for 2 approvals by other people.'],
  ] as const) {
    const { assess, desk, press } = bench({ protectedPrincipals });
    const assessed = await assess('profile', wholeProfile);
    const draft = { id: 'd1', user: nora, kind: 'profile', view: 'V3', askedIn: 'C1', channel: 'C1' };
    desk.drafts.put({ ...draft, reviewed: { assessed, reason: 'why' } });
    expect(await press('V3')).toContain(words);
  }
});

it('says of a retry, which may be asked for anywhere, in which channel its card is', async () => {
  const { assess, desk, press } = bench();
  const assessed = await assess('profile', wholeProfile);
  const put = (reviewed: NonNullable<Draft['reviewed']>): void => {
    const draft = { id: 'd1', user: nora, kind: 'profile', view: 'V3', askedIn: 'C1', channel: 'C1' };
    desk.drafts.put({ ...draft, reviewed });
  };
  put({ assessed, reason: 'why', retries: 'R-000007' });
  expect(await press('V3')).toContain('The card is in the channel of R-000007.');
  put({ assessed, reason: 'why' });
  expect(await press('V3')).toContain('The card is in the channel where you asked for it.');
});

it('keeps the review where Slack cannot be asked, so that it can be submitted again', async () => {
  const { assess, desk, people, press, request } = bench();
  const assessed = await assess('profile', wholeProfile);
  const draft = { id: 'd1', user: nora, kind: 'profile', view: 'V3', askedIn: 'C1', channel: 'C1' };
  desk.drafts.put({ ...draft, reviewed: { assessed, reason: 'why' } });
  people.reachable = false;
  const said = await press('V3');
  expect(said).toContain('Slack could not be asked');
  expect(said).toContain('"callback_id":"profile/review"');
  expect(said).toContain('Request approval');
  people.reachable = true;
  expect(await press('V3')).toContain('R-000001 waits for 1 approval');
  expect(request('R-000001').asked.reason).toBe('why');
});
