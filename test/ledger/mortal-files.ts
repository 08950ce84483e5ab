import { type FileSystem, type OpenFile, realFileSystem } from '../../src/ledger/file-system.ts';

/**
 * The real disk, under a process that is killed at its step number `fatal`, counted from 0 over all that it changes.
 * @param kept how much of the fatal step is done, from 0 to 1; only a write can be done in part
 */
export const mortalFiles = (fatal: number, kept: number) => {
  let steps = 0;
  let killed = false;

  const change = async (whole: () => Promise<void>, part = async () => {}): Promise<void> => {
    if (!killed && steps < fatal) {
      steps += 1;
      return whole();
    }
    if (!killed) {
      killed = true;
      await (kept === 1 ? whole() : part());
    }
    throw new Error('the process was killed');
  };

  const watch = (file: OpenFile): OpenFile => ({
    ...file,
    write: (bytes, position) =>
      change(
        () => file.write(bytes, position),
        () => file.write(bytes.subarray(0, Math.ceil(bytes.length * kept)), position),
      ),
    sync: () => change(() => file.sync()),
    truncate: (length) => change(() => file.truncate(length)),
  });

  const files: FileSystem = {
    ...realFileSystem,
    open: async (path, mode) => watch(await realFileSystem.open(path, mode)),
    replace: (path, text) => change(() => realFileSystem.replace(path, text)),
  };

  return { files, killed: () => killed };
};
