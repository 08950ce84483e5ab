import { readFile } from 'node:fs/promises';
import { wordsOf } from '../ledger/faults.ts';
import { beginning } from '../ledger/verify-journal.ts';
import { WrongUsage } from './place.ts';

/** What an audit post shows of the ledger as it stood then: its last line and that line's hash. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
  /** Where it was given: `--anchor`, or file and line. */
  readonly from: string;
}

const anchorForm = 'SEQ:HASH as at the end of an audit post: a number, a colon, 64 hexadecimal digits';

const anywhere = /(?<!\d)(\d{1,15}):([0-9a-f]{64})(?![0-9a-f])/g;

const anchorsInLine = (line: string, from: string): readonly Anchor[] =>
  [...line.matchAll(anywhere)].map(([, seq, hash = '']) => ({ seq: Number(seq), hash, from }));

/** All anchors in a text of any form, pasted posts for example. */
export const anchorsIn = (text: string, name: string): readonly Anchor[] =>
  text.split('\n').flatMap((line, index) => anchorsInLine(line, `${name}, line ${index + 1}`));

/** @throws {WrongUsage} when the text is not one anchor and nothing else */
export const anchorOf = (text: string): Anchor => {
  const [anchor] = anchorsInLine(text, '--anchor');
  // The text is not repeated: nobody knows what was pasted here by mistake.
  if (anchor === undefined || text.trim() !== `${anchor.seq}:${anchor.hash}`) {
    throw new WrongUsage(`an --anchor has another form. It should be: ${anchorForm}`);
  }
  return anchor;
};

/** @throws {WrongUsage} when the file cannot be read, or has no anchor, which would look like a verified one */
export const anchorsOfFile = async (path: string): Promise<readonly Anchor[]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`the file of --anchors cannot be read (${wordsOf(error)})`);
  });
  const anchors = anchorsIn(text, path);
  if (anchors.length > 0) return anchors;
  throw new WrongUsage(`${path} has no anchor in it. It should have: ${anchorForm}`);
};

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
