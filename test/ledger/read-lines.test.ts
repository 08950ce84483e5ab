import { expect, it } from 'vitest';
import { readLines } from '../../src/ledger/verify-journal.ts';

/** A file in memory, and how many bytes each read asked for. */
const fileOf = (content: Buffer) => {
  const asked: number[] = [];
  const read = (position: number, length: number) => {
    asked.push(length);
    return Promise.resolve(content.subarray(position, position + length));
  };
  return { file: { read }, asked };
};

const linesOf = async (content: Buffer, from = 0) => {
  const { file, asked } = fileOf(content);
  const lines: { readonly bytes: Buffer; readonly offset: number }[] = [];
  const chunks = readLines(file, from, content.length);
  let next = await chunks.next();
  for (; next.done !== true; next = await chunks.next()) lines.push(...next.value);
  return { lines, rest: next.value.toString(), asked };
};

it('lines are whole and where they stand, however they lie across what is read at a time', async () => {
  const texts = Array.from({ length: 400 }, (_, index) => `${index} ${'é'.repeat((index * 37) % 900)}`);
  const content = Buffer.from(`${texts.join('\n')}\nhalf a li`);
  const { lines, rest } = await linesOf(content);
  expect(lines.map(({ bytes }) => bytes.toString())).toStrictEqual(texts);
  expect(lines.every(({ bytes, offset }) => content.indexOf(bytes, offset) === offset)).toBe(true);
  expect(rest).toBe('half a li');
});

it('reads little at first, because what runs for the first time is slow, and then more and more', async () => {
  const { asked } = await linesOf(Buffer.alloc(200_000, 'a line\n'));
  expect(asked).toStrictEqual([4_096, 8_192, 16_384, 32_768, 65_536, 65_536, 7_488]);
});
