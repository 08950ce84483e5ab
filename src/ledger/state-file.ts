import { join } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import type { Log } from '../domain/ports.ts';
import { Checkpoint } from './checkpoint.ts';
import type { FileSystem } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';

/** Keeps a checkpoint's seal from being one of a journal's line. */
const purpose = 'portcullis checkpoint\n';

/** The seal covers the text of the checkpoint as it stands in the file, so that nothing is put into text twice. */
const sealed = /^\{"checkpoint":(.*),"key":"[0-9a-f]{8}","mac":"([0-9a-f]{64})"\}\n$/s;

const seal = (checkpoint: Checkpoint | null, keys: KeyRing): string => {
  const text = JSON.stringify(checkpoint);
  return `{"checkpoint":${text},"key":"${keys.current}","mac":"${keys.seal(purpose, text)}"}\n`;
};

/** `state.json` in the directory of a ledger. */
export const statePath = (directory: string): string => join(directory, 'state.json');

/**
 * The checkpoint in the text of `state.json`; null when it is none of ours. Only the current key seals one: whoever has
 * an earlier one may be the reason for which it was changed.
 */
export const unseal = (file: string, keys: KeyRing): Checkpoint | null => {
  const [, text = '', mac] = sealed.exec(file) ?? [];
  if (mac === undefined || keys.seal(purpose, text) !== mac) return null;
  return Checkpoint.safeParse(JSON.parse(text)).data ?? null;
};

/**
 * `state.json` for lowdb. Its own file adapter neither syncs nor keeps the file to its owner, so this one does.
 * The seal keeps a changed checkpoint from hiding a request: such a one counts as missing, and so does the last one
 * before the audit key was changed.
 */
const stateAdapter = (
  files: FileSystem,
  path: string,
  keys: KeyRing,
  log: Log,
): Adapter<Checkpoint | null> => ({
  read: async () => {
    const text = await files.readText(path);
    if (text === undefined) return null;
    const checkpoint = unseal(text, keys);
    if (checkpoint === null)
      log.warn('state.json was changed, or not sealed with AUDIT_KEY; it is made anew from the journal');
    return checkpoint;
  },
  write: (checkpoint) => files.replace(path, seal(checkpoint, keys)),
});

/** The last checkpoint on disk. */
export interface StateFile {
  /** Null when there is none or none that can be trusted. */
  read(): Promise<Checkpoint | null>;
  write(checkpoint: Checkpoint): Promise<void>;
}

export const createStateFile = (files: FileSystem, path: string, keys: KeyRing, log: Log): StateFile => {
  const db = new Low(stateAdapter(files, path, keys, log), null);
  return {
    read: async () => {
      await db.read();
      return db.data;
    },
    // A failed write leaves lowdb's memory ahead of the disk; each write brings a whole new checkpoint anyway.
    write: async (checkpoint) => {
      db.data = checkpoint;
      await db.write();
    },
  };
};
