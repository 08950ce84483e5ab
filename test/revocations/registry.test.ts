import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../src/domain/kind.ts';
import { registry } from '../../src/revocations/registry.ts';

/** What is wrong between the files of the folder and the registered kinds: each kind is one file of its name. */
const differences = (files: readonly string[], kinds: readonly Pick<Kind, 'name'>[]): readonly string[] => {
  const named = files.filter((file) => file !== 'registry.ts').map((file) => file.replace(/\.ts$/, ''));
  const registered = kinds.map((kind) => kind.name);
  return [
    ...named.filter((name) => !registered.includes(name)).map((name) => `${name}.ts is not registered`),
    ...registered.filter((name) => !named.includes(name)).map((name) => `${name} has no file of its name`),
    ...registered.filter((name, i) => registered.indexOf(name) !== i).map((name) => `${name} is there twice`),
  ];
};

describe('the registry', () => {
  it('has each file of the folder, and nothing else', async () => {
    const files = await readdir(new URL('../../src/revocations', import.meta.url));
    expect(files.length).toBeGreaterThan(registry.length);
    expect(differences(files, registry)).toEqual([]);
  });

  it('would be found wrong in both directions', () => {
    expect(
      differences(['a.ts', 'b.ts', 'registry.ts'], [{ name: 'a' }, { name: 'c' }, { name: 'a' }]),
    ).toEqual(['b.ts is not registered', 'c has no file of its name', 'a is there twice']);
  });
});

describe.each(registry.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  it('has a command of its own and a title that fits a modal', () => {
    expect(registry.filter((other) => other.command.name === kind.command.name)).toEqual([kind]);
    expect(kind.command.name).toMatch(/^\/[a-z-]{1,31}$/);
    expect(kind.title.length).toBeLessThanOrEqual(24);
  });

  it('has fields that refer only to fields before them', () => {
    const seen = new Set<string>();
    for (const field of kind.fields) {
      const refersTo = [
        ...(field.type === 'lookup' ? field.within : []),
        ...(field.onlyWhen ? [field.onlyWhen.field] : []),
      ];
      expect(refersTo.filter((id) => !seen.has(id))).toEqual([]);
      expect(seen.has(field.id)).toBe(false);
      seen.add(field.id);
    }
    expect(kind.spoken.filter((id) => !seen.has(id))).toEqual([]);
  });
});

it('keeps the block ids that people automate with', () => {
  expect(
    Object.fromEntries(registry.map((kind) => [kind.name, kind.fields.map((field) => field.id)])),
  ).toEqual({
    'account-assignment': ['principal_type', 'principal', 'account', 'permission_set'],
    profile: ['principal_type', 'principal'],
    'modelarts-authorization': ['project', 'scope', 'user'],
    'portal-sessions': ['principal_type', 'principal'],
    'user-disable': ['principal_type', 'principal'],
    'group-membership': ['principal_type', 'principal', 'group'],
  });
});
