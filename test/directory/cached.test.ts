import { describe, expect, it } from 'vitest';
import { cached, derived } from '../../src/directory/cached.ts';

const setUp = (maxAge: number) => {
  let now = 0;
  let loads = 0;
  const waiting: { answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const value = cached({ now: () => now }, maxAge, () => {
    loads += 1;
    return new Promise<string>((answer, fail) => waiting.push({ answer, fail }));
  });
  return {
    value,
    loads: () => loads,
    pass: (ms: number) => {
      now += ms;
    },
    answer: (text: string) => waiting.shift()?.answer(text),
    fail: (text: string) => waiting.shift()?.fail(new Error(text)),
  };
};

describe('a cached value', () => {
  it('is loaded once for everybody who asks at the same time', async () => {
    const { value, loads, answer } = setUp(10);
    const asked = [value.get(), value.get()];
    answer('one');
    expect(await Promise.all(asked)).toEqual(['one', 'one']);
    expect(loads()).toBe(1);
  });

  it('is loaded again when it has reached its age, counted from when it was asked for', async () => {
    const { value, loads, answer, pass } = setUp(10);
    const first = value.get();
    pass(4);
    answer('one');
    await first;
    pass(5);
    expect(value.peek()).toBe('one');
    expect(await value.get()).toBe('one');
    pass(1);
    expect(value.peek()).toBeUndefined();
    const second = value.get();
    answer('two');
    expect(await second).toBe('two');
    expect(loads()).toBe(2);
  });

  it('is loaded again when the clock was set back, because nobody knows how old it is', async () => {
    const { value, loads, answer, pass } = setUp(10);
    const first = value.get();
    answer('one');
    await first;
    pass(-1);
    expect(value.peek()).toBeUndefined();
    const second = value.get();
    answer('two');
    expect(await second).toBe('two');
    expect(loads()).toBe(2);
  });

  it('does not keep a failure', async () => {
    const { value, answer, fail } = setUp(10);
    const first = value.get();
    fail('no');
    await expect(first).rejects.toThrow('no');
    const second = value.get();
    answer('yes');
    expect(await second).toBe('yes');
  });
});

describe('a derived value', () => {
  it('is made once of each answer', async () => {
    let rows = [1];
    let made = 0;
    const doubled = derived(
      async () => rows,
      (from) => {
        made += 1;
        return from.map((row) => row * 2);
      },
    );
    expect([await doubled(), await doubled(), made]).toEqual([[2], [2], 1]);
    rows = [2];
    expect([await doubled(), made]).toEqual([[4], 2]);
  });
});
