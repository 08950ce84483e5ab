/** Lets everything that is waiting have its turn. */
export type Pause = () => Promise<void>;

/** So many are worked on in one go: some milliseconds for what is done here with each. */
export const sliceSize = 500;

/** The items in slices of {@link sliceSize}, with a pause between two of them. */
export async function* inSlices<T>(items: Iterable<T>, pause: Pause): AsyncGenerator<readonly T[]> {
  let slice: T[] = [];
  for (const item of items) {
    if (slice.length === sliceSize) {
      yield slice;
      slice = [];
      await pause();
    }
    slice.push(item);
  }
  if (slice.length > 0) yield slice;
}

/** What stands in several lists that are in order each, in order and one by one. */
export function* merged<T>(
  lists: readonly (readonly T[])[],
  compare: (one: T, other: T) => number,
): Generator<T> {
  if (lists.length < 2) {
    yield* lists[0] ?? [];
    return;
  }
  const half = lists.length >> 1;
  const [one, other] = [merged(lists.slice(0, half), compare), merged(lists.slice(half), compare)];
  let [left, right] = [one.next(), other.next()];
  while (left.done !== true || right.done !== true) {
    if (right.done === true || (left.done !== true && compare(left.value, right.value) <= 0)) {
      if (left.done !== true) yield left.value;
      left = one.next();
    } else {
      yield right.value;
      right = other.next();
    }
  }
}
