import { describe, expect, it } from 'vitest';
import type { KnownPerson } from '../../src/domain/ports.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { search } from '../../src/slack/search.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { approved, ends, person, proof, requested, stepStarted } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const readerOf = (email: string): KnownPerson => ({
  person: person('UBOB', email),
  standing: 'full member',
  emailConfirmed: true,
});
const bob = readerOf('bob@example.com');
const mallory = readerOf('Mallory@example.com');

const { impact } = requested();
const titled = (title: string) => ({ impact: { ...impact, title } });

const bench = () => {
  const ledger = createMemoryLedger({ clock: createVirtualClock() });
  const ask = (changes: Parameters<typeof requested>[0] = {}) =>
    ledger.append('new', 0, [requested(changes)]);
  const found = async (text: string, reader = bob): Promise<readonly string[]> => {
    const { text: fallback, blocks = [] } = await search({ ledger }, reader, text);
    const said = visibleText({ text: fallback, blocks });
    return [...said.matchAll(/R-\d{6} ·/g)].map(([id]) => id.slice(0, 8));
  };
  return { ledger, ask, found };
};

describe('a search', () => {
  it.each([
    ['R-000002', ['R-000002']],
    ['r-00000', ['R-000003', 'R-000002', 'R-000001']],
    ['mallory finch', ['R-000001']],
    ['FINCH', ['R-000001']],
    ['inc-42', ['R-000002']],
    ['modelarts', ['R-000003']],
    ['unora', ['R-000003', 'R-000002', 'R-000001']],
    ['<@UNORA|nora>', ['R-000003', 'R-000002', 'R-000001']],
    ['R&amp;D &lt;x&gt;', ['R-000002']],
    ['.*', ['R-000003']],
    ['<http://lete.example|lete.example>', ['R-000003']],
    ['fin.h', []],
    ['finch(unora', []],
    ['   mallory   finch ', ['R-000001']],
  ])('for %j finds %j, the newest first', async (text, ids) => {
    const { ask, found } = bench();
    await ask(titled('Revoke all of Mallory Finch'));
    await ask({ ...titled('Revoke R&D <x>'), incident: 'INC-42' });
    await ask({ ...titled('Delete .* of delete.example'), kind: 'modelarts-authorization' });
    expect(await found(text)).toEqual(ids);
  });

  it('shows the end of a long title too, where its target is told from others', async () => {
    const { ledger, ask } = bench();
    await ask(titled(`Revoke all of user Eve Evil (eve.evil, u-2) ${'.'.repeat(300)} (mallory, u-1)`));
    const said = visibleText({ blocks: [], ...(await search({ ledger }, bob, 'revoke')) });
    expect(said).toContain('(mallory, u-1), asked by');
  });

  it('shows at most twenty, and says that there are more', async () => {
    const { ledger, ask, found } = bench();
    for (let n = 0; n < 21; n += 1) await ask();
    const ids = await found('revoke');
    expect(ids).toHaveLength(20);
    expect(ids[0]).toBe('R-000021');
    const { blocks = [] } = await search({ ledger }, bob, 'revoke');
    expect(visibleText({ blocks })).toContain('There are more. Only the newest 20 are shown.');
  });

  it('shows the affected person nothing of a request before its end', async () => {
    const { ledger, ask, found } = bench();
    const { id } = await ask();
    expect(await found('revoke', mallory)).toEqual([]);
    await ledger.append(id, null, [approved(person('UADA')), stepStarted()]);
    expect(await found(id, mallory)).toEqual([]);
    await ledger.append(id, null, [proof('gone'), ends.succeeded]);
    expect(await found('revoke', mallory)).toEqual([id]);
    expect(await found('revoke')).toEqual([id]);
  });

  it('says of what was proven gone and came back since that it did', async () => {
    const { ledger, ask } = bench();
    const { id } = await ask();
    await ledger.append(id, null, [approved(person('UADA')), stepStarted(), proof('gone'), ends.succeeded]);
    const said = async () => {
      const { text, blocks = [] } = await search({ ledger }, bob, id);
      return [text, visibleText({ text, blocks })];
    };
    expect((await said()).join()).not.toContain('came back');
    await ledger.append(id, null, [{ fact: 'came_back', grants: [] }]);
    for (const words of await said()) expect(words).toContain('came back');
  });

  it('that is empty says what can be looked for', async () => {
    const { ledger } = bench();
    expect((await search({ ledger }, bob, '  ')).text).toContain('Say what to look for');
  });
});
