import { describe, expect, it } from 'vitest';
import type { FactOf } from '../../src/domain/facts.ts';
import { createRosters } from '../../src/workflow/rosters.ts';
import { approvers, requesters } from '../support/fake-people.ts';
import { ada, ben, createWorld, nora, zoe } from '../support/world.ts';

const bench = () => {
  const world = createWorld();
  const changes = (): readonly FactOf<'group_changed'>[] =>
    world.memory.records.flatMap(({ fact }) => (fact.fact === 'group_changed' ? [fact] : []));
  const level = () => world.rosters.level([approvers]);
  const roster = () => world.ledger.inForce().rosters[approvers];
  return { ...world, changes, level, roster };
};

describe('who is in a group', () => {
  it('is told whole when it is first read, with names, and counts as there since ever', async () => {
    const { changes, level, roster } = bench();
    await level();
    expect(changes()).toEqual([
      {
        fact: 'group_changed',
        group: approvers,
        name: '@sapp',
        first: true,
        added: [
          { user: ada, name: 'Ada' },
          { user: ben, name: 'Ben' },
        ],
        removed: [],
      },
    ]);
    expect(roster()).toEqual({ [ada]: 0, [ben]: 0 });
  });

  it('is told again only when somebody came or went', async () => {
    const { changes, level, roster, people, clock } = bench();
    await level();
    await level();
    expect(changes()).toHaveLength(1);
    await clock.advance(5_000);
    people.roles.approver.add(zoe);
    people.roles.approver.delete(ada);
    await level();
    expect(changes()[1]).toMatchObject({
      first: false,
      added: [{ user: zoe, name: 'Zoe' }],
      removed: [{ user: ada, name: 'Ada' }],
    });
    expect(roster()).toEqual({ [ben]: 0, [zoe]: clock.now() });
  });

  it('begins anew for somebody who comes back', async () => {
    const { level, roster, people, clock } = bench();
    await level();
    people.roles.approver.delete(ada);
    await level();
    await clock.advance(1_000);
    people.roles.approver.add(ada);
    await level();
    expect(roster()).toEqual({ [ben]: 0, [ada]: clock.now() });
  });

  it('stays as it was while Slack cannot be asked', async () => {
    const { changes, level, roster, people } = bench();
    await level();
    people.reachable = false;
    people.roles.approver.clear();
    await level();
    expect(changes()).toHaveLength(1);
    expect(roster()).toEqual({ [ada]: 0, [ben]: 0 });
  });

  it('is told even when nobody is in it, and by the ids where Slack does not tell the names', async () => {
    const { changes, level, people } = bench();
    people.roles.approver.clear();
    people.who = async () => 'could not ask';
    people.groupName = async () => undefined;
    await level();
    people.roles.approver.add(ada);
    await level();
    expect(changes()).toEqual([
      { fact: 'group_changed', group: approvers, first: true, added: [], removed: [] },
      { fact: 'group_changed', group: approvers, first: false, added: [{ user: ada }], removed: [] },
    ]);
  });

  it('names the first twenty of many', async () => {
    const { changes, level, people } = bench();
    for (let n = 0; n < 30; n += 1) people.roles.approver.add(`U${n}`);
    await level();
    const added = changes()[0]?.added ?? [];
    expect(added).toHaveLength(32);
    expect(added.filter(({ name }) => name !== undefined)).toHaveLength(20);
  });

  it('is told once by two looks at once', async () => {
    const { changes, level } = bench();
    await Promise.all([level(), level(), level()]);
    expect(changes()).toHaveLength(1);
  });

  it('is looked at after a look that could not be recorded', async () => {
    const { changes, level, memory } = bench();
    memory.trouble = 'the disk is full';
    await expect(level()).rejects.toThrow('the disk is full');
    memory.trouble = undefined;
    await level();
    expect(changes()).toHaveLength(1);
  });
});

it('is looked at once a minute in all groups that the policy names, whatever goes wrong in between', async () => {
  const { clock, people, changes, memory, needs } = bench();
  const policy = { ...needs.policy, escalateTo: ['SBOSS'] };
  people.groups.set('SBOSS', new Set([zoe]));
  const rosters = createRosters({ ...needs, policy });
  rosters.start();
  await clock.advance(0);
  expect(changes().map(({ group }) => group)).toEqual([requesters, approvers, 'SBOSS']);
  memory.trouble = 'the disk is full';
  people.roles.requester.delete(nora);
  await clock.advance(60_000);
  memory.trouble = undefined;
  await clock.advance(59_999);
  expect(changes()).toHaveLength(3);
  await clock.advance(1);
  expect(changes()[3]).toMatchObject({ group: requesters, removed: [{ user: nora }] });
  await rosters.stop();
  expect(clock.sleeping()).toBe(0);
});

it('asks about no further group once it is to stop, because Slack may not answer', async () => {
  const { clock, people, needs } = bench();
  let asked = 0;
  people.members = async () => {
    asked += 1;
    await clock.sleep(5_000);
    return 'could not ask';
  };
  const policy = { ...needs.policy, escalateTo: ['SBOSS', 'SLEGAL'] };
  const rosters = createRosters({ ...needs, policy });
  rosters.start();
  await clock.advance(1_000);
  let stopped = false;
  const stopping = rosters.stop().then(() => {
    stopped = true;
  });
  await clock.advance(4_000);
  expect([asked, stopped]).toEqual([1, true]);
  await stopping;
});
