import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many are worked on in one go: a few milliseconds for what is done here with each. */
export const sliceSize = 1_000;

/**
 * Works on one item after another, and lets everything else that is waiting have its turn after each
 * {@link sliceSize} of them.
 * @param work answers false when it needs no more
 */
export const inSlices = async <T>(
  items: Iterable<T>,
  work: (item: T) => boolean,
  pause: () => Promise<unknown> = () => nextTurn(),
): Promise<void> => {
  let done = 0;
  for (const item of items) {
    if (!work(item)) return;
    done += 1;
    if (done % sliceSize === 0) await pause();
  }
};
