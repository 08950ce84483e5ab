import type { Ledger } from '../domain/ports.ts';

const lines = new WeakMap<Ledger, Map<string, Promise<unknown>>>();

/**
 * Runs work of one name one after the other, for what is decided from more than the one request that an append's
 * version guards. In one process: several would take a lease here.
 */
export const inTurn = async <T>(ledger: Ledger, name: string, work: () => Promise<T>): Promise<T> => {
  const line = lines.get(ledger) ?? new Map<string, Promise<unknown>>();
  lines.set(ledger, line);
  const mine = (line.get(name) ?? Promise.resolve()).then(work);
  const settled = mine.catch(() => undefined);
  line.set(name, settled);
  try {
    return await mine;
  } finally {
    if (line.get(name) === settled) line.delete(name);
  }
};
