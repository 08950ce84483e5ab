import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../domain/ports.ts';
import { DirectoryInUse, errorCode } from './faults.ts';
import { isRunning, ProcessIdentity } from './process-identity.ts';

/**
 * `lock.json`: who works in the directory.
 * - none: free.
 * - of this host: held while that very process runs. A killed one never blocks the next start.
 * - of another host (or of a container that was there before, whose host name was another one): held while its
 *   time stamp moves. Nobody here can ask for that process, so the start watches for three beats.
 */
const Lock = ProcessIdentity.extend({ instance: z.string() });
type Lock = z.infer<typeof Lock>;

export interface DirectoryLock {
  /** Shows that the holder lives; false when somebody else holds the lock now. */
  beat(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockParts {
  readonly directory: string;
  /** Unguessable name of this run. */
  readonly instance: string;
  readonly identity: ProcessIdentity;
  readonly clock: Clock;
}

/** Milliseconds between two beats. */
export const beatInterval = 5000;
const watchFor = 3 * beatInterval + 1000;

/** Undefined when the system says that the file (or the place for it) is not there. */
const unless = async <A>(code: string, action: Promise<A>): Promise<A | undefined> => {
  try {
    return await action;
  } catch (error) {
    if (errorCode(error) === code) return undefined;
    throw error;
  }
};

const parse = (text: string): Lock | undefined => {
  try {
    return Lock.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const beatOf = async (path: string): Promise<number | undefined> =>
  (await unless('ENOENT', stat(path)))?.mtimeMs;

const isHeld = async (path: string, lock: Lock, { identity, clock }: LockParts): Promise<boolean> => {
  if (lock.host === identity.host) return isRunning(lock);
  const before = await beatOf(path);
  await clock.sleep(watchFor);
  const after = await beatOf(path);
  return after !== undefined && after !== before;
};

const inUse = (directory: string, { host, pid }: Lock): DirectoryInUse =>
  new DirectoryInUse(
    `${directory} is used by process ${pid} on ${host}. Stop that one first, or give this one another DATA_DIR`,
  );

/** Moves a lock away that was found stale; gives it back when it meanwhile became another one. */
const discard = async (path: string, aside: string, stale: string): Promise<void> => {
  const moved = await unless(
    'ENOENT',
    rename(path, aside).then(() => readFile(aside, 'utf8')),
  );
  if (moved !== undefined && moved !== stale) await unless('EEXIST', link(aside, path));
  await rm(aside, { force: true });
};

/**
 * Takes the directory for this process. The record is written first and then linked to its name, so that it is
 * there as a whole or not at all, and only one of several starters gets the name.
 * @throws {DirectoryInUse} when another process has it
 */
export const lockDirectory = async (parts: LockParts): Promise<DirectoryLock> => {
  const { directory, identity, instance, clock } = parts;
  const path = join(directory, 'lock.json');
  const own = join(directory, `lock.${encodeURIComponent(instance)}`);
  const text = `${JSON.stringify({ ...identity, instance })}\n`;
  const isOurs = async () => (await unless('ENOENT', readFile(path, 'utf8'))) === text;
  const take = async (): Promise<boolean> =>
    (await unless(
      'EEXIST',
      link(`${own}.new`, path).then(() => true),
    )) === true;

  await writeFile(`${own}.new`, text, { mode: 0o600 });
  try {
    let taken = await take();
    for (let attempt = 1; !taken && attempt <= 3; attempt += 1) {
      const held = await unless('ENOENT', readFile(path, 'utf8'));
      const lock = held === undefined ? undefined : parse(held);
      if (lock !== undefined && (await isHeld(path, lock, parts))) throw inUse(directory, lock);
      if (held !== undefined) await discard(path, `${own}.old`, held);
      taken = await take();
    }
    if (!taken || !(await isOurs())) {
      throw new DirectoryInUse(`several processes are starting in ${directory} at once. Start only one`);
    }
  } finally {
    await rm(`${own}.new`, { force: true });
  }

  return {
    beat: async () => {
      if (!(await isOurs())) return false;
      const seconds = clock.now() / 1000;
      await utimes(path, seconds, seconds);
      return true;
    },
    release: async () => {
      if (await isOurs()) await rm(path, { force: true });
    },
  };
};
