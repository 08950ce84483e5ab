import { expect, it } from 'vitest';
import { parseSlashText } from '../../src/slack/slash-text.ts';

it.each([
  ['', 1, { spoken: [] }],
  ['   ', 1, { spoken: [] }],
  ['mallory.finch', 1, { spoken: ['mallory.finch'] }],
  ['Mallory Finch', 1, { spoken: ['Mallory Finch'] }],
  ['mallory INC-42', 1, { spoken: ['mallory'], incident: 'INC-42' }],
  [
    'Mallory Finch INC-42 "Laptop stolen"',
    1,
    { spoken: ['Mallory Finch'], incident: 'INC-42', reason: 'Laptop stolen' },
  ],
  ['mallory “Laptop stolen”', 1, { spoken: ['mallory'], reason: 'Laptop stolen' }],
  ['mallory "Laptop stolen', 1, { spoken: ['mallory'], reason: 'Laptop stolen' }],
  ['mallory ""', 1, { spoken: ['mallory'] }],
  ['"only a reason"', 1, { spoken: [], reason: 'only a reason' }],
  ['mallory "he said INC-9"', 1, { spoken: ['mallory'], reason: 'he said INC-9' }],
  // The first word names somebody, whatever it looks like.
  ['INC-42', 1, { spoken: ['INC-42'] }],
  ['INC-41 INC-42', 1, { spoken: ['INC-41'], incident: 'INC-42' }],
  ['mallory inc-42', 1, { spoken: ['mallory inc-42'] }],
  ['<@U123ABC|mallory> INC-42', 1, { spoken: ['@U123ABC'], incident: 'INC-42' }],
  ['<@U123ABC>', 1, { spoken: ['@U123ABC'] }],
  ['<mailto:m@example.com|m@example.com>', 1, { spoken: ['m@example.com'] }],
  [
    'mallory "See <https://wiki.example.com/INC-9?a=1&amp;b=2>"',
    1,
    { spoken: ['mallory'], reason: 'See https://wiki.example.com/INC-9?a=1&b=2' },
  ],
  ['<http://mallory.example.com|mallory.example.com>', 1, { spoken: ['mallory.example.com'] }],
  [
    'mallory "As said in <#C012AB|inc-9> and <#C034CD|>, <!subteam^S01|@duty>, <!subteam^S02>, <!here>"',
    1,
    { spoken: ['mallory'], reason: 'As said in #C012AB and #C034CD, @duty, @S02, @here' },
  ],
  ['a&amp;b &lt;x&gt;', 1, { spoken: ['a&b <x>'] }],
  ['&amp;lt;', 1, { spoken: ['&lt;'] }],
  [
    'cn-north-4 mallory INC-42 "x"',
    2,
    { spoken: ['cn-north-4', 'mallory'], incident: 'INC-42', reason: 'x' },
  ],
  ['cn-north-4', 2, { spoken: ['cn-north-4'] }],
  ['cn-north-4 Mallory Finch', 2, { spoken: ['cn-north-4', 'Mallory Finch'] }],
])('takes %j with %i look-ups apart', (text, fields, parts) => {
  expect(parseSlashText(text, fields)).toEqual(parts);
});

it('takes any text apart in reasonable time', () => {
  const before = performance.now();
  parseSlashText(`${'"'.repeat(20_000)}${' '.repeat(20_000)}x`, 2);
  expect(performance.now() - before).toBeLessThan(2_000);
});
