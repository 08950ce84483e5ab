import type { Fact, LedgerRecord } from '../domain/facts.ts';
import { forCsv } from '../domain/text.ts';

/** The mark by which spreadsheet programs know that a file is UTF-8. */
const byteOrderMark = '\ufeff';

const line = (cells: readonly string[]): string => `${cells.map((cell) => forCsv(cell)).join(',')}\r\n`;

export const csvHead = `${byteOrderMark}${line(['seq', 'time', 'request', 'fact', 'actor', 'actor_id', 'sentence', 'hash'])}`;

/** Who did it, as they were called then; nobody for what the bot did by itself. */
const actorOf = (fact: Fact): { readonly name: string; readonly user: string } => {
  if (fact.fact === 'refusals_counted') return fact;
  return ('by' in fact ? fact.by : undefined) ?? { name: '', user: '' };
};

export const csvLine = (
  { seq, at, id, fact, hash }: LedgerRecord,
  sentenceOf: (fact: Fact) => string,
): string => {
  const { name, user } = actorOf(fact);
  const time = new Date(at).toISOString();
  return line([String(seq), time, id, fact.fact, name, user, sentenceOf(fact), hash]);
};
