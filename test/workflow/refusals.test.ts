import { describe, expect, it } from 'vitest';
import { createRefusals, type Refused } from '../../src/workflow/refusals.ts';
import { createWorld } from '../support/world.ts';

const bench = () => {
  const world = createWorld();
  const refusals = createRefusals(world.needs);
  const told = () =>
    world.memory.records.map(({ fact }) => (fact.fact === 'refusals_counted' ? fact.count : fact.fact));
  return { ...world, ...refusals, told };
};
const refused = (changes: Partial<Refused> & { user?: string; code?: string } = {}): Refused => ({
  by: { team: 'T1', user: changes.user ?? 'UADA', name: 'Ada' },
  via: {},
  tried: 'approve',
  refusal: { code: changes.code ?? 'own_request', words: 'No.' },
  ...changes,
});

describe('refusals', () => {
  it('are told once in ten minutes, and the further ones as a number', async () => {
    const { note, sweep, clock, told } = bench();
    for (let n = 0; n < 5; n += 1) await note(refused());
    expect(told()).toEqual(['refused']);
    await clock.advance(599_999);
    await sweep();
    expect(told()).toEqual(['refused']);
    await clock.advance(1);
    await sweep();
    expect(told()).toEqual(['refused', 4]);
    await sweep();
    expect(told()).toHaveLength(2);
  });

  it('are told apart by person, by request or command, and by reason', async () => {
    const { note, told, ask, records } = bench();
    const id = await ask('profile', { principal_type: 'USER', principal: 'u-mallory' });
    await note(refused());
    await note(refused({ user: 'UBEN' }));
    await note(refused({ code: 'affected_person' }));
    await note(refused({ tried: 'deny' }));
    await note(refused({ request: id }));
    expect(told()).toEqual(['requested', 'refused', 'refused', 'refused', 'refused', 'refused']);
    expect(records(id)).toHaveLength(2);
  });

  it('of people who may neither ask nor approve are told once an hour, whatever they try', async () => {
    const { note, sweep, clock, told } = bench();
    for (const code of ['not_an_approver', 'not_a_requester', 'not_a_member']) {
      for (const tried of ['approve', 'deny', '/revoke-profile'])
        await note(refused({ code, tried, outsider: true }));
    }
    await clock.advance(3_599_999);
    await sweep();
    expect(told()).toEqual(['refused']);
    await clock.advance(1);
    await note(refused({ code: 'not_a_member', outsider: true }));
    expect(told()).toEqual(['refused', 8, 'refused']);
  });

  it('of people who may ask or approve are told for each request, whatever role they lacked for it', async () => {
    const { note, sweep, ask, records } = bench();
    const ids = [
      await ask('profile', { principal_type: 'USER', principal: 'u-mallory' }),
      await ask('profile', { principal_type: 'USER', principal: 'u-trent' }),
    ];
    for (const request of ids) await note(refused({ code: 'not_an_approver', request }));
    await sweep(true);
    for (const id of ids)
      expect(records(id).at(-1)?.fact).toMatchObject({ fact: 'refused', tried: 'approve' });
  });

  it('are counted under what was tried, or as several things', async () => {
    const { note, sweep, memory } = bench();
    for (const tried of ['approve', 'approve', 'approve']) await note(refused({ tried, outsider: true }));
    for (const tried of ['approve', 'deny']) await note(refused({ tried, user: 'UBEN', outsider: true }));
    for (const code of ['not_a_requester', 'not_an_approver'])
      await note(refused({ code, user: 'UCAT', outsider: true }));
    await sweep(true);
    expect(
      memory.records.flatMap(({ fact }) => (fact.fact === 'refusals_counted' ? [fact] : [])),
    ).toMatchObject([
      { user: 'UADA', tried: 'approve', code: 'own_request', count: 2 },
      { user: 'UBEN', tried: 'several things', code: 'own_request', count: 1 },
      { user: 'UCAT', tried: 'approve', code: 'several_reasons', count: 1 },
    ]);
  });

  it('at once after the end of a window are one fact and a number', async () => {
    const { note, sweep, clock, told } = bench();
    await note(refused());
    await note(refused());
    await clock.advance(600_000);
    await Promise.all([note(refused()), note(refused()), note(refused())]);
    await sweep(true);
    expect(told()).toEqual(['refused', 1, 'refused', 2]);
  });

  it('are all counted at the stop', async () => {
    const { note, sweep, told } = bench();
    await note(refused());
    await note(refused());
    await sweep(true);
    expect(told()).toEqual(['refused', 1]);
  });

  it('of very many people take bounded memory, and lose no number', async () => {
    const { note, sweep, told } = bench();
    const first = refused({ user: 'U-first' });
    await note(first);
    await note(first);
    for (let n = 0; n < 10_000; n += 1) await note(refused({ user: `U${n}`, code: 'not_a_member' }));
    expect(told().filter((one) => one === 1)).toHaveLength(1);
    await sweep(true);
    expect(told()).toHaveLength(10_002);
  });

  it('lose no number when the ledger cannot be written for a while', async () => {
    const { note, sweep, clock, memory, told } = bench();
    for (let n = 0; n < 51; n += 1) await note(refused());
    await clock.advance(600_000);
    memory.trouble = 'the disk is full';
    await expect(sweep()).rejects.toThrow('the disk is full');
    memory.trouble = undefined;
    await sweep();
    await sweep();
    expect(told()).toEqual(['refused', 50]);
  });

  it('are counted where none could be recorded, and told for themselves again afterwards', async () => {
    const { note, sweep, clock, memory, told } = bench();
    memory.trouble = 'the disk is full';
    for (let n = 0; n < 5; n += 1) await note(refused());
    await Promise.all([note(refused()), note(refused())]);
    await clock.advance(600_000);
    await expect(sweep()).rejects.toThrow('the disk is full');
    memory.trouble = undefined;
    await sweep();
    await note(refused());
    await sweep(true);
    expect(told()).toEqual([7, 'refused']);
  });

  it('of one person that could not be recorded take one fact, whatever was tried', async () => {
    const { note, sweep, memory } = bench();
    memory.trouble = 'the disk is full';
    for (const tried of ['approve', 'deny', 'deny']) await note(refused({ tried, outsider: true }));
    memory.trouble = undefined;
    await sweep();
    expect(memory.records.map(({ fact }) => fact)).toMatchObject([
      { fact: 'refusals_counted', tried: 'several things', code: 'own_request', count: 3 },
    ]);
  });

  it('are told as ever after the clock was set back', async () => {
    const { needs, clock, told } = bench();
    let ahead = 24 * 3_600_000;
    const shifted = { ...clock, now: () => clock.now() + ahead };
    const { note, sweep } = createRefusals({ ...needs, clock: shifted });
    await note(refused());
    await note(refused());
    ahead = 0;
    await note(refused());
    expect(told()).toEqual(['refused', 1, 'refused']);
    await note(refused());
    ahead = -3_600_000;
    await sweep();
    expect(told()).toEqual(['refused', 1, 'refused', 1]);
  });

  it('that cannot be recorded disturb nobody', async () => {
    const { note, memory } = bench();
    memory.trouble = 'the disk is full';
    await expect(note(refused())).resolves.toBeUndefined();
  });
});
