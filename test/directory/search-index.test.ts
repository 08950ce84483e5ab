import { describe, expect, it } from 'vitest';
import { candidate } from '../../src/directory/candidate.ts';
import { fold } from '../../src/directory/fold.ts';
import { createSearchIndex } from '../../src/directory/search-index.ts';

const person = (id: string, userName: string, displayName: string, email: string) =>
  candidate({ id, words: `${displayName} (${userName})` }, [id, email, userName, displayName]);

const people = await createSearchIndex([
  person('u-1', 'wei.chen', 'Wei Chen', 'wei.chen@example.com'),
  person('u-2', 'wei.chen2', 'Wei Chen', 'wei.chen2@example.com'),
  person('u-3', 'jose.alvarez', 'José Álvarez', 'jose@example.com'),
  person('u-4', 'soren.ostergard', 'Søren Østergård', 'soren@example.com'),
  person('u-5', 'chenille', 'Ada Byron', 'ada@example.com'),
  person('u-6', 'wang.fang', '王芳', 'wang.fang@example.com'),
  person('chen', 'zed', 'Zed Zulu', 'zed@example.com'),
]);

const idsFor = async (text: string) => (await people.find(text, 100)).choices.map(({ id }) => id);

describe('matching', () => {
  it.each([
    ['an id', 'u-3', 'u-3'],
    ['an e-mail in another case', 'JOSE@Example.com', 'u-3'],
    ['a user name', 'jose.alvarez', 'u-3'],
    ['a name with accents', 'José Álvarez', 'u-3'],
    ['a name without accents', 'jose alvarez', 'u-3'],
    ['accents in another composition', 'Jose\u0301  A\u0301lvarez', 'u-3'],
    ['letters that are no accents', 'soren ostergard', 'u-4'],
    ['Chinese', '王芳', 'u-6'],
  ])('takes %s as naming exactly one', async (_what, text, id) => {
    expect((await people.named(text)).map((choice) => choice.id)).toEqual([id]);
  });

  it('takes nothing for a name that is only part of one, or empty', async () => {
    expect([...(await people.named('jose')), ...(await people.named(' '))]).toEqual([]);
  });

  it('puts the exact id first, then the beginning, then the beginning of a word', async () => {
    expect(await idsFor('chen')).toEqual(['chen', 'u-5', 'u-1', 'u-2']);
  });

  it('puts a whole name before the beginning of another', async () => {
    expect(await idsFor('wei.chen')).toEqual(['u-1', 'u-2']);
  });

  it('finds parts, and words in any order', async () => {
    expect(await idsFor('lvar')).toEqual(['u-3']);
    expect(await idsFor('byron ada')).toEqual(['u-5']);
    expect(await idsFor('nobody')).toEqual([]);
  });

  it('gives the first ones of the alphabet for an empty text, and says when there are more', async () => {
    const { choices, more } = await people.find('  ', 2);
    expect(choices.map(({ words }) => words)).toEqual([
      'Ada Byron (chenille)',
      'José Álvarez (jose.alvarez)',
    ]);
    expect(more).toBe(true);
    expect((await people.find('', 7)).more).toBe(false);
  });

  it('ignores widths of letters', () => {
    expect(fold('Ｗｅｉ　Ｃｈｅｎ')).toBe('wei chen');
  });
});
