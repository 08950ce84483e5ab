import type { LedgerRecord } from '../domain/facts.ts';
import type { Clock, Ledger, Log } from '../domain/ports.ts';
import { slackFault } from './slack-fault.ts';

/** Even without a wake-up, the ledger is looked at this often (ms). */
const idle = 30_000;
const longestWait = 60_000;

export interface FollowerOptions {
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** Records taken at a time. */
  readonly batch: number;
  /**
   * Makes Slack agree with these records and returns the last sequence number that is done. When it throws, the
   * same records come again later.
   */
  readonly follow: (records: readonly LedgerRecord[], signal: AbortSignal) => Promise<number>;
  /** Work that is due by time; returns how many ms to wait for the next. */
  readonly tick?: (signal: AbortSignal) => Promise<number>;
}

/**
 * Follows the ledger by a cursor. Level-triggered: after a crash, an outage or a restart it goes on where the
 * cursor stands, so that what was done just before may be done again, but nothing is left out.
 */
export const createFollower = (options: FollowerOptions) => {
  const { name, ledger, clock, log, batch, follow, tick } = options;
  const stop = new AbortController();
  let wake = new AbortController();
  let loop: Promise<void> | undefined;
  let failures = 0;

  const work = async (): Promise<number> => {
    for (;;) {
      const records = await ledger.read(ledger.cursor(name), batch);
      if (records.length === 0 || stop.signal.aborted) break;
      const done = await follow(records, stop.signal);
      await ledger.moveCursor(name, done);
      failures = 0;
    }
    const next = tick === undefined ? idle : await tick(stop.signal);
    failures = 0;
    return Math.min(idle, next);
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      let rest: number;
      let signal = AbortSignal.any([stop.signal, wake.signal]);
      try {
        rest = await work();
      } catch (error) {
        const fault = slackFault(error);
        failures += 1;
        rest = Math.max(fault.waitMs, Math.min(longestWait, 500 * 2 ** Math.min(failures, 10)));
        signal = stop.signal;
        log.warn('Slack could not be brought up to date and will be later', {
          follower: name,
          code: fault.code,
        });
      }
      await clock.sleep(rest, signal);
    }
  };

  return {
    start(): void {
      const unsubscribe = ledger.subscribe(() => wake.abort());
      loop = run().finally(unsubscribe);
    },
    /** Looks at the ledger now instead of at the next wake-up. */
    nudge: (): void => wake.abort(),
    /** Undefined while all goes well, else for how many tries it has not. */
    trouble: (): number | undefined => (failures === 0 ? undefined : failures),
    /** True when everything in the ledger has been followed. */
    isLevel: (): boolean => ledger.cursor(name) >= ledger.head().seq,
    async stop(): Promise<void> {
      stop.abort();
      await loop;
    },
  };
};
export type Follower = ReturnType<typeof createFollower>;
