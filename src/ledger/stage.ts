import { Fact } from '../domain/facts.ts';
import { type Appended, LedgerFault } from '../domain/ports.ts';
import { type Summary, summarise } from '../domain/summary.ts';
import { type Book, type Head, streamOf } from './book.ts';
import type { KeyRing } from './key-ring.ts';
import { encodeLine } from './line.ts';
import { requestId } from './requests.ts';
import type { PlacedRecord } from './verify-journal.ts';

/** What one caller of `append` wants. */
export interface Ask {
  readonly stream: string;
  readonly expectedVersion: number | null;
  readonly facts: readonly Fact[];
  readonly once: string | undefined;
}

/** Appends that are decided but not on disk yet; the book knows nothing of them until they are. */
export interface Stage {
  /**
   * Decides the next append, as if all before it in this stage were on disk.
   * @throws {LedgerFault} when the facts are none that can follow in that stream; the stage is as before then
   */
  decide(ask: Ask): Appended;
  readonly appends: readonly (readonly PlacedRecord[])[];
  readonly lines: readonly string[];
}

interface StagedStream {
  readonly version: number;
  readonly summary: Summary | undefined;
}

export const createStage = (book: Book, keys: KeyRing, now: number): Stage => {
  const streams = new Map<string, StagedStream>();
  const once = new Map<string, { readonly id: string; readonly seq: number }>();
  const appends: (readonly PlacedRecord[])[] = [];
  const lines: string[] = [];
  let head: Head = book.head;
  let requests = book.requests.count();

  const stagedStream = (id: string): StagedStream =>
    streams.get(id) ?? {
      version: streamOf(book, id)?.version ?? 0,
      summary: book.requests.get(id)?.summary,
    };

  const appendOnce = (key: string): { readonly id: string; readonly seq: number } | undefined => {
    const known = book.once.get(key);
    if (known === undefined) return once.get(key);
    return { id: known.request === 0 ? 'bot' : requestId(known.request), seq: known.seq };
  };

  const write = (id: string, before: StagedStream, ask: Ask): Appended => {
    const at = Math.max(now, head.at);
    const placed: PlacedRecord[] = [];
    const texts: string[] = [];
    let { summary } = before;
    let last = head;
    for (const [i, fact] of ask.facts.entries()) {
      const more = ask.facts.length - 1 - i;
      const { line, record } = encodeLine(
        {
          v: 1,
          seq: last.seq + 1,
          at,
          id,
          version: before.version + 1 + i,
          ...(i === 0 && ask.once !== undefined && { once: ask.once }),
          ...(more > 0 && { more }),
          fact: Fact.parse(fact),
          prev: last.hash,
        },
        keys,
      );
      if (id !== 'bot') summary = summarise(summary, record);
      const end = last.offset + Buffer.byteLength(line) + 1;
      placed.push({ record, offset: last.offset, end });
      texts.push(`${line}\n`);
      last = { seq: record.seq, hash: record.hash, at, offset: end, lastLine: last.offset };
    }
    head = last;
    const version = before.version + ask.facts.length;
    streams.set(id, { version, summary });
    if (ask.once !== undefined) once.set(ask.once, { id, seq: last.seq });
    appends.push(placed);
    lines.push(...texts);
    return { result: 'appended', id, seq: last.seq, version };
  };

  const decide = (ask: Ask): Appended => {
    const first = ask.once === undefined ? undefined : appendOnce(ask.once);
    if (first !== undefined) return { result: 'already', ...first };
    const isNew = ask.stream === 'new';
    const id = isNew ? requestId(requests + 1) : ask.stream;
    const before = stagedStream(id);
    if (ask.expectedVersion !== null && ask.expectedVersion !== before.version) {
      return { result: 'conflict', id, version: before.version };
    }
    if (ask.facts.length === 0) throw new LedgerFault('an append needs at least one fact');
    if (!isNew && id !== 'bot' && before.version === 0) throw new LedgerFault(`there is no request ${id}`);
    let appended: Appended;
    try {
      appended = write(id, before, ask);
    } catch (cause) {
      throw new LedgerFault(`these facts cannot be appended to ${id}`, { cause });
    }
    if (isNew) requests += 1;
    return appended;
  };

  return { decide, appends, lines };
};
