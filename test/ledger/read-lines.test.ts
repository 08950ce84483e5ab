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

it('has the disk read the next chunk while one is worked on', async () => {
  const { file, asked } = fileOf(Buffer.alloc(200_000, 'a line\n'));
  const chunks = readLines(file, 0, 200_000);
  await chunks.next();
  expect(asked).toStrictEqual([4_096, 8_192]);
});

it('gives the lines before a part that cannot be read, and then its fault', async () => {
  const { file } = fileOf(Buffer.alloc(4_096, '1 line\n\n'));
  const read = (position: number, length: number) =>
    position === 0 ? file.read(position, length) : Promise.reject(new Error('EIO'));
  const chunks = readLines({ read }, 0, 10_000);
  const { value } = await chunks.next();
  expect(value).toHaveLength(1_024);
  await expect(chunks.next()).rejects.toThrow('EIO');
});

it('leaves the fault of a part that nobody comes to', async () => {
  const faults: Error[] = [];
  const { file } = fileOf(Buffer.alloc(4_096, '1 line\n\n'));
  const read = (position: number, length: number) => {
    if (position === 0) return file.read(position, length);
    faults.push(new Error('EIO'));
    return Promise.reject(faults.at(-1));
  };
  const unhandled: unknown[] = [];
  const hear = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const chunks = readLines({ read }, 0, 10_000);
    await chunks.next();
    await chunks.return(Buffer.of());
    await new Promise((resolve) => setImmediate(resolve));
    expect(faults).toHaveLength(1);
    expect(unhandled).toStrictEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});
