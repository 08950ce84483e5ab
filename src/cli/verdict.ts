import type { LedgerRecord } from '../domain/facts.ts';
import type { JournalDamage } from '../ledger/faults.ts';
import { restoreRemedy } from '../ledger/line.ts';
import { cutRemedy } from '../ledger/load-book.ts';
import type { Anchor } from './anchors.ts';
import { count } from './count.ts';
import type { Judgement } from './judge.ts';

/** What was read before the end, or before damage. */
export interface Good {
  facts: number;
  first?: LedgerRecord;
  last?: LedgerRecord;
  lastRequest?: string;
}

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const short = ({ seq, hash }: Anchor): string => `${seq}:${hash.slice(0, 8)}…`;

const verb = (number: number, plural: string): string => (number === 1 ? `${plural}s` : plural);

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const anchorsHold = ({ length }: readonly Anchor[]): string =>
  `${capital(count(length, 'anchor'))} ${verb(length, 'hold')}.`;

const givenOf = (anchors: readonly Anchor[]): readonly Anchor[] =>
  anchors.filter(({ isCheckpoint }) => !isCheckpoint);

const anchorLine = ({ holding }: Judgement, seq: number): string => {
  const given = givenOf(holding);
  const last = given.at(-1);
  if (last === undefined) {
    const [checkpoint] = holding;
    const shown =
      checkpoint === undefined
        ? 'No anchor was given, so nothing shows whether facts were cut off at the end'
        : `No anchor was given. ${capital(checkpoint.from)} holds (${short(checkpoint)}), but whoever cuts facts off at the end can change that too`;
    return `${shown}: give the SEQ:HASH of the newest audit post with --anchor.`;
  }
  const after = seq - last.seq;
  return `${anchorsHold(given)} ${capital(count(after, 'fact'))} ${verb(after, 'follow')} the last anchor (${short(last)}).`;
};

/** For a ledger in which nothing is wrong. */
export const goodLines = (
  { facts, first, last, lastRequest }: Good,
  judgement: Judgement,
): readonly string[] => {
  if (first === undefined || last === undefined) return ['The ledger is empty.', anchorLine(judgement, 0)];
  const requests = lastRequest === undefined ? 'no requests' : `R-000001 to ${lastRequest}`;
  return [
    `The ledger holds: ${count(facts, 'fact')}, ${requests}, first ${utc(first.at)}, last ${utc(last.at)}; chain and keys are good.`,
    `It ends with ${last.seq}:${last.hash}.`,
    anchorLine(judgement, last.seq),
  ];
};

const others = (anchors: readonly Anchor[], words: string): string =>
  anchors.length === 1 ? '' : ` The same goes for ${count(anchors.length - 1, 'further anchor')} ${words}.`;

/** What people gave was in the ledger; what only the checkpoint knows may be younger than a copy of the journal. */
const isOnlyCheckpoint = (anchors: readonly Anchor[]): boolean => givenOf(anchors).length === 0;

/**
 * The first anchor whose line is another one now. The chain is good again when somebody had the key, and also when
 * the end was cut off and the bot went on from there.
 */
export const contradictedLines = ({ holding, contradicted }: Judgement): readonly string[] => {
  const [first] = contradicted;
  if (first === undefined) return [];
  const before = holding.findLast(({ seq }) => seq < first.seq)?.seq ?? 0;
  return [
    `journal.jsonl, line ${first.seq}: it is not the line of the anchor ${short(first)} (${first.from}), though chain and keys are good: after line ${before} something was cut off or rewritten, and what stands there now was sealed later, by the bot or by somebody else with the audit key. Or the anchor is not of this ledger.${others(contradicted, 'after it')} ${isOnlyCheckpoint(contradicted) ? cutRemedy : restoreRemedy}.`,
  ];
};

/** The anchor that lies farthest behind the journal's end, and the first line that is missing. */
export const missingLines = ({ missing }: Judgement, seq: number): readonly string[] => {
  const last = missing.at(-1);
  if (last === undefined) return [];
  const meaning = isOnlyCheckpoint(missing)
    ? `. ${cutRemedy}.`
    : `: the end was cut off.${others(missing, 'before it')} ${restoreRemedy}.`;
  return [
    `journal.jsonl, line ${seq + 1}: it is missing or not whole, as is all after it up to the anchor ${short(last)} (${last.from})${meaning}`,
  ];
};

/** Of what was pasted, but could not be compared. */
export const unreadLines = ([first, ...further]: readonly string[]): readonly string[] => {
  if (first === undefined) return [];
  const more = further.length === 0 ? '' : ` and ${count(further.length, 'further place')}`;
  return [
    `${first}${more}: what looks like the end of an audit post is cut off or stands among other words, so it was not compared. Paste that post again as it is.`,
  ];
};

export const damageLines = (
  damage: JournalDamage,
  { facts }: Good,
  judgement: Judgement,
): readonly string[] => {
  const given = givenOf(judgement.holding);
  return [
    'The ledger is damaged.',
    `${damage.message}.`,
    ...contradictedLines(judgement),
    `The chain is good before it: ${count(facts, 'fact')}.${given.length === 0 ? '' : ` ${anchorsHold(given)}`}`,
  ];
};
