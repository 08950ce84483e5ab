import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, wordsOf } from './faults.ts';

/** A file that is read and written by position. */
export interface OpenFile {
  /** Bytes from `position`; fewer than `length` only at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  /** Writes all bytes or throws. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Length in bytes. */
  size(): Promise<number>;
  /** False when the name under which it was opened is gone, or another file's. */
  isInPlace(): Promise<boolean>;
  close(): Promise<void>;
}

/** The disk as a part, so that tests can make it fail. */
export interface FileSystem {
  /** Makes a directory that only its owner may enter. */
  makeDirectory(path: string): Promise<void>;
  /** `write` makes the file when it is missing, for its owner only. */
  open(path: string, mode: 'read' | 'write'): Promise<OpenFile>;
  /** Undefined when there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** Replaces a file as a whole: after a crash it is the old one or the new one. */
  replace(path: string, text: string): Promise<void>;
}

const ownerOnly = 0o600;

/** For a file that need not be there. */
const missing = (error: unknown): undefined => {
  if (errorCode(error) !== 'ENOENT') throw error;
};

const openFile = (handle: FileHandle, path: string): OpenFile => ({
  read: async (position, length) => {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  },
  write: async (bytes, position) => {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
      written += bytesWritten;
    }
  },
  sync: () => handle.sync(),
  truncate: (length) => handle.truncate(length),
  size: async () => (await handle.stat()).size,
  isInPlace: async () => {
    const [ours, there] = await Promise.all([
      handle.stat({ bigint: true }),
      stat(path, { bigint: true }).catch(missing),
    ]);
    return ours.ino === there?.ino && ours.dev === there.dev;
  },
  close: () => handle.close(),
});

/** A new name in a directory survives a power cut only when the directory itself was synced. */
const syncDirectory = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

export const realFileSystem: FileSystem = {
  makeDirectory: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  },
  open: async (path, mode) => {
    if (mode === 'read') return openFile(await open(path, 'r'), path);
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, ownerOnly);
    await handle.chmod(ownerOnly);
    await syncDirectory(dirname(path));
    return openFile(handle, path);
  },
  readText: async (path) => {
    try {
      return await readFile(path, 'utf8').catch(missing);
    } catch (cause) {
      throw new Error(`${path} cannot be read (${wordsOf(cause)})`, { cause });
    }
  },
  replace: async (path, text) => {
    const temporary = `${path}.tmp`;
    const handle = await open(temporary, 'w', ownerOnly);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  },
};
