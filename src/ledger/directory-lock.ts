import { createHash } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../domain/ports.ts';
import { DirectoryInUse, errorCode } from './faults.ts';
import { isNear, isRunning, ProcessIdentity } from './process-identity.ts';

/**
 * `lock.json`: who works in the directory.
 * - none: free.
 * - of a process that runs here: held.
 * - of another process of this host since it was started: free. A killed one never blocks the next start.
 * - of another host or another container, also one that was there before on this host, and of an earlier start of this host: held while its time stamp moves. Nobody here can ask for that process, so the start watches for three beats.
 */
const Lock = ProcessIdentity.extend({ instance: z.string() });
type Lock = z.infer<typeof Lock>;

export interface DirectoryLock {
  /** The holder before this one did not release it. */
  readonly wasLeftBehind: boolean;
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
  if (await isRunning(lock)) return true;
  if (isNear(lock, identity)) return false;
  const before = await beatOf(path);
  await clock.sleep(watchFor);
  const after = await beatOf(path);
  return after !== undefined && after !== before;
};

const inUse = (directory: string, { host, pid }: Lock): DirectoryInUse =>
  new DirectoryInUse(
    `${directory} is used by process ${pid} on ${host}. Stop that one first, or give this one another DATA_DIR`,
  );

/** The name under which the successor of a dead holder is agreed on: whoever gets it may take over from that one. */
export const claimName = (text: string): string =>
  `lock.${createHash('sha256').update(text).digest('hex').slice(0, 16)}.claim`;

/**
 * Takes the directory for this process. The record is written first and then linked to its name, so that it is
 * there as a whole or not at all, and only one of several starters gets the name. A dead holder's record is never
 * removed, only replaced, and only by the one that holds the claim on just that record; a claim whose holder died
 * before it used it is taken over in the same way.
 * @throws {DirectoryInUse} when another process has it
 */
export const lockDirectory = async (parts: LockParts): Promise<DirectoryLock> => {
  const { directory, identity, instance, clock } = parts;
  const path = join(directory, 'lock.json');
  const prepared = join(directory, `lock.${encodeURIComponent(instance)}.new`);
  const text = `${JSON.stringify({ ...identity, instance })}\n`;
  const textOf = (name: string) => unless('ENOENT', readFile(name, 'utf8'));
  const isOurs = async () => (await textOf(path)) === text;
  const take = async (name: string): Promise<boolean> =>
    (await unless(
      'EEXIST',
      link(prepared, name).then(() => true),
    )) === true;

  /** Claims to be the successor of this holder; undefined when things changed meanwhile. */
  const claimAfter = async (
    holder: string,
    name: string,
    earlier: string[],
  ): Promise<string[] | undefined> => {
    const lock = parse(holder);
    if (lock !== undefined && (await isHeld(name, lock, parts))) throw inUse(directory, lock);
    const claim = join(directory, claimName(holder));
    if (await take(claim)) return [...earlier, claim];
    const claimant = await textOf(claim);
    return claimant === undefined ? undefined : claimAfter(claimant, claim, [...earlier, claim]);
  };

  const takeOver = async (): Promise<boolean> => {
    const holder = await textOf(path);
    if (holder === undefined) return false;
    const claims = await claimAfter(holder, path, []);
    if (claims === undefined) return false;
    const isStill = (await textOf(path)) === holder;
    if (isStill) await rename(prepared, path);
    for (const claim of isStill ? claims : claims.slice(-1)) await rm(claim, { force: true });
    return isStill;
  };

  let wasLeftBehind = false;
  try {
    await writeFile(prepared, text, { mode: 0o600 });
    let taken = false;
    for (let attempt = 1; !taken && attempt <= 9; attempt += 1) {
      taken = await take(path);
      if (!taken) taken = wasLeftBehind = await takeOver();
    }
    if (!taken) {
      throw new DirectoryInUse(`several processes are starting in ${directory} at once. Start only one`);
    }
  } finally {
    await rm(prepared, { force: true });
  }

  return {
    wasLeftBehind,
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
