const cellSize = Uint32Array.BYTES_PER_ELEMENT;
const firstRoom = 1_024;

/**
 * Rows of so many numbers from 0 to 2^32 - 1, of which there are only ever more. They lie outside the heap, where a
 * million of them are nothing to the garbage collector.
 */
export interface Rows {
  readonly count: () => number;
  cell(row: number, column: number): number;
  add(...cells: readonly number[]): void;
  /** The rows from `from` up to `until`, in base64. */
  encode(from: number, until: number): string;
  /** Adds what `encode` gave. */
  decode(text: string): void;
}

export const createRows = (width: number): Rows => {
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
      cells.set(row, count * width);
      count += 1;
    },
    encode: (from, until) => {
      const bytes = Buffer.alloc((until - from) * width * cellSize);
      for (let cell = 0; cell < (until - from) * width; cell += 1) {
        bytes.writeUInt32LE(cells[from * width + cell] ?? 0, cell * cellSize);
      }
      return bytes.toString('base64');
    },
    decode: (text) => {
      const bytes = Buffer.from(text, 'base64');
      const rows = Math.floor(bytes.length / (width * cellSize));
      makeRoom(rows);
      for (let cell = 0; cell < rows * width; cell += 1) {
        cells[count * width + cell] = bytes.readUInt32LE(cell * cellSize);
      }
      count += rows;
    },
  };
};
