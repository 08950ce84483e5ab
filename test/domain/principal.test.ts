import { describe, expect, it } from 'vitest';
import { type KnownPrincipal, membersLines, spokenAs } from '../../src/domain/principal.ts';
import { parseSlashText } from '../../src/slack/slash-text.ts';

describe('how a slash command names somebody', () => {
  it.each(['mallory.finch', '王芳', 'a_b-c', 'ana@example.com', 'x'.repeat(36)])(
    '"%s" by the name',
    (name) => {
      expect(spokenAs(name, 'the-id')).toBe(name);
      expect(parseSlashText(`${name} INC-7 "why"`, 1)).toEqual({
        spoken: [name],
        incident: 'INC-7',
        reason: 'why',
      });
    },
  );

  it.each([
    ['', 'nothing'],
    ['two words', 'more than a word'],
    ['say "hi"', 'what begins a reason'],
    ['say\u201chi', 'what begins a reason'],
    ['OPS-7', 'what looks like an incident'],
    ['<@U1>', 'what looks like a mention'],
    ['@U1', 'what looks like a mention'],
    ['a&amp;b', 'what Slack escapes'],
    ['a\u202eb', 'what cannot be seen'],
    ['bob.', 'what ends like a sentence'],
    ['x'.repeat(37), 'what is longer than an id'],
  ])('"%s" by the id: it is %s', (name) => {
    expect(spokenAs(name, 'the-id')).toBe('the-id');
  });
});

describe('how many people lose access with a group', () => {
  const known = (people: KnownPrincipal['people']): KnownPrincipal => ({
    words: 'group Ops (g)',
    spoken: 'Ops',
    names: [],
    people,
    enabled: true,
  });
  const members = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `u${index}`, userName: `u${index}`, emails: [] }));

  it.each([
    [members(12), '12 people lose this access: the group has 12 members'],
    [members(2_000), '2,000 people lose this access: the group has 2,000 members'],
    [members(1), '1 person loses this access: the group has 1 member'],
    [members(0), 'Nobody loses access now: the group has no members'],
    ['unknown' as const, 'The members of the group could not be counted'],
  ])('is said', (people, line) => {
    expect(membersLines('GROUP', known(people))).toEqual([line]);
  });

  it('is plain where it is one user', () => {
    expect(membersLines('USER', known(members(1)))).toEqual([]);
  });
});
