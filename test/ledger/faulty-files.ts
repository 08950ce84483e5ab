import { basename } from 'node:path';
import { type FileSystem, type OpenFile, realFileSystem } from '../../src/ledger/file-system.ts';

type Operation = 'read' | 'write' | 'sync' | 'truncate' | 'replace';

/** The real disk, watched, that fails where it is told to. */
export const faultyFiles = () => {
  const events: string[] = [];
  const faults = new Map<string, { code: string; times: number; half: boolean }>();
  const holds = new Map<Operation, Promise<void>>();

  const pass = (name: string, operation: Operation) => {
    const event = `${operation} ${name}`;
    events.push(event);
    const fault = faults.get(event);
    if (fault === undefined || fault.times === 0) return undefined;
    fault.times -= 1;
    return { ...fault, error: Object.assign(new Error(`${fault.code}: planted`), { code: fault.code }) };
  };

  const watch = (name: string, file: OpenFile): OpenFile => ({
    ...file,
    read: async (position, length) => {
      const fault = pass(name, 'read');
      await holds.get('read');
      if (fault) throw fault.error;
      return file.read(position, length);
    },
    write: async (bytes, position) => {
      const fault = pass(name, 'write');
      if (fault?.half) await file.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), position);
      if (fault) throw fault.error;
      await file.write(bytes, position);
    },
    sync: async () => {
      const fault = pass(name, 'sync');
      await holds.get('sync');
      if (fault) throw fault.error;
      await file.sync();
    },
    truncate: async (length) => {
      const fault = pass(name, 'truncate');
      if (fault) throw fault.error;
      await file.truncate(length);
    },
  });

  const hold = (operation: Operation) => {
    let letGo = () => {};
    holds.set(
      operation,
      new Promise((resolve) => {
        letGo = resolve;
      }),
    );
    return () => letGo();
  };

  const files: FileSystem = {
    ...realFileSystem,
    open: async (path, mode) => watch(basename(path), await realFileSystem.open(path, mode)),
    replace: async (path, text) => {
      const fault = pass(basename(path), 'replace');
      if (fault) throw fault.error;
      await realFileSystem.replace(path, text);
    },
  };

  return {
    files,
    /** What happened so far, `sync journal.jsonl` for example. */
    events,
    /** Lets the next operations of this sort fail; `half` writes half of the bytes before. */
    fail: (event: string, code: string, { times = 1, half = false } = {}) =>
      faults.set(event, { code, times, half }),
    /** Keeps all syncs waiting until the returned function is called. */
    holdSyncs: () => hold('sync'),
    /** Keeps all reads waiting until the returned function is called. */
    holdReads: () => hold('read'),
  };
};
