import { describe, expect, it } from 'vitest';
import { decideApprove } from '../../src/domain/decide.ts';
import type { Standing } from '../../src/domain/ports.ts';
import { createPeople } from '../../src/slack/people.ts';
import { requested, tell } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const atTheClick = 10_000;

const bench = (user: Record<string, unknown> = {}, team = 'T1') => {
  const clock = createVirtualClock();
  const state = { user, members: ['UBOB'], error: '' };
  const slack = createFakeSlack((method, args) => {
    if (state.error !== '') return { error: state.error };
    if (method === 'usergroups.users.list') return { users: state.members };
    return { user: { id: args.user, team_id: 'T1', real_name: 'Bob', ...state.user } };
  });
  const people = createPeople({
    client: slack.client,
    clock,
    log: silent,
    team: () => team || undefined,
    roles: { requester: ['UALICE'], approver: ['SAPPROVE', 'UCAROL'] },
  });
  const asked = (method: string) => slack.calls.filter((call) => call.method === method).length;
  return { clock, people, state, asked };
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
    const decided = decideApprove(tell(requested()), { who, via: {} }, 'yes', 0, { executionWindow: 1 });
    expect(decided).toMatchObject({ refusal: { code: 'email_unconfirmed' } });
  });

  it('cannot be asked before the workspace is known, nor when Slack answers in another form', async () => {
    expect(await bench({}, '').people.who('UBOB', 0)).toBe('could not ask');
    expect(await bench({ deleted: 'yes' }).people.who('UBOB', 0)).toBe('could not ask');
  });
});

describe('how often Slack is asked', () => {
  it('is once in ten seconds for clicks, however many come at the same time', async () => {
    const { clock, people, asked } = bench();
    const click = () =>
      Promise.all([people.has('approver', 'UBOB', atTheClick), people.who('UBOB', atTheClick)]);
    await Promise.all(Array.from({ length: 20 }, click));
    await clock.advance(9_999);
    await Promise.all(Array.from({ length: 20 }, click));
    expect([asked('usergroups.users.list'), asked('users.info')]).toEqual([1, 1]);
    await clock.advance(1);
    await Promise.all(Array.from({ length: 20 }, click));
    expect([asked('usergroups.users.list'), asked('users.info')]).toEqual([2, 2]);
  });

  it('follows the age that the asker allows: a click learns what a list need not know yet', async () => {
    const { clock, people, state } = bench();
    expect(await people.has('approver', 'UBOB', 300_000)).toBe('yes');
    state.members = [];
    await clock.advance(11_000);
    expect(await people.has('approver', 'UBOB', 300_000)).toBe('yes');
    expect(await people.has('approver', 'UBOB', atTheClick)).toBe('no');
    expect(await people.has('approver', 'UBOB', 300_000)).toBe('no');
  });

  it('forgets at once that it could not ask', async () => {
    const { people, state } = bench();
    state.error = 'internal_error';
    expect(await people.has('approver', 'UBOB', atTheClick)).toBe('could not ask');
    expect(await people.who('UBOB', atTheClick)).toBe('could not ask');
    state.error = '';
    expect(await people.has('approver', 'UBOB', atTheClick)).toBe('yes');
    expect(await people.who('UBOB', atTheClick)).toMatchObject({ standing: 'full member' });
  });
});

describe('who has a role', () => {
  it('is known without asking when the person is named, even while Slack cannot be asked', async () => {
    const { people, state, asked } = bench();
    state.error = 'internal_error';
    expect(await people.has('approver', 'UCAROL', 0)).toBe('yes');
    expect(await people.has('requester', 'UBOB', 0)).toBe('no');
    expect(await people.has('approver', 'UBOB', 0)).toBe('could not ask');
    expect(asked('usergroups.users.list')).toBe(1);
  });

  it('is everybody named and in the groups, or nobody knows', async () => {
    const { people, state } = bench();
    const all = await people.all('approver', 0);
    expect(all === 'could not ask' ? all : all.map(({ user }) => user).toSorted()).toEqual([
      'UBOB',
      'UCAROL',
    ]);
    state.error = 'no_such_subteam';
    expect(await people.all('approver', 0)).toBe('could not ask');
  });
});
