import type { FactOf } from './facts.ts';
import { grantsNamed, type Request } from './request.ts';
import type { Proven } from './summary.ts';

/** A re-check that could not be made within this time (ms) after the last one was due is given up. */
const lateness = 7 * 24 * 60 * 60_000;

/**
 * How far back (ms) there may be successes with a re-check to come, so that years of finished requests are neither
 * looked through nor read again when re-checks begin to be made.
 * @param times ms after the success, as configured; not empty
 */
export const recheckHorizon = (times: readonly number[]): number => Math.max(...times) + lateness;

/**
 * When (ms since the epoch) the cloud is read once more; undefined when it is not. One reading stands for every
 * re-check that was missed before it. Once it came back people know, and the retry has re-checks of its own.
 * @param times ms after the success, ascending
 */
export const nextRecheck = ({ at, read, back }: Proven, times: readonly number[]): number | undefined => {
  if (back) return undefined;
  const ms = times.find((time) => at + time > read);
  return ms === undefined ? undefined : at + ms;
};

/**
 * What a reading after the success tells.
 * @param remaining keys of the approved grants that are listed
 * @param now ms since the epoch
 */
export const recheckFact = (
  request: Request,
  remaining: readonly string[],
  now: number,
): FactOf<'stayed_gone' | 'came_back'> => {
  if (remaining.length === 0) return { fact: 'stayed_gone', after: now - (request.end?.at ?? now) };
  return { fact: 'came_back', grants: grantsNamed(request, remaining) };
};
