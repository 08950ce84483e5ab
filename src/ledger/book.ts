import type { LedgerRecord } from '../domain/facts.ts';
import { type InForce, inForceAfter, nothingInForce } from '../domain/in-force.ts';
import { isFinal } from '../domain/state.ts';
import { type Summary, summarise } from '../domain/summary.ts';
import { type Compact, createCompact } from './compact.ts';
import { genesis } from './line.ts';
import type { PlacedRecord, Position } from './verify-journal.ts';

/** What is kept in memory of one stream: no facts, only where they stand. */
export interface StreamEntry {
  /** Absent for the stream `bot`. */
  summary?: Summary;
  /** Offsets of its lines; their number is the stream's version. */
  readonly lines: number[];
  /** Each `once` of it, in order. */
  readonly once: string[];
}

/** The end of the journal as far as it is on disk. */
export interface Head extends Position {
  /** Time of the last fact; no later fact gets an earlier one. */
  readonly at: number;
  /** First byte of the last line. */
  readonly lastLine: number;
}

/** What is known of the journal without reading it. All of it can be made anew from the journal. */
export interface Book {
  head: Head;
  readonly streams: Map<string, StreamEntry>;
  /** Each `once` with its stream and the sequence number that its append ended with. */
  readonly once: Map<string, { readonly id: string; readonly seq: number }>;
  /** Requests to which something can still happen, oldest first. */
  readonly live: Set<string>;
  /** Requests that succeeded, with the times of that, in the order of these. */
  readonly succeeded: { readonly id: string; readonly at: number }[];
  /** Requests that are done and changed since they were last written to the index. */
  readonly unindexed: Set<string>;
  readonly cursors: Map<string, number>;
  /** Offset of each 256th line, from the first on. */
  readonly marks: number[];
  /** Number of requests there are, which is also the last one's number. */
  requests: number;
  /** A `started` was not followed by a `stopped`. */
  running: boolean;
  /** Makes a summary as small as it can be kept. */
  readonly compact: Compact;
  /** What the facts of the stream `bot` say that holds now. */
  inForce: InForce;
}

export const linesPerMark = 256;

export const emptyBook = (): Book => ({
  head: { seq: 0, hash: genesis, offset: 0, at: 0, lastLine: 0 },
  streams: new Map(),
  once: new Map(),
  live: new Set(),
  succeeded: [],
  unindexed: new Set(),
  cursors: new Map(),
  marks: [],
  requests: 0,
  running: false,
  compact: createCompact(),
  inForce: nothingInForce,
});

export const requestId = (number: number): string => `R-${String(number).padStart(6, '0')}`;

/** A stream as it is stored. */
interface Stored {
  readonly id: string;
  readonly summary?: Summary | undefined;
  readonly lines: number[];
  readonly once: readonly (readonly [key: string, seq: number])[];
}

/**
 * Puts a stream into the book as it was stored. What was stored of the stream `bot`, which never ends, is each time
 * only what came after the time before.
 */
export const enterStream = (book: Book, { id, summary, lines, once }: Stored): void => {
  const keys = once.map(([key]) => key);
  for (const [key, seq] of once) book.once.set(key, { id, seq });
  const before = book.streams.get(id);
  if (id === 'bot' && before !== undefined) {
    for (const line of lines) before.lines.push(line);
    for (const key of keys) before.once.push(key);
    return;
  }
  book.streams.set(id, { ...(summary && { summary: book.compact(summary) }), lines, once: keys });
  if (summary === undefined || isFinal(summary.progress.state)) book.live.delete(id);
  else book.live.add(id);
};

const enterBotFact = (book: Book, { fact, at }: LedgerRecord): void => {
  book.inForce = inForceAfter(book.inForce, fact, at);
  if (fact.fact === 'cursor') book.cursors.set(fact.name, fact.at);
  if (fact.fact === 'started') book.running = true;
  if (fact.fact === 'stopped') book.running = false;
};

const enterRequestFact = (book: Book, entry: StreamEntry, record: LedgerRecord): void => {
  const before = entry.summary;
  if (before === undefined) book.requests += 1;
  entry.summary = summarise(before, record);
  const { proven } = entry.summary;
  if (proven !== undefined && before?.proven === undefined)
    book.succeeded.push({ id: record.id, at: proven.at });
  if (isFinal(entry.summary.progress.state)) {
    if (book.live.delete(record.id)) entry.summary = book.compact(entry.summary);
    book.unindexed.add(record.id);
  } else {
    book.live.add(record.id);
  }
};

/** Takes in one whole append that is on disk. */
export const enterAppend = (book: Book, append: readonly PlacedRecord[]): void => {
  for (const { record, offset, end } of append) {
    const entry = book.streams.get(record.id) ?? { lines: [], once: [] };
    book.streams.set(record.id, entry);
    entry.lines.push(offset);
    if (record.once !== undefined) {
      const seq = record.seq + (record.more ?? 0);
      entry.once.push(record.once);
      book.once.set(record.once, { id: record.id, seq });
    }
    if (record.id === 'bot') enterBotFact(book, record);
    else enterRequestFact(book, entry, record);
    if ((record.seq - 1) % linesPerMark === 0) book.marks.push(offset);
    book.head = { seq: record.seq, hash: record.hash, at: record.at, offset: end, lastLine: offset };
  }
};
