import type { LedgerRecord } from '../../../src/domain/facts.ts';
import { visibleText } from '../../../src/sandbox/slack/visible-text.ts';
import type { StoredMessage } from '../../../src/sandbox/slack/workspace.ts';

const unposted = ['card_posted', 'notified', 'cursor'];

const entry = /#(\d+) (R-\d{6,}|bot) ([a-z_]+)/g;
const trail = /after #(\d+) · (\d+):([0-9a-f]{64})/;

/**
 * What is wrong with the audit channel, in words: every fact stands in it once, or again in posts that are marked
 * as possible repeats (at most one for each kill), and each post says where it stands in the ledger.
 */
export const auditProblems = (
  posts: readonly StoredMessage[],
  journal: readonly LedgerRecord[],
  kills: number,
): readonly string[] => {
  const posted = journal.filter(({ fact }) => !unposted.includes(fact.fact));
  const bySeq = new Map(posted.map((record) => [record.seq, record]));
  const times = new Map<number, number>();
  const problems: string[] = [];
  for (const post of posts) {
    const text = visibleText(post);
    const isMarked = text.includes('May be a repeat');
    const [, after = '', seq = '', hash = ''] = trail.exec(text) ?? [];
    const seqs: number[] = [];
    for (const [, number, id, word] of text.matchAll(entry)) {
      const record = bySeq.get(Number(number));
      if (record?.id !== id || record?.fact.fact !== word) problems.push(`#${number} is no ${id} ${word}`);
      const before = times.get(Number(number)) ?? 0;
      if (before > 0 && !isMarked) problems.push(`#${number} ${word} is repeated without a mark`);
      times.set(Number(number), before + 1);
      seqs.push(Number(number));
    }
    const previous = posted.findLast((record) => record.seq < (seqs[0] ?? 0))?.seq ?? 0;
    if (Number(after) !== previous)
      problems.push(`the post of #${seqs[0]} says after #${after}, not #${previous}`);
    if (Number(seq) !== seqs.at(-1) || bySeq.get(Number(seq))?.hash !== hash)
      problems.push(`the post of #${seqs.join(', #')} says ${seq}:${hash}`);
  }
  for (const { seq, fact } of posted) {
    const count = times.get(seq) ?? 0;
    if (count === 0) problems.push(`#${seq} ${fact.fact} is missing`);
    if (count > 1 + kills) problems.push(`#${seq} ${fact.fact} stands there ${count} times`);
  }
  return problems;
};
