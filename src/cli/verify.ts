import { JournalDamage } from '../ledger/faults.ts';
import { anchorOf, anchorsOfFile, type Pasted } from './anchors.ts';
import { checkpointAnchors, readJournal, restLines } from './journal.ts';
import { createJudge } from './judge.ts';
import { readOptions } from './options.ts';
import { ends, type Job, say } from './place.ts';
import {
  contradictedLines,
  damageLines,
  type Good,
  goodLines,
  missingLines,
  unreadLines,
} from './verdict.ts';

const verify =
  ({ anchors, unread }: Pasted): Job =>
  async (ledger, { stdout, stderr }) => {
    const judge = createJudge([...(await checkpointAnchors(ledger)), ...anchors]);
    const good: Good = { facts: 0 };
    const lines = readJournal(ledger);
    let next = await lines.next();
    for (; next.done !== true; next = await lines.next()) {
      const { record } = next.value;
      good.facts += 1;
      good.first ??= record;
      good.last = record;
      if (record.fact.fact === 'requested') good.lastRequest = record.id;
      judge.see(record);
    }
    const end = next.value;
    const judgement = judge.judge();
    if (end instanceof JournalDamage) {
      say(stderr, [...damageLines(end, good, judgement), ...unreadLines(unread)]);
      return ends.damage;
    }
    const missing = missingLines(judgement, end.seq);
    const rest = missing.length === 0 ? restLines(end) : [];
    const wrong = [...contradictedLines(judgement), ...missing];
    if (wrong.length > 0) {
      say(stderr, ['The ledger is not what its anchors say.', ...wrong, ...rest, ...unreadLines(unread)]);
      return ends.damage;
    }
    say(stdout, [...goodLines(good, judgement), ...rest, ...unreadLines(unread)]);
    return ends.fine;
  };

/** `audit verify`: chain, keys and continuity of the journal, and what the anchors say to it. */
export const readVerify = async (args: readonly string[]): Promise<Job> => {
  const values = readOptions(args, ['anchor', 'anchors']);
  const files = await Promise.all(values('anchors').map(anchorsOfFile));
  return verify({
    anchors: [...values('anchor').map(anchorOf), ...files.flatMap(({ anchors }) => anchors)],
    unread: files.flatMap(({ unread }) => unread),
  });
};
