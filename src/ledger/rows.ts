const cellSize = Uint32Array.BYTES_PER_ELEMENT;
const firstRoom = 1_024;

/** Rows of which there are only ever more. */
export interface Table {
  readonly count: () => number;
  /** The rows from `from` up to `until`, in base64 and in the byte order of this machine. */
  readonly encode: (from: number, until: number) => string;
  /** Adds what `encode` gave. */
  readonly decode: (text: string) => void;
}

/**
 * Rows of so many numbers from 0 to 2^32 - 1. They lie outside the heap, where a million of them are nothing to the
 * garbage collector, and are stored as they lie there.
 */
export interface Rows extends Table {
  cell(row: number, column: number): number;
  add(...cells: readonly number[]): void;
}

export const createRows = (width: number): Rows => {
  const rowSize = width * cellSize;
  let cells = new Uint32Array(firstRoom * width);
  let count = 0;

  const makeRoom = (rows: number): void => {
    if ((count + rows) * width <= cells.length) return;
    const larger = new Uint32Array(Math.max((count + rows) * width, 2 * cells.length));
    larger.set(cells.subarray(0, count * width));
    cells = larger;
  };

  return {
    count: () => count,
    cell: (row, column) => cells[row * width + column] ?? 0,
    add: (...row) => {
      makeRoom(1);
      // Much faster than `set`, which takes its array for any iterable.
      for (let column = 0; column < width; column += 1) cells[count * width + column] = row[column] ?? 0;
      count += 1;
    },
    encode: (from, until) =>
      Buffer.from(cells.buffer, from * rowSize, (until - from) * rowSize).toString('base64'),
    decode: (text) => {
      const rows = Math.floor(Buffer.byteLength(text, 'base64') / rowSize);
      makeRoom(rows);
      Buffer.from(cells.buffer).write(text, count * rowSize, rows * rowSize, 'base64');
      count += rows;
    },
  };
};
