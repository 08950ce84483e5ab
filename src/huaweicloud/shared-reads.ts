import { nextTurn } from '../domain/next-turn.ts';

/** One call for several callers. @param begun to be called when it leaves the line */
export type Sending<T> = (begun: () => void) => Promise<T>;

/** So many go on in one turn of the event loop with what the call told: some milliseconds. */
const toldAtOnce = 10;

interface Shared<T> {
  readonly sending: Promise<T>;
  joined: number;
  /** When the one who joins next may go on. */
  turn: Promise<unknown>;
}

/**
 * Reads that ask the same and still wait for their turn become one: it begins after all of them asked, so it tells each
 * what a call of its own would tell. With hundreds of revocations in few accounts most proofs are such.
 */
export const createSharedReads = <T>() => {
  const waiting = new Map<string, Shared<T>>();

  const begin = (key: string, send: Sending<T>): Shared<T> => {
    const leave = () => {
      if (waiting.get(key) === shared) waiting.delete(key);
    };
    const sending = send(leave).finally(leave);
    const shared: Shared<T> = { sending, joined: 0, turn: sending.catch(() => undefined) };
    waiting.set(key, shared);
    return shared;
  };

  return {
    /** @param key the same for those that ask the same, with credentials for the same account */
    async join(key: string, send: Sending<T>): Promise<T> {
      const shared = waiting.get(key) ?? begin(key, send);
      shared.joined += 1;
      if (shared.joined % toldAtOnce === 0) shared.turn = shared.turn.then(nextTurn);
      await shared.turn;
      return shared.sending;
    },
  };
};
