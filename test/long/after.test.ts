import { expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import type { Authorization } from '../../src/sandbox/cloud/organisation.ts';
import type { Fault } from '../../src/sandbox/cloud/switches.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { factsIn, lifeOf } from '../slack/evidence.ts';
import {
  approves,
  askAssignment,
  askModelartsForAll,
  authorizationsIn,
  changesOf,
  grantsOf,
  inStory,
  refusal,
  type Story,
  textOf,
  toldEnd,
  viewSays,
} from '../support/e2e.ts';

const soon = (patience: Partial<Config['patience']>) => ({
  adjust: (config: Config): Config => ({ ...config, patience: { ...config.patience, ...patience } }),
});

/** Twice a second, so that one is always still to come. */
const often = Array.from({ length: 60 }, (_, n) => 500 * (n + 1));

/** The deletions that are running come to their end now. */
const endDeletions = ({ organisation: { deletions } }: LocalCloud): void => {
  for (const job of deletions.splice(0)) deletions.push({ ...job, doneAt: 0 });
};

/** A cloud whose call for all users leaves this entry, as the documentation leaves open. */
const leaving = (cloud: LocalCloud, entry: Authorization): Fault => ({
  match: (call) => {
    const rows = cloud.organisation.authorizations;
    const called = cloud.calls.changes().length === 1 && !rows.includes(entry);
    if (called && call.operation === 'GetAuthorizations') rows.push(entry);
    return false;
  },
  times: 1,
  act: { kind: 'cut-before' },
});

const requestedIn = ({ sandbox }: Story, id: string) => {
  const fact = factsIn(sandbox).find((record) => record.id === id)?.fact;
  if (fact?.fact !== 'requested') throw new Error(`${id} was not requested`);
  return fact;
};

/** Clicks Retry on the card and waits for what the view says. */
const clicksRetry = async (story: Story, who: Story['alice'], id: string, state: string, words: string) => {
  const { stage } = story;
  const { ts } = await stage.card(id, state);
  await who.click(stage.incident, ts, 'retry');
  return viewSays(story, who, words);
};

const numberIn = (words: string): string => /R-\d{6}/.exec(words)?.[0] ?? '';

it.concurrent('what is not proven in time is checked again until it is, by reading alone', () =>
  inStory(
    async (story) => {
      const { stage, cloud, alice, carol } = story;
      cloud.switches.deletionDelayMs = 3_600_000;
      const id = await askAssignment(story);
      await toldEnd(story, id, 'unverified');
      expect(await stage.clicks(carol, id, 'unverified', 'check')).toContain('not among those who may ask');
      expect(await stage.clicks(alice, id, 'unverified', 'check')).toMatch(
        /1 grant of R-000001 still there: .*a deletion is running/,
      );
      cloud.switches.outage = true;
      expect(await stage.clicks(alice, id, 'unverified', 'check')).toContain('The cloud could not be asked');
      cloud.switches.outage = false;
      endDeletions(cloud);
      expect(await stage.clicks(alice, id, 'unverified', 'check')).toContain('is proven gone now');
      const told = await toldEnd(story, id, 'succeeded');
      expect(told.thread).toContain('checked again. Read back: 1 approved grant still there');
      expect(told.audit).toContain('checked again. Read back to the last page: none');
      expect(visibleText(await stage.card(id, 'succeeded'))).not.toContain('Check again');
      expect(lifeOf(story.sandbox, id).filter((fact) => fact !== 'card_posted')).toEqual([
        'requested',
        'approved',
        'step_started',
        'step_outcome',
        'proof',
        'unverified',
        'refused',
        'proof',
        'proof',
        'succeeded',
      ]);
      expect(cloud.calls.changes()).toHaveLength(1);
    },
    soon({ verificationWindow: 100 }),
  ));

it.concurrent('what could not be deleted is retried by a request of its own', () =>
  inStory(async (story) => {
    const { stage, cloud, alice, bob, carol } = story;
    const [grant] = grantsOf(cloud, 'trent.osei');
    cloud.switches.failDeletionsInAccounts.add(grant?.account_id ?? '');
    const id = await askAssignment(story);
    await toldEnd(story, id, 'failed');
    cloud.switches.failDeletionsInAccounts.clear();
    expect(await clicksRetry(story, carol, id, 'failed', 'not among those')).toContain('REQUESTERS');
    cloud.switches.outage = true;
    expect(await clicksRetry(story, bob, id, 'failed', 'could not be read')).toContain('Nothing was done');
    cloud.switches.outage = false;
    const review = await clicksRetry(story, bob, id, 'failed', 'will be removed');
    expect(review).toMatch(/Retries:? R-000001/);
    expect(review).toContain('Contract has ended');
    const retried = numberIn(await stage.submits(bob));
    expect(retried).toBe('R-000002');
    const told = await toldEnd(story, retried, 'succeeded');
    expect(told.card).toMatch(/Retries:? R-000001/);
    expect(told.audit).toContain('Retries R-000001');
    expect(requestedIn(story, retried)).toMatchObject({
      retries: id,
      by: { user: bob.user.id },
      reason: 'Contract has ended',
      incident: 'INC-7',
      target: requestedIn(story, id).target,
    });
    expect(grantsOf(cloud, 'trent.osei').filter((row) => row === grant)).toEqual([]);
    expect(changesOf(cloud, 'DeleteAccountAssignment')).toHaveLength(2);
    expect(await clicksRetry(story, alice, id, 'failed', 'Already gone')).toContain('nothing is left');
    expect(alice.view()?.submit ?? null).toBeNull();
  }));

it.concurrent('what is partly gone is retried for the rest, again confirmed and approved by a second person', () =>
  inStory(async (story) => {
    const { stage, cloud, alice, bob, carol } = story;
    const project = 'cn-north-4_vision';
    const [entry] = authorizationsIn(cloud, project);
    if (entry === undefined) throw new Error('Nobody may use the project');
    const forAll = {
      ...entry,
      user_id: 'all-users',
      user_name: 'all-users',
      user_type: 'all-users',
    } as const;
    cloud.organisation.authorizations.push(forAll);
    cloud.switches.faults.push(leaving(cloud, forAll), {
      match: (call) => call.operation === 'DeleteAuthorizations' && call.query.user_id === 'all-users',
      times: 1,
      act: refusal(403, 'ModelArts.0104', 'Not allowed.'),
    });
    const id = await askModelartsForAll(story, project);
    await approves(story, carol, id);
    await toldEnd(story, id, 'partly_failed');
    expect(authorizationsIn(cloud, project)).toHaveLength(1);
    await clicksRetry(story, bob, id, 'partly_failed', '1 grant will be removed');
    await stage.fills(bob, 'confirmation', 'something else');
    expect(await stage.submits(bob)).toContain(`Type exactly: ${project}`);
    await stage.fills(bob, 'confirmation', project);
    const retried = numberIn(await stage.submits(bob));
    expect(await approves(story, bob, retried)).toContain('You asked for this yourself');
    expect(await clicksRetry(story, alice, id, 'partly_failed', 'Already under way')).toContain(retried);
    await approves(story, carol, retried);
    await toldEnd(story, retried, 'succeeded');
    expect(authorizationsIn(cloud, project)).toEqual([]);
  }));

it.concurrent('what was given again is found by reading once more, told, and retried', () =>
  inStory(
    async (story) => {
      const { stage, slack, cloud, alice } = story;
      const [grant] = grantsOf(cloud, 'trent.osei');
      if (grant === undefined) throw new Error('Nothing was there to take');
      const id = await askAssignment(story);
      await toldEnd(story, id, 'succeeded');
      await stage.thread(id, 'Still gone');
      cloud.organisation.assignments.push(grant);
      expect(await stage.thread(id, 'Came back: 1 grant')).toContain('PowerUser');
      expect(await stage.audit(`${id} came_back`)).toContain('Came back');
      const card = await slack.until('the card to offer a retry', () =>
        slack
          .channel(SEED.channels.incident)
          .posts.find((post) => post.text.startsWith(id) && textOf(post).includes('it came back')),
      );
      expect(card.metadata?.event_payload).toEqual({ id, state: 'succeeded' });
      expect(cloud.calls.changes()).toHaveLength(1);
      await clicksRetry(story, alice, id, 'succeeded', 'will be removed');
      const retried = numberIn(await stage.submits(alice));
      await toldEnd(story, retried, 'succeeded');
      expect(requestedIn(story, retried)).toMatchObject({ retries: id });
      expect(grantsOf(cloud, 'trent.osei')).not.toContainEqual(grant);
    },
    soon({ rechecks: often }),
  ));
