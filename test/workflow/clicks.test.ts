import { describe, expect, it } from 'vitest';
import { stampOf } from '../../src/domain/request.ts';
import { approve } from '../../src/workflow/approve.ts';
import { cancel } from '../../src/workflow/cancel.ts';
import { deny } from '../../src/workflow/deny.ts';
import {
  ada,
  ben,
  createWorld,
  gus,
  mallory,
  nora,
  oneModelArtsUser,
  project,
  wholeProfile,
  zoe,
} from '../support/world.ts';

const waiting = async (changes: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld(changes);
  const id = await world.ask('profile', wholeProfile);
  return { ...world, id };
};
const codeOf = (amended: { result: string; refusal?: { code: string } }) =>
  amended.refusal?.code ?? amended.result;

describe('approve', () => {
  it('is on disk when it returns, with the digest of what was stored', async () => {
    const { approve: click, id, facts, request, state } = await waiting();
    expect(await click(id)).toMatchObject({ result: 'appended', facts: [{ fact: 'approved' }] });
    expect(facts(id)[1]).toMatchObject({
      by: { user: ada, email: 'ada@example.com' },
      digest: request(id).asked.digest,
    });
    expect(state(id)).toBe('approved');
  });

  it.each([
    ['the requester', nora, 'own_request'],
    ['the affected person', mallory, 'affected_person'],
    ['somebody without the role', zoe, 'not_an_approver'],
    ['a guest with the role', gus, 'not_a_member'],
    ['a stranger', 'USTRANGER', 'not_a_member'],
  ])('is refused for %s, though among the approvers', async (_name, user, code) => {
    const { needs, people, id, click, words } = await waiting();
    if (user !== zoe) people.roles.approver.add(user);
    expect(codeOf(await approve(needs, id, click(user)))).toBe(code);
    expect(words(id)).toEqual(['requested']);
  });

  it('asks about people no older than ten seconds', async () => {
    const { people, approve: click, id } = await waiting();
    people.ages.splice(0);
    await click(id);
    expect(people.ages.length).toBeGreaterThan(0);
    expect(Math.max(...people.ages)).toBe(10_000);
  });

  it('asks nothing about groups where it is refused without that', async () => {
    const { people, needs, id, click } = await waiting();
    people.roles.approver.add(nora);
    people.ages.splice(0);
    expect(codeOf(await approve(needs, id, click(nora)))).toBe('own_request');
    expect(people.ages).toHaveLength(1);
  });

  it('is refused while Slack cannot be asked', async () => {
    const { people, approve: click, id, words } = await waiting();
    people.reachable = false;
    expect(codeOf(await click(id))).toBe('could_not_ask');
    expect(words(id)).toEqual(['requested']);
  });

  it('by two at once with one needed counts the first and tells the second who it was', async () => {
    const { approve: click, id, words } = await waiting();
    const [first, second] = await Promise.all([click(id, ada), click(id, ben)]);
    expect(first).toMatchObject({ result: 'appended' });
    expect(second).toMatchObject({ result: 'refused', refusal: { code: 'already_decided' } });
    expect(second.result === 'refused' && second.refusal.words).toContain('Ada (UADA)');
    expect(words(id)).toEqual(['requested', 'approved']);
  });

  it('by two at once with two needed counts both', async () => {
    const { approve: click, id, state } = await waiting({ approvalsNeeded: 2 });
    await Promise.all([click(id, ada), click(id, ben)]);
    expect(state(id)).toBe('approved');
  });

  it('by one person twice with two needed counts once', async () => {
    const { approve: click, id, state } = await waiting({ approvalsNeeded: 2 });
    const both = await Promise.all([click(id, ada), click(id, ada)]);
    expect(both.map(codeOf).sort()).toEqual(['already_approved', 'appended']);
    expect(state(id)).toBe('requested');
  });

  it('delivered twice is one act, at once and later', async () => {
    const { needs, click, id, words } = await waiting({ approvalsNeeded: 2 });
    const act = click(ada);
    const both = await Promise.all([approve(needs, id, act), approve(needs, id, act)]);
    expect(both.map(({ result }) => result)).toEqual(['appended', 'already']);
    expect((await approve(needs, id, act)).result).toBe('already');
    await approve(needs, id, click(ben));
    expect((await approve(needs, id, act)).result).toBe('already');
    expect(words(id)).toEqual(['requested', 'approved', 'approved']);
  });

  it('delivered twice is one denial too, and nobody is told that it was already decided', async () => {
    const { needs, click, id, words } = await waiting();
    const act = click(ada);
    const both = await Promise.all([deny(needs, id, act, 'no'), deny(needs, id, act, 'no')]);
    expect(both.map(({ result }) => result)).toEqual(['appended', 'already']);
    expect((await deny(needs, id, act, 'no')).result).toBe('already');
    expect(words(id)).toEqual(['requested', 'denied']);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'and cancel, %i turns apart, end as if one had come after the other',
    async (turns) => {
      const { needs, approve: click, click: act, id, words } = await waiting();
      const cancelled = cancel(needs, id, act(nora));
      for (let n = 0; n < turns; n += 1) await Promise.resolve();
      const [first, second] = await Promise.all([cancelled, click(id)]);
      expect(first.result).toBe('appended');
      const approvedFirst = ['requested', 'approved', 'cancelled'];
      expect([approvedFirst, ['requested', 'cancelled']]).toContainEqual(words(id));
      expect(codeOf(second)).toBe(words(id).length === 3 ? 'appended' : 'already_decided');
    },
  );

  it.each([0, 1, 2, 3, 4, 5])('and deny, %i turns apart, end with the first', async (turns) => {
    const { needs, approve: click, click: act, id, words } = await waiting();
    const denied = deny(needs, id, act(ben), 'no');
    for (let n = 0; n < turns; n += 1) await Promise.resolve();
    const both = await Promise.all([denied, click(id, ada)]);
    const [, winner] = words(id);
    expect(words(id)).toHaveLength(2);
    expect(both.map(codeOf)).toEqual(
      winner === 'denied' ? ['appended', 'already_decided'] : ['already_decided', 'appended'],
    );
  });

  it('of what was shown counts only while it is what is stored', async () => {
    const { needs, click, id, request, ledger, state, words } = await waiting();
    const shown = stampOf(request(id));
    expect(shown).toMatch(/^[0-9a-f]{16}$/);
    expect(codeOf(await approve(needs, id, { ...click(ada), shown: 'of another request' }))).toBe('outdated');
    await ledger.append(id, 1, [{ fact: 'impact_grew', added: [{ key: 'new', words: 'one more' }] }]);
    const late = await approve(needs, id, { ...click(ada), shown });
    expect(late).toMatchObject({ result: 'refused', refusal: { code: 'outdated' } });
    expect(late.result === 'refused' && late.refusal.words).toMatch(
      /older than what it is now.*look at it again/,
    );
    expect(codeOf(await deny(needs, id, { ...click(ada), shown }, 'no'))).toBe('outdated');
    expect(words(id)).toEqual(['requested', 'impact_grew']);
    expect(codeOf(await approve(needs, id, { ...click(ada), shown: stampOf(request(id)) }))).toBe('appended');
    expect(state(id)).toBe('approved');
  });

  it('says for which of the groups it stands, and asks for the other', async () => {
    const { needs, people, click, id, request, state } = await waiting({
      approvers: { anyone: [], together: [['S1', 'S2']] },
    });
    people.groups.set('S1', new Set([ada, ben]));
    people.groups.set('S2', new Set([ben, zoe]));
    await approve(needs, id, click(ada));
    expect(request(id).approvals).toMatchObject([{ by: { user: ada }, seats: ['S1'] }]);
    expect(state(id)).toBe('requested');
    await approve(needs, id, click(ben));
    expect(request(id).approvals).toMatchObject([{}, { by: { user: ben }, seats: ['S1', 'S2'] }]);
    expect(state(id)).toBe('approved');
  });

  it('for one of two groups is refused while the other cannot be asked', async () => {
    const { needs, people, click, id } = await waiting({
      approvers: { anyone: [], together: [['S1', 'S2']] },
    });
    people.groups.set('S1', new Set([ada]));
    expect(codeOf(await approve(needs, id, click(ada)))).toBe('could_not_ask');
  });

  it('is for those whom the kind names, and no others', async () => {
    const { needs, click, id } = await waiting({ approversOf: { profile: { anyone: [zoe], together: [] } } });
    expect(codeOf(await approve(needs, id, click(ada)))).toBe('not_an_approver');
    expect(codeOf(await deny(needs, id, click(ada), 'no'))).toBe('not_an_approver');
    expect(codeOf(await approve(needs, id, click(zoe)))).toBe('appended');
  });

  it('is refused in words for a request that does not exist', async () => {
    const { needs, click } = await waiting();
    const amended = await approve(needs, 'R-000099', click(ada));
    expect(amended).toMatchObject({ result: 'refused', refusal: { code: 'no_such_request' } });
  });

  it('is refused from the end of the approval window on', async () => {
    const { approve: click, clock, id, needs } = await waiting();
    await clock.advance(needs.policy.approvalWindow);
    expect(codeOf(await click(id))).toBe('expired');
  });
});

describe('deny', () => {
  it('ends the request with a reason', async () => {
    const { needs, click, id, facts, state } = await waiting();
    await deny(needs, id, click(ada), 'is on call');
    expect(facts(id)[1]).toMatchObject({ fact: 'denied', reason: 'is on call', by: { user: ada } });
    expect(state(id)).toBe('denied');
  });

  it('is refused from the end of the approval window on, however long Slack took to answer', async () => {
    const { needs, click, clock, id, people, words } = await waiting();
    const slow: typeof people.seats = async (...asked) => {
      await clock.sleep(needs.policy.approvalWindow);
      return people.seats(...asked);
    };
    const denied = deny({ ...needs, people: { ...people, seats: slow } }, id, click(ada), 'no');
    await clock.advance(needs.policy.approvalWindow);
    expect(codeOf(await denied)).toBe('expired');
    expect(words(id)).toEqual(['requested']);
  });

  it('of the same target is once in 24 hours for one person, and free for another', async () => {
    const world = await waiting();
    const again = async (user: string) => {
      const id = await world.ask('profile', wholeProfile);
      return codeOf(await deny(world.needs, id, world.click(user), 'no'));
    };
    await deny(world.needs, world.id, world.click(ada), 'no');
    expect(await again(ada)).toBe('denied_before');
    expect(await again(ben)).toBe('appended');
    await world.clock.advance(24 * 60 * 60_000);
    expect(await again(ada)).toBe('appended');
  });

  it('of the same target is once in 24 hours for one person with two accounts', async () => {
    const world = await waiting();
    world.people.change(ben, { email: 'Ada@example.com' });
    await deny(world.needs, world.id, world.click(ada), 'no');
    const again = await world.ask('profile', wholeProfile);
    expect(codeOf(await deny(world.needs, again, world.click(ben), 'no'))).toBe('denied_before');
  });

  it('of two at the same moment is one', async () => {
    const world = await waiting();
    const other = await world.ask('profile', wholeProfile);
    const both = await Promise.all(
      [world.id, other].map((id) => deny(world.needs, id, world.click(ada), 'no')),
    );
    expect(both.map(codeOf)).toEqual(['appended', 'denied_before']);
  });

  it('of one user says nothing of another user of the same project', async () => {
    const world = createWorld({ requireApproval: 'always' });
    const denied = async (user: string) => {
      const id = await world.ask('modelarts-authorization', { project, scope: 'user', user });
      return codeOf(await deny(world.needs, id, world.click(ada), 'no'));
    };
    expect(await denied(oneModelArtsUser.user)).toBe('appended');
    expect(await denied('iam-trent')).toBe('appended');
    expect(await denied('iam-trent')).toBe('denied_before');
  });
});

describe('cancel', () => {
  it('is for the requester until execution begins', async () => {
    const { needs, click, approve: yes, id, ledger } = await waiting();
    expect(codeOf(await cancel(needs, id, click(ada)))).toBe('not_yours');
    await yes(id);
    await ledger.append(id, 2, [{ fact: 'step_started', step: 'disassociate', attempt: 1, words: 'x' }]);
    expect(codeOf(await cancel(needs, id, click(nora)))).toBe('already_decided');
  });
});
