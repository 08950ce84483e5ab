import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { type Cloud, CloudFault } from '../../src/domain/ports.ts';
import { cancel } from '../../src/workflow/cancel.ts';
import { deny } from '../../src/workflow/deny.ts';
import { createRunner } from '../../src/workflow/runner.ts';
import type { Trouble } from '../support/fake-cloud.ts';
import { approvers } from '../support/fake-people.ts';
import { requested } from '../support/stories.ts';
import { settle } from '../support/virtual-clock.ts';
import {
  ada,
  allModelArtsUsers,
  ben,
  createWorld,
  nora,
  oneAssignment,
  oneModelArtsUser,
  patience,
  project,
  row,
  type World,
  wholeProfile,
} from '../support/world.ts';

const minutes = 60_000;
const profileKeys = ['USER/u-mallory/acc-prod/ps-admin', 'USER/u-mallory/acc-test/ps-read'];

/** An assignment that goes on by rule, about to be executed. */
const byRule = async () => {
  const world = createWorld();
  return { ...world, id: await world.ask('account-assignment', oneAssignment) };
};
/** A profile that one approver has approved. */
const approvedProfile = async (changes: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld(changes);
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  return { ...world, id };
};
/** Runs for a while, and stops. */
const runFor = async (world: World, ms: number): Promise<void> => {
  const runner = world.run();
  await world.clock.advance(ms);
  await runner.stop();
};
const starts = (words: readonly string[]) => words.filter((word) => word === 'step_started').length;
/** The message to an approver that says that the request is decided. */
const told: Fact = {
  fact: 'notified',
  user: ben,
  why: 'decided',
  state: 'approved',
  channel: 'D1',
  ts: '1.0',
};
const endOf = (facts: readonly Fact[]) => {
  const end = facts.at(-1);
  return end !== undefined && 'words' in end ? { fact: end.fact, words: end.words } : end;
};

describe('the way to success', () => {
  it('of an assignment is one call and a proof', async () => {
    const { id, finish, words, cloud, clock, state } = await byRule();
    cloud.delay = 20_000;
    await finish(id);
    expect(words(id)).toEqual([
      'requested',
      'approved',
      'step_started',
      'step_outcome',
      'proof',
      'succeeded',
    ]);
    expect(cloud.changes).toHaveLength(1);
    expect(state(id)).toBe('succeeded');
    expect(clock.sleeping()).toBe(0);
  });

  it('goes before what people look up, with every call', async () => {
    const { id, clock, cloud, needs, state } = await byRule();
    const ranks = new Set<boolean | undefined>();
    const call: Cloud['call'] = (request) => {
      ranks.add(request.executes);
      return cloud.call(request);
    };
    const runner = createRunner({ ...needs, cloud: { call } });
    runner.start();
    await clock.runUntil(() => state(id) === 'succeeded');
    await runner.stop();
    expect([...ranks]).toEqual([true]);
  });

  it('has the intent on record before the call, and the outcome after it', async () => {
    const { id, finish, words, cloud, facts } = await byRule();
    let before: readonly string[] = [];
    cloud.onChange = () => {
      before = words(id);
    };
    await finish(id);
    expect(before).toEqual(['requested', 'approved', 'step_started']);
    expect(facts(id)[3]).toMatchObject({
      outcome: 'accepted',
      job: 'job-1',
      status: 200,
      cloudRequest: expect.any(String),
    });
  });

  it.each([
    ['user', oneAssignment, 'no such user', (world: World) => world.known.users.splice(0)],
    ['account', oneAssignment, 'no such account', (world: World) => world.known.accounts.splice(0)],
    ['set', oneAssignment, 'no such permission set', (world: World) => world.known.permissionSets.splice(0)],
    ['ModelArts user', oneModelArtsUser, 'no such user', (world: World) => world.known.iamUsers.splice(0)],
  ])('is not claimed when the %s itself is not there any more', async (_what, values, words, remove) => {
    const world = createWorld();
    const kind = values === oneAssignment ? 'account-assignment' : 'modelarts-authorization';
    const id = await world.ask(kind, values);
    world.cloud.assignments = [];
    world.cloud.authorizations.set(project, []);
    remove(world);
    await world.finish(id);
    expect(endOf(world.facts(id))).toEqual({ fact: 'failed', words: expect.stringContaining(words) });
    expect(world.cloud.changes).toEqual([]);
  });

  it('of what is gone already waits until the cloud can tell that its user exists', async () => {
    const { id, finish, facts, known, run, clock, cloud, state } = await byRule();
    cloud.assignments = [];
    known.fault = new CloudFault('not-reached', 'no way', { retryable: true });
    const runner = run();
    await clock.advance(minutes);
    await runner.stop();
    expect(state(id)).toBe('approved');
    known.fault = undefined;
    await finish(id);
    expect(facts(id).at(-1)).toMatchObject({ fact: 'succeeded', alreadyGone: true });
  });

  it('of what is gone already expires with the reason where the cloud can never tell that its user exists', async () => {
    const { id, finish, facts, known, cloud } = await byRule();
    cloud.assignments = [];
    known.fault = new CloudFault('not-reached', 'no way', { retryable: true });
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'expired',
      words: 'It could not be begun in time. Nothing was called. Last: no way',
    });
  });

  it('of what is gone already is not said where it is listed again when the cloud can tell', async () => {
    const { id, finish, facts, known, run, clock, cloud } = await byRule();
    const before = cloud.assignments;
    cloud.assignments = [];
    known.fault = new CloudFault('not-reached', 'no way', { retryable: true });
    const runner = run();
    await clock.advance(minutes);
    await runner.stop();
    cloud.assignments = before;
    known.fault = undefined;
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'failed',
      words: 'It was gone at first, but is listed again. Nothing was called.',
    });
    expect(cloud.changes).toEqual([]);
  });

  it('of everything is not said to be gone already where something else is listed by then', async () => {
    const { id, finish, facts, words, cloud, ledger } = await approvedProfile();
    cloud.assignments = [];
    ledger.subscribe(() => {
      if (words(id).at(-1) === 'proof') cloud.assignments = [row('u-mallory', 'acc-prod', 'ps-read')];
    });
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'failed',
      words: 'What was approved is gone, but something else is listed by now. Nothing was called.',
    });
    expect(cloud.changes).toEqual([]);
  });

  it('of what is gone already makes no call', async () => {
    const { id, finish, words, cloud, facts } = await byRule();
    cloud.assignments = [];
    await finish(id);
    expect(words(id)).toEqual(['requested', 'approved', 'proof', 'succeeded']);
    expect(facts(id).at(-1)).toMatchObject({ alreadyGone: true });
    expect(cloud.changes).toEqual([]);
  });

  it('of all ModelArts users takes the users and the entry for all', async () => {
    const world = createWorld();
    world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    await world.finish(id);
    expect(world.state(id)).toBe('succeeded');
    expect(world.cloud.changes.map((change) => change.query.user_id)).toEqual(['all', 'all-users']);
    expect(world.cloud.authorizations.get(project)).toEqual([]);
    const proofs = world.facts(id).filter((fact) => fact.fact === 'proof');
    expect(proofs.map(({ result, since }) => [result, since])).toEqual([
      ['gone', []],
      ['gone', []],
    ]);
  });

  it('of all ModelArts users is not said where the users are listed again once the entry is gone', async () => {
    const { ask, approve, finish, facts, cloud, ledger, words } = createWorld();
    const users = cloud.authorizations.get(project) ?? [];
    const entry = { user_id: 'all', user_type: 'all-users', type: 'agency' };
    cloud.authorizations.set(project, [...users, entry]);
    const id = await ask('modelarts-authorization', allModelArtsUsers);
    await approve(id);
    ledger.subscribe(() => {
      const isFirstProof = words(id).indexOf('proof') === words(id).length - 1;
      if (isFirstProof) cloud.authorizations.set(project, [...users, entry]);
    });
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'partly_failed',
      words: '1 of 3 grants are proven gone, 2 not. It was gone at first, but is listed again.',
    });
    expect(facts(id).at(-2)).toMatchObject({ fact: 'proof', step: 'delete-all', result: 'present' });
    expect(starts(words(id))).toBe(2);
  });

  it('of all ModelArts users makes no second call when the first took the entry too', async () => {
    const world = createWorld();
    world.cloud.allTakes = 'everything';
    world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    await world.finish(id);
    expect(world.state(id)).toBe('succeeded');
    expect(world.cloud.changes.map((change) => change.query.user_id)).toEqual(['all']);
  });
});

describe('nothing is called', () => {
  it('without approval, and the request expires', async () => {
    const world = createWorld();
    const id = await world.ask('profile', wholeProfile);
    await world.finish(id);
    expect(world.words(id)).toEqual(['requested', 'expired']);
    expect(world.clock.now()).toBe(world.request(id).asked.approveBefore);
    expect(world.cloud.changes).toEqual([]);
  });

  it.each([
    ['denied', async (world: World, id: string) => deny(world.needs, id, world.click(ada), 'no')],
    ['cancelled', async (world: World, id: string) => cancel(world.needs, id, world.click(nora))],
  ])('once it is %s', async (state, end) => {
    const world = createWorld();
    const id = await world.ask('profile', wholeProfile);
    await end(world, id);
    await world.approve(id, ben);
    await runFor(world, 90 * minutes);
    expect(world.words(id)).toEqual(['requested', state]);
    expect(world.cloud.changes).toEqual([]);
  });

  it('with one approval where two are needed', async () => {
    const world = await approvedProfile({ approvalsNeeded: 2 });
    await runFor(world, 29 * minutes);
    expect(world.cloud.changes).toEqual([]);
    await world.approve(world.id, ben);
    await world.finish(world.id);
    expect(world.state(world.id)).toBe('succeeded');
  });

  it('when the digest is not that of the stored request', async () => {
    const world = createWorld();
    const target = { instance: 'ins-1', store: 'd-1', principal_type: 'USER', principal: 'u-mallory' };
    const story: Fact[] = [
      requested({ kind: 'profile', target, digest: 'of something else' }),
      {
        fact: 'approved',
        digest: 'of something else',
        by: { team: 'T1', user: ada, name: 'Ada' },
        startBefore: Number.MAX_SAFE_INTEGER,
      },
    ];
    await world.ledger.append('new', 0, story);
    await world.finish('R-000001');
    expect(endOf(world.facts('R-000001'))).toEqual({
      fact: 'failed',
      words: expect.stringContaining('not what is stored'),
    });
    expect(world.cloud.changes).toEqual([]);
  });

  it('when the approval was for another digest', async () => {
    const world = createWorld();
    const id = await world.ask('profile', wholeProfile);
    const other: Fact = {
      fact: 'approved',
      digest: 'other',
      by: { team: 'T1', user: ada, name: 'Ada' },
      seats: [approvers],
      startBefore: Number.MAX_SAFE_INTEGER,
    };
    await world.ledger.append(id, 1, [other]);
    await world.finish(id);
    expect(world.state(id)).toBe('failed');
    expect(world.cloud.changes).toEqual([]);
  });

  it('after the execution window, however long the checks took', async () => {
    const { id, finish, needs, clock, cloud, words } = await approvedProfile();
    const impact = needs.kinds.find((kind) => kind.name === 'profile');
    if (impact === undefined) throw new Error('No kind');
    const slow = {
      ...impact,
      look: async (...rest: Parameters<typeof impact.look>) => {
        await clock.sleep(61 * minutes);
        return impact.look(...rest);
      },
    };
    needs.kinds = [slow];
    await finish(id);
    expect(words(id).at(-1)).toBe('expired');
    expect(cloud.changes).toEqual([]);
  });
});

describe('an approval at execution', () => {
  it('twice over starts one execution', async () => {
    const world = await approvedProfile({ approvalsNeeded: 2 });
    await Promise.all([
      world.approve(world.id, ben),
      world.approve(world.id, ben),
      world.approve(world.id, ada),
    ]);
    await world.finish(world.id);
    expect(starts(world.words(world.id))).toBe(1);
    expect(world.cloud.changes).toHaveLength(1);
  });

  it.each([
    ['no approver any more', (world: World) => world.people.roles.approver.delete(ada)],
    ['deactivated', (world: World) => world.people.change(ada, { standing: 'deactivated' })],
    ['a guest now', (world: World) => world.people.change(ada, { standing: 'guest' })],
    ['the affected person', (world: World) => world.people.change(ada, { email: 'mallory@example.com' })],
    ['the requester by e-mail', (world: World) => world.people.change(ada, { email: 'Nora@Example.com' })],
  ])('is void when the approver is %s; another one can approve', async (_name, change) => {
    const world = await approvedProfile();
    change(world);
    await runFor(world, 5_000);
    expect(world.words(world.id)).toEqual(['requested', 'approved', 'approval_void']);
    expect(world.state(world.id)).toBe('requested');
    await world.approve(world.id, ben);
    await world.finish(world.id);
    expect(world.state(world.id)).toBe('succeeded');
  });

  it('is asked about with answers no older than ten seconds', async () => {
    const { id, people, finish } = await approvedProfile();
    people.ages.splice(0);
    await finish(id);
    expect(people.ages.length).toBeGreaterThan(0);
    expect(Math.max(...people.ages)).toBe(10_000);
  });

  it('of two accounts that have one e-mail by then is one', async () => {
    const world = await approvedProfile({ approvalsNeeded: 2 });
    await world.approve(world.id, ben);
    world.people.change(ada, { email: 'ada.new@example.com' });
    world.people.change(ben, { email: 'ada@example.com' });
    await runFor(world, 5_000);
    expect(world.facts(world.id).at(-1)).toMatchObject({ fact: 'approval_void', user: ben });
    expect(world.state(world.id)).toBe('requested');
    expect(world.cloud.changes).toEqual([]);
  });

  it('younger than a minute counts though Slack cannot be asked', async () => {
    const world = await approvedProfile();
    world.people.reachable = false;
    await world.clock.advance(59_000);
    await world.finish(world.id);
    expect(world.state(world.id)).toBe('succeeded');
  });

  it('of a minute or more waits until Slack can be asked', async () => {
    const world = await approvedProfile();
    world.people.reachable = false;
    await world.clock.advance(60_000);
    await runFor(world, 20 * minutes);
    expect(world.words(world.id)).toEqual(['requested', 'approved']);
    world.people.reachable = true;
    await world.finish(world.id);
    expect(world.state(world.id)).toBe('succeeded');
  });

  it('from the future, because the clock was put back, waits as an old one does', async () => {
    const world = await approvedProfile();
    world.people.reachable = false;
    await world.clock.advance(-60 * minutes);
    await runFor(world, 20 * minutes);
    expect(world.words(world.id)).toEqual(['requested', 'approved']);
  });

  it('that could never be asked about expires with the reason', async () => {
    const world = await approvedProfile();
    world.people.reachable = false;
    await world.clock.advance(60_000);
    await world.finish(world.id);
    expect(endOf(world.facts(world.id))).toEqual({
      fact: 'expired',
      words: expect.stringContaining('Slack could not be asked'),
    });
    expect(world.cloud.changes).toEqual([]);
  });
});

describe('growth', () => {
  it('is shown and goes on when no more approvals are needed', async () => {
    const world = await approvedProfile();
    world.cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-admin'));
    await world.finish(world.id);
    expect(world.facts(world.id)).toContainEqual({
      fact: 'impact_grew',
      added: [expect.objectContaining({ key: 'USER/u-mallory/acc-new/ps-admin' })],
    });
    expect(world.state(world.id)).toBe('succeeded');
    expect(world.cloud.changes).toHaveLength(1);
  });

  it('of all ModelArts users by the entry for all is removed too', async () => {
    const world = createWorld();
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    await world.approve(id);
    await world.finish(id);
    expect(world.state(id)).toBe('succeeded');
    expect(world.cloud.authorizations.get(project)).toEqual([]);
  });

  it('is told once, however often the checks are repeated', async () => {
    const world = await approvedProfile();
    world.cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-admin'));
    // The growth is read; then the first look before the call goes wrong, and everything is checked again.
    const kind = world.kind('profile');
    let looks = 0;
    world.needs.kinds = [
      {
        ...kind,
        look: async (...rest) => {
          looks += 1;
          if (looks < 4) throw new CloudFault('not-reached', 'no way', { retryable: true });
          return kind.look(...rest);
        },
      },
    ];
    await world.finish(world.id);
    expect(world.words(world.id).filter((word) => word === 'impact_grew')).toHaveLength(1);
    expect(world.state(world.id)).toBe('succeeded');
  });

  it('halts only when the new impact needs more approvals', async () => {
    const world = createWorld({ protectedPrincipals: ['trent'] });
    world.known.members.set('g-ops', ['u-mallory']);
    const id = await world.ask('profile', { principal_type: 'GROUP', principal: 'g-ops' });
    await world.approve(id);
    world.known.members.set('g-ops', ['u-mallory', 'u-trent']);
    world.cloud.assignments.push(row('g-ops', 'acc-prod', 'ps-admin', 'GROUP'));
    await world.finish(id);
    expect(world.words(id)).toEqual(['requested', 'approved', 'impact_grew', 'halted']);
    expect(endOf(world.facts(id))).toEqual({
      fact: 'halted',
      words: expect.stringContaining('needs 2 approvals and has 1'),
    });
    expect(world.cloud.changes).toEqual([]);
  });

  it('never touches an assignment that another grant was added beside', async () => {
    const { id, finish, cloud, state } = await byRule();
    cloud.assignments.push(row('u-mallory', 'acc-prod', 'ps-read'));
    await finish(id);
    expect(state(id)).toBe('succeeded');
    expect(cloud.assignments).toContainEqual(row('u-mallory', 'acc-prod', 'ps-read'));
    expect(cloud.assignments).toHaveLength(4);
  });

  it('that no longer exists at all ends it without a call', async () => {
    const world = await approvedProfile();
    world.known.users.splice(0);
    await world.finish(world.id);
    expect(endOf(world.facts(world.id))).toEqual({
      fact: 'failed',
      words: expect.stringContaining('no such user'),
    });
    expect(world.cloud.changes).toEqual([]);
  });
});

describe('a lost answer', () => {
  it.each(['too-late', 'unexpected-answer'] as const)(
    '(%s) after acting is settled by reading, with one call',
    async (as) => {
      const { id, finish, cloud, words, facts } = await byRule();
      cloud.changeTroubles.push({ as, acted: true });
      await finish(id);
      expect(words(id)).toEqual([
        'requested',
        'approved',
        'step_started',
        'step_outcome',
        'proof',
        'succeeded',
      ]);
      expect(facts(id)[3]).toMatchObject({ outcome: 'unknown' });
      expect(cloud.changes).toHaveLength(1);
    },
  );

  it('after acting on a slow cloud waits for the job that the reads find', async () => {
    const { id, finish, cloud, words } = await byRule();
    cloud.delay = 100_000;
    cloud.changeTroubles.push({ as: 'too-late', acted: true });
    await finish(id);
    expect(starts(words(id))).toBe(1);
    expect(words(id).at(-1)).toBe('succeeded');
  });

  it('after acting tells the failure of the job that the reads found', async () => {
    const { id, finish, cloud, facts } = await byRule();
    cloud.delay = 20_000;
    cloud.jobFailure = 'the account is closed';
    cloud.changeTroubles.push({ as: 'too-late', acted: true });
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'failed',
      words: expect.stringContaining('the account is closed'),
    });
    expect(cloud.changes).toHaveLength(1);
  });

  it('before acting is started again once the cloud says that nothing runs, and the second start is a fact', async () => {
    const { id, finish, cloud, facts, words } = await byRule();
    cloud.changeTroubles.push({ as: 'too-late', acted: false });
    await finish(id);
    expect(words(id).at(-1)).toBe('succeeded');
    expect(
      facts(id)
        .filter((fact) => fact.fact === 'step_started')
        .map(({ attempt }) => attempt),
    ).toEqual([1, 2]);
  });

  it('before acting, where there is no status to ask, is started again only after 30 quiet intervals', async () => {
    const { id, finish, cloud, words } = await approvedProfile();
    cloud.changeTroubles.push({ as: 'too-late', acted: false });
    await finish(id);
    expect(words(id).at(-1)).toBe('succeeded');
    const [first, second] = cloud.changes;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(29 * patience.pollInterval);
    expect(cloud.changes).toHaveLength(2);
  });

  it('before acting is started again only after 30 quiet intervals since what is listed has changed', async () => {
    const { id, run, cloud, clock, state } = await approvedProfile();
    cloud.changeTroubles.push({ as: 'too-late', acted: false });
    const runner = run();
    await clock.advance(minutes);
    const changedAt = clock.now();
    cloud.assignments = cloud.assignments.filter(({ account_id }) => account_id !== 'acc-test');
    await clock.runUntil(() => state(id) === 'succeeded');
    await runner.stop();
    expect((cloud.changes[1]?.at ?? 0) - changedAt).toBeGreaterThanOrEqual(29 * 5 * patience.pollInterval);
  });

  it('before acting is started again no later because people were told of the request meanwhile', async () => {
    const { id, run, cloud, clock, ledger, state } = await approvedProfile();
    cloud.changeTroubles.push({ as: 'too-late', acted: false });
    const runner = run();
    await clock.advance(minutes);
    await ledger.append(id, null, [told]);
    await clock.runUntil(() => state(id) === 'succeeded');
    await runner.stop();
    const [first, second] = cloud.changes;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(30 * 5 * patience.pollInterval);
  });

  it('three times over ends in failed, not in a fourth call', async () => {
    const { id, finish, cloud, words, state } = await byRule();
    cloud.everyChange = { as: 'too-late', acted: false };
    await finish(id);
    expect(starts(words(id))).toBe(3);
    expect(state(id)).toBe('failed');
    expect(cloud.changes).toHaveLength(3);
  });
});

describe('after a crash', () => {
  const crashed = async (gone: boolean) => {
    const world = await byRule();
    await world.ledger.append(world.id, 2, [
      { fact: 'step_started', step: 'delete', attempt: 1, words: 'x' },
    ]);
    if (gone) world.cloud.assignments = [];
    return world;
  };

  it('what was started and is gone is finished without a second call', async () => {
    const { id, finish, words, facts, cloud } = await crashed(true);
    await finish(id);
    expect(words(id).slice(2)).toEqual(['step_started', 'step_outcome', 'proof', 'succeeded']);
    expect(facts(id)[3]).toMatchObject({
      outcome: 'unknown',
      message: expect.stringContaining('was stopped'),
    });
    expect(facts(id).at(-1)).toMatchObject({ alreadyGone: false });
    expect(cloud.changes).toEqual([]);
  });

  it('what was started and is there is started once more', async () => {
    const { id, finish, words, cloud } = await crashed(false);
    await finish(id);
    expect(starts(words(id))).toBe(2);
    expect(cloud.changes).toHaveLength(1);
    expect(words(id).at(-1)).toBe('succeeded');
  });

  it('what was begun is finished after every deadline, and whoever has lost a role since', async () => {
    const { id, finish, state, clock, people } = await crashed(false);
    people.roles.approver.clear();
    await clock.advance(10 * 60 * minutes);
    await finish(id);
    expect(state(id)).toBe('succeeded');
  });

  it('what was proven but not concluded is concluded without a call', async () => {
    const { id, finish, words, cloud, ledger } = await crashed(true);
    await ledger.append(id, 3, [
      { fact: 'step_outcome', step: 'delete', outcome: 'accepted' },
      { fact: 'proof', step: 'delete', result: 'gone', remaining: [], since: [] },
    ]);
    await finish(id);
    expect(words(id).slice(-2)).toEqual(['proof', 'succeeded']);
    expect(cloud.changes.length).toBe(0);
  });

  it('between the calls of two steps, only the second is made', async () => {
    const world = createWorld();
    world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    const runner = world.run();
    await world.clock.runUntil(() => world.words(id).includes('proof'));
    await runner.stop();
    await world.finish(id);
    expect(world.cloud.changes.map((change) => change.query.user_id)).toEqual(['all', 'all-users']);
    expect(world.state(id)).toBe('succeeded');
  });
});

describe('a refusal by the cloud', () => {
  const table: readonly [string, Trouble, string, number][] = [
    ['400', { as: 'refused', status: 400, code: 'IIC.400' }, 'failed', 1],
    ['403', { as: 'refused', status: 403, code: 'IIC.1000' }, 'failed', 1],
    ['404', { as: 'refused', status: 404, code: 'IIC.404' }, 'failed', 1],
    ["403 of a proxy's page", { as: 'refused', status: 403 }, 'failed', 3],
    ["404 of a proxy's page", { as: 'refused', status: 404 }, 'failed', 3],
    ['409 of another kind', { as: 'refused', status: 409, code: 'IIC.1257' }, 'failed', 1],
    ['409 conflict', { as: 'refused', status: 409, code: 'IIC.1006' }, 'failed', 20],
    ['429', { as: 'refused', status: 429 }, 'failed', 20],
    ['500', { as: 'refused', status: 500 }, 'failed', 3],
    ['401', { as: 'refused', status: 401 }, 'failed', 3],
    ['not reached', { as: 'not-reached' }, 'failed', 20],
  ];

  it.each(table)(
    '%s for good ends in its state after so many calls',
    async (_name, trouble, state, calls) => {
      const world = await byRule();
      world.cloud.everyChange = trouble;
      await world.finish(world.id);
      expect(world.state(world.id)).toBe(state);
      expect(world.cloud.changes).toHaveLength(calls);
      expect(world.cloud.assignments).toHaveLength(4);
    },
  );

  it.each(table.filter(([, , , calls]) => calls > 1))(
    '%s in passing ends in success',
    async (_name, trouble) => {
      const world = await byRule();
      world.cloud.changeTroubles.push(trouble, trouble);
      await world.finish(world.id);
      expect(world.state(world.id)).toBe('succeeded');
      expect(world.cloud.changes).toHaveLength(3);
    },
  );

  it('401 waits out the pause before each further try', async () => {
    const { id, finish, cloud, clock } = await byRule();
    cloud.everyChange = { as: 'refused', status: 401 };
    await finish(id);
    const times = cloud.changes.map((change) => change.at);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(patience.authFailurePause);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(patience.authFailurePause);
    expect(clock.now() - (times[2] ?? 0)).toBeGreaterThanOrEqual(patience.authFailurePause);
  });

  it('401 is waited out until the client says that a key may be used, also after a restart', async () => {
    const { id, finish, run, cloud, clock, state } = await byRule();
    const againAt = clock.now() + 3 * patience.authFailurePause;
    cloud.changeTroubles.push({ as: 'refused', status: 401, againAt });
    const runner = run();
    await clock.advance(patience.authFailurePause);
    await runner.stop();
    await finish(id);
    expect(state(id)).toBe('succeeded');
    const [, second] = cloud.changes;
    expect(second?.at).toBeGreaterThanOrEqual(againAt);
    expect(second?.at).toBeLessThan(againAt + patience.authFailurePause);
  });

  it('401 is not waited out where another access key may be used, and costs no try', async () => {
    const { id, finish, cloud, clock, state } = await byRule();
    const began = clock.now();
    const free = { as: 'refused', status: 401, againAt: began } as const;
    cloud.changeTroubles.push(free, free, free);
    cloud.onChange = () => cloud.readTroubles.push(free);
    await finish(id);
    expect(state(id)).toBe('succeeded');
    expect(cloud.changes).toHaveLength(4);
    expect(clock.now() - began).toBeLessThan(patience.authFailurePause);
  });

  it('401 of the call and of every read ends too, and says that nothing was read back', async () => {
    const { id, finish, facts, cloud, state } = await byRule();
    cloud.onChange = () => {
      cloud.everyRead = { as: 'refused', status: 401 };
    };
    cloud.everyChange = { as: 'refused', status: 401 };
    await finish(id);
    expect(state(id)).toBe('failed');
    expect(cloud.changes).toHaveLength(1);
    expect(facts(id).find(({ fact }) => fact === 'proof')).toMatchObject({ result: 'present', unread: true });
  });

  it("403 of a proxy's page in place of the answer to a call that the cloud accepted is no failure", async () => {
    const { id, finish, facts, cloud } = await approvedProfile();
    const call = cloud.call.bind(cloud);
    cloud.delay = 10_000;
    cloud.call = async (request) => {
      const answer = await call(request);
      if (request.effect === 'read') return answer;
      throw new CloudFault('refused', 'Blocked.', { status: 403, code: '403', retryable: false });
    };
    await finish(id);
    expect(facts(id).find(({ fact }) => fact === 'step_outcome')).toMatchObject({ outcome: 'unknown' });
    expect(facts(id).at(-1)).toMatchObject({ fact: 'succeeded' });
    expect(cloud.changes).toHaveLength(1);
  });

  it('404 for something that somebody else has just removed is success', async () => {
    const { id, finish, cloud, state } = await byRule();
    cloud.onChange = () => {
      cloud.assignments = [];
    };
    await finish(id);
    expect(state(id)).toBe('succeeded');
  });

  it('that passes is waited for with growing pauses, not asked after every few seconds', async () => {
    const { id, run, cloud, clock, ledger } = await byRule();
    cloud.everyRead = { as: 'too-late', acted: false };
    const asked = cloud.reads();
    const runner = run();
    await clock.advance(10 * 60_000);
    expect(cloud.reads() - asked).toBeLessThan(20);
    cloud.everyRead = undefined;
    await clock.runUntil(() => ledger.open().length === 0, 61_000);
    await runner.stop();
    expect(ledger.summary(id)?.progress.state).toBe('succeeded');
  });

  it('is failed with its words also where running deletions may not be listed', async () => {
    const { id, needs, finish, cloud, state, facts } = await byRule();
    cloud.everyChange = { as: 'refused', status: 403, code: 'IIC.1000' };
    const call = needs.cloud.call.bind(needs.cloud);
    needs.cloud.call = (request) => {
      if (request.path.at(-1) === 'deletion-statuses')
        throw new CloudFault('refused', 'No', { status: 403, retryable: false });
      return call(request);
    };
    await finish(id);
    expect(state(id)).toBe('failed');
    expect(facts(id).at(-1)).toMatchObject({
      words: '0 of 1 grants are proven gone, 1 not. The cloud refused the call (HTTP 403)',
    });
  });

  it('that passes is not followed by another call when the access has gone meanwhile', async () => {
    const { id, run, clock, cloud, state } = await byRule();
    cloud.everyChange = { as: 'refused', status: 429 };
    const runner = run();
    await clock.advance(2 * minutes);
    const calls = cloud.changes.length;
    cloud.assignments = [];
    await clock.runUntil(() => state(id) === 'succeeded');
    await runner.stop();
    expect(cloud.changes).toHaveLength(calls);
  });

  it('that lasts over the execution window is told as the reason why it could not be begun', async () => {
    const { id, finish, cloud, facts } = await byRule();
    cloud.everyRead = { as: 'refused', status: 503 };
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'expired',
      words: expect.stringMatching(/^It could not be begun in time. Nothing was called. Last: .*503/),
    });
    expect(cloud.changes).toEqual([]);
  });

  it('of the first read ends it without a call', async () => {
    const { id, finish, cloud, facts } = await byRule();
    cloud.everyRead = { as: 'refused', status: 403, code: 'IIC.1000' };
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'failed',
      words: expect.stringContaining('could not be begun'),
    });
    expect(cloud.changes).toEqual([]);
  });

  it.each([
    ['403', 'an assignment', () => byRule()],
    ['404', 'an assignment', () => byRule()],
    ['404', 'everything', () => approvedProfile()],
  ])(
    "%s without a code, which may be a proxy's page, is waited out before the first call: %s",
    async (status, _, ask) => {
      const world = await ask();
      world.cloud.everyRead = { as: 'refused', status: Number(status) };
      await runFor(world, 10 * minutes);
      expect(world.state(world.id)).toBe('approved');
      world.cloud.everyRead = undefined;
      await world.finish(world.id);
      expect(world.state(world.id)).toBe('succeeded');
      expect(world.cloud.changes).toHaveLength(1);
    },
  );

  it('404 without a code says nothing of whether the user of what is gone already exists', async () => {
    const world = await byRule();
    world.cloud.assignments = [];
    world.known.fault = new CloudFault('refused', 'page', { status: 404, code: '404', retryable: false });
    await runFor(world, 10 * minutes);
    expect(world.state(world.id)).toBe('approved');
    world.known.fault = undefined;
    await world.finish(world.id);
    expect(world.facts(world.id).at(-1)).toMatchObject({ fact: 'succeeded', alreadyGone: true });
  });

  it('404 without a code for a while before a later step ends nothing', async () => {
    const world = createWorld();
    world.cloud.authorizations.get(project)?.push({ user_id: 'all-users', user_type: 'all-users' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    const runner = world.run();
    const unsubscribe = world.ledger.subscribe(() => {
      if (world.words(id).includes('proof')) world.cloud.everyRead = { as: 'refused', status: 404 };
    });
    await world.clock.advance(minutes);
    unsubscribe();
    expect([world.state(id), world.cloud.changes.length]).toEqual(['verifying', 1]);
    world.cloud.everyRead = undefined;
    await world.clock.advance(2 * minutes);
    await runner.stop();
    expect([world.state(id), world.cloud.changes.length]).toEqual(['succeeded', 2]);
  });

  it('of a later read before the first call ends it in the same words', async () => {
    const world = createWorld();
    const all = world.cloud.authorizations;
    all.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    all.set(project, [{ user_id: 'all', user_type: 'all-users', type: 'agency' }]);
    const kind = world.kind('modelarts-authorization');
    const look: typeof kind.look = (step, ...rest) =>
      step.key === 'delete-entry'
        ? Promise.reject(new CloudFault('refused', 'No permission.', { status: 403, retryable: false }))
        : kind.look(step, ...rest);
    world.needs.kinds = [{ ...kind, look }];
    await world.finish(id);
    expect(endOf(world.facts(id))).toEqual({
      fact: 'failed',
      words: 'It could not be begun: No permission. Nothing was called.',
    });
    expect(world.cloud.changes).toEqual([]);
  });
});

describe('what the cloud accepted', () => {
  it('and then failed is failed, with its reason', async () => {
    const { id, finish, cloud, facts, state } = await byRule();
    cloud.delay = 10_000;
    cloud.jobFailure = 'the principal has gone';
    await finish(id);
    expect(state(id)).toBe('failed');
    expect(endOf(facts(id))).toMatchObject({ words: expect.stringContaining('the principal has gone') });
    expect(cloud.changes).toHaveLength(1);
  });

  it('and does not do in time is unverified, and never called again', async () => {
    const { id, finish, cloud, state, words } = await byRule();
    cloud.delay = 24 * 60 * minutes;
    await finish(id);
    expect(state(id)).toBe('unverified');
    expect(words(id).slice(-2)).toEqual(['proof', 'unverified']);
    expect(cloud.changes).toHaveLength(1);
  });

  it('and does not let be read back is unverified', async () => {
    const { id, finish, cloud, facts } = await byRule();
    cloud.onChange = () => {
      cloud.everyRead = { as: 'not-reached' };
    };
    await finish(id);
    expect(endOf(facts(id))).toEqual({
      fact: 'unverified',
      words: expect.stringContaining('could not be read back'),
    });
  });

  it('and did in part is partly failed, with the numbers', async () => {
    const other = createWorld();
    other.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    const partly = await other.ask('modelarts-authorization', allModelArtsUsers);
    await other.approve(partly);
    other.cloud.onChange = (change) => {
      if (change.query.user_id === 'all-users')
        other.cloud.changeTroubles.unshift({ as: 'refused', status: 403 });
    };
    await other.finish(partly);
    expect(endOf(other.facts(partly))).toEqual({
      fact: 'partly_failed',
      words: expect.stringContaining('2 of 3 grants are proven gone'),
    });
  });

  it('and whose second step may not even be read is said to be unproven, with what was not begun', async () => {
    const world = createWorld();
    world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    const kind = world.kind('modelarts-authorization');
    const look: typeof kind.look = (step, ...rest) =>
      step.key === 'delete-entry'
        ? Promise.reject(new CloudFault('refused', 'No permission', { status: 403, retryable: false }))
        : kind.look(step, ...rest);
    world.needs.kinds = [{ ...kind, look }];
    await world.finish(id);
    expect(endOf(world.facts(id))).toEqual({
      fact: 'unverified',
      words: expect.stringMatching(/2 of 3 grants are proven gone.*not begun.*No permission/),
    });
    expect(world.cloud.changes).toHaveLength(1);
  });

  it('shows grants that are new since', async () => {
    const world = await approvedProfile();
    world.cloud.onChange = () => {
      queueMicrotask(() => world.cloud.assignments.push(row('u-mallory', 'acc-late', 'ps-read')));
    };
    await world.finish(world.id);
    const proof = world.facts(world.id).find((fact) => fact.fact === 'proof');
    expect(proof).toMatchObject({ result: 'gone', since: [{ key: 'USER/u-mallory/acc-late/ps-read' }] });
    expect(profileKeys).toHaveLength(world.request(world.id).asked.impact.grants.length);
  });
});

describe('the runner', () => {
  it('executes two requests of one principal one after the other; the later finds it gone', async () => {
    const world = createWorld();
    world.cloud.delay = 10_000;
    const ids = [
      await world.ask('account-assignment', oneAssignment),
      await world.ask('account-assignment', oneAssignment),
    ];
    const runner = world.run();
    await world.clock.runUntil(() => world.ledger.open().length === 0);
    await runner.stop();
    expect(ids.map(world.state)).toEqual(['succeeded', 'succeeded']);
    expect(world.cloud.changes).toHaveLength(1);
    expect(world.facts(ids[1] ?? '').at(-1)).toMatchObject({ alreadyGone: true });
    const order = world.memory.records.map((record) => `${record.id} ${record.fact.fact}`);
    expect(order.indexOf(`${ids[0]} succeeded`)).toBeLessThan(order.indexOf(`${ids[1]} proof`));
  });

  it('executes different principals at the same time', async () => {
    const world = createWorld();
    world.cloud.delay = 100_000;
    await world.ask('account-assignment', oneAssignment);
    await world.ask('account-assignment', { ...oneAssignment, principal: 'u-trent' });
    await runFor(world, 1_000);
    expect(world.cloud.changes).toHaveLength(2);
  });

  it('two at a time on one ledger make one call', async () => {
    const { id, run, clock, ledger, cloud, state } = await byRule();
    cloud.delay = 10_000;
    const [one, two] = [run(), run()];
    await clock.runUntil(() => !ledger.open().includes(id));
    await Promise.all([one.stop(), two.stop()]);
    expect(state(id)).toBe('succeeded');
    expect(cloud.changes).toHaveLength(1);
  });

  it('two at a time on one ledger make one call even when no lease keeps them apart', async () => {
    const { id, run, clock, ledger, cloud, needs, state, words } = await byRule();
    needs.ledger = {
      ...ledger,
      lease: async () => ({ renew: async () => true, release: async () => {} }),
    };
    cloud.delay = 10_000;
    const [one, two] = [run(), run()];
    await clock.runUntil(() => !ledger.open().includes(id));
    await Promise.all([one.stop(), two.stop()]);
    expect(cloud.changes).toHaveLength(1);
    expect(starts(words(id))).toBe(1);
    expect(state(id)).toBe('succeeded');
  });

  const somebody = { team: 'T1', user: ben, name: 'Ben' };
  const about = { tried: 'approve', code: 'own_request' };
  it.each<Fact>([
    told,
    { fact: 'card_posted', channel: 'C1', ts: '1.0' },
    { fact: 'refused', by: somebody, via: {}, words: 'no', ...about },
    { fact: 'refusals_counted', user: ben, name: 'Ben', count: 2, ...about },
  ])('makes the call although there is a fact $fact between the checks and the call', async (aside) => {
    const { id, finish, needs, kind, cloud, words, ledger } = await approvedProfile();
    const profile = kind('profile');
    needs.kinds = [
      {
        ...profile,
        look: async (...rest) => {
          const look = await profile.look(...rest);
          if (words(id).length < 20) await ledger.append(id, null, [aside]);
          return look;
        },
      },
    ];
    await finish(id);
    expect(words(id).slice(2)).toEqual([
      aside.fact,
      'step_started',
      'step_outcome',
      aside.fact,
      'proof',
      'succeeded',
    ]);
    expect(cloud.changes).toHaveLength(1);
  });

  it.each([
    ['is there', false],
    ['is gone already', true],
  ])(
    'leaves a request at its cancellation that came between the checks and the call, where all %s',
    async (_, isGone) => {
      const { id, finish, needs, kind, click, cloud, words } = await approvedProfile();
      const profile = kind('profile');
      if (isGone) cloud.assignments = [];
      needs.kinds = [
        {
          ...profile,
          look: async (...rest) => {
            const look = await profile.look(...rest);
            await cancel(needs, id, click(nora));
            return look;
          },
        },
      ];
      await finish(id);
      expect(words(id)).toEqual(['requested', 'approved', 'cancelled']);
      expect(cloud.changes).toEqual([]);
    },
  );

  it('stops only after the outcome of a call that is on its way is on record', async () => {
    const { id, run, needs, kind, words } = await approvedProfile();
    const profile = kind('profile');
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    needs.kinds = [
      {
        ...profile,
        start: async (...rest) => {
          await answered;
          return profile.start(...rest);
        },
      },
    ];
    const runner = run();
    while (!words(id).includes('step_started')) await settle();
    let stopped = false;
    const stopping = runner.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect(stopped).toBe(false);
    answer();
    await stopping;
    expect(words(id)).toEqual(['requested', 'approved', 'step_started', 'step_outcome']);
  });

  it('stopped while it reads takes what the stop turned away for no reading, also where the time for a proof is over', async () => {
    const { id, run, clock, needs, kind, words, cloud, state, finish } = await approvedProfile();
    cloud.delay = patience.verificationWindow + 2 * minutes;
    const profile = kind('profile');
    const turnedAway = new CloudFault('not-reached', 'The bot is stopping.', { retryable: true });
    let hangs = false;
    let turnAway = (): void => {};
    const neverAnswered = new Promise<never>((_, reject) => {
      turnAway = () => reject(turnedAway);
    });
    needs.kinds = [{ ...profile, look: (...rest) => (hangs ? neverAnswered : profile.look(...rest)) }];
    const runner = run();
    await clock.advance(patience.verificationWindow - 1_000);
    hangs = true;
    await clock.advance(minutes);
    const stopping = runner.stop();
    await settle();
    turnAway();
    await stopping;
    expect(words(id)).toEqual(['requested', 'approved', 'step_started', 'step_outcome']);
    hangs = false;
    await finish(id);
    expect(state(id)).toBe('succeeded');
  });

  it('stopped while all is read once more does not say that it succeeded before that was done', async () => {
    const { ask, approve, run, finish, clock, cloud, needs, kind, words } = createWorld();
    const users = cloud.authorizations.get(project) ?? [];
    const entry = { user_id: 'all', user_type: 'all-users', type: 'agency' };
    cloud.authorizations.set(project, [...users, entry]);
    const id = await ask('modelarts-authorization', allModelArtsUsers);
    await approve(id);
    const modelArts = kind('modelarts-authorization');
    const isAllProven = () => words(id).filter((word) => word === 'proof').length === 2;
    let turnAway = (): void => {};
    const neverAnswered = new Promise<never>((_, reject) => {
      turnAway = () => reject(new CloudFault('not-reached', 'The bot is stopping.', { retryable: true }));
    });
    needs.kinds = [
      { ...modelArts, look: (...rest) => (isAllProven() ? neverAnswered : modelArts.look(...rest)) },
    ];
    const runner = run();
    await clock.runUntil(isAllProven);
    await settle();
    const stopping = runner.stop();
    await settle();
    turnAway();
    await stopping;
    expect(words(id).at(-1)).toBe('proof');
    cloud.authorizations.set(project, users);
    needs.kinds = [modelArts];
    await finish(id);
    expect(words(id).at(-1)).toBe('partly_failed');
  });

  it('that lost its lease makes no second call and does not open what another one has ended', async () => {
    const { id, run, clock, ledger, memory, cloud, words, state } = await byRule();
    cloud.delay = 10_000;
    const one = run();
    await clock.advance(1_000);
    memory.leases.clear();
    const two = run();
    await clock.runUntil(() => !ledger.open().includes(id));
    await clock.advance(60_000);
    await Promise.all([one.stop(), two.stop()]);
    expect(cloud.changes).toHaveLength(1);
    expect(state(id)).toBe('succeeded');
    expect(words(id).filter((word) => word === 'proof')).toHaveLength(1);
  });

  it.each([0, 1, 500, 1_000, 2_600, 20_000])(
    'stopped after %i ms leaves nothing running, and another one goes on',
    async (ms) => {
      const world = await approvedProfile();
      world.cloud.delay = 10_000;
      await runFor(world, ms);
      expect(world.clock.sleeping()).toBe(0);
      const before = world.memory.records.length;
      const reads = world.cloud.reads();
      await world.clock.advance(10 * minutes);
      expect(world.memory.records.length).toBe(before);
      expect(world.cloud.reads()).toBe(reads);
      await world.finish(world.id);
      expect(world.state(world.id)).toBe('succeeded');
      expect(world.cloud.changes).toHaveLength(1);
    },
  );

  it('goes on after the ledger could not be written for a while', async () => {
    const world = await byRule();
    world.cloud.onChange = () => {
      world.memory.trouble = 'the disk is full';
    };
    const runner = world.run();
    await world.clock.advance(5 * minutes);
    expect(world.words(world.id)).toEqual(['requested', 'approved', 'step_started']);
    world.memory.trouble = undefined;
    await world.clock.runUntil(() => !world.ledger.open().includes(world.id));
    await runner.stop();
    expect(world.state(world.id)).toBe('succeeded');
    expect(world.cloud.changes).toHaveLength(1);
  });

  it('looks around seldom while there is nothing to do, also after the time to approve is over', async () => {
    const world = createWorld();
    const id = await world.ask('profile', wholeProfile);
    await runFor(world, 1);
    world.cloud.delay = 40 * minutes;
    world.needs.patience = { ...patience, verificationWindow: 60 * minutes };
    let looks = 0;
    const open = () => world.ledger.open();
    world.needs.ledger = {
      ...world.ledger,
      open: () => {
        looks += 1;
        return open();
      },
    };
    const runner = world.run();
    await world.clock.advance(1);
    await world.approve(id);
    await world.clock.advance(35 * minutes);
    await runner.stop();
    expect(world.state(id)).toBe('verifying');
    expect(looks).toBeLessThan(35 * 6 + 20);
  });

  it('is alive only while it can look', async () => {
    const world = createWorld();
    let broken = true;
    const open = () => world.ledger.open();
    world.needs.ledger = {
      ...world.ledger,
      open: () => {
        if (broken) throw new Error('no');
        return open();
      },
    };
    const runner = world.run();
    await world.clock.advance(1);
    expect(runner.isAlive()).toBe(false);
    broken = false;
    await world.clock.advance(20_000);
    expect(runner.isAlive()).toBe(true);
    await runner.stop();
  });
});
