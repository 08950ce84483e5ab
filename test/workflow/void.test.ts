import { describe, expect, it } from 'vitest';
import { fold } from '../../src/domain/request.ts';
import { approve } from '../../src/workflow/approve.ts';
import { kindNamed } from '../../src/workflow/needs.ts';
import { type Preflight, preflight } from '../../src/workflow/preflight.ts';
import { approvers } from '../support/fake-people.ts';
import { ada, ben, createWorld, wholeProfile, zoe } from '../support/world.ts';

const both = { anyone: [], together: [['S1', 'S2']] };

/** A request that Ada and Ben have approved, one for each of two groups, where both groups must agree. */
const agreed = async (changes: Parameters<typeof createWorld>[0] = { approvers: both }) => {
  const world = createWorld(changes);
  world.people.groups.set('S1', new Set([ada, zoe]));
  world.people.groups.set('S2', new Set([ben]));
  const id = await world.ask('profile', wholeProfile);
  for (const user of [ada, ben]) await approve(world.needs, id, world.click(user));
  const check = (): Promise<Preflight> =>
    preflight(world.needs, kindNamed(world.needs.kinds, 'profile'), world.request(id));
  return { ...world, id, check };
};

describe('between the click and the execution', () => {
  it('both groups agreed and agree still, so it goes on', async () => {
    const { id, request, state, check, finish } = await agreed();
    expect(request(id).asked.approvals).toBe(2);
    expect(request(id).progress.given.map(({ seats }) => seats)).toEqual([['S1'], ['S2']]);
    expect(state(id)).toBe('approved');
    expect(await check()).toEqual({ go: 'on', facts: [] });
    await finish(id);
    expect(state(id)).toBe('succeeded');
  });

  it('who left one of the two groups does not count any more, and the request waits again', async () => {
    const { id, people, run, clock, state, facts, needs, click, cloud } = await agreed();
    people.groups.get('S1')?.delete(ada);
    const runner = run();
    await clock.advance(1_000);
    expect(facts(id).at(-1)).toMatchObject({
      fact: 'approval_void',
      user: ada,
      words: 'Ada (UADA) may not approve this any more, so this approval does not count.',
    });
    expect(state(id)).toBe('requested');
    expect(cloud.changes).toEqual([]);
    await approve(needs, id, click(zoe));
    await clock.runUntil(() => state(id) === 'succeeded');
    await runner.stop();
  });

  it('who left one of them while the cloud was read does not count either', async () => {
    const { id, people, run, clock, state, facts, cloud, needs } = await agreed();
    needs.cloud = {
      ...cloud,
      call: async (request) => {
        await clock.sleep(30_000);
        return cloud.call(request);
      },
    };
    const runner = run();
    await clock.advance(15_000);
    people.groups.get('S1')?.delete(ada);
    await clock.advance(10 * 60_000);
    expect(facts(id).at(-1)).toMatchObject({ fact: 'approval_void', user: ada });
    expect(state(id)).toBe('requested');
    expect(cloud.changes).toEqual([]);
    await runner.stop();
  });

  it('who stands for both groups is void for want of the one that they left, when nobody else fills it', async () => {
    const { id, people, check, needs, click, request } = await agreed({
      approvers: { anyone: [], together: [['S1', 'S2']] },
      approvalsNeeded: 2,
    });
    people.groups.get('S1')?.add(ben);
    people.groups.get('S2')?.add(ada);
    expect(await check()).toEqual({ go: 'on', facts: [] });
    expect(request(id).progress.given).toHaveLength(2);
    people.groups.get('S2')?.delete(ben);
    expect(await check()).toMatchObject({ go: 'no further', facts: [{ fact: 'approval_void', user: ben }] });
    expect((await approve(needs, id, click(ben))).result).toBe('refused');
  });

  it('a group that cannot be asked holds an old approval up, and accepts a young one', async () => {
    const { people, check, clock } = await agreed();
    people.groups.delete('S2');
    expect(await check()).toEqual({ go: 'on', facts: [] });
    await clock.advance(59_999);
    expect(await check()).toEqual({ go: 'on', facts: [] });
    await clock.advance(1);
    expect(await check()).toMatchObject({ go: 'wait', why: expect.stringContaining('could not be asked') });
    people.groups.set('S2', new Set([ben]));
    expect(await check()).toEqual({ go: 'on', facts: [] });
  });

  it('whoever is named by themselves executes although a group cannot be asked', async () => {
    const { people, check, clock, state, id } = await agreed({
      approvers: { anyone: [approvers, ada], together: [] },
    });
    expect(state(id)).toBe('approved');
    await clock.advance(10 * 60_000);
    people.groups.delete(approvers);
    expect(await check()).toEqual({ go: 'on', facts: [] });
  });

  it.each([
    ['was deactivated', { standing: 'deactivated' as const }],
    ['has an unconfirmed e-mail now', { emailConfirmed: false }],
    ['turned out to be the affected person', { email: 'mallory@example.com' }],
  ])('who %s does not count any more', async (_name, change) => {
    const { people, check } = await agreed();
    people.change(ben, change);
    expect(await check()).toMatchObject({ go: 'no further', facts: [{ fact: 'approval_void', user: ben }] });
  });

  it('who cannot be asked about, or has no e-mail any more, is waited for', async () => {
    const { people, check, clock } = await agreed();
    await clock.advance(61_000);
    people.forgetEmail(ben);
    expect(await check()).toMatchObject({ go: 'wait' });
    people.reachable = false;
    expect(await check()).toMatchObject({ go: 'wait' });
  });

  it('a policy that asks for other people halts it, and says for whom, though as many have approved', async () => {
    const { people, needs, ask, click, request } = createWorld({
      approvers: { anyone: ['S1', 'S2'], together: [] },
      approvalsNeeded: 2,
    });
    people.groups.set('S1', new Set([ada, ben]));
    people.groups.set('S2', new Set([zoe]));
    const id = await ask('profile', wholeProfile);
    for (const user of [ada, ben]) await approve(needs, id, click(user));
    const policy = { ...needs.policy, approvers: both };
    const kind = kindNamed(needs.kinds, 'profile');
    expect(await preflight({ ...needs, policy }, kind, request(id))).toMatchObject({
      facts: [
        {
          fact: 'halted',
          words: expect.stringMatching(
            /^It now needs others to approve, one from @s1 \(S1\) and one from @s2 \(S2\): /,
          ),
        },
      ],
    });
  });

  it('a policy that does not name the group any more makes its approvals void', async () => {
    const { needs, id, request } = await agreed();
    const policy = { ...needs.policy, approvers: { anyone: [], together: [['S1', 'S3']] } };
    const kind = kindNamed(needs.kinds, 'profile');
    expect(await preflight({ ...needs, policy }, kind, request(id))).toMatchObject({
      go: 'no further',
      facts: [{ fact: 'approval_void', user: ben }],
    });
  });

  it('approvals from before there were rules, which do not fulfil that of today, are void', async () => {
    const { needs, records, id } = await agreed({ approvers: { anyone: ['S1', 'S2'], together: [] } });
    const old = fold(
      records(id).map((record) => {
        const { fact } = record;
        if (fact.fact === 'approved') return { ...record, fact: { ...fact, seats: undefined } };
        return fact.fact === 'requested' ? { ...record, fact: { ...fact, from: undefined } } : record;
      }),
    );
    if (old === undefined) throw new Error('There is no such request');
    needs.people.groups.set('S9', new Set());
    const policy = { ...needs.policy, approvers: { anyone: [], together: [['S1', 'S9']] } };
    const now = await preflight({ ...needs, policy }, kindNamed(needs.kinds, 'profile'), old);
    expect(now).toMatchObject({ go: 'no further', facts: [{ fact: 'approval_void', user: ada }] });
  });
});
