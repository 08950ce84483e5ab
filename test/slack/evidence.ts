import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerRecord } from '../../src/domain/facts.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';

/** Every fact in the sandbox's ledger so far, as it stands on disk. */
export const factsIn = ({ config }: Pick<Sandbox, 'config'>): readonly LedgerRecord[] =>
  readFileSync(join(config.ledger.directory, 'journal.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => LedgerRecord.parse(JSON.parse(line)));

/** The words of the facts of one stream, in order, without who was told of them. */
export const lifeOf = (sandbox: Pick<Sandbox, 'config'>, id: string): readonly string[] =>
  factsIn(sandbox)
    .filter((record) => record.id === id)
    .map(({ fact }) => fact.fact)
    .filter((fact) => fact !== 'notified');

/** Everything that has to be posted in the audit channel, by sequence number. */
export const auditable = (sandbox: Pick<Sandbox, 'config'>): readonly number[] =>
  factsIn(sandbox)
    .filter(({ fact }) => !['card_posted', 'notified', 'cursor'].includes(fact.fact))
    .map(({ seq }) => seq);

/** The sequence numbers in the audit channel, in the order in which they were posted. */
export const audited = ({ slack }: Pick<Sandbox, 'slack'>): readonly number[] =>
  slack
    .channel(SEED.channels.audit)
    .messages.filter((message) => message.metadata?.event_type === 'portcullis_fact')
    .flatMap((message) => [...message.text.matchAll(/UTC #(\d+) /g)].map(([, seq]) => Number(seq)));
