import type { Choice } from '../domain/ports.ts';
import { fold } from './fold.ts';

/** Something that can be chosen, with everything it answers to, folded; the surest first, the name last. */
export interface Candidate {
  readonly choice: Choice;
  readonly keys: readonly string[];
}

/** @param names what it answers to: id, e-mails, user name, name, in this order */
export const candidate = (choice: Choice, names: readonly string[]): Candidate => ({
  choice,
  keys: names.map(fold),
});

const compareText = (one: string, other: string): number => {
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

/** Alphabetical order of names; those of the same name stand in the order of their ids. */
export const byName = (one: Candidate, other: Candidate): number =>
  compareText(one.keys.at(-1) ?? '', other.keys.at(-1) ?? '') || compareText(one.choice.id, other.choice.id);
