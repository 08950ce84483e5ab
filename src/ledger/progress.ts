import type { Clock, Log } from '../domain/ports.ts';
import type { Position } from './verify-journal.ts';

/** Between two lines in the log, in ms. */
const interval = 3_000;

/** Is told after each append where the reading is. */
export type Progress = (at: Pick<Position, 'seq' | 'offset'>) => void;

/**
 * Says in the log how far a long reading of the journal has come.
 * @param size length of the journal in bytes
 */
export const createProgress = (clock: Pick<Clock, 'now'>, log: Log, size: number): Progress => {
  let last = clock.now();
  return ({ seq, offset }) => {
    if (clock.now() - last < interval) return;
    last = clock.now();
    log.info('the journal is being read', { facts: seq, percent: Math.floor((100 * offset) / size) });
  };
};
