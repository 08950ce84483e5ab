import { nextRecheck, recheckFact, recheckHorizon } from '../domain/recheck.ts';
import { stateOf } from '../domain/request.ts';
import { amend } from './amend.ts';
import type { Needs } from './needs.ts';
import { reread } from './reading.ts';

/** Readings at the same time: people and executions come first. */
const mostAtOnce = 4;
/** The ledger is looked at this often (ms), or more often where a new success may be due earlier. */
const idle = 60_000;
/** ms until a reading that went wrong is tried again; it doubles each time. */
const firstPause = 60_000;
const longestPause = 60 * 60_000;

type RecheckNeeds = Pick<Needs, 'ledger' | 'cloud' | 'clock' | 'log' | 'kinds'>;

/**
 * Reads the cloud once more for a request that succeeded, and records what it shows. Makes no changing call.
 * @throws {CloudFault} when the cloud could not be asked; nothing was recorded then
 */
const recheck = async (needs: RecheckNeeds, id: string, due: number, signal: AbortSignal): Promise<void> => {
  let remaining: readonly string[] | undefined;
  await amend(needs.ledger, id, async (request) => {
    const made = request.rechecked !== undefined && request.rechecked.at >= due;
    if (made || stateOf(request) !== 'succeeded') return { result: 'facts', facts: [] };
    remaining ??= (await reread(needs, request, null)).flatMap(({ look }) => look.remaining);
    if (signal.aborted) return { result: 'facts', facts: [] };
    return { result: 'facts', facts: [recheckFact(request, remaining, needs.clock.now())] };
  });
};

/**
 * Reads the cloud again some time after each success. Level-triggered: what is due follows from the ledger's
 * summaries, so a stop or an outage only delays it.
 * @param times ms after the success, ascending; none: it never reads
 */
export const createRechecker = (needs: RecheckNeeds, times: readonly number[]) => {
  const stop = new AbortController();
  const running = new Set<string>();
  /** What could not be read: how often, and when it is tried again. */
  const paused = new Map<string, { readonly failures: number; readonly until: number }>();
  let wake = new AbortController();
  let loop: Promise<void> | undefined;

  const pause = (id: string, error: unknown): void => {
    if (stop.signal.aborted) return;
    const failures = (paused.get(id)?.failures ?? 0) + 1;
    const ms = Math.min(firstPause * 2 ** (failures - 1), longestPause);
    paused.set(id, { failures, until: needs.clock.now() + ms });
    needs.log.warn('A re-check could not be made and will be tried again', { id, inMs: ms, error });
  };

  const launch = (id: string, due: number): void => {
    running.add(id);
    void recheck(needs, id, due, stop.signal)
      .then(
        () => void paused.delete(id),
        (error: unknown) => pause(id, error),
      )
      .finally(() => {
        running.delete(id);
        wake.abort();
      });
  };

  /** Begins what is due. @returns when (ms since the epoch) the next one is */
  const look = (): number => {
    const now = needs.clock.now();
    let next = Number.POSITIVE_INFINITY;
    if (needs.ledger.trouble() !== undefined) return next;
    for (const { id, proven } of needs.ledger.succeededSince(now - recheckHorizon(times))) {
      const due = proven && nextRecheck(proven, times);
      if (due === undefined || running.has(id)) continue;
      const at = Math.max(due, paused.get(id)?.until ?? 0);
      if (at > now) next = Math.min(next, at);
      else if (running.size < mostAtOnce) launch(id, due);
    }
    return next;
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      // What succeeds meanwhile is not due before the first time, so nobody has to wake this up for it.
      const rest = Math.min(idle, ...times, look() - needs.clock.now());
      await needs.clock.sleep(rest, wake.signal);
    }
  };

  return {
    start(): void {
      if (times.length > 0) loop = run();
    },
    /** Readings that are under way are not waited for: they are made again after the next start. */
    async stop(): Promise<void> {
      stop.abort();
      wake.abort();
      await loop;
    },
  };
};
