import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Fact } from '../src/domain/facts.ts';
import { createKeyRing } from '../src/ledger/key-ring.ts';
import { encodeLine, genesis } from '../src/ledger/line.ts';
import { requestId } from '../src/ledger/requests.ts';

export const auditKey = 'audit-key-of-a-benchmark-0000000000001';

const began = Date.UTC(2026, 0, 1);
/** Between two facts, in ms. */
const step = 1_000;

const people = ['Alice Moreau', 'Bob Okafor', 'Carol Weiss', 'Dmitri Volkov', 'Elena Rossi', 'Wei Chen'];
const personOf = (number: number) => {
  const name = people[number % people.length] ?? '';
  const user = `U0000${number % people.length}`;
  return { team: 'T0001', user, name, email: `${name.toLowerCase().replace(' ', '.')}@example.com` };
};
const idOf = (number: number): string => `1f6d8a52-3f0c-4c1b-9a55-${String(number).padStart(12, '0')}`;
const tsOf = (number: number): string =>
  `1767225${String(number % 1_000).padStart(3, '0')}.${String(number % 1_000_000).padStart(6, '0')}`;

export const requestedFact = (number: number): Fact => {
  const userName = `user.${number % 20_000}`;
  const title = `AdministratorAccess of User ${number % 20_000} (${userName}) in prod-payments-${number % 500}`;
  const key = `${idOf(number)}/USER/${idOf(number % 20_000)}/${idOf(number % 500)}`;
  return {
    fact: 'requested',
    by: personOf(number),
    via: { viewId: `V${number}` },
    kind: 'account-assignment',
    target: { principal_type: 'USER', principal: idOf(number % 20_000), account: idOf(number % 500) },
    impact: {
      title,
      lines: [`user ${idOf(number % 20_000)}`],
      names: [userName],
      grants: [{ key, words: title }],
      residual: ['A console session that is open now may live on for up to 8 hours.'],
      people: [{ id: idOf(number % 20_000), userName, emails: [`${userName}@example.com`] }],
    },
    digest: 'd3b07384d113edec49eaa6238ad5ff00d3b07384d113edec49eaa6238ad5ff00',
    principal: idOf(number % 20_000),
    affected: { id: idOf(number % 20_000), userName, emails: [`${userName}@example.com`] },
    reason: 'The key of this person was found in a public repository.',
    incident: `INC-${number % 5_000}`,
    approvals: 1,
    because: ['Every revocation of a protected principal needs one approval.'],
    approveBefore: began + number * step + 1_800_000,
    channel: 'C0001',
    askedIn: 'C0001',
  };
};

const followingFacts = (number: number): readonly Fact[] => {
  const key = `${idOf(number)}/USER/${idOf(number % 20_000)}/${idOf(number % 500)}`;
  return [
    { fact: 'card_posted', channel: 'C0001', ts: tsOf(number) },
    {
      fact: 'approved',
      digest: 'd3b07384d113edec49eaa6238ad5ff00d3b07384d113edec49eaa6238ad5ff00',
      by: personOf(number + 1),
      via: { actionTs: tsOf(number + 1), messageTs: tsOf(number) },
      startBefore: began + number * step + 3_600_000,
    },
    { fact: 'step_started', step: key, attempt: 1, words: 'Taking the assignment away.' },
    {
      fact: 'step_outcome',
      step: key,
      outcome: 'accepted',
      job: idOf(number),
      status: 200,
      cloudRequest: idOf(number),
    },
    { fact: 'proof', step: key, result: 'gone', remaining: [], since: [] },
    { fact: 'succeeded', alreadyGone: false, words: 'None of the approved grants is listed any more.' },
    {
      fact: 'notified',
      user: `U0000${number % 6}`,
      why: 'outcome',
      state: 'succeeded',
      channel: 'D0001',
      ts: tsOf(number),
    },
    { fact: 'stayed_gone', after: 900_000 },
    { fact: 'stayed_gone', after: 86_400_000 },
  ];
};

/** Each a string of many lines, because single ones are slow to write. */
function* chunks(requests: number, open: number): Generator<string> {
  const keys = createKeyRing(auditKey, []);
  let [seq, prev, text] = [0, genesis, ''];
  for (let number = 1; number <= requests; number += 1) {
    const all = [requestedFact(number), ...followingFacts(number)];
    const facts = number > requests - open ? all.slice(0, 2) : all;
    for (const [index, fact] of facts.entries()) {
      seq += 1;
      const { line, record } = encodeLine(
        {
          v: 1,
          seq,
          at: began + seq * step,
          id: requestId(number),
          version: index + 1,
          ...(fact.fact === 'requested' && { once: idOf(number) }),
          ...(fact.fact === 'approved' && { once: `U0000${number % 6}/${tsOf(number)}/${number}` }),
          fact,
          prev,
        },
        keys,
      );
      prev = record.hash;
      text += `${line}\n`;
    }
    if (text.length > 2 ** 20) {
      yield text;
      text = '';
    }
  }
  yield text;
}

/** Writes a journal of ten facts for each request; the last `open` of them still wait for an approval. */
export const writeJournal = async (directory: string, requests: number, open: number): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = createWriteStream(join(directory, 'journal.jsonl'), { mode: 0o600 });
  await pipeline(Readable.from(chunks(requests, open)), file);
};
