import type { Clock } from '../domain/ports.ts';

interface Entry<V> {
  readonly at: number;
  readonly value: V;
}

/**
 * Answers that are asked for at most once at a time and kept with their age.
 * @param keep tells which answers may be kept; a failure to ask is not
 */
export const createCache = <V>(
  clock: Clock,
  load: (key: string) => Promise<V>,
  keep: (value: V) => boolean,
) => {
  const entries = new Map<string, Entry<V>>();
  const loading = new Map<string, Promise<V>>();

  const fetch = (key: string): Promise<V> => {
    const under = loading.get(key);
    if (under) return under;
    const asked = clock.now();
    const promise = load(key)
      .then((value) => {
        if (keep(value)) entries.set(key, { at: asked, value });
        return value;
      })
      .finally(() => loading.delete(key));
    loading.set(key, promise);
    return promise;
  };

  return {
    /** The answer, not older than `maxAge` ms. One from the future, after the clock was put back, may be any age. */
    get(key: string, maxAge: number): Promise<V> {
      const entry = entries.get(key);
      const now = clock.now();
      if (entry && entry.at <= now && now - entry.at < maxAge) return Promise.resolve(entry.value);
      return fetch(key);
    },
  };
};
