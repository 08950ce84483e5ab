import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerRecord } from '../../../src/domain/facts.ts';

/** The whole lines of a journal's text; a crash may have left half of one behind them. */
export const linesIn = (text: string): readonly LedgerRecord[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LedgerRecord);

/** Every fact on disk, as it is now; whether lines fit together is for the ledger's own verification. */
export const journalIn = (directory: string): readonly LedgerRecord[] => {
  const path = join(directory, 'journal.jsonl');
  return existsSync(path) ? linesIn(readFileSync(path, 'utf8')) : [];
};

/** The words of the facts that were appended together, append by append. */
export const appendsIn = (journal: readonly LedgerRecord[]): readonly (readonly string[])[] => {
  const appends: string[][] = [];
  let isNew = true;
  for (const { fact, more } of journal) {
    if (isNew) appends.push([]);
    appends.at(-1)?.push(fact.fact);
    isNew = more === undefined;
  }
  return appends;
};
