import { createRows, type Table } from './rows.ts';

/**
 * Where each fact stands, by its sequence number, and which fact of the same stream came before it. A row is the length
 * of its line in bytes, newline included, and that fact, or 0.
 */
export interface Places extends Table {
  /** Takes in the next fact. */
  add(length: number, before: number): void;
  /** First byte of the line of this fact, and its length without the newline. */
  lineOf(seq: number): { readonly offset: number; readonly length: number };
  /** Sequence numbers of a stream's facts in order; `last` is that of its last one, or 0. */
  streamOf(last: number): readonly number[];
}

/** Each so many facts the offset itself is kept; between them, lengths are added up. */
const linesPerMark = 256;

const [length, before] = [0, 1];

export const createPlaces = (): Places => {
  const rows = createRows(2);
  /** Offsets of the first, the 257th line and so on. */
  const marks: number[] = [];
  let end = 0;

  /** Takes notice of the rows that were added behind these. */
  const mark = (known: number): void => {
    for (let row = known; row < rows.count(); row += 1) {
      if (row % linesPerMark === 0) marks.push(end);
      end += rows.cell(row, length);
    }
  };

  const lineOf: Places['lineOf'] = (seq) => {
    const row = seq - 1;
    const marked = Math.floor(row / linesPerMark);
    let offset = marks[marked] ?? end;
    for (let each = marked * linesPerMark; each < row; each += 1) offset += rows.cell(each, length);
    return { offset, length: rows.cell(row, length) - 1 };
  };

  const added = (work: () => void): void => {
    const known = rows.count();
    work();
    mark(known);
  };

  return {
    count: rows.count,
    encode: rows.encode,
    decode: (text) => added(() => rows.decode(text)),
    add: (...row) => added(() => rows.add(...row)),
    lineOf,
    streamOf: (last) => {
      const seqs: number[] = [];
      for (let seq = last; seq > 0; seq = rows.cell(seq - 1, before)) seqs.push(seq);
      return seqs.reverse();
    },
  };
};
