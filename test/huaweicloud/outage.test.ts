import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudFault } from '../../src/domain/ports.ts';
import { createOutages } from '../../src/huaweicloud/outage.ts';
import { createPressedClock } from '../long/cloud-storm/pressed-clock.ts';
import { fakeClock, recordingLog } from './fake-parts.ts';
import { type LocalGateway, losesTheAnswer, type Reply, says, startGateway } from './local-gateway.ts';
import { allAt, change, faultOf, openRoom, type Room, read } from './room.ts';

let clock: ReturnType<typeof createPressedClock>;
let room: Room;
let down: Reply | undefined;
let asked: { readonly at: number; readonly method: string }[];

const served: Reply = (response, request) => {
  asked.push({ at: clock.now(), method: request.method ?? '' });
  (down ?? says(200))(response, request);
};

beforeEach(async () => {
  clock = createPressedClock();
  room = await openRoom({ clock });
  room.gateway.replies(served);
  asked = [];
  down = says(503);
});
afterEach(async () => {
  await room.close();
  clock.stop();
});

/** No two ask the same, so none is spared. */
const readOf = (index: number) => read({ path: ['v1', `ins-${index}`], executes: true });

/** The call's end, with time passing until it has come. */
const ending = async <T>(call: Promise<T>): Promise<T> => {
  let ended = false;
  const marked = call.finally(() => {
    ended = true;
  });
  void marked.catch(() => undefined);
  await clock.runUntil(() => ended);
  return marked;
};

const takeDown = async (trials: 0 | 1 = 0): Promise<void> => {
  // Changing calls that may have been accepted are not repeated.
  await ending(Promise.all(Array.from({ length: 8 }, () => faultOf(room.cloud.call(change())))));
  expect(asked).toHaveLength(8);
  // A pause is short at first; after one trial in vain it is longer than a person is let wait.
  if (trials > 0) await ending(faultOf(room.cloud.call(readOf(99))));
  asked = [];
};

/** An execution: goes on trying, with a wait of a second, until it is told an answer or the time is over. */
const persist = async (index: number, until: number): Promise<number | undefined> => {
  while (clock.now() < until) {
    const answer = await room.cloud.call(readOf(index)).catch(() => undefined);
    if (answer !== undefined) return clock.now();
    await clock.sleep(1000);
  }
  return undefined;
};

const gapsBetween = (times: readonly number[]): number[] =>
  times.slice(1).map((at, index) => at - (times[index] ?? at));

describe('a host that is down', () => {
  it.each<[string, Reply]>([
    ['answers 503', says(503)],
    ['cuts every connection', losesTheAnswer],
  ])('and %s is asked by one call after each pause, however many want to ask', async (_, reply) => {
    down = reply;
    const until = clock.now() + 300_000;
    await ending(Promise.all(Array.from({ length: 60 }, (__, index) => persist(index, until))));
    const first = asked[0]?.at ?? 0;
    // Nobody knows before the first answers: as many as may be under way with one key.
    expect(asked.filter(({ at }) => at < first + 500).length).toBeLessThanOrEqual(10);
    const trials = asked.map(({ at }) => at).filter((at) => at >= first + 500);
    expect(trials.length).toBeGreaterThan(10);
    expect(trials.length).toBeLessThan(25);
    const gaps = gapsBetween(trials.filter((at) => at > first + 60_000));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(31_000);
  });

  it('lets everybody who waits go on as soon as it answers', async () => {
    await takeDown();
    const until = clock.now() + 300_000;
    const all = Array.from({ length: 60 }, (_, index) => persist(index, until));
    await clock.runUntil(() => asked.length === 4);
    down = undefined;
    const times = await ending(Promise.all(all));
    const answered = asked[4]?.at ?? 0;
    const prompt = times.filter((at) => at !== undefined && at <= answered + 1000);
    expect(prompt).toHaveLength(60);
    expect(room.log.lines.map(({ level, message }) => `${level}: ${message}`)).toContainEqual(
      `info: 127.0.0.1:${room.gateway.port} answers again`,
    );
  });

  it('is said at once to who looks something up, with since when and until when, and nothing is sent', async () => {
    await takeDown(1);
    const before = clock.now();
    const fault = await faultOf(room.cloud.call(read()));
    expect(clock.now()).toBe(before);
    expect(asked).toEqual([]);
    expect(fault).toMatchObject({ family: 'not-reached', code: 'PORTCULLIS.NO_ANSWER', retryable: true });
    expect(fault.message).toMatch(
      /^127\.0\.0\.1:\d+ has given no usable answer since 2026-03-14T15:00:00\.000Z; it is asked again at 2026-03-14T15:00:\d\d\.\d{3}Z\. Nothing was sent\.$/,
    );
  });

  it('makes a person wait for a moment rather than fail, all of whose look-ups then go on', async () => {
    await takeDown();
    down = undefined;
    const before = clock.now();
    const lookUps = ['a', 'b', 'c'].map((marker) => room.cloud.call(read({ query: { marker } })));
    await ending(Promise.all(lookUps));
    expect(clock.now() - before).toBeLessThanOrEqual(1000);
  });

  it('lets no person wait for a second trial', async () => {
    await takeDown();
    const lookUps = ['a', 'b', 'c'].map((marker) => faultOf(room.cloud.call(read({ query: { marker } }))));
    const codes = (await ending(Promise.all(lookUps))).map(({ code }) => code);
    expect(asked).toHaveLength(1);
    expect(codes.filter((code) => code === 'PORTCULLIS.NO_ANSWER')).toHaveLength(2);
  });

  it('is asked again by a look-up when nothing else wants to know', async () => {
    await takeDown(1);
    const fault = await faultOf(room.cloud.call(read()));
    const again = Date.parse(/again at (\S+Z)/.exec(fault.message)?.[1] ?? '');
    await ending(clock.sleep(again - clock.now()));
    down = undefined;
    await expect(ending(room.cloud.call(read()))).resolves.toMatchObject({ status: 200 });
    expect(asked).toHaveLength(1);
  });

  it('turns an execution away after one trial in vain, so that its own patience decides', async () => {
    await takeDown();
    const faults = await ending(
      Promise.all([3, 4, 5].map((index) => faultOf(room.cloud.call(readOf(index))))),
    );
    expect(asked).toHaveLength(1);
    const codes = faults.map(({ code }: CloudFault) => code);
    expect(codes.filter((code) => code === 'PORTCULLIS.NO_ANSWER')).toHaveLength(2);
    expect(codes).toContain('503');
  });

  it('is rather asked again by a read than by a changing call, which could be lost', async () => {
    await takeDown();
    const calls = [room.cloud.call(change()), room.cloud.call(change()), room.cloud.call(readOf(9))];
    down = undefined;
    await ending(Promise.all(calls));
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
  });

  it('is asked by a changing call when no read waits', async () => {
    await takeDown();
    down = undefined;
    await ending(room.cloud.call(change()));
    expect(asked).toHaveLength(1);
  });
});

describe('calls that were under way when a host went down', () => {
  const begun = (count: number) => {
    const time = fakeClock();
    const outages = createOutages(time, () => 0.5, recordingLog());
    return { time, outages, calls: Array.from({ length: count }, () => outages.begin('h')) };
  };

  it('do not make its pause longer', () => {
    const { time, outages, calls } = begun(16);
    const pauses = calls.flatMap((call) => call.ended('failed') ?? []);
    expect(pauses).toEqual([time.now() + 750]);
    time.advance(750);
    expect(outages.mayBegin('h')).toBe(true);
  });

  it('end the outage when they are answered', () => {
    const { outages, calls } = begun(9);
    const [late, ...others] = calls;
    for (const call of others) call.ended('failed');
    expect(outages.isDown('h')).toBe(true);
    late?.ended('answered');
    expect(outages.isDown('h')).toBe(false);
  });

  it('leave the next trial to another when the trial came to nothing', () => {
    const { time, outages, calls } = begun(8);
    for (const call of calls) call.ended('failed');
    time.advance(1000);
    const trial = outages.begin('h');
    expect(outages.mayBegin('h')).toBe(false);
    trial.ended('unknown');
    expect(outages.mayBegin('h')).toBe(true);
  });
});

describe('a host that is not down', () => {
  it('is one that answers in between', async () => {
    const answers = [says(503), says(200), says(503), says(503), says(503)];
    let turn = 0;
    down = (...exchange) => {
      answers[turn % answers.length]?.(...exchange);
      turn += 1;
    };
    await ending(
      Promise.allSettled(Array.from({ length: 40 }, (_, index) => room.cloud.call(readOf(index)))),
    );
    expect(room.log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('is one that refuses', async () => {
    down = says(404);
    await ending(
      Promise.allSettled(Array.from({ length: 40 }, (_, index) => room.cloud.call(readOf(index)))),
    );
    expect(asked).toHaveLength(40);
    expect(room.log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('is another one', async () => {
    const second: LocalGateway = await startGateway();
    const both = await openRoom({ clock, endpoints: { ...allAt(room.gateway.url), iam: second.url } });
    await ending(
      Promise.all(Array.from({ length: 3 }, (_, index) => faultOf(both.cloud.call(readOf(index))))),
    );
    await expect(ending(both.cloud.call(read({ service: 'iam' })))).resolves.toMatchObject({ status: 200 });
    await both.close();
    await second.close();
  });
});

it('asks a host again when the clock was set back before its pause', () => {
  const time = fakeClock();
  const outages = createOutages(time, () => 0, recordingLog());
  for (let call = 0; call < 8; call += 1) outages.begin('h').ended('failed');
  expect(outages.mayBegin('h')).toBe(false);
  time.advance(-3_600_000);
  expect(outages.refusal('h', 'look-up', outages.now('h'))).toBeUndefined();
  expect(outages.mayBegin('h')).toBe(true);
});
