import { type Clock, CloudFault, type Log } from '../domain/ports.ts';
import type { Candidate } from './candidate.ts';
import { createReading, type ReadPage } from './pages.ts';
import { createSearchIndex, emptyIndex, type SearchIndex } from './search-index.ts';

/** What is known of a listing at this moment. */
export interface Known {
  readonly index: SearchIndex;
  /** When the reading began that the index comes from, ms since the epoch; undefined: it is not read to its end yet. */
  readonly at: number | undefined;
  /** True when it should have been read anew by now, with time to spare. */
  readonly stale: boolean;
  /** True when the last try to read it failed. */
  readonly failing: boolean;
}

/**
 * A listing that is kept in memory. Asking for it begins what is due and runs in the background; there is no timer.
 * While it is read anew the old one answers; while it is read for the first time, what has come so far.
 */
export interface Listing {
  /** Plural words: "users". */
  readonly what: string;
  /** Never waits and never fails. */
  readonly known: () => Known;
  /** Resolves when what is known is whole and not stale, or will not become so just now. Never rejects. */
  readonly settled: () => Promise<void>;
  /** The whole listing, an old one where it cannot be read now. @throws {CloudFault} when there is none */
  readonly whole: () => Promise<SearchIndex>;
}

export interface ListingParts {
  readonly what: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Age in ms at which it is read anew; at twice this age it is stale. */
  readonly maxAge: number;
  readonly read: ReadPage<Candidate>;
}

/** After a failure, ms; each read has been repeated by the client before it failed. */
const restAfterFailure = 5_000;
/** What has come so far is made searchable again when it has grown by this part. */
const growth = 2;

/** Candidates as they come, each id once: one that moved to a later page while they were read comes twice. */
const createHeap = () => {
  const rows = new Map<string, Candidate>();
  let index = emptyIndex;
  return {
    async add(candidates: readonly Candidate[]) {
      for (const row of candidates) rows.set(row.choice.id, row);
      if (rows.size > index.size * growth) index = await createSearchIndex(rows.values());
    },
    all: (): Promise<SearchIndex> => createSearchIndex(rows.values()),
    soFar: (): SearchIndex => index,
  };
};

export const createListing = ({ what, clock, log, maxAge, read }: ListingParts): Listing => {
  const begin = () => ({ at: clock.now(), reading: createReading(read), heap: createHeap() });
  let kept: { readonly at: number; readonly index: SearchIndex } | undefined;
  let begun: ReturnType<typeof begin> | undefined;
  let running: Promise<void> | undefined;
  let failure: { readonly at: number; readonly error: unknown } | undefined;

  /** What is from a time to come is from before the clock was set back, and counts as old. */
  const age = (at: number): number => {
    const past = clock.now() - at;
    return past < 0 ? Number.POSITIVE_INFINITY : past;
  };
  const isDue = () => kept === undefined || age(kept.at) >= maxAge;
  const isStale = () => kept !== undefined && age(kept.at) >= 2 * maxAge;

  const run = async (): Promise<void> => {
    if (begun === undefined || age(begun.at) >= maxAge) begun = begin();
    const { at, reading, heap } = begun;
    try {
      await reading.toTheEnd((rows) => heap.add(rows));
      kept = { at, index: await heap.all() };
      begun = undefined;
      failure = undefined;
    } catch (error) {
      failure = { at: clock.now(), error };
      // Where trying again can help, reading goes on from the page that failed.
      if (!(error instanceof CloudFault && error.retryable)) begun = undefined;
      log.warn('a listing could not be read to its end', { what, error: String(error) });
    }
  };

  const refresh = (): Promise<void> => {
    const rests = failure !== undefined && age(failure.at) < restAfterFailure;
    if (running === undefined && isDue() && !rests) {
      running = run().finally(() => {
        running = undefined;
      });
    }
    return running ?? Promise.resolve();
  };

  const settled = async (): Promise<void> => {
    const reading = refresh();
    if (kept === undefined || isStale()) await reading;
  };

  return {
    what,
    known() {
      void refresh();
      return {
        index: kept?.index ?? begun?.heap.soFar() ?? emptyIndex,
        at: kept?.at,
        stale: isStale(),
        failing: failure !== undefined,
      };
    },
    settled,
    async whole() {
      await settled();
      if (kept !== undefined) return kept.index;
      throw failure?.error;
    },
  };
};
