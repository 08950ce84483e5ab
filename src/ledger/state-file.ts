import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import type { Log } from '../domain/ports.ts';
import { canonicalJson } from './canonical-json.ts';
import { Checkpoint } from './checkpoint.ts';
import type { FileSystem } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';

const Sealed = z.object({ checkpoint: Checkpoint, key: z.string(), mac: z.string() });

/** Keeps a checkpoint's seal from being one of a journal's line. */
const purpose = 'portcullis checkpoint\n';

const parse = (text: string, keys: KeyRing): Checkpoint | null => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const sealed = Sealed.safeParse(json);
  if (!sealed.success) return null;
  const { checkpoint, key, mac } = sealed.data;
  return keys.mac(key, purpose, canonicalJson(checkpoint)) === mac ? checkpoint : null;
};

/**
 * `state.json` for lowdb. Its own file adapter neither syncs nor keeps the file to its owner, so this one does.
 * The seal keeps a changed checkpoint from hiding a request: such a one counts as missing.
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
    const checkpoint = parse(text, keys);
    if (checkpoint === null) log.warn('state.json is not usable; it is made anew from the journal');
    return checkpoint;
  },
  write: (checkpoint) => {
    const mac = keys.seal(purpose, canonicalJson(checkpoint));
    return files.replace(path, `${JSON.stringify({ checkpoint, key: keys.current, mac })}\n`);
  },
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
