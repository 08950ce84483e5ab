import { describe, expect, it } from 'vitest';
import { instance, row, store, wholeProfile } from '../support/world.ts';
import { createBench, throughJson } from './kinds.ts';

const bench = () => createBench('profile');
const keys = ['USER/u-mallory/acc-prod/ps-admin', 'USER/u-mallory/acc-test/ps-read'];

describe('the target', () => {
  it.each(['', '../users', 'a b', 'x'.repeat(65)])(
    'refuses the principal "%s" before any call',
    async (principal) => {
      const { kind, directory, cloud } = bench();
      const aimed = await kind.aim({ ...wholeProfile, principal }, directory);
      expect(aimed).toEqual({ result: 'wrong', errors: { principal: expect.any(String) } });
      expect(cloud.reads() + cloud.changes.length).toBe(0);
    },
  );

  it('takes instance and store from the directory, never from the form', async () => {
    expect(await bench().aim({ ...wholeProfile, instance: 'x', store: 'y' })).toEqual({
      instance,
      store,
      ...wholeProfile,
    });
  });
});

describe('the impact', () => {
  it('is every account and permission set of this principal, of every page', async () => {
    const { cloud, prepare } = bench();
    cloud.mostRows = 1;
    const { impact } = await prepare(wholeProfile);
    expect(impact.grants.map((grant) => grant.key)).toEqual(keys);
    expect(impact.grants[1]?.words).toBe('Reader on testing (acc-test)');
  });

  it('is of this principal only, whatever the cloud filtered', async () => {
    const { cloud, kind, prepare } = bench();
    cloud.filters = false;
    cloud.assignments.push(row('u-mallory', 'acc-prod', 'ps-read', 'GROUP'));
    const { impact, step } = await prepare(wholeProfile);
    expect(impact.grants.map((grant) => grant.key)).toEqual(keys);
    expect(await kind.look(step, undefined, cloud)).toMatchObject({ remaining: keys, since: [] });
  });

  it('has for each grant the command that gives back exactly this one', async () => {
    const { impact } = await bench().prepare(wholeProfile);
    expect(impact.grants.map((grant) => grant.restore)).toEqual(
      [
        ['ps-admin', 'acc-prod'],
        ['ps-read', 'acc-test'],
      ].map(
        ([set, account]) =>
          `hcloud IdentityCenter CreateAccountAssignment --instance_id='${instance}' --permission_set_id='${set}' ` +
          `--principal_id='u-mallory' --principal_type='USER' --target_id='${account}' --target_type='ACCOUNT'`,
      ),
    );
  });

  it('of a group shows its members as people', async () => {
    const { kind, prepare } = bench();
    const { target, impact } = await prepare({ principal_type: 'GROUP', principal: 'g-ops' });
    expect(impact.grants.map((grant) => grant.key)).toEqual(['GROUP/g-ops/acc-test/ps-read']);
    expect(impact.lines.slice(2)).toEqual([
      '1 grant on 1 account',
      '2 people lose this access: the group has 2 members',
    ]);
    expect(impact.residual).toEqual([expect.stringContaining('Members keep what they have themselves')]);
    expect(kind.risk(target, impact)).toMatchObject({
      everything: true,
      principalType: 'GROUP',
      people: [{ id: 'u-mallory' }, { id: 'u-trent' }],
    });
  });

  it.each([
    ['user', { principal: 'u-nobody' }],
    ['group', { principal_type: 'GROUP', principal: 'g-nobody' }],
    ['user', { principal: 'g-ops' }],
  ])('says that there is no such %s, and never that it is already gone', async (what, change) => {
    const { aim, impactOf } = bench();
    const assessment = await impactOf(await aim({ ...wholeProfile, ...change }));
    expect(assessment).toEqual({ result: 'no-such', words: expect.stringContaining(`no such ${what}`) });
  });
});

describe('the step', () => {
  it('is the same after target and impact came back from the ledger', async () => {
    const { kind, prepare } = bench();
    const { target, impact, steps } = await prepare(wholeProfile);
    expect(kind.steps(throughJson(target), throughJson(impact))).toEqual(steps);
    expect(steps).toEqual([{ key: 'disassociate', words: expect.any(String), target, grants: keys }]);
  });

  it('starts with exactly the documented call; the answer is empty', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(wholeProfile);
    expect(await kind.start(step, cloud)).toEqual({ status: 200, cloudRequest: expect.any(String) });
    expect(cloud.changes).toEqual([
      {
        at: expect.any(Number),
        method: 'POST',
        service: 'identitycenter',
        path: `v1/instances/${instance}/disassociate-profile`,
        query: {},
        body: { id: 'u-mallory', accessor_type: 'USER', identity_store_id: store },
      },
    ]);
    expect(cloud.assignments.map((left) => left.principal_id)).toEqual(['u-trent', 'g-ops']);
  });
});

describe('looking', () => {
  it('says present with what is left, and tells apart what is new since', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(wholeProfile);
    cloud.assignments = [row('u-mallory', 'acc-prod', 'ps-admin'), row('u-mallory', 'acc-new', 'ps-read')];
    expect(await kind.look(step, undefined, cloud)).toEqual({
      state: 'present',
      surely: false,
      remaining: [keys[0]],
      since: [{ key: 'USER/u-mallory/acc-new/ps-read', words: expect.stringContaining('acc-new') }],
    });
  });

  it('says gone when only new grants and those of a group with the same id are listed', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(wholeProfile);
    cloud.assignments = [
      row('u-mallory', 'acc-new', 'ps-read'),
      row('u-mallory', 'acc-prod', 'ps-admin', 'GROUP'),
    ];
    expect(await kind.look(step, undefined, cloud)).toMatchObject({
      state: 'gone',
      remaining: [],
      since: [{ key: 'USER/u-mallory/acc-new/ps-read' }],
    });
    expect(cloud.changes).toEqual([]);
  });
});
