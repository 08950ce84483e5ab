/** The smallest of any number of times, or infinity: taken as arguments, more than a hundred thousand would end the call. */
export const earliest = (times: Iterable<number>): number => {
  let found = Number.POSITIVE_INFINITY;
  for (const time of times) found = Math.min(found, time);
  return found;
};
