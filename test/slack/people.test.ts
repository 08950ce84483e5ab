import { describe, expect, it } from 'vitest';
import { answerOf, decideApprove } from '../../src/domain/decide.ts';
import type { Standing } from '../../src/domain/ports.ts';
import { createPeople } from '../../src/slack/people.ts';
import { requested, tell } from '../support/stories.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const atTheClick = 10_000;
const approvers = ['SAPPROVE', 'UCAROL'];

const bench = (user: Record<string, unknown> = {}, team = 'T1') => {
  const clock = createVirtualClock();
  const state = { user, members: ['UBOB'], error: '', retryAfter: 0, most: Number.POSITIVE_INFINITY };
  const load = { now: 0, most: 0 };
  const slack = createFakeSlack(async (method, args) => {
    if (state.retryAfter > 0) return { retryAfter: state.retryAfter };
    if (state.error !== '') return { error: state.error };
    if (args.usergroup === 'STYPO') return { error: 'no_such_subteam' };
    if (method === 'usergroups.users.list') return { users: state.members };
    if (asked('users.info') > state.most) return { retryAfter: 30 };
    load.now += 1;
    load.most = Math.max(load.most, load.now);
    await settle();
    load.now -= 1;
    return { user: { id: args.user, team_id: 'T1', real_name: 'Bob', ...state.user } };
  });
  const people = createPeople({
    client: slack.client,
    clock,
    log: silent,
    team: () => team || undefined,
  });
  const asked = (method: string) => slack.calls.filter((call) => call.method === method).length;
  const has = async (user: string, maxAge: number) => answerOf(await people.seats(user, approvers, maxAge));
  return { clock, people, state, asked, has, busiest: () => load.most };
};

describe('who somebody is', () => {
  it.each<[Standing, Record<string, unknown>]>([
    ['full member', {}],
    ['full member', { team_id: undefined }],
    ['deactivated', { deleted: true, is_bot: true }],
    ['bot', { is_bot: true }],
    ['stranger', { is_stranger: true }],
    ['stranger', { team_id: 'T2' }],
    ['guest', { is_restricted: true }],
    ['guest', { is_ultra_restricted: true }],
  ])('is a %s for %j', async (standing, user) => {
    const { people } = bench(user);
    expect(await people.who('UBOB', 0)).toMatchObject({ standing, person: { user: 'UBOB' } });
  });

  it('has the e-mail that Slack tells, or none, and knows when it is not confirmed', async () => {
    const told = bench({ profile: { email: 'bob@example.com' } });
    expect(await told.people.who('UBOB', 0)).toMatchObject({ person: { email: 'bob@example.com' } });
    const { people } = bench({ is_email_confirmed: false, profile: {} });
    const who = await people.who('UBOB', 0);
    expect(who).toMatchObject({ emailConfirmed: false });
    expect(JSON.stringify(who)).not.toContain('"email"');
    const decided = decideApprove(
      tell(requested()),
      { who, via: {} },
      { held: ['SAPPROVE'], unknown: [], fresh: [] },
      0,
      { executionWindow: 1 },
    );
    expect(decided).toMatchObject({ refusal: { code: 'email_unconfirmed' } });
  });

  it('is nobody where Slack knows no such id, so that one mistyped id does not hide all others', async () => {
    const { people, state } = bench();
    state.error = 'user_not_found';
    expect(await people.behind(['UTYPO'], 0)).toEqual([
      {
        person: { team: 'T1', user: 'UTYPO', name: 'UTYPO' },
        standing: 'unknown to Slack',
        emailConfirmed: false,
        seats: ['UTYPO'],
      },
    ]);
  });

  it('is nobody where Slack knows no such user group, which is named itself and has no e-mail that could be compared', async () => {
    const { people } = bench({ profile: { email: 'bob@example.com' } });
    const ids = [...approvers, 'STYPO'];
    const all = await people.behind(ids, 0);
    expect(
      all === 'could not ask' ? all : all.map(({ person, standing }) => [person.user, standing]),
    ).toEqual([
      ['UBOB', 'full member'],
      ['UCAROL', 'full member'],
      ['STYPO', 'unknown to Slack'],
    ]);
    const staff = await people.staff(ids, 0);
    expect(staff === 'could not ask' ? staff : staff.filter(({ email }) => email === undefined)).toEqual([
      { team: 'T1', user: 'STYPO', name: 'STYPO' },
    ]);
    expect(await people.members('STYPO', 0)).toEqual([]);
    expect(await people.seats('UBOB', ids, 0)).toEqual({ held: ['SAPPROVE'], unknown: [] });
    expect(await people.seats('UEVE', ['STYPO'], 0).then(answerOf)).toBe('no');
  });

  it('cannot be asked before the workspace is known, nor when Slack answers in another form', async () => {
    expect(await bench({}, '').people.who('UBOB', 0)).toBe('could not ask');
    expect(await bench({ deleted: 'yes' }).people.who('UBOB', 0)).toBe('could not ask');
  });
});

describe('how often Slack is asked', () => {
  it('is once in ten seconds for clicks, however many come at the same time', async () => {
    const { clock, people, asked, has } = bench();
    const click = () => Promise.all([has('UBOB', atTheClick), people.who('UBOB', atTheClick)]);
    await Promise.all(Array.from({ length: 20 }, click));
    await clock.advance(9_999);
    await Promise.all(Array.from({ length: 20 }, click));
    expect([asked('usergroups.users.list'), asked('users.info')]).toEqual([1, 1]);
    await clock.advance(1);
    await Promise.all(Array.from({ length: 20 }, click));
    expect([asked('usergroups.users.list'), asked('users.info')]).toEqual([2, 2]);
  });

  it('is told at once to somebody who was let in just now, whatever age the asker allows', async () => {
    const { clock, state, has } = bench();
    state.members = [];
    expect(await has('UBOB', 300_000)).toBe('no');
    state.members = ['UBOB'];
    await clock.advance(9_999);
    expect(await has('UBOB', 300_000)).toBe('no');
    await clock.advance(1);
    expect(await has('UBOB', 300_000)).toBe('yes');
  });

  it('follows the age that the asker allows: a click learns what a list need not know yet', async () => {
    const { clock, state, has } = bench();
    expect(await has('UBOB', 300_000)).toBe('yes');
    state.members = [];
    await clock.advance(11_000);
    expect(await has('UBOB', 300_000)).toBe('yes');
    expect(await has('UBOB', atTheClick)).toBe('no');
    expect(await has('UBOB', 300_000)).toBe('no');
  });

  it('is anew once the clock was put back, because an answer from the future is of no known age', async () => {
    const { clock, state, has, people } = bench();
    expect(await has('UBOB', atTheClick)).toBe('yes');
    await people.who('UBOB', atTheClick);
    await clock.advance(-60 * 60_000);
    Object.assign(state, { members: [], user: { deleted: true } });
    expect(await has('UBOB', atTheClick)).toBe('no');
    expect(await people.who('UBOB', atTheClick)).toMatchObject({ standing: 'deactivated' });
  });

  it('is not again within a second after it did not answer', async () => {
    const { clock, people, state, asked, has } = bench();
    state.error = 'internal_error';
    const click = async () => [await has('UBOB', atTheClick), await people.who('UBOB', atTheClick)];
    for (let n = 0; n < 20; n += 1) expect(await click()).toEqual(['could not ask', 'could not ask']);
    state.error = '';
    await clock.advance(999);
    expect(await has('UBOB', atTheClick)).toBe('could not ask');
    expect([asked('usergroups.users.list'), asked('users.info')]).toEqual([1, 1]);
    await clock.advance(1);
    expect(await click()).toMatchObject(['yes', { standing: 'full member' }]);
  });

  it('is not again before Slack wants it to be', async () => {
    const { clock, state, asked, has } = bench();
    state.retryAfter = 30;
    expect(await has('UBOB', atTheClick)).toBe('could not ask');
    state.retryAfter = 0;
    await clock.advance(29_999);
    expect(await has('UBOB', atTheClick)).toBe('could not ask');
    expect(asked('usergroups.users.list')).toBe(1);
    await clock.advance(1);
    expect(await has('UBOB', atTheClick)).toBe('yes');
  });

  it('leaves an answer standing that is young enough for whoever looks, though a click could not ask', async () => {
    const { clock, state, has } = bench();
    expect(await has('UBOB', 300_000)).toBe('yes');
    await clock.advance(11_000);
    state.error = 'internal_error';
    expect(await has('UBOB', atTheClick)).toBe('could not ask');
    expect(await has('UBOB', 300_000)).toBe('yes');
  });
});

describe('who has a role', () => {
  it('is known when the person is named, even while Slack cannot be asked', async () => {
    const { people, state, has } = bench();
    state.error = 'internal_error';
    expect(await has('UCAROL', 0)).toBe('yes');
    expect(await people.seats('UBOB', ['UALICE'], 0).then(answerOf)).toBe('no');
    expect(await has('UBOB', 0)).toBe('could not ask');
  });

  it('is everybody named and in the groups, or nobody knows', async () => {
    const { people, state } = bench();
    const all = await people.behind(approvers, 0);
    expect(
      all === 'could not ask'
        ? all
        : all.map(({ person, seats }) => `${person.user} as ${seats.join()}`).toSorted(),
    ).toEqual(['UBOB as SAPPROVE', 'UCAROL as UCAROL']);
    state.error = 'internal_error';
    expect(await people.behind(approvers, 0)).toBe('could not ask');
  });

  it('is as young as asked for, so that nobody who has left is named', async () => {
    const { clock, people, state } = bench();
    await people.staff(approvers, 300_000);
    state.user = { deleted: true };
    await clock.advance(300_000);
    expect(await people.behind(['UCAROL'], 300_000)).toMatchObject([{ standing: 'deactivated' }]);
  });

  it('is known by e-mail for a day while Slack cannot be asked', async () => {
    const { clock, people, state } = bench();
    const staff = async () => {
      const all = await people.staff(['UBOB', 'UCAROL'], 300_000);
      return all === 'could not ask' ? all : all.map(({ user }) => user);
    };
    expect(await staff()).toEqual(['UBOB', 'UCAROL']);
    state.error = 'internal_error';
    await clock.advance(86_399_999);
    expect(await staff()).toEqual(['UBOB', 'UCAROL']);
    expect(await people.behind(['UBOB'], 300_000)).toBe('could not ask');
    await clock.advance(1);
    expect(await staff()).toBe('could not ask');
  });

  it('is asked a few at a time, and not again within an hour, so that a review of many goes on by rule', async () => {
    const { clock, people, state, asked, busiest } = bench();
    state.members = Array.from({ length: 150 }, (_, n) => `U${n}`);
    const howMany = async () => {
      const all = await people.staff(approvers, 300_000);
      return all === 'could not ask' ? all : all.length;
    };
    expect(await howMany()).toBe(151);
    expect([asked('users.info'), busiest()]).toEqual([151, 8]);
    await clock.advance(59 * 60_000);
    expect([await howMany(), asked('users.info'), asked('usergroups.users.list')]).toEqual([151, 151, 2]);
    await clock.advance(60_000);
    expect([await howMany(), asked('users.info')]).toEqual([151, 302]);
  });

  it('is not asked any further when Slack wants to be left alone, and the rest is asked later', async () => {
    const { clock, people, state, asked } = bench();
    state.members = Array.from({ length: 150 }, (_, n) => `U${n}`);
    state.most = 100;
    expect(await people.behind(approvers, 300_000)).toBe('could not ask');
    expect(asked('users.info')).toBeLessThan(110);
    state.most = Number.POSITIVE_INFINITY;
    await clock.advance(30_000);
    expect(await people.behind(approvers, 300_000)).toHaveLength(151);
    expect(asked('users.info')).toBeLessThan(160);
  });
});
