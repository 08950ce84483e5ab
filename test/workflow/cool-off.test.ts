import { describe, expect, it } from 'vitest';
import { approve } from '../../src/workflow/approve.ts';
import { deny } from '../../src/workflow/deny.ts';
import { approvers } from '../support/fake-people.ts';
import { ada, createWorld, wholeProfile, zoe } from '../support/world.ts';

const coolOff = 10 * 60_000;

const waiting = async (changes: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld({ coolOff, ...changes });
  const id = await world.ask('profile', wholeProfile);
  const code = async (user: string): Promise<string> => {
    const amended = await approve(world.needs, id, world.click(user));
    return amended.result === 'refused' ? amended.refusal.code : amended.result;
  };
  return { ...world, id, code };
};

describe('with a cool-off', () => {
  it('somebody who has just come into the group cannot approve, and can once the time is over', async () => {
    const { id, code, clock, people, rosters, facts } = await waiting();
    await rosters.level([approvers]);
    await clock.advance(60_000);
    people.roles.approver.add(zoe);
    expect(await code(zoe)).toBe('cool_off');
    await clock.advance(coolOff - 1);
    expect(await code(zoe)).toBe('cool_off');
    await clock.advance(1);
    expect(await code(zoe)).toBe('appended');
    expect(facts(id).at(-1)).toMatchObject({ fact: 'approved', by: { user: zoe }, seats: [approvers] });
  });

  it('a refusal names the group and the setting', async () => {
    const { needs, id, click, people, rosters } = await waiting();
    await rosters.level([approvers]);
    people.roles.approver.add(zoe);
    const refused = await approve(needs, id, click(zoe));
    expect(refused).toMatchObject({ result: 'refused' });
    expect(refused.result === 'refused' && refused.refusal.words).toMatch(/SAPP.*APPROVER_COOL_OFF/);
  });

  it('those who were there when the group was first read are no newcomers', async () => {
    const { code } = await waiting();
    expect(await code(ada)).toBe('appended');
  });

  it('whoever left and came back begins anew', async () => {
    const { code, people, rosters } = await waiting();
    await rosters.level([approvers]);
    people.roles.approver.delete(ada);
    await rosters.level([approvers]);
    people.roles.approver.add(ada);
    expect(await code(ada)).toBe('cool_off');
  });

  it('nobody is held up who is named by themselves', async () => {
    const { code, id, people, rosters, facts } = await waiting({
      approvers: { anyone: [approvers, zoe], together: [] },
    });
    await rosters.level([approvers]);
    people.roles.approver.add(zoe);
    expect(await code(zoe)).toBe('appended');
    expect(facts(id).at(-1)).toMatchObject({ seats: [zoe] });
  });

  it('one in whose group nothing could be put on record is refused', async () => {
    const { code, people } = await waiting();
    people.members = async () => 'could not ask';
    expect(await code(ada)).toBe('cool_off');
  });

  it('a newcomer may deny: that stops nothing but a call', async () => {
    const { needs, id, click, people, rosters, state } = await waiting();
    await rosters.level([approvers]);
    people.roles.approver.add(zoe);
    await deny(needs, id, click(zoe), 'is on call');
    expect(state(id)).toBe('denied');
  });

  it('who stands for two groups counts for the one they have long been in', async () => {
    const { code, id, people, rosters, facts } = await waiting({
      approvers: { anyone: [], together: [['S1', 'S2']] },
    });
    people.groups.set('S1', new Set([ada]));
    people.groups.set('S2', new Set([zoe]));
    await rosters.level(['S1', 'S2']);
    people.groups.get('S2')?.add(ada);
    expect(await code(ada)).toBe('appended');
    expect(facts(id).at(-1)).toMatchObject({ seats: ['S1'] });
  });
});

it('without a cool-off a newcomer approves at once, and nothing is put on record for it', async () => {
  const { code, people, memory } = await waiting({ coolOff: 0 });
  people.roles.approver.add(zoe);
  expect(await code(zoe)).toBe('appended');
  expect(memory.records.map(({ fact }) => fact.fact)).toEqual(['requested', 'approved']);
});
