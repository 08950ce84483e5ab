import type { LedgerRecord } from '../domain/facts.ts';
import { type InForce, inForceAfter, nothingInForce } from '../domain/in-force.ts';
import { isFinal } from '../domain/state.ts';
import { type Summary, summarise } from '../domain/summary.ts';
import { genesis } from './line.ts';
import { createOnceTable, type OnceTable } from './once-table.ts';
import { createPlaces, type Places } from './places.ts';
import { createRequests, type Requests, requestId, requestNumber, type Stream } from './requests.ts';
import { createRows, type Rows } from './rows.ts';
import type { PlacedRecord, Position } from './verify-journal.ts';

/** The end of the journal as far as it is on disk. */
export interface Head extends Position {
  /** Time of the last fact; no later fact gets an earlier one. */
  readonly at: number;
  /** First byte of the last line. */
  readonly lastLine: number;
}

/** The tables of a book, which the index holds row by row. */
export const tables = ['places', 'once', 'succeeded'] as const;
type Counts = Readonly<Record<(typeof tables)[number], number>>;

/** What is known of the journal without reading it. All of it can be made anew from the journal. */
export interface Book {
  head: Head;
  /** The stream `bot`. */
  bot: Stream;
  readonly requests: Requests;
  readonly places: Places;
  readonly once: OnceTable;
  /** Requests to which something can still happen, oldest first. */
  readonly live: Set<string>;
  /** Numbers of the requests that succeeded, in the order of their proofs. */
  readonly succeeded: Rows;
  /** Requests that changed since they were last written to the index. */
  readonly unindexed: Set<string>;
  /** Rows of the tables that are in the index. */
  indexed: Counts;
  readonly cursors: Map<string, number>;
  /** A `started` was not followed by a `stopped`. */
  running: boolean;
  /** What the facts of the stream `bot` say that holds now. */
  inForce: InForce;
}

/** @param requests how many will be taken in as they were stored, before a new one is */
export const emptyBook = (requests = 0): Book => ({
  head: { seq: 0, hash: genesis, offset: 0, at: 0, lastLine: 0 },
  bot: { version: 0, last: 0 },
  requests: createRequests(requests),
  places: createPlaces(),
  once: createOnceTable(),
  live: new Set(),
  succeeded: createRows(1),
  unindexed: new Set(),
  indexed: { places: 0, once: 0, succeeded: 0 },
  cursors: new Map(),
  running: false,
  inForce: nothingInForce,
});

export const streamOf = (book: Book, id: string): Stream | undefined =>
  id === 'bot' ? book.bot : book.requests.get(id);

export const rowsIn = ({ places, once, succeeded }: Book): Counts => ({
  places: places.count(),
  once: once.count(),
  succeeded: succeeded.count(),
});

/** The requests that succeeded at this time or later, in the order of their proofs. */
export const succeededSince = (book: Book, since: number): readonly Summary[] => {
  const found: Summary[] = [];
  for (let row = book.succeeded.count() - 1; row >= 0; row -= 1) {
    const summary = book.requests.get(requestId(book.succeeded.cell(row, 0)))?.summary;
    if (summary?.proven === undefined || summary.proven.at < since) break;
    found.push(summary);
  }
  return found.reverse();
};

/** @returns the stream's fact before this one, or 0 */
const enterBotFact = (book: Book, { fact, at, seq }: LedgerRecord): number => {
  const { version, last } = book.bot;
  book.bot = { version: version + 1, last: seq };
  book.inForce = inForceAfter(book.inForce, fact, at);
  if (fact.fact === 'cursor') book.cursors.set(fact.name, fact.at);
  if (fact.fact === 'started') book.running = true;
  if (fact.fact === 'stopped') book.running = false;
  return last;
};

/** @returns the stream's fact before this one, or 0 */
const enterRequestFact = (book: Book, record: LedgerRecord): number => {
  const { id, seq } = record;
  const known = book.requests.get(id);
  const summary = summarise(known?.summary, record);
  if (summary.proven !== undefined && known?.summary.proven === undefined) {
    book.succeeded.add(requestNumber(id));
  }
  book.requests.set({ summary, version: (known?.version ?? 0) + 1, last: seq });
  if (isFinal(summary.progress.state)) book.live.delete(id);
  else book.live.add(id);
  book.unindexed.add(id);
  return known?.last ?? 0;
};

/** Takes in one whole append that is on disk. */
export const enterAppend = (book: Book, append: readonly PlacedRecord[]): void => {
  for (const { record, offset, end } of append) {
    const { id, seq, hash, at, once, more = 0 } = record;
    const before = id === 'bot' ? enterBotFact(book, record) : enterRequestFact(book, record);
    book.places.add(end - offset, before);
    if (once !== undefined) {
      book.once.add(once, { request: id === 'bot' ? 0 : requestNumber(id), seq: seq + more });
    }
    book.head = { seq, hash, at, offset: end, lastLine: offset };
  }
};
