import { expect } from 'vitest';
import { verifyLedger } from '../../../src/bot.ts';
import type { FactOf, LedgerRecord } from '../../../src/domain/facts.ts';
import type { Assignment } from '../../../src/sandbox/cloud/organisation.ts';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { textOf } from '../../support/e2e.ts';
import type { Ground } from '../bot-process.ts';
import { auditProblems } from './audit-problems.ts';
import type { Life, Lives } from './lives.ts';

type Word = LedgerRecord['fact']['fact'];
type RecordOf<W extends Word> = LedgerRecord & { readonly fact: FactOf<W> };

const all = <W extends Word>(journal: readonly LedgerRecord[], word: W): readonly RecordOf<W>[] =>
  journal.filter((record): record is RecordOf<W> => record.fact.fact === word);

/** What the cloud holds before anything is asked for. */
export const accessNow = ({ cloud }: Ground): readonly Assignment[] => [...cloud.organisation.assignments];

const keyOf = (row: Assignment): string =>
  [row.principal_type, row.principal_id, row.account_id, row.permission_set_id].join(' ');

/** Rule 3: each start after the first comes after reads that were made since the outcome before it. */
const expectReadBeforeEachStart = (ground: Ground, journal: readonly LedgerRecord[]): void => {
  const outcomes = all(journal, 'step_outcome');
  for (const start of all(journal, 'step_started').filter(({ fact }) => fact.attempt > 1)) {
    const outcome = outcomes.findLast(({ seq, fact }) => seq < start.seq && fact.step === start.fact.step);
    expect(outcome, `the outcome of start ${start.fact.attempt - 1}`).toBeDefined();
    const reads = ground.cloud.calls.all.filter(
      ({ operation, at, status }) =>
        operation.startsWith('ListAccountAssignments') &&
        status === 200 &&
        at >= (outcome?.at ?? 0) &&
        at <= start.at,
    );
    // A profile's removal has no status to ask, so that it takes 30 readings to know that none is under way.
    const enough = start.fact.step === 'disassociate' ? 30 : 1;
    expect(reads.length, `readings before start ${start.fact.attempt}`).toBeGreaterThanOrEqual(enough);
  }
};

const expectOneEffect = (
  ground: Ground,
  journal: readonly LedgerRecord[],
  before: readonly Assignment[],
): void => {
  const calls = ground.cloud.calls.changes();
  const starts = all(journal, 'step_started');
  expect(calls.filter(({ acted }) => acted)).toHaveLength(1);
  for (const [index, call] of calls.entries())
    expect(starts.filter(({ at }) => at <= call.at).length, 'starts on disk').toBeGreaterThan(index);
  const approved = all(journal, 'requested').flatMap(({ fact }) => fact.impact.grants).length;
  const after = new Set(accessNow(ground).map(keyOf));
  const gone = before.filter((row) => !after.has(keyOf(row)));
  expect(after.size + gone.length, 'nothing was added').toBe(before.length);
  expect(gone).toHaveLength(approved);
  expect(new Set(gone.map(({ principal_id }) => principal_id)).size).toBe(1);
};

const expectToldOnce = (ground: Ground, journal: readonly LedgerRecord[], kills: number): void => {
  const [id = ''] = all(journal, 'requested').map((record) => record.id);
  const cards = ground.slack
    .channel(SEED.channels.incident)
    .posts.filter((post) => post.text.startsWith(`${id} `));
  const [place] = all(journal, 'card_posted');
  expect(cards.length, 'cards').toBeLessThanOrEqual(1 + kills);
  const card = cards.find(({ ts }) => ts === place?.fact.ts);
  expect(card && textOf(card)).toContain(`${id} succeeded`);
  // How far an execution is by then is no news.
  const news = (state: string) => (state === 'executing' || state === 'verifying' ? 'approved' : state);
  const told = all(journal, 'notified').map(({ fact }) => `${fact.user} ${fact.why} ${news(fact.state)}`);
  expect(told).toEqual([...new Set(told)]);
  const messages = Object.values(SEED.users).flatMap((user) => {
    const { isBot } = ground.slack.workspace.users.get(user) ?? {};
    return isBot === true ? [] : ground.slack.as(user).dms();
  });
  expect(messages.length, 'direct messages').toBeLessThanOrEqual(told.length + kills);
};

/**
 * What holds however often the bot was killed: the request has reached its end, by one call that had an effect and
 * by none without a reading; all of it was told; the ledger is whole.
 * @param before the cloud's assignments when nothing had been asked for
 */
export const expectPromisesKept = async (
  ground: Ground,
  bot: Lives,
  lives: readonly Life[],
  before: readonly Assignment[],
): Promise<void> => {
  const journal = bot.journal();
  expect(bot.early).toEqual([]);
  expect(await verifyLedger(ground.config)).toBe(journal.length);
  const life = ['requested', 'approved', 'proof', 'succeeded', 'stayed_gone'];
  const words = journal.map(({ fact }) => fact.fact as string);
  expect(words.filter((word) => life.includes(word))).toEqual(life);
  expectReadBeforeEachStart(ground, journal);
  expectOneEffect(ground, journal, before);
  const kills = lives.filter(({ killed }) => killed).length;
  expectToldOnce(ground, journal, kills);
  expect(auditProblems(ground.slack.channel(SEED.channels.audit).messages, journal, kills)).toEqual([]);
  const errors = lives.flatMap(({ output }) =>
    output.split('\n').filter((line) => line.includes('"level":"error"')),
  );
  expect(errors).toEqual([]);
};
