import { expect, it } from 'vitest';
import type { Choice, Directory, KnownPerson, People } from '../../src/domain/ports.ts';
import { registry } from '../../src/revocations/registry.ts';
import { fillFrom } from '../../src/slack/fill.ts';
import { kindNamed } from '../../src/workflow/needs.ts';

const choices = (count: number): readonly Choice[] =>
  Array.from({ length: count }, (_, n) => ({ id: `u${n}`, words: `User ${n}` }));
const ann: KnownPerson = {
  person: { team: 'T1', user: 'UANN', name: 'ann', email: 'ann@example.com' },
  standing: 'full member',
  emailConfirmed: true,
};

/** Fills the form of a profile by one word; tells what was looked up for it too. */
const filled = async (typed: string, found: readonly Choice[], who: KnownPerson | 'could not ask' = ann) => {
  const asked: string[] = [];
  const directory = {
    resolve: async (_lookup, _context, text) => {
      asked.push(text);
      return found;
    },
  } satisfies Partial<Directory>;
  const people = { who: async () => who } satisfies Partial<People>;
  const kind = kindNamed(registry, 'profile');
  const before = { options: { principal_type: { value: 'USER', words: 'User' } } };
  // Nothing else of directory and people is asked.
  const desk = { directory, people } as unknown as Parameters<typeof fillFrom>[0];
  const { filled: now, notes } = await fillFrom(desk, kind, ['principal'], [typed], before);
  return { asked, notes, principal: now.options.principal };
};

it('fills in the only one of that name', async () => {
  expect(await filled('mallory', choices(1))).toEqual({
    asked: ['mallory'],
    notes: [],
    principal: { value: 'u0', words: 'User 0' },
  });
});

it.each([
  [0, 'Nothing matches'],
  [2, '2 match'],
  [50, '50 match'],
  [51, 'Many match'],
])('leaves the field empty where %i are meant, and says so', async (count, words) => {
  expect(await filled('mallory', choices(count))).toEqual({
    asked: ['mallory'],
    notes: [`Who loses access: ${words} "mallory". Please choose from the list.`],
    principal: undefined,
  });
});

it('does not say that nobody matches where nobody could be looked for, because the field before is empty', async () => {
  const directory = {
    resolve: async (lookup) => (lookup === 'project' ? choices(2) : []),
  } satisfies Partial<Directory>;
  // No mention is typed, so nobody is asked about people.
  const desk = { directory } as unknown as Parameters<typeof fillFrom>[0];
  const kind = kindNamed(registry, 'modelarts-authorization');
  const { notes } = await fillFrom(desk, kind, kind.spoken, ['ml', 'mallory'], { options: {} });
  expect(notes).toEqual([
    'Project: 2 match "ml". Please choose from the list.',
    'User: "mallory" can only be looked up when "Project" is chosen.',
  ]);
});

it('looks somebody who is mentioned up by their e-mail, and by the mention where Slack could not be asked', async () => {
  expect((await filled('@UANN', choices(1))).asked).toEqual(['ann@example.com']);
  expect((await filled('@UANN', choices(1), 'could not ask')).asked).toEqual(['@UANN']);
  const { email, ...person } = ann.person;
  expect(email).toBeDefined();
  expect((await filled('@UANN', choices(1), { ...ann, person })).asked).toEqual(['@UANN']);
});
