import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';
import { errorCode } from './faults.ts';

/** Which process: the number alone is given out again, in a container it is always 1. */
export const ProcessIdentity = z.object({
  host: z.string(),
  pid: z.number().int().positive(),
  /** In which the number counts, where there are several: containers may share a host name. */
  pidNamespace: z.string().optional(),
  /** When it began, as the system says it; the same number with another start is another process. */
  started: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** `/proc/<pid>/stat` behind the name, which may contain anything: state is the first field, start the 20th. */
const linuxStart = async (pid: number): Promise<string | undefined> => {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined;
    throw error;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isDead = fields[0] === 'Z' || fields[0] === 'X';
  return isDead ? undefined : `${boot.trim()}/${fields[19]}`;
};

const otherStart = async (pid: number): Promise<string | undefined> => {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim();
  } catch {
    return undefined;
  }
};

/** When the process began; undefined when there is none of this number on this host. */
const startOf = process.platform === 'linux' ? linuxStart : otherStart;

export const thisProcess = async (): Promise<ProcessIdentity> => ({
  host: hostname(),
  pid: process.pid,
  ...(process.platform === 'linux' && { pidNamespace: await readlink('/proc/self/ns/pid') }),
  started: (await startOf(process.pid)) ?? 'unknown',
});

/** The start of the host, where the system names it: several hosts may share a name. */
const bootOf = ({ started }: ProcessIdentity): string | undefined =>
  started.includes('/') ? started.slice(0, started.indexOf('/')) : undefined;

/** Of one host since its last start, and of one namespace: only there are all processes known. */
export const isNear = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  a.host === b.host && a.pidNamespace === b.pidNamespace && bootOf(a) === bootOf(b);

/** A yes is always true; a no only means something for a process that is near. */
export const isRunning = async ({ pid, started }: ProcessIdentity): Promise<boolean> =>
  (await startOf(pid)) === started;
