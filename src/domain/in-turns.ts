/** Under way at a time: what is more would only stand in the client's line, before the reads of other people. */
const width = 8;

/**
 * Works on all items, some at a time, and gives the results in the items' order.
 * @throws what the work throws first; nothing is begun after that
 */
export const inTurns = async <T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = [];
  const left = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
};
