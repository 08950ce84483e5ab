import type { Fact } from '../domain/facts.ts';

/** Positions of the followers: in memory, in the checkpoint, and now and then in a fact. */
export interface Cursors {
  readonly positions: ReadonlyMap<string, number>;
  readonly move: (name: string, seq: number) => Promise<void>;
  /** Records those that moved since they were last recorded. */
  flush(): Promise<void>;
  /** Records all there are. */
  record(): Promise<void>;
}

/** Each so many moves of a cursor are recorded by a fact. */
const movesPerFact = 50;

/**
 * @param known positions by checkpoint and facts
 * @param record appends the facts; a failure is its own affair, for a cursor that falls back does no harm
 */
export const createCursors = (
  known: ReadonlyMap<string, number>,
  record: (facts: readonly Fact[]) => Promise<void>,
): Cursors => {
  const positions = new Map(known);
  const moves = new Map<string, number>();

  const flush = async (names: readonly string[]): Promise<void> => {
    const facts = names.map((name): Fact => ({ fact: 'cursor', name, at: positions.get(name) ?? 0 }));
    for (const name of names) moves.delete(name);
    if (facts.length > 0) await record(facts);
  };

  return {
    positions,
    move: async (name, seq) => {
      if (positions.get(name) === seq) return;
      positions.set(name, seq);
      const moved = (moves.get(name) ?? 0) + 1;
      moves.set(name, moved);
      if (moved >= movesPerFact) await flush([name]);
    },
    flush: () => flush([...moves.keys()]),
    record: () => flush([...positions.keys()]),
  };
};
