import { describe, expect, it } from 'vitest';
import type { CloudRequest } from '../../src/domain/ports.ts';
import { removeWhere } from '../../src/sandbox/cloud/organisation.ts';
import { throughJson } from './kinds.ts';
import { harmless, type StoreBench, startStoreBench, theStep } from './store-bench.ts';

const startBench = (switches = {}) => startStoreBench('portal-sessions', switches);
const values = ({ user }: StoreBench, userName = 'mallory.finch') => ({
  principal_type: 'USER',
  principal: user(userName).user_id,
});
const live = ({ local, user }: StoreBench, userName = 'mallory.finch') =>
  local.organisation.sessions.filter((one) => one.user_id === user(userName).user_id);
const keyOf = ({ session_id, user_id }: { session_id: string; user_id: string }) =>
  `USER/${user_id}/session/${session_id}`;

/** Signs mallory.finch in some more times. */
const signIn = (bench: StoreBench, count: number): void => {
  const [known] = live(bench);
  if (known === undefined) throw new Error('nobody is signed in');
  for (let index = 0; index < count; index += 1)
    bench.local.organisation.sessions.push({ ...known, session_id: `session-${index}` });
};

describe('the target', () => {
  it.each([
    ['principal', ''],
    ['principal', '../users'],
    ['principal', 'a b'],
    ['principal', 'x'.repeat(65)],
    ['principal_type', 'GROUP'],
    ['principal_type', ''],
  ])('refuses %s "%s" before any changing call', async (field, value) => {
    const bench = await startBench();
    const aimed = await bench.kind.aim({ ...values(bench), [field]: value }, bench.directory);
    expect(aimed).toEqual({ result: 'wrong', errors: { principal: expect.any(String) } });
    expect(bench.changes()).toEqual([]);
  });

  it('takes the store from the directory, never from the form', async () => {
    const bench = await startBench();
    const { identityStoreId: store, region } = await bench.directory.instance();
    expect(await bench.aim({ ...values(bench), store: 'd-other', region: 'elsewhere' })).toEqual({
      store,
      ...(region !== undefined && { region }),
      ...values(bench),
    });
  });

  it('takes the region where the directory tells one, and every call goes there', async () => {
    const bench = await startBench();
    const home = await bench.directory.instance();
    const directory = { ...bench.directory, instance: async () => ({ ...home, region: 'cn-east-3' }) };
    const aimed = await bench.kind.aim(values(bench), directory);
    if (aimed.result !== 'aimed') throw new Error('not aimed');
    const regions: (string | undefined)[] = [];
    const cloud = {
      call: <A>(request: CloudRequest<A>) => {
        regions.push(request.region);
        return bench.cloud.call(request);
      },
    };
    const assessment = await bench.kind.impact(aimed.target, cloud, bench.directory);
    if (assessment.result !== 'assessed') throw new Error(assessment.words);
    const step = theStep(bench.kind.steps(aimed.target, assessment.impact));
    regions.length = 0;
    await bench.kind.start(step, cloud);
    await bench.kind.look(step, undefined, cloud);
    expect(regions).toEqual(['cn-east-3', 'cn-east-3', 'cn-east-3']);
  });
});

describe('the impact', () => {
  it('is each live session with its id, its times and where it came from', async () => {
    const bench = await startBench();
    const { impact } = await bench.prepare(values(bench));
    expect(impact.grants.map((grant) => grant.key)).toEqual(live(bench).map(keyOf));
    const [first] = live(bench);
    expect(impact.grants[0]?.words).toBe(
      `portal session ${first?.session_id} since 2026-11-22 08:00 UTC, until 2026-11-22 17:00 UTC, from 203.0.113.10 (Mozilla/5.0 (X11; Linux x86_64))`,
    );
    expect(impact.title).toBe(
      `End the portal sessions of user Mallory Finch (mallory.finch, ${bench.user('mallory.finch').user_id})`,
    );
    expect(impact.people).toMatchObject([{ userName: 'mallory.finch', emails: ['mallory@example.com'] }]);
  });

  it('tells what remains: a new sign-in, the grants, and console sessions by the longest of all that is reached', async () => {
    const bench = await startBench();
    const { impact } = await bench.prepare(values(bench));
    expect(impact.residual).toEqual([
      expect.stringMatching(/can sign in again at once: \/disable-user mallory\.finch$/),
      'Console sessions that are open live on: the last one ends at the latest 12 h after the revocation.',
    ]);
    bench.local.organisation.assignments.length = 0;
    expect((await bench.prepare(values(bench))).impact.residual).toHaveLength(1);
    const { group_id } = bench.group('night-shift');
    const { permission_set_id } = bench.set('SupportTickets');
    bench.local.organisation.assignments.push({
      principal_type: 'GROUP',
      principal_id: group_id,
      permission_set_id,
      account_id: bench.account('prod-core').id,
    });
    expect((await bench.prepare(values(bench))).impact.residual[1]).toContain('latest 5 h after');
  });

  it('does not say of a disabled user that they can sign in again', async () => {
    const bench = await startBench();
    bench.user('mallory.finch').enabled = false;
    const { residual } = (await bench.prepare(values(bench))).impact;
    expect(residual[0]).toBe(
      'The user is disabled and cannot sign in again; grants and group memberships stay: /revoke-profile mallory.finch',
    );
  });

  it('says what the cloud does not tell, and never fails for it', async () => {
    const bench = await startBench();
    const { user_id } = bench.user('mallory.finch');
    const body = {
      session_list: [{ session_id: 's1', creation_time: 'soon', session_not_valid_after: 9e15 }],
    };
    bench.local.switches.faults.push({
      match: (call) => call.operation === 'ListSessions',
      times: 1,
      act: { kind: 'status', status: 200, body },
    });
    expect((await bench.prepare(values(bench))).impact.grants).toEqual([
      {
        key: `USER/${user_id}/session/s1`,
        words: 'portal session s1 since an unknown time, until an unknown time, from an unknown address',
      },
    ]);
  });

  it('is of this user only, whatever the cloud lists', async () => {
    const bench = await startBench();
    const [first] = live(bench);
    bench.local.switches.faults.push({
      match: (call) => call.operation === 'ListSessions',
      times: 1,
      act: { kind: 'status', status: 200, body: { session_list: [first, ...live(bench, 'bob')] } },
    });
    const { impact } = await bench.prepare(values(bench));
    expect(impact.grants.map((grant) => grant.key)).toEqual(live(bench).slice(0, 1).map(keyOf));
  });

  it('is empty where nobody is signed in', async () => {
    const bench = await startBench();
    expect((await bench.prepare(values(bench, 'alice'))).impact.grants).toEqual([]);
  });

  it('says that there is no such user', async () => {
    const bench = await startBench();
    const target = await bench.aim({ principal_type: 'USER', principal: 'nobody' });
    expect(await bench.kind.impact(target, bench.cloud, bench.directory)).toEqual({
      result: 'no-such',
      words: expect.stringContaining('no such user'),
    });
  });

  it('is by policy, as for any user', async () => {
    const bench = await startBench();
    const { target, impact } = await bench.prepare(values(bench));
    expect(bench.kind.risk(target, impact)).toMatchObject({ everything: false, principalType: 'USER' });
    expect(bench.kind.principal(target)).toBe(`USER/${bench.user('mallory.finch').user_id}`);
  });
});

describe('a listing that cannot be believed', () => {
  it.each([
    ['comes in pages', { session_list: [], page_info: { next_marker: 'more' } }],
    ['names a session without id', { session_list: [{ user_agent: 'x' }] }],
    ['is no listing', { sessions: [] }],
  ])('is a fault where it %s', async (_what, body) => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const broken = () =>
      bench.local.switches.faults.push({
        match: (call) => call.operation === 'ListSessions',
        times: 1,
        act: { kind: 'status', status: 200, body },
      });
    broken();
    await expect(bench.look(step)).rejects.toMatchObject({ family: 'unexpected-answer' });
    broken();
    await expect(bench.start(step)).rejects.toMatchObject({ family: 'not-reached', retryable: true });
    expect(bench.changes()).toEqual([]);
  });
});

describe('the steps', () => {
  it('are the same after target and impact came back from the ledger, ten sessions each', async () => {
    const bench = await startBench();
    signIn(bench, 21);
    const { target, impact, steps } = await bench.prepare(values(bench));
    expect(bench.kind.steps(throughJson(target), throughJson(impact))).toEqual(steps);
    expect(steps.map(({ key, grants }) => [key, grants.length])).toEqual([
      ['end-1', 10],
      ['end-2', 10],
      ['end-3', 3],
    ]);
    expect(steps.flatMap(({ grants }) => grants)).toEqual(impact.grants.map((grant) => grant.key));
  });

  it('start with exactly the documented call', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const session_ids = live(bench).map((session) => session.session_id);
    expect(await bench.start(step)).toEqual({ status: 200, cloudRequest: expect.any(String) });
    expect(bench.changes()).toMatchObject([
      {
        operation: 'BatchDeleteSessions',
        method: 'POST',
        path: `${bench.store}/users/${bench.user('mallory.finch').user_id}/sessions/batch-delete`,
        body: { session_ids },
      },
    ]);
    expect(bench.local.organisation.sessions).toHaveLength(3);
  });

  it('end what was approved, and show a later session as new', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    signIn(bench, 1);
    await bench.start(step);
    expect(await bench.look(step)).toEqual({
      state: 'gone',
      remaining: [],
      since: [expect.objectContaining({ key: expect.stringContaining('session-0') })],
    });
    expect(live(bench)).toHaveLength(1);
  });

  it.each(['ignored', 404, 400] as const)(
    'end the others where one has ended by itself, and ending it again is %s',
    async (endedSession) => {
      const bench = await startBench({ endedSession });
      const step = theStep((await bench.prepare(values(bench))).steps);
      const [first] = live(bench);
      removeWhere(bench.local.organisation.sessions, (one) => one === first);
      await bench.start(step);
      expect(await bench.look(step)).toEqual({ state: 'gone', remaining: [], since: [] });
    },
  );

  it.each([404, 400] as const)(
    'are proven where all have ended by themselves and that is %s',
    async (ended) => {
      const bench = await startBench({ endedSession: ended });
      const step = theStep((await bench.prepare(values(bench))).steps);
      bench.pass(24 * 3_600_000);
      await expect(bench.start(step)).rejects.toMatchObject({ family: 'refused', status: ended });
      expect(await bench.look(step)).toMatchObject({ state: 'gone' });
    },
  );

  it.each([
    [10, 'gone', []],
    [9, 'present', [400]],
  ] as const)(
    'where at most %i sessions end in one call are %s',
    async (sessionBatchMost, state, refused) => {
      const bench = await startBench({ sessionBatchMost });
      signIn(bench, 8);
      const step = theStep((await bench.prepare(values(bench))).steps);
      const statuses: (number | undefined)[] = [];
      await bench.start(step).catch((fault) => statuses.push(fault.status));
      expect(statuses).toEqual(refused);
      expect(await bench.look(step)).toMatchObject({ state, remaining: state === 'gone' ? [] : step.grants });
    },
  );

  it('are present until the cloud lists none any more', async () => {
    const bench = await startBench({ identityStoreDelayMs: 4_000 });
    const step = theStep((await bench.prepare(values(bench))).steps);
    await bench.start(step);
    expect(await bench.look(step)).toEqual({
      state: 'present',
      surely: false,
      remaining: step.grants,
      since: [],
    });
    bench.pass(4_000);
    expect(await bench.look(step)).toMatchObject({ state: 'gone' });
    expect(bench.changes()).toHaveLength(1);
  });

  it.each(harmless)('are carried out the same where the cloud is one with %o', async (switches) => {
    const bench = await startBench(switches);
    const step = theStep((await bench.prepare(values(bench))).steps);
    expect(step.grants).toHaveLength(2);
    await bench.start(step);
    expect(await bench.look(step)).toMatchObject({ state: 'gone' });
  });
});
