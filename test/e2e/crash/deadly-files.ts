import { basename } from 'node:path';
import { type FileSystem, type OpenFile, realFileSystem } from '../../../src/ledger/file-system.ts';
import { linesIn } from './journal.ts';

/** Only a signal that nobody can handle; nothing of this process runs after it. */
const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** What a write to one of the ledger's files holds: the words of the facts, or the file itself. */
const contents = (name: string, bytes: Uint8Array): readonly string[] =>
  name === 'journal.jsonl'
    ? linesIn(Buffer.from(bytes).toString()).map(({ fact }) => `append ${fact.fact}`)
    : [`write ${name}`];

/**
 * The real disk, whose process is killed at one point: `before` a write, `amid` it (when half of the bytes are
 * there) or `after` it. What was written and not yet synced outlives the end of a process as well, so there is
 * no point between the two.
 * @param point `amid append approved` for example; none: nothing happens
 */
export const deadlyFiles = (point = ''): FileSystem => {
  const isNow = (moment: string, whats: readonly string[]) =>
    whats.some((what) => `${moment} ${what}` === point);

  const watch = (name: string, file: OpenFile): OpenFile => {
    let written: readonly string[] = [];
    return {
      ...file,
      write: async (bytes, position) => {
        written = contents(name, bytes);
        if (isNow('before', written)) die();
        if (isNow('amid', written)) {
          await file.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), position);
          die();
        }
        await file.write(bytes, position);
      },
      sync: async () => {
        await file.sync();
        if (isNow('after', written)) die();
      },
    };
  };

  return {
    ...realFileSystem,
    open: async (path, mode) => watch(basename(path), await realFileSystem.open(path, mode)),
    replace: async (path, text) => {
      const what = [`write ${basename(path)}`];
      if (isNow('before', what)) die();
      await realFileSystem.replace(path, text);
      if (isNow('after', what)) die();
    },
  };
};
