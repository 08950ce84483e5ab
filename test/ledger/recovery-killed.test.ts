import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchor, approved, requested } from './facts.ts';
import { faultyFiles } from './faulty-files.ts';
import { mortalFiles } from './mortal-files.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const journalOf = (directory: string): string => join(directory, 'journal.jsonl');

/** A closed journal of three lines, the last two of one append, in which the process was killed so late. */
const torn = async (left: (bytes: Buffer, second: number) => Buffer): Promise<string> => {
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory);
  await ledger.append('bot', null, [anchor]);
  await ledger.append('new', 0, [requested(), approved]);
  await ledger.close();
  for (const name of ['state.json', 'index.jsonl']) await rm(join(directory, name));
  const bytes = await readFile(journalOf(directory));
  await writeFile(journalOf(directory), left(bytes, bytes.indexOf('\n') + 1));
  return directory;
};

/** A start that is killed at this step; false when it came to its end before. */
const killedStart = async (directory: string, fatal: number, kept: number): Promise<boolean> => {
  const { files, killed } = mortalFiles(fatal, kept);
  await openTemporary(directory, { files }).then(
    (ledger) => ledger.close(),
    (error: unknown) => {
      if (!killed()) throw error;
    },
  );
  // It was held by this very process, which lives on.
  await rm(join(directory, 'lock.json'), { force: true });
  return killed();
};

const factsOf = async (directory: string): Promise<readonly string[]> => {
  const ledger = await openTemporary(directory);
  const records = await ledger.read(0, 99);
  await ledger.close();
  return records.map(({ fact }) => fact.fact);
};

/** So many starts, one after the other, each killed at this step; false when all came to their end before. */
const killedStarts = async (directory: string, starts: number, fatal: number, kept: number) => {
  let killed = false;
  for (let start = 0; start < starts; start += 1) {
    if (await killedStart(directory, fatal, kept)) killed = true;
  }
  return killed;
};

describe('a torn end', () => {
  it.each<[string, (bytes: Buffer, second: number) => Buffer]>([
    ['in the first line of an append', (bytes, second) => bytes.subarray(0, second + 90)],
    ['behind a whole line of an append', (bytes) => bytes.subarray(0, -90)],
    ['of one byte', (bytes, second) => bytes.subarray(0, second + 1)],
    ['of zeros', (bytes, second) => Buffer.concat([bytes.subarray(0, second), Buffer.alloc(4096)])],
  ])('%s is on record once, at whichever step further starts are killed', async (_, left) => {
    const directory = await torn(left);
    for (const [starts, kept] of [
      [1, 0],
      [2, 0.5],
    ] as const) {
      let fatal = 0;
      for (let killed = true; killed; fatal += 1) {
        const copy = await temporaryDirectory();
        await cp(directory, copy, { recursive: true });
        killed = await killedStarts(copy, starts, fatal, kept);
        expect(await factsOf(copy)).toEqual(['anchor', 'recovered']);
      }
      expect(fatal).toBeGreaterThan(5);
    }
  });

  it('is on record after a start for whose record the disk had no room', async () => {
    const directory = await torn((bytes) => bytes.subarray(0, -90));
    const disk = faultyFiles();
    disk.fail('write journal.jsonl', 'ENOSPC', { half: true });
    await expect(openTemporary(directory, { files: disk.files })).rejects.toThrow('make room');
    expect(await factsOf(directory)).toEqual(['anchor', 'recovered']);
  });
});
