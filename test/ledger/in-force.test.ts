import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const policy: Fact = { fact: 'policy_changed', policy: 'p', settings: { APPROVERS: 'S1' }, changes: [] };
const group = (first: boolean, added: readonly string[]): Fact => ({
  fact: 'group_changed',
  group: 'S1',
  first,
  added: added.map((user) => ({ user })),
  removed: [],
});

it.each([
  ['from the checkpoint', []],
  ['from the journal alone', ['state.json', 'index.jsonl']],
])('what holds now is known after a start %s, and goes on from there', async (_name, lost) => {
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory);
  await ledger.append('bot', null, [policy, group(true, ['UADA'])]);
  await ledger.append('bot', null, [group(false, ['UBEN'])]);
  const before = ledger.inForce();
  expect(before).toMatchObject({ policy: { digest: 'p' }, rosters: { S1: { UADA: 0 } } });
  await ledger.close();
  for (const name of lost) await rm(join(directory, name));
  const again = await openTemporary(directory);
  expect(again.inForce()).toEqual(before);
  await again.append('bot', null, [group(false, ['UCAT'])]);
  expect(Object.keys(again.inForce().rosters.S1 ?? {}).sort()).toEqual(['UADA', 'UBEN', 'UCAT']);
});
