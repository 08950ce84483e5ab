import { expect, it } from 'vitest';
import { button, counted, labelled, leaf, option, plain, section } from '../../src/slack/blocks.ts';

it('keeps both ends of an option that is too long, so that names can be told apart', () => {
  const long = option('u1', `${'Mallory '.repeat(30)}(mallory.finch)`).text.text;
  expect(long.length).toBeLessThanOrEqual(75);
  expect(long).toMatch(/^Mallory .*….*\(mallory\.finch\)$/);
  expect(option('u1', 'short').text.text).toBe('short');
  const pairs = option('u1', '😀'.repeat(100)).text.text;
  expect(pairs.length).toBeLessThanOrEqual(75);
  // Throws for half a character.
  expect(() => encodeURIComponent(pairs)).not.toThrow();
});

it('shows a name and a reason on one line, so that neither looks like a line of ours', () => {
  expect(leaf('a\nb\r\nc\td')).toMatchObject({ text: 'a b c d' });
  expect(section('a\nb')).toMatchObject({ text: { type: 'plain_text', text: 'a b', emoji: false } });
  expect(labelled('Reason', 'a\nb')).toMatchObject({ elements: [{ text: 'Reason: ' }, { text: 'a b' }] });
});

it('never makes an empty text, which Slack refuses', () => {
  expect(plain('').text).toBe(' ');
  expect(leaf('')).toMatchObject({ text: ' ' });
});

it('counts what it does not show', () => {
  expect(counted('t', [], 10)).toEqual([]);
  const blocks = counted(
    't',
    Array.from({ length: 23 }, (_, n) => `item ${n}`),
    20,
  );
  expect(JSON.stringify(blocks)).toContain('… and 3 more');
  expect(JSON.stringify(blocks)).not.toContain('item 20');
  const hidden = counted('t', ['\u200b'.repeat(5_000)], 20);
  expect(JSON.stringify(hidden).length).toBeLessThan(600);
});

it('keeps the limits of a button and its dialog', () => {
  const long = '撤'.repeat(500);
  const made = button('approve', long, 'R-000001', {
    confirm: { title: long, text: long, yes: long, no: long },
  });
  expect(made.text.text.length).toBe(75);
  expect(made.accessibility_label?.length).toBe(75);
  const { title, text, confirm, deny } = made.confirm ?? {};
  expect([title, text, confirm, deny].map((one) => one?.text.length)).toEqual([100, 300, 30, 30]);
});
