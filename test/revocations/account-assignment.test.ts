import { describe, expect, it } from 'vitest';
import { type Cloud, CloudFault } from '../../src/domain/ports.ts';
import { instance, oneAssignment, row } from '../support/world.ts';
import { createBench, throughJson } from './kinds.ts';

const bench = () => createBench('account-assignment');
const key = 'USER/u-mallory/acc-prod/ps-admin';
const nothing = undefined;

describe('the target', () => {
  it.each([
    ['principal', ''],
    ['principal', 'u/../x'],
    ['principal', 'x'.repeat(65)],
    ['principal_type', 'user'],
    ['principal_type', 'EVERYBODY'],
    ['account', 'a b'],
    ['permission_set', 'ps?x=1'],
  ])('refuses %s "%s" before any call', async (field, value) => {
    const { kind, directory, cloud } = bench();
    const aimed = await kind.aim({ ...oneAssignment, [field]: value }, directory);
    expect(aimed).toEqual({ result: 'wrong', errors: { [field]: expect.stringContaining('Choose') } });
    expect(cloud.reads() + cloud.changes.length).toBe(0);
  });

  it('needs every field', async () => {
    const { kind, directory } = bench();
    const aimed = await kind.aim({}, directory);
    expect(aimed).toMatchObject({ result: 'wrong' });
    expect(Object.keys(aimed.result === 'wrong' ? aimed.errors : {}).sort()).toEqual(
      Object.keys(oneAssignment).sort(),
    );
  });

  it('takes the instance from the directory, never from the form', async () => {
    const { aim } = bench();
    expect(await aim({ ...oneAssignment, instance: 'ins-of-somebody', other: 'x' })).toEqual({
      instance,
      ...oneAssignment,
    });
  });
});

describe('the impact', () => {
  it('is exactly the one grant, in words and with ids', async () => {
    const { impact } = await bench().prepare(oneAssignment);
    expect(impact.grants).toEqual([
      {
        key,
        words: 'Administrator on production (acc-prod)',
        restore:
          `hcloud IdentityCenter CreateAccountAssignment --instance_id='${instance}' --permission_set_id='ps-admin' ` +
          "--principal_id='u-mallory' --principal_type='USER' --target_id='acc-prod' --target_type='ACCOUNT'",
      },
    ]);
    expect(impact.title).toBe(
      'Revoke Administrator on production (acc-prod) from user Mallory Finch (mallory.finch, u-mallory)',
    );
    expect(impact.people).toEqual([
      {
        id: 'u-mallory',
        userName: 'mallory.finch',
        displayName: 'Mallory Finch',
        emails: ['mallory@example.com'],
      },
    ]);
  });

  it('warns of a group of the user that grants the same, and of no other group', async () => {
    const { cloud, prepare } = bench();
    cloud.assignments.push(
      row('g-ops', 'acc-prod', 'ps-admin', 'GROUP'),
      row('g-empty', 'acc-prod', 'ps-admin', 'GROUP'),
    );
    const { impact } = await prepare(oneAssignment);
    expect(impact.residual.filter((line) => line.startsWith('Warning'))).toEqual([
      'Warning: the group Operators still grants exactly the same: /revoke-membership mallory.finch Operators',
    ]);
  });

  it.each([
    ['user', { principal: 'u-nobody' }],
    ['group', { principal_type: 'GROUP', principal: 'g-nobody' }],
    ['group', { principal_type: 'GROUP' }],
    ['account', { account: 'acc-nowhere' }],
    ['permission set', { permission_set: 'ps-none' }],
  ])('says that there is no such %s, and never that it is already gone', async (what, change) => {
    const { aim, impactOf } = bench();
    const assessment = await impactOf(await aim({ ...oneAssignment, ...change }));
    expect(assessment).toEqual({ result: 'no-such', words: expect.stringContaining(`no such ${what}`) });
  });

  it('is empty when everything named exists and the grant is not listed', async () => {
    const { cloud, prepare } = bench();
    cloud.assignments = [row('u-mallory', 'acc-prod', 'ps-admin', 'GROUP')];
    expect((await prepare(oneAssignment)).impact.grants).toEqual([]);
  });

  it('is of this grant only, whatever the cloud filtered', async () => {
    const { cloud, prepare } = bench();
    cloud.filters = false;
    expect((await prepare(oneAssignment)).impact.grants.map((grant) => grant.key)).toEqual([key]);
  });

  it('finds the grant on the last page', async () => {
    const { cloud, prepare } = bench();
    cloud.mostRows = 2;
    cloud.assignments = [
      ...Array.from({ length: 5 }, (_, n) => row(`u-${n}`, 'acc-prod', 'ps-admin')),
      ...cloud.assignments,
    ];
    expect((await prepare(oneAssignment)).impact.grants).toHaveLength(1);
  });

  it('is one grant also when its row moved to the next page while they were read', async () => {
    const { cloud, prepare } = bench();
    cloud.mostRows = 1;
    cloud.assignments.push(row('u-mallory', 'acc-prod', 'ps-admin'));
    expect((await prepare(oneAssignment)).impact.grants.map((grant) => grant.key)).toEqual([key]);
  });
});

describe('the step', () => {
  it('is the same after target and impact came back from the ledger', async () => {
    const { kind, prepare } = bench();
    const { target, impact, steps } = await prepare(oneAssignment);
    expect(kind.steps(throughJson(target), throughJson(impact))).toEqual(steps);
    expect(steps).toEqual([{ key: 'delete', words: expect.any(String), target, grants: [key] }]);
  });

  it('starts with exactly the documented call, and hands back the job', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneAssignment);
    cloud.delay = 5_000;
    expect(await kind.start(step, cloud)).toEqual({
      job: 'job-1',
      status: 200,
      cloudRequest: expect.any(String),
    });
    expect(cloud.changes).toEqual([
      {
        at: expect.any(Number),
        method: 'POST',
        service: 'identitycenter',
        path: `v1/instances/${instance}/account-assignments/delete`,
        query: {},
        body: {
          permission_set_id: 'ps-admin',
          principal_id: 'u-mallory',
          principal_type: 'USER',
          target_id: 'acc-prod',
          target_type: 'ACCOUNT',
        },
      },
    ]);
  });

  it('removes this grant and no other', async () => {
    const { kind, cloud, prepare } = bench();
    const before = cloud.assignments;
    const { step } = await prepare(oneAssignment);
    await kind.start(step, cloud);
    await kind.look(step, 'job-1', cloud);
    expect(cloud.assignments).toEqual(before.slice(1));
  });
});

describe('looking', () => {
  const begun = async (delay: number, failure?: string) => {
    const made = bench();
    made.cloud.delay = delay;
    made.cloud.jobFailure = failure;
    const { step } = await made.prepare(oneAssignment);
    await made.kind.start(step, made.cloud);
    return { ...made, step };
  };
  const listed = { remaining: [key], since: [] };

  it('says pending while the deletion runs, then gone', async () => {
    const { kind, step, cloud, clock } = await begun(5_000);
    expect(await kind.look(step, 'job-1', cloud)).toEqual({ state: 'pending', job: 'job-1', ...listed });
    await clock.advance(5_000);
    expect(await kind.look(step, 'job-1', cloud)).toEqual({ state: 'gone', remaining: [], since: [] });
    expect(cloud.changes).toHaveLength(1);
  });

  it('asks for the listing only when nothing was begun, however many deletions run', async () => {
    const { kind, step, cloud } = await begun(5_000);
    const before = cloud.reads();
    expect(await kind.look(step, null, cloud)).toEqual({ state: 'present', surely: false, ...listed });
    expect(cloud.reads() - before).toBe(1);
  });

  it('finds the job of a call whose answer was lost, among others', async () => {
    const { kind, step, cloud } = await begun(5_000);
    const other = { ...step, target: { ...step.target, principal: 'u-trent' } };
    await kind.start(other, cloud);
    cloud.jobs.reverse();
    expect(await kind.look(step, nothing, cloud)).toEqual({ state: 'pending', job: 'job-1', ...listed });
    expect(await kind.look(other, nothing, cloud)).toMatchObject({ state: 'pending', job: 'job-2' });
  });

  it('takes no running deletion of another permission set, account, principal or type for its own', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneAssignment);
    cloud.delay = 5_000;
    const others = [
      { ...step.target, principal: 'u-trent' },
      { ...step.target, permission_set: 'ps-read' },
      { ...step.target, account: 'acc-test' },
      { ...step.target, principal_type: 'GROUP' },
    ];
    cloud.assignments.push(
      row('u-mallory', 'acc-prod', 'ps-read'),
      row('u-mallory', 'acc-test', 'ps-admin'),
      row('u-mallory', 'acc-prod', 'ps-admin', 'GROUP'),
    );
    for (const target of others) await kind.start({ ...step, target }, cloud);
    expect(await kind.look(step, nothing, cloud)).toEqual({ state: 'present', surely: true, ...listed });
  });

  it('says surely present when it is listed and no deletion runs', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneAssignment);
    expect(await kind.look(step, nothing, cloud)).toEqual({ state: 'present', surely: true, ...listed });
  });

  it.each(['job_1:x', '', 'a/b', 'x'.repeat(65)])(
    'takes the job id %j for none, and lets the listing prove',
    async (id) => {
      const { kind, cloud, clock, prepare } = bench();
      const { step } = await prepare(oneAssignment);
      cloud.jobIdOf = () => id;
      cloud.delay = 5_000;
      expect(await kind.start(step, cloud)).toEqual({ status: 200, cloudRequest: expect.any(String) });
      for (const job of [id, nothing])
        expect(await kind.look(step, job, cloud)).toEqual({ state: 'present', surely: false, ...listed });
      await clock.advance(5_000);
      expect(await kind.look(step, id, cloud)).toMatchObject({ state: 'gone' });
    },
  );

  it('finds the job of a call whose answer was lost among jobs with ids of another form', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneAssignment);
    const other = { ...step, target: { ...step.target, principal: 'u-trent' } };
    cloud.delay = 5_000;
    cloud.jobIdOf = () => 'job_1:x';
    await kind.start(other, cloud);
    cloud.jobIdOf = () => 'job-2';
    await kind.start(step, cloud);
    expect(await kind.look(step, nothing, cloud)).toEqual({ state: 'pending', job: 'job-2', ...listed });
  });

  it.each<[string, object, boolean]>([
    ['does not tell whose it is', { principal_id: undefined }, false],
    ['tells nobody as the one it is of', { principal_id: null }, false],
    ['leaves empty whose it is', { principal_id: '', target_id: '' }, false],
    ['tells no status and no permission set', { status: null, permission_set_id: null }, false],
    ['is of another account, whosever it is', { principal_id: undefined, target_id: 'acc-test' }, true],
  ])('says present while a running deletion %s: %j, surely: %j', async (_what, told, surely) => {
    const { kind, step, cloud } = await begun(5_000);
    const running = {
      request_id: 'job-1',
      status: 'IN_PROGRESS',
      principal_id: 'u-mallory',
      principal_type: 'USER',
      target_id: 'acc-prod',
      permission_set_id: 'ps-admin',
      ...told,
    };
    const call: Cloud['call'] = async (request) => {
      if (!request.path.includes('deletion-status')) return cloud.call(request);
      return { body: request.answer.parse({ account_assignment_deletion_status: running }), status: 200 };
    };
    expect(await kind.look(step, nothing, { call })).toEqual({ state: 'present', surely, ...listed });
  });

  it('says present, but not surely, when the cloud calls it done and still lists it', async () => {
    const { kind, step, cloud } = await begun(0);
    expect(await kind.look(step, 'job-1', cloud)).toMatchObject({ state: 'gone' });
    cloud.assignments.push(row('u-mallory', 'acc-prod', 'ps-admin'));
    expect(await kind.look(step, 'job-1', cloud)).toEqual({ state: 'present', surely: false, ...listed });
  });

  it('says failed with the reason of the cloud', async () => {
    const { kind, step, cloud } = await begun(0, 'the principal has gone');
    expect(await kind.look(step, 'job-1', cloud)).toEqual({
      state: 'failed',
      reason: 'the principal has gone',
      ...listed,
    });
  });

  it('says pending, not failed, while another deletion of the same grant runs', async () => {
    const { kind, step, cloud, clock } = await begun(0, 'another deletion is running');
    cloud.jobFailure = nothing;
    cloud.delay = 3_000;
    await kind.start(step, cloud);
    expect(await kind.look(step, 'job-1', cloud)).toEqual({ state: 'pending', job: 'job-2', ...listed });
    await clock.advance(3_000);
    expect(await kind.look(step, 'job-1', cloud)).toMatchObject({ state: 'gone' });
  });

  it.each([
    ['the other deletion', 'job-1'],
    ['the deletion of a call whose answer was lost', nothing],
  ])('says gone when %s ended between the two listings', async (_what, job) => {
    const { kind, step, cloud } = await begun(0, 'another deletion is running');
    const call: Cloud['call'] = (request) => {
      if (request.path.at(-1) === 'deletion-statuses') cloud.assignments = [];
      return cloud.call(request);
    };
    expect(await kind.look(step, job, { call })).toMatchObject({ state: 'gone' });
  });

  it.each<[string, number, object]>([
    ['failed where deletions may not be listed', 403, { state: 'failed', reason: 'no rights', ...listed }],
    ['nothing while the list cannot be read', 429, { family: 'refused', retryable: true }],
  ])('says %s, once our own deletion has failed', async (_what, status, says) => {
    const { kind, step, cloud } = await begun(0, 'no rights');
    const call: Cloud['call'] = (request) => {
      if (request.path.at(-1) === 'deletion-statuses')
        throw new CloudFault('refused', 'No', { status, retryable: status === 429 });
      return cloud.call(request);
    };
    const looked = await kind.look(step, 'job-1', { call }).catch((error: unknown) => error);
    expect(looked).toMatchObject(says);
  });

  it('never changes anything', async () => {
    const { kind, step, cloud } = await begun(5_000);
    await kind.look(step, nothing, cloud);
    expect(cloud.changes).toHaveLength(1);
  });
});
