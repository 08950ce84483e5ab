import { beginning } from '../ledger/verify-journal.ts';
import type { Anchor } from './anchors.ts';

/** What the journal says to the anchors; each list in the order of the journal. */
export interface Judgement {
  readonly holding: readonly Anchor[];
  /** The journal has another line there. */
  readonly contradicted: readonly Anchor[];
  /** The journal ends before. */
  readonly missing: readonly Anchor[];
}

/** Compares anchors with a journal that is read line by line; an anchor that was given twice counts once. */
export const createJudge = (given: readonly Anchor[]) => {
  const anchors = [...new Map(given.map((anchor) => [`${anchor.seq}:${anchor.hash}`, anchor])).values()];
  const wanted = new Set(anchors.map(({ seq }) => seq));
  const found = new Map([[beginning.seq, beginning.hash]]);
  return {
    see({ seq, hash }: { readonly seq: number; readonly hash: string }): void {
      if (wanted.has(seq)) found.set(seq, hash);
    },
    judge(): Judgement {
      const judgement: Record<keyof Judgement, Anchor[]> = { holding: [], contradicted: [], missing: [] };
      for (const anchor of anchors.toSorted((a, b) => a.seq - b.seq)) {
        const hash = found.get(anchor.seq);
        const word = hash === undefined ? 'missing' : hash === anchor.hash ? 'holding' : 'contradicted';
        judgement[word].push(anchor);
      }
      return judgement;
    },
  };
};
