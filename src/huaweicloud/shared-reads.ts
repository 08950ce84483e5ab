/** One call for several callers. @param begun to be called when it leaves the line */
export type Sending<T> = (begun: () => void) => Promise<T>;

/**
 * Reads that ask the same and still wait for their turn become one: it begins after all of them asked, so it tells each
 * what a call of its own would tell. With hundreds of revocations in few accounts most proofs are such.
 */
export const createSharedReads = <T>() => {
  const waiting = new Map<string, Promise<T>>();
  return {
    /** @param key the same for those that ask the same, with credentials for the same account */
    join(key: string, send: Sending<T>): Promise<T> {
      const known = waiting.get(key);
      if (known !== undefined) return known;
      const leave = () => {
        if (waiting.get(key) === sending) waiting.delete(key);
      };
      const sending: Promise<T> = send(leave).finally(leave);
      waiting.set(key, sending);
      return sending;
    },
  };
};
