import { setImmediate as nextTurn } from 'node:timers/promises';
import { startHeartbeat } from './heartbeat.ts';

/** One line of a benchmark's table. */
export interface Row {
  readonly name: string;
  /** Milliseconds, one for each time it was measured. */
  readonly times: readonly number[];
  /** The longest that nothing else could run in this process meanwhile, in milliseconds, where that matters. */
  readonly block?: number;
  /** Megabytes that are kept in memory, where that matters. */
  readonly megabytes?: number;
  /** What was wanted, and how far it was reached, in words. */
  readonly target?: string;
}

export type Benchmark = () => Promise<readonly Row[]>;

/** Runs the work several times; takes the time of each, and watches how long it lets nothing else run. */
export const measured = async (
  name: string,
  times: number,
  work: (turn: number) => unknown,
): Promise<Row> => {
  const taken: number[] = [];
  const heartbeat = startHeartbeat();
  for (let turn = 0; turn < times; turn += 1) {
    await nextTurn();
    const began = performance.now();
    await work(turn);
    taken.push(performance.now() - began);
  }
  return { name, times: taken, block: heartbeat.stop() };
};

/** @param part from 0 to 1: 0.5 for the median */
export const percentile = (times: readonly number[], part: number): number => {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
};

const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

const columns = ['name', 'n', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'block ms', 'MB', 'target'] as const;

/** Where nothing was timed there is nothing to say of it. */
const cells = ({ name, times, block, megabytes, target = '' }: Row): readonly string[] => {
  const at = (part: number) => (times.length === 0 ? '' : milliseconds(percentile(times, part)));
  const held = block === undefined ? '' : milliseconds(block);
  const kept = megabytes === undefined ? '' : megabytes.toFixed(1);
  return [
    name,
    times.length === 0 ? '' : String(times.length),
    at(0.5),
    at(0.95),
    at(0.99),
    at(1),
    held,
    kept,
    target,
  ];
};

/** The table as text: words to the left, numbers to the right. */
export const table = (rows: readonly Row[]): string => {
  const lines = [columns, ...rows.map(cells)];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || column === columns.length - 1 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
