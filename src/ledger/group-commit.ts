import { type Appended, LedgerFault } from '../domain/ports.ts';
import type { Ask, Stage } from './stage.ts';

/** Appends in the order of asking, many with one write. */
export interface GroupCommit {
  append(ask: Ask): Promise<Appended>;
  /** Resolves when everything asked so far is settled. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly ask: Ask;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (fault: unknown) => void;
}

/** Appends that share a write at most: deciding more of them, and then going on with all, would hold up everything else. */
const mostTogether = 25;

type Outcome = { readonly appended: Appended } | { readonly fault: unknown };

const decideAll = (stage: Stage, batch: readonly Waiting[]): Outcome[] =>
  batch.map(({ ask }) => {
    try {
      return { appended: stage.decide(ask) };
    } catch (fault) {
      return { fault };
    }
  });

/**
 * While one write is on its way, further appends wait and then share the next one. All of a batch are decided
 * together against what is on disk, and nobody is answered before the write succeeded: when it fails, all of
 * the batch fail, also those that met a conflict with an append that now never happened.
 * @param begin a stage on top of what is on disk
 * @param commit makes the stage durable and known
 */
export const createGroupCommit = (
  begin: () => Stage,
  commit: (stage: Stage) => Promise<void>,
): GroupCommit => {
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    // Whoever appends in the same turn of the event loop shares the first write.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostTogether);
      let outcomes: Outcome[];
      try {
        const stage = begin();
        outcomes = decideAll(stage, batch);
        if (stage.appends.length > 0) await commit(stage);
      } catch (cause) {
        const fault = cause instanceof LedgerFault ? cause : new LedgerFault('appending failed', { cause });
        outcomes = batch.map(() => ({ fault }));
      }
      for (const [i, outcome] of outcomes.entries()) {
        if ('fault' in outcome) batch[i]?.reject(outcome.fault);
        else batch[i]?.resolve(outcome.appended);
      }
    }
    working = undefined;
  };

  return {
    append: (ask) =>
      new Promise((resolve, reject) => {
        waiting.push({ ask, resolve, reject });
        working ??= work();
      }),
    settled: async () => {
      while (working !== undefined) await working;
    },
  };
};
