import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  createGate,
  DEFAULT_LIMITS,
  type Gate,
  type GateLimits,
  type Ticket,
} from '../../src/huaweicloud/gate.ts';
import { type FakeClock, fakeClock } from './fake-parts.ts';
import { type Reply, says } from './local-gateway.ts';
import { change, openRoom, read } from './room.ts';

interface Entry {
  readonly name: string;
  readonly at: number;
  readonly leave: () => void;
}

/** A gate and the list of those who were let in, in order. */
function lettingIn(limits: GateLimits, clock: FakeClock = fakeClock(0)) {
  const gate: Gate = createGate(clock, limits);
  const entries: Entry[] = [];
  const come = (name: string, ticket: Partial<Ticket<true>> = {}) =>
    gate
      .enter({ host: 'h', rank: 'look-up', key: 'AK', refusal: () => undefined, take: () => true, ...ticket })
      .then(({ leave }) => entries.push({ name, at: clock.now(), leave }));
  return { gate, clock, entries, come, names: () => entries.map(({ name }) => name) };
}

const wide: GateLimits = { inFlight: 1000, perSecond: 1000 };

describe('the gate', () => {
  it('lets changes in before proofs, and these before look-ups that came earlier, each in their order', async () => {
    const { come, entries, names } = lettingIn({ inFlight: 1, perSecond: 1000 });
    const coming = [
      come('first'),
      come('read 1'),
      come('read 2'),
      come('proof', { rank: 'execution' }),
      come('change 1', { rank: 'change' }),
      come('change 2', { rank: 'change' }),
    ];
    for (let index = 0; index < coming.length; index += 1) {
      await setImmediate();
      entries[index]?.leave();
    }
    await Promise.all(coming);
    expect(names()).toStrictEqual(['first', 'change 1', 'change 2', 'proof', 'read 1', 'read 2']);
  });

  it('lets in no more than the limit at a time, for each host', async () => {
    const { come, entries, names } = lettingIn({ inFlight: 2, perSecond: 1000 });
    const coming = [come('a'), come('b'), come('c'), come('other', { host: 'i' })];
    await setImmediate();
    expect(names()).toStrictEqual(['a', 'b', 'other']);
    entries[0]?.leave();
    await Promise.all(coming);
    expect(names()).toStrictEqual(['a', 'b', 'other', 'c']);
  });

  it('keeps nobody waiting for a clock that was set back, neither for the rate nor for a pause', async () => {
    const hour = 3_600_000;
    const { gate, come, clock, entries } = lettingIn({ inFlight: 1000, perSecond: 10 }, fakeClock(2 * hour));
    await come('fills the rate');
    clock.advance(-hour);
    await come('after the rate');
    gate.pause('h', clock.now() + 60_000);
    clock.advance(-hour);
    await come('after the pause');
    expect(entries.map(({ at }) => at)).toStrictEqual([2 * hour, hour, 0]);
  });

  it('begins no more calls within any second than the rate, nor all of them in one go', async () => {
    const { come, entries } = lettingIn({ inFlight: 1000, perSecond: 30 });
    await Promise.all(Array.from({ length: 95 }, (_, index) => come(String(index))));
    const times = entries.map(({ at }) => at);
    expect(times).toHaveLength(95);
    for (const [calls, ms] of [
      [30, 1000],
      [3, 100],
    ] as const) {
      const gaps = times.slice(calls).map((at, index) => at - (times[index] ?? at));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(ms);
    }
    expect(times.at(-1)).toBe(3100);
  });

  it('keeps by itself, and as the gateway counts, below what the gateway allows', async () => {
    const { come, entries } = lettingIn({ ...DEFAULT_LIMITS, inFlight: 1000 });
    await Promise.all(Array.from({ length: 600 }, (_, index) => come(String(index))));
    // What begins a tenth of a second apart may arrive together.
    const perSecond = entries.map((entry) =>
      entries.filter(({ at }) => at > entry.at - 1100 && at <= entry.at),
    );
    expect(Math.max(...perSecond.map((within) => within.length))).toBeLessThan(200);
  });

  it('holds back everyone for a paused host, and nobody for another', async () => {
    const { gate, come, entries } = lettingIn(wide);
    gate.pause('h', 700);
    gate.pause('h', 300);
    await Promise.all([come('other', { host: 'i' }), come('a'), come('b', { rank: 'change' })]);
    expect(entries.map(({ name, at }) => [name, at])).toStrictEqual([
      ['other', 0],
      ['b', 700],
      ['a', 700],
    ]);
  });

  it('turns away who is refused, even while there is no room', async () => {
    const { come, entries } = lettingIn({ inFlight: 1, perSecond: 1000 });
    await come('first');
    let reason: Error | undefined;
    const waiting = come('second', { refusal: () => reason });
    reason = new Error('paused');
    entries[0]?.leave();
    await expect(waiting).rejects.toThrow('paused');
  });

  it('goes past who cannot take what is needed, and asks again when somebody leaves', async () => {
    const { come, entries, names } = lettingIn(wide);
    let free = false;
    const waiting = come('needs', { rank: 'change', take: () => free || undefined });
    await come('other');
    free = true;
    entries[0]?.leave();
    await waiting;
    expect(names()).toStrictEqual(['other', 'needs']);
  });

  it('lets in a change that left its turn to reads as soon as the last of them is turned away', async () => {
    const { gate, come, entries, names } = lettingIn(wide);
    await come('first', { host: 'i' });
    let reason: Error | undefined;
    const read = come('read', { refusal: () => reason, take: () => undefined });
    const changing = come('change', {
      rank: 'change',
      take: () => (gate.readsWait('h') ? undefined : true),
    });
    reason = new Error('the key rests');
    entries[0]?.leave();
    await expect(read).rejects.toThrow('the key rests');
    await setImmediate();
    expect(names()).toStrictEqual(['first', 'change']);
    await changing;
  });

  it('turns away all who wait when it closes, and all who come later', async () => {
    const { gate, come } = lettingIn({ inFlight: 1, perSecond: 1000 });
    await come('first');
    const waiting = come('second');
    const closing = gate.close(() => new Error('closed'));
    await expect(come('third')).rejects.toThrow('closed');
    await expect(waiting).rejects.toThrow('closed');
    await closing;
  });

  it('turns away fifty at a time when it closes, so that everything else has its turn', async () => {
    const { gate, come } = lettingIn({ inFlight: 1, perSecond: 1000 });
    await come('first');
    let turnedAway = 0;
    const waiting = Array.from({ length: 120 }, (_, number) =>
      come(`${number}`).catch(() => {
        turnedAway += 1;
      }),
    );
    const nextTurn = setImmediate();
    const closing = gate.close(() => new Error('closed'));
    await nextTurn;
    expect(turnedAway).toBe(50);
    await closing;
    await Promise.all(waiting);
    expect(turnedAway).toBe(120);
  });
});

describe('a throttled answer', () => {
  it.each([
    ['without Retry-After, for the time of the next repeat', {}, 375],
    ['with Retry-After, for as long as that says', { 'retry-after': '7' }, 7000],
    ['with a huge Retry-After, for a minute', { 'retry-after': '86400' }, 60_000],
    ['with a Retry-After in another form, for the time of the next repeat', { 'retry-after': 'soon' }, 375],
  ])('pauses the host for every call %s', async (_, headers, ms) => {
    const room = await openRoom({ limits: { inFlight: 1, perSecond: 1000 } });
    const began = room.clock.now();
    const times: number[] = [];
    const throttled: Reply = says(429, {}, headers);
    const served: Reply = (...exchange) => {
      times.push(room.clock.now() - began);
      says(200)(...exchange);
    };
    room.gateway.replies(throttled, served);
    // The change comes while the read is under way, so it has met no 429 itself.
    await Promise.all([room.cloud.call(read()), room.cloud.call(change())]);
    expect(times).toStrictEqual([ms, ms]);
    await room.close();
  });
});
