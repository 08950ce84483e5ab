import { afterEach, describe, expect, it } from 'vitest';
import { type Ledger, LedgerFault } from '../../src/domain/ports.ts';
import { anchor, approved, denied, requested, stayedGone, succeeded, unverified } from './facts.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** What every implementation of the port `Ledger` keeps. `open` gives an empty one. */
export const describeLedger = (name: string, open: (clock: ManualClock) => Promise<Ledger>): void => {
  describe(`${name} keeps the contract`, () => {
    const opened: Ledger[] = [];
    afterEach(async () => {
      for (const ledger of opened.splice(0)) await ledger.close();
    });
    const start = async () => {
      const clock = manualClock();
      const ledger = await open(clock);
      opened.push(ledger);
      return { ledger, clock };
    };
    const times = (n: number) => Array.from({ length: n }, (_, i) => i);

    it('begins empty', async () => {
      const { ledger } = await start();
      expect(ledger.head()).toEqual({ seq: 0, hash: '0'.repeat(64) });
      expect(await ledger.read(0, 10)).toEqual([]);
      expect(await ledger.ofRequest('R-000001')).toEqual([]);
      expect(ledger.open()).toEqual([]);
      expect(ledger.summary('R-000001')).toBeUndefined();
      expect(ledger.trouble()).toBeUndefined();
    });

    it('numbers new requests by itself', async () => {
      const { ledger } = await start();
      const ids = [];
      for (const _ of times(3)) ids.push((await ledger.append('new', 0, [requested()])).id);
      expect(ids).toEqual(['R-000001', 'R-000002', 'R-000003']);
    });

    it('answers with the seq of the last fact and the new version', async () => {
      const { ledger } = await start();
      await ledger.append('bot', null, [anchor]);
      expect(await ledger.append('new', 0, [requested(), approved])).toEqual({
        result: 'appended',
        id: 'R-000001',
        seq: 3,
        version: 2,
      });
      expect(ledger.head().seq).toBe(3);
    });

    it('refuses an append at another version and says the present one', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested(), approved]);
      expect(await ledger.append('R-000001', 1, [denied])).toEqual({
        result: 'conflict',
        id: 'R-000001',
        version: 2,
      });
      expect(await ledger.append('R-000001', 3, [denied])).toMatchObject({ result: 'conflict', version: 2 });
      expect(ledger.head().seq).toBe(2);
    });

    it('takes null as any version', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested()]);
      const card = { fact: 'card_posted', channel: 'C1', ts: '1.2' } as const;
      expect(await ledger.append('R-000001', null, [card])).toMatchObject({ result: 'appended', version: 2 });
    });

    it.each(['R-1', 'R-0000001', 'X-000001', 'r-000001', 'R-000002', 'R-', ''])(
      'knows no request by %j when R-000001 is the only one',
      async (id) => {
        const { ledger } = await start();
        await ledger.append('new', 0, [requested()]);
        expect(ledger.summary(id)).toBeUndefined();
        expect(await ledger.ofRequest(id)).toEqual([]);
        await expect(ledger.append(id, null, [approved])).rejects.toThrow(LedgerFault);
      },
    );

    it('counts the versions of each stream by itself', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested()]);
      await ledger.append('bot', 0, [anchor]);
      await ledger.append('new', 0, [requested()]);
      expect(await ledger.append('R-000001', 1, [approved])).toMatchObject({
        result: 'appended',
        version: 2,
      });
      expect(await ledger.append('bot', 1, [anchor])).toMatchObject({ result: 'appended', version: 2 });
      expect((await ledger.read(0, 10)).map(({ id, version }) => [id, version])).toEqual([
        ['R-000001', 1],
        ['bot', 1],
        ['R-000002', 1],
        ['R-000001', 2],
        ['bot', 2],
      ]);
    });

    it('throws for a request that does not exist, for no facts, and for facts that cannot follow', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested()]);
      await expect(ledger.append('R-000002', 0, [approved])).rejects.toThrow(LedgerFault);
      await expect(ledger.append('R-000001', 1, [])).rejects.toThrow(LedgerFault);
      await expect(ledger.append('R-000001', 1, [approved, requested()])).rejects.toThrow(LedgerFault);
      await expect(ledger.append('new', 0, [approved])).rejects.toThrow(LedgerFault);
      await expect(ledger.append('new', 0, [requested({ approvals: Number.NaN })])).rejects.toThrow(
        LedgerFault,
      );
      expect(ledger.head().seq).toBe(1);
      expect(await ledger.append('new', 0, [requested()])).toMatchObject({ id: 'R-000002', seq: 2 });
      expect(ledger.summary('R-000001')?.progress.state).toBe('requested');
    });

    it('uses up no number for a request that was refused among others at the same time', async () => {
      const { ledger } = await start();
      const [refused, appended] = await Promise.allSettled([
        ledger.append('new', 0, [approved]),
        ledger.append('new', 0, [requested()]),
      ]);
      expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(LedgerFault) });
      expect(appended).toMatchObject({ value: { id: 'R-000001', seq: 1 } });
    });

    it('appends all facts of an append or none', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested()]);
      await expect(ledger.append('R-000001', 1, [approved, requested()])).rejects.toThrow(LedgerFault);
      await ledger.append('R-000001', 1, [approved, unverified, denied]);
      const records = await ledger.ofRequest('R-000001');
      expect(records.map(({ fact }) => fact.fact)).toEqual(['requested', 'approved', 'unverified', 'denied']);
      expect(records.map(({ more }) => more)).toEqual([undefined, 2, 1, undefined]);
    });

    it('finds the first append by its once, in any stream and at any version', async () => {
      const { ledger } = await start();
      const first = await ledger.append('new', 0, [requested(), approved], { once: 'draft-1' });
      expect(first).toMatchObject({ result: 'appended', seq: 2 });
      const already = { result: 'already', id: 'R-000001', seq: 2 };
      expect(await ledger.append('new', 0, [requested()], { once: 'draft-1' })).toEqual(already);
      expect(await ledger.append('R-000001', 77, [denied], { once: 'draft-1' })).toEqual(already);
      expect(await ledger.append('bot', null, [anchor], { once: 'draft-1' })).toEqual(already);
      expect(ledger.head().seq).toBe(2);
    });

    it('does not use up the once of an append that met a conflict or was refused', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested()]);
      expect(await ledger.append('R-000001', 5, [denied], { once: 'o' })).toMatchObject({
        result: 'conflict',
      });
      await expect(ledger.append('R-000001', 1, [requested()], { once: 'o' })).rejects.toThrow(LedgerFault);
      expect(await ledger.append('R-000001', 1, [denied], { once: 'o' })).toMatchObject({
        result: 'appended',
      });
    });

    it('appends exactly one of fifty at a time with the same once', async () => {
      const { ledger } = await start();
      const all = await Promise.all(
        times(50).map(() => ledger.append('new', 0, [requested()], { once: 'draft' })),
      );
      expect(all.filter(({ result }) => result === 'appended')).toHaveLength(1);
      expect(all.filter(({ result }) => result === 'already')).toHaveLength(49);
      expect(new Set(all.map(({ id }) => id))).toEqual(new Set(['R-000001']));
      expect(ledger.head().seq).toBe(1);
    });

    it('appends exactly one of a hundred at a time at the same version', async () => {
      const { ledger } = await start();
      await ledger.append('new', 0, [requested()]);
      const all = await Promise.all(times(100).map(() => ledger.append('R-000001', 1, [approved])));
      expect(all.filter(({ result }) => result === 'appended')).toHaveLength(1);
      expect(all.filter(({ result }) => result === 'conflict')).toHaveLength(99);
      expect(all.every((one) => one.result !== 'conflict' || one.version === 2)).toBe(true);
      expect(ledger.head().seq).toBe(2);
    });

    it('gives ids and sequence numbers without gaps to many at a time, each append in one piece', async () => {
      const { ledger } = await start();
      const all = await Promise.all(times(40).map(() => ledger.append('new', 0, [requested(), approved])));
      expect(new Set(all.map(({ id }) => id)).size).toBe(40);
      const records = await ledger.read(0, 1000);
      expect(records.map(({ seq }) => seq)).toEqual(times(80).map((i) => i + 1));
      for (const { id } of all) {
        const [first, second] = await ledger.ofRequest(id);
        expect(second?.seq).toBe((first?.seq ?? 0) + 1);
      }
    });

    it('chains each record to the one before and tells the last hash', async () => {
      const { ledger } = await start();
      for (const _ of times(3)) await ledger.append('bot', null, [anchor]);
      const records = await ledger.read(0, 10);
      expect(records.map(({ prev }) => prev)).toEqual([
        '0'.repeat(64),
        ...records.slice(0, -1).map(({ hash }) => hash),
      ]);
      expect(ledger.head()).toEqual({ seq: 3, hash: records[2]?.hash });
    });

    it('reads page by page', async () => {
      const { ledger } = await start();
      for (const i of times(7)) await ledger.append('bot', null, [{ fact: 'anchor', words: `${i}` }]);
      const words = (await ledger.read(2, 3)).map(({ fact }) => (fact.fact === 'anchor' ? fact.words : ''));
      expect(words).toEqual(['2', '3', '4']);
      expect((await ledger.read(6, 3)).map(({ seq }) => seq)).toEqual([7]);
      expect(await ledger.read(7, 3)).toEqual([]);
      expect(await ledger.read(700, 3)).toEqual([]);
      expect(await ledger.read(0, 0)).toEqual([]);
    });

    it('reads back what was appended, whatever the characters', async () => {
      const { ledger } = await start();
      const words = `"quoted" \\ \n\r\u2028 \u0000 \u{1f512} é \ud800 ${'x'.repeat(9000)}`;
      const fact = { fact: 'anchor', words } as const;
      await ledger.append('bot', null, [fact, anchor]);
      expect((await ledger.read(0, 1))[0]?.fact).toEqual(fact);
      expect((await ledger.ofRequest('bot')).map((record) => record.fact)).toEqual([fact, anchor]);
    });

    it('lets no later fact be older, when the clock jumps back', async () => {
      const { ledger, clock } = await start();
      const before = clock.now();
      await ledger.append('bot', null, [anchor]);
      clock.set(before - 5000);
      await ledger.append('bot', null, [anchor]);
      clock.set(before + 5);
      await ledger.append('bot', null, [anchor]);
      expect((await ledger.read(0, 10)).map(({ at }) => at)).toEqual([before, before, before + 5]);
    });

    it('knows what is open, oldest first', async () => {
      const { ledger } = await start();
      for (const _ of times(4)) await ledger.append('new', 0, [requested()]);
      await ledger.append('R-000002', 1, [denied]);
      await ledger.append('R-000001', 1, [approved]);
      await ledger.append('R-000003', 1, [approved, unverified]);
      expect(ledger.open()).toEqual(['R-000001', 'R-000004']);
    });

    it('summarises each request and lists them newest first', async () => {
      const { ledger } = await start();
      for (const incident of ['INC-1', 'INC-2', 'INC-1', 'INC-1']) {
        await ledger.append('new', 0, [requested({ incident })]);
      }
      await ledger.append('R-000001', 1, [denied]);
      expect(ledger.summary('R-000001')).toMatchObject({ incident: 'INC-1', progress: { state: 'denied' } });
      const listed = await ledger.list(({ incident }) => incident === 'INC-1', 2);
      expect(listed.map(({ id }) => id)).toEqual(['R-000004', 'R-000003']);
      expect(await ledger.list(() => true, 0)).toEqual([]);
      expect((await ledger.list(() => true, 99)).map(({ id }) => id)).toEqual([
        'R-000004',
        'R-000003',
        'R-000002',
        'R-000001',
      ]);
    });

    it('lists successes by their time, each once, and with what was read after them', async () => {
      const { ledger, clock } = await start();
      for (const _ of times(4)) await ledger.append('new', 0, [requested()]);
      const begin = clock.now();
      expect(ledger.succeededSince(0)).toEqual([]);
      clock.advance(1_000);
      await ledger.append('R-000003', 1, [approved, succeeded]);
      clock.advance(1_000);
      await ledger.append('R-000001', 1, [approved, unverified, succeeded]);
      await ledger.append('R-000002', 1, [denied, succeeded]);
      clock.advance(1_000);
      await ledger.append('R-000003', 3, [stayedGone]);
      const since = (ms: number) => ledger.succeededSince(begin + ms).map(({ id }) => id);
      expect(since(0)).toEqual(['R-000003', 'R-000001']);
      expect(since(1_000)).toEqual(['R-000003', 'R-000001']);
      expect(since(1_001)).toEqual(['R-000001']);
      expect(since(2_001)).toEqual([]);
      expect(ledger.succeededSince(0)[0]?.proven).toEqual({
        at: begin + 1_000,
        read: begin + 3_000,
        back: false,
      });
    });

    it('knows what its own facts say that holds now', async () => {
      const { ledger, clock } = await start();
      expect(ledger.inForce()).toEqual({ rosters: {} });
      const settings = { APPROVERS: 'S1' };
      await ledger.append('bot', null, [{ fact: 'policy_changed', policy: 'p', settings, changes: [] }]);
      const ada = { user: 'UADA', name: 'Ada' };
      const group = { fact: 'group_changed', group: 'S1', first: true, added: [ada], removed: [] } as const;
      await ledger.append('bot', null, [group]);
      clock.advance(1_000);
      await ledger.append('bot', null, [{ ...group, first: false, added: [{ user: 'UBEN' }] }]);
      expect(ledger.inForce()).toEqual({
        policy: { digest: 'p', settings },
        rosters: { S1: { UADA: 0, UBEN: clock.now() } },
      });
      await ledger.append('bot', 99, [{ ...group, added: [], removed: [ada] }]);
      expect(ledger.inForce().rosters.S1).toHaveProperty('UADA');
      await ledger.append('bot', null, [{ ...group, first: false, added: [], removed: [ada] }]);
      expect(ledger.inForce().rosters.S1).toEqual({ UBEN: clock.now() });
    });

    it('remembers cursors', async () => {
      const { ledger } = await start();
      expect(ledger.cursor('audit')).toBe(0);
      await ledger.moveCursor('audit', 12);
      await ledger.moveCursor('cards', 3);
      expect([ledger.cursor('audit'), ledger.cursor('cards')]).toEqual([12, 3]);
    });

    it('gives a lease to one at a time, until it is released or runs out', async () => {
      const { ledger, clock } = await start();
      const first = await ledger.lease('runner', 1000);
      expect(first).not.toBeNull();
      expect(await ledger.lease('runner', 1000)).toBeNull();
      expect(await ledger.lease('other', 1000)).not.toBeNull();
      clock.advance(900);
      expect(await first?.renew(1000)).toBe(true);
      clock.advance(900);
      expect(await ledger.lease('runner', 1000)).toBeNull();
      clock.advance(100);
      expect(await first?.renew(1000)).toBe(false);
      const second = await ledger.lease('runner', 1000);
      expect(second).not.toBeNull();
      expect(await first?.renew(1000)).toBe(false);
      await first?.release();
      expect(await ledger.lease('runner', 1000)).toBeNull();
      await second?.release();
      expect(await ledger.lease('runner', 1000)).not.toBeNull();
    });

    it('wakes subscribers after an append, when it can be read, until they stop', async () => {
      const { ledger } = await start();
      const seen: number[] = [];
      const stop = ledger.subscribe(() => seen.push(ledger.head().seq));
      await ledger.append('bot', null, [anchor]);
      await ledger.append('bot', 9, [anchor]);
      stop();
      await ledger.append('bot', null, [anchor]);
      expect(seen).toEqual([1]);
    });

    it('appends nothing after it was closed, and closes twice', async () => {
      const { ledger } = await start();
      await ledger.close();
      await expect(ledger.append('bot', null, [anchor])).rejects.toThrow(LedgerFault);
      await ledger.close();
    });
  });
};
