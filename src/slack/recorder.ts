import type { Fact } from '../domain/facts.ts';
import type { Ledger } from '../domain/ports.ts';

/**
 * Puts on record what was posted of a request. What the ledger does not take is kept in memory, so that the next try
 * records it and does not post it again: then only a crash in between repeats a post.
 */
export const createRecorder = <F extends Fact>(ledger: Pick<Ledger, 'append'>) => {
  const unrecorded = new Map<string, F>();

  const record = async (id: string, fact: F): Promise<void> => {
    unrecorded.set(id, fact);
    await ledger.append(id, null, [fact]);
    unrecorded.delete(id);
  };

  return {
    /** @throws {LedgerFault} when it cannot be written; `settle` does it then, and comes before the next post */
    record,
    /** @returns what was left to record of the request and is on record now */
    async settle(id: string): Promise<F | undefined> {
      const fact = unrecorded.get(id);
      if (fact !== undefined) await record(id, fact);
      return fact;
    },
  };
};
