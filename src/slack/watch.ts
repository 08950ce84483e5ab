import type { Clock, Ledger } from '../domain/ports.ts';

export interface WatchOptions {
  readonly ledger: Pick<Ledger, 'subscribe'>;
  readonly clock: Clock;
  /** Changes are gathered for so long (ms) before it is looked at them. */
  readonly gathering: number;
  /** Even without a change, it is looked this often (ms). */
  readonly idle: number;
  /** Compares what is shown with what is, and closes the difference. Must not throw. */
  readonly level: (signal: AbortSignal) => Promise<void>;
}

/** Keeps what somebody looks at level with the ledger. Unlike a follower it owes nothing to whoever looks away. */
export const createWatch = ({ ledger, clock, gathering, idle, level }: WatchOptions) => {
  const stop = new AbortController();
  let wake = new AbortController();
  let loop: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      await level(stop.signal);
      await clock.sleep(idle, AbortSignal.any([stop.signal, wake.signal]));
      await clock.sleep(gathering, stop.signal);
    }
  };

  return {
    start(): void {
      const unsubscribe = ledger.subscribe(() => wake.abort());
      loop = run().finally(unsubscribe);
    },
    /** Something new is shown: it may be behind already. */
    nudge: (): void => wake.abort(),
    async stop(): Promise<void> {
      stop.abort();
      await loop;
    },
  };
};
