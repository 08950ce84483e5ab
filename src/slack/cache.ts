import type { Clock } from '../domain/ports.ts';
import { slackFault } from './slack-fault.ts';

/** An answer of Slack's; with a `rest`, what stands in its place for so long (ms) after it could not be asked. */
interface Loaded<V> {
  readonly value: V;
  readonly rest?: number;
}

interface Entry<V> {
  readonly at: number;
  readonly value: V;
}

const leastRest = 1_000;

/** How long (ms) Slack is left alone with a question after it failed like this. */
export const restAfter = (error: unknown): number => Math.max(leastRest, slackFault(error).waitMs);

/**
 * Answers that are asked for at most once at a time and kept with their age. While Slack wants to be left alone it is
 * not asked again.
 */
export const createCache = <V>(clock: Clock, load: (key: string) => Promise<Loaded<V>>) => {
  const answers = new Map<string, Entry<V>>();
  const failures = new Map<string, Entry<V> & { readonly rest: number }>();
  const loading = new Map<string, Promise<V>>();

  /** What is from the future, after the clock was put back, may be any age. */
  const isYounger = (at: number, age: number): boolean => {
    const now = clock.now();
    return at <= now && now - at < age;
  };

  const fetch = (key: string): Promise<V> => {
    const under = loading.get(key);
    if (under) return under;
    const asked = clock.now();
    const promise = load(key)
      .then(({ value, rest }) => {
        if (rest === undefined) answers.set(key, { at: asked, value });
        else failures.set(key, { at: clock.now(), value, rest });
        return value;
      })
      .finally(() => loading.delete(key));
    loading.set(key, promise);
    return promise;
  };

  const known = (key: string, maxAge: number): V | undefined => {
    const answer = answers.get(key);
    return answer && isYounger(answer.at, maxAge) ? answer.value : undefined;
  };

  return {
    /** What Slack answered before, not older than `maxAge` ms, without asking it. */
    known,
    /** The answer, not older than `maxAge` ms. */
    async get(key: string, maxAge: number): Promise<V> {
      const answer = known(key, maxAge);
      if (answer !== undefined) return answer;
      const failure = failures.get(key);
      return failure && isYounger(failure.at, failure.rest) ? failure.value : fetch(key);
    },
  };
};
