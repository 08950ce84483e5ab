import type { Clock } from '../domain/ports.ts';

/** A value that is asked for at most once at a time and kept for a while. */
export interface Cached<T> {
  /** The value, not older than the maximal age. Rejects as the load did; a failure is not kept. */
  readonly get: () => Promise<T>;
  /** The value if it is there and young enough; asks nobody. */
  readonly peek: () => T | undefined;
}

/** @param maxAge ms, counted from the moment the value was asked for */
export const cached = <T>(clock: Pick<Clock, 'now'>, maxAge: number, ask: () => Promise<T>): Cached<T> => {
  let kept: { readonly at: number; readonly value: T } | undefined;
  let loading: Promise<T> | undefined;

  const young = () => {
    const age = clock.now() - (kept?.at ?? Number.NEGATIVE_INFINITY);
    // What is from a time to come is from before the clock was set back, and nobody knows how old it is.
    return age >= 0 && age < maxAge ? kept : undefined;
  };

  const load = async (): Promise<T> => {
    const at = clock.now();
    const value = await ask();
    kept = { at, value };
    return value;
  };

  return {
    async get() {
      const known = young();
      if (known !== undefined) return known.value;
      loading ??= load().finally(() => {
        loading = undefined;
      });
      return loading;
    },
    peek: () => young()?.value,
  };
};

/** What is made of another answer, made anew only when that answer is a new one: it is never older. */
export const derived = <From extends object, To>(get: () => Promise<From>, make: (from: From) => To) => {
  let last: { readonly from: From; readonly to: To } | undefined;
  return async (): Promise<To> => {
    const from = await get();
    if (last?.from !== from) last = { from, to: make(from) };
    return last.to;
  };
};
