import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, rmdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claimName } from '../../src/ledger/directory-lock.ts';
import { DirectoryInUse } from '../../src/ledger/faults.ts';
import { type FileSystem, realFileSystem } from '../../src/ledger/file-system.ts';
import { isRunning, thisProcess } from '../../src/ledger/process-identity.ts';
import { sliceSize } from '../../src/ledger/slices.ts';
import { recordingLog } from '../huaweicloud/fake-parts.ts';
import { anchor, requested } from './facts.ts';
import { faultyFiles } from './faulty-files.ts';
import { manualClock } from './manual-clock.ts';
import { auditKey, openTemporary, temporaryDirectory } from './temporary-ledger.ts';

const lockOf = async (changes = {}) => ({ ...(await thisProcess()), instance: 'other', ...changes });
/** The start of a process that began at another time since the start of this host. */
const { started } = await thisProcess();
const startedAt = (when: string) => started.replace(/[^/]+$/, when);
const plantLock = async (directory: string, lock: unknown) => {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'lock.json'), typeof lock === 'string' ? lock : JSON.stringify(lock));
};

/** Another process that appends anchors until it is killed; resolves with the numbers it was told are on disk. */
const spawnWriter = async (directory: string) => {
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, directory, auditKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const acknowledged = () => output.split('\n').slice(0, -1).map(Number);
  await expect.poll(() => acknowledged().length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(20);
  return { child, ended, acknowledged };
};

describe('the lock', () => {
  it('names its process while the ledger is open, and is gone afterwards', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory, { instance: 'mine' });
    const lock: unknown = JSON.parse(await readFile(join(directory, 'lock.json'), 'utf8'));
    expect(lock).toEqual({ ...(await thisProcess()), instance: 'mine' });
    await ledger.close();
    expect((await readdir(directory)).sort()).toEqual(['index.jsonl', 'journal.jsonl', 'state.json']);
  });

  it('keeps a second one away, who is told what to do', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    await expect(openTemporary(directory)).rejects.toThrow(DirectoryInUse);
    await expect(openTemporary(directory)).rejects.toThrow(`process ${process.pid}`);
    expect(await ledger.append('bot', null, [anchor])).toMatchObject({ result: 'appended' });
    await ledger.close();
    await openTemporary(directory);
  });

  it('goes to exactly one of several that start at the same time after a crash', async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 30; round += 1) {
      await plantLock(directory, await lockOf({ started: startedAt(`before-${round}`) }));
      const all = await Promise.allSettled(Array.from({ length: 5 }, () => openTemporary(directory)));
      const open = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(open).toHaveLength(1);
      const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(refused.every((reason) => reason instanceof DirectoryInUse)).toBe(true);
      for (const ledger of open) await ledger.close();
    }
  });

  it('tells of an unclean stop when it was left behind, though the journal says nothing of one', async () => {
    const directory = await temporaryDirectory();
    await plantLock(directory, await lockOf({ started: startedAt('before') }));
    const ledger = await openTemporary(directory);
    expect(ledger.uncleanStop).toBe(true);
    await ledger.close();
    expect((await openTemporary(directory)).uncleanStop).toBe(false);
  });

  it('is not blocked by one that was killed while it took over', async () => {
    const directory = await temporaryDirectory();
    const texts = await Promise.all(
      ['a', 'b', 'c'].map(async (when) => JSON.stringify(await lockOf({ started: startedAt(when) }))),
    );
    const [dead = '', successor = '', second = ''] = texts;
    await plantLock(directory, dead);
    await writeFile(join(directory, claimName(dead)), successor);
    await writeFile(join(directory, claimName(successor)), second);
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => openTemporary(directory)));
    const open = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(open).toHaveLength(1);
    for (const ledger of open) await ledger.close();
    expect(await readdir(directory)).not.toContainEqual(expect.stringContaining('lock'));
  });

  it.each<[string, unknown]>([
    ['of the same number that began at another time', { started: startedAt('long ago') }],
    ['that is not there', { pid: 4_194_999 }],
    ['nobody can read', 'not json'],
    ['of an empty file', ''],
  ])('of a process %s does not block the start', async (_, lock) => {
    const directory = await temporaryDirectory();
    await plantLock(directory, typeof lock === 'string' ? lock : await lockOf(lock ?? {}));
    const ledger = await openTemporary(directory);
    expect(await ledger.append('bot', null, [anchor])).toMatchObject({ result: 'appended' });
  });

  it.each([
    ['of another host', { host: 'elsewhere', pid: 4_194_999 }],
    ['of another container with this host name', { pidNamespace: 'pid:[elsewhere]', pid: 4_194_999 }],
    ['of another machine with this host name', { started: 'another-boot/4242', pid: 4_194_999 }],
    ['of a version that named no namespace', { pidNamespace: undefined, pid: 4_194_999 }],
  ])('%s blocks the start while its time stamp moves', async (_, lock) => {
    const directory = await temporaryDirectory();
    await plantLock(directory, await lockOf(lock));
    const clock = manualClock();
    const opening = openTemporary(directory, { clock }).catch((error: unknown) => error);
    await expect.poll(() => clock.sleeping()).toBe(1);
    await utimes(join(directory, 'lock.json'), 1, 1);
    clock.advance(16_000);
    expect(await opening).toMatchObject({
      name: 'DirectoryInUse',
      message: expect.stringContaining('process 4194999'),
    });
  });

  it.each([
    ['of a version that named no namespace', { pidNamespace: undefined }],
    ['of a container that runs under this kernel', { pidNamespace: 'pid:[elsewhere]' }],
  ])('%s blocks the start while its process runs, though it does not beat', async (_, lock) => {
    const directory = await temporaryDirectory();
    await plantLock(directory, await lockOf(lock));
    await expect(openTemporary(directory)).rejects.toThrow(`process ${process.pid}`);
  });

  it('of another host that shows no life for three beats is taken over', async () => {
    const directory = await temporaryDirectory();
    await plantLock(directory, await lockOf({ host: 'elsewhere', started: 'another-boot/4242' }));
    const clock = manualClock();
    const opening = openTemporary(directory, { clock });
    await expect.poll(() => clock.sleeping()).toBe(1);
    clock.advance(15_999);
    expect(clock.sleeping()).toBe(1);
    clock.advance(1);
    expect((await opening).trouble()).toBeUndefined();
  });

  it('beats while the journal is being read, however long that takes', async () => {
    const directory = await temporaryDirectory();
    const first = await openTemporary(directory);
    await first.append('bot', null, [anchor]);
    await first.close();
    const disk = faultyFiles();
    const letGo = disk.holdReads();
    const clock = manualClock();
    const opening = openTemporary(directory, { clock, files: disk.files });
    for (let beats = 1; beats <= 4; beats += 1) {
      await expect.poll(() => clock.sleeping()).toBe(1);
      clock.advance(5000);
      await expect.poll(async () => (await stat(join(directory, 'lock.json'))).mtimeMs).toBe(clock.now());
    }
    letGo();
    expect((await opening).head().seq).toBe(1);
  });

  it('beats while a checkpoint of very much is being written to a slow disk', async () => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const silences: number[] = [];
    const files: FileSystem = {
      ...realFileSystem,
      open: async (path, mode) => {
        const file = await realFileSystem.open(path, mode);
        if (!path.endsWith('index.jsonl')) return file;
        const sync = async () => {
          await file.sync();
          clock.advance(10_000);
          silences.push(clock.now() - (await stat(join(directory, 'lock.json'))).mtimeMs);
        };
        return { ...file, sync };
      },
    };
    const ledger = await openTemporary(directory, { clock, files });
    await Promise.all(Array.from({ length: 3 * sliceSize }, () => ledger.append('new', 0, [requested()])));
    await ledger.close();
    expect(silences).toEqual([10_000, 10_000]);
  });

  it('ends the start that lost it while the journal was being read', async () => {
    const directory = await temporaryDirectory();
    const first = await openTemporary(directory);
    await first.append('bot', null, [anchor]);
    await first.close();
    const disk = faultyFiles();
    const letGo = disk.holdReads();
    const opening = openTemporary(directory, { files: disk.files });
    await expect.poll(() => disk.events).toContain('read journal.jsonl');
    await plantLock(directory, await lockOf());
    letGo();
    await expect(opening).rejects.toThrow(DirectoryInUse);
    expect(await readFile(join(directory, 'lock.json'), 'utf8')).toContain('other');
  });

  it('keeps who lost it from writing, also at its end', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    await ledger.append('bot', null, [anchor]);
    await ledger.moveCursor('audit', 1);
    await plantLock(directory, await lockOf());
    const journal = await readFile(join(directory, 'journal.jsonl'), 'utf8');
    await ledger.close();
    expect(await readFile(join(directory, 'journal.jsonl'), 'utf8')).toBe(journal);
    expect(await readdir(directory)).not.toContain('state.json');
  });

  it('counts as ours while the disk does not say whose it is', async () => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const log = recordingLog();
    const ledger = await openTemporary(directory, { clock, log });
    const path = join(directory, 'lock.json');
    const lock = await readFile(path, 'utf8');
    await rm(path);
    await mkdir(path);
    clock.advance(5000);
    await expect.poll(() => log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
    expect(ledger.trouble()).toBeUndefined();
    expect(await ledger.append('bot', null, [anchor])).toMatchObject({ result: 'appended' });
    await rmdir(path);
    await plantLock(directory, lock);
  });

  it('beats every five seconds, and tells when another process took it', async () => {
    const directory = await temporaryDirectory();
    const clock = manualClock();
    const ledger = await openTemporary(directory, { clock });
    const path = join(directory, 'lock.json');
    clock.advance(5000);
    await expect.poll(async () => (await stat(path)).mtimeMs).toBe(clock.now());
    await expect.poll(() => clock.sleeping()).toBe(1);
    const state = join(directory, 'state.json');
    const checkpoint = await readFile(state, 'utf8');
    await ledger.append('bot', null, [anchor]);
    await plantLock(directory, await lockOf());
    clock.advance(5000);
    await expect.poll(() => ledger.trouble()).toContain('another process');
    await expect(ledger.append('bot', null, [anchor])).rejects.toThrow('another process');
    await ledger.close();
    expect(await readFile(path, 'utf8')).toContain('other');
    expect(await readFile(state, 'utf8')).toBe(checkpoint);
  });
});

describe('the directory', () => {
  it('and its files are for their owner only, also when they were not before', async () => {
    const directory = await temporaryDirectory();
    await mkdir(directory, { mode: 0o755 });
    await writeFile(join(directory, 'journal.jsonl'), '', { mode: 0o644 });
    const ledger = await openTemporary(directory);
    const mode = async (name: string) => ((await stat(join(directory, name))).mode & 0o777).toString(8);
    expect(await mode('lock.json')).toBe('600');
    await ledger.append('bot', null, [anchor]);
    await ledger.close();
    expect(await mode('.')).toBe('700');
    for (const name of ['journal.jsonl', 'state.json', 'index.jsonl']) expect(await mode(name)).toBe('600');
  });
});

describe('a process', () => {
  it('is recognised by its number and its start', async () => {
    const mine = await thisProcess();
    expect(await isRunning(mine)).toBe(true);
    expect(await isRunning({ ...mine, started: 'then' })).toBe(false);
    expect(await isRunning({ ...mine, pid: 4_194_999 })).toBe(false);
    expect(await thisProcess()).toEqual(mine);
  });
});

describe('two processes', () => {
  it('cannot work in one directory; when one is killed, the other finds all that was acknowledged', async () => {
    const directory = await temporaryDirectory();
    let last = 0;
    for (let round = 0; round < 3; round += 1) {
      const { child, ended, acknowledged } = await spawnWriter(directory);
      await expect(openTemporary(directory)).rejects.toThrow(`process ${child.pid}`);
      child.kill('SIGKILL');
      await ended;
      const ledger = await openTemporary(directory);
      const seqs = new Set((await ledger.read(0, 100_000)).map(({ seq }) => seq));
      expect(acknowledged()[0]).toBeGreaterThan(last);
      expect(acknowledged().filter((seq) => !seqs.has(seq))).toEqual([]);
      expect([...seqs]).toEqual(Array.from({ length: ledger.head().seq }, (_, i) => i + 1));
      expect(await ledger.verification).toBeUndefined();
      last = ledger.head().seq;
      await ledger.close();
    }
  }, 60_000);
});

it('says of a directory that cannot be used what it has to be', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'file');
  await mkdir(directory, { recursive: true });
  await writeFile(file, '');
  await expect(openTemporary(join(file, 'data'))).rejects.toThrow(
    /^DATA_DIR \(.*data\) cannot be used: ENOTDIR.*It has to be a directory in which this process may write$/,
  );
});

it.skipIf(process.platform !== 'linux')(
  'says of a full disk to make room, and leaves nothing behind',
  async () => {
    const directory = await temporaryDirectory();
    await mkdir(directory, { recursive: true });
    await symlink('/dev/full', join(directory, 'lock.mine.new'));
    await expect(openTemporary(directory, { instance: 'mine' })).rejects.toThrow(
      /^DATA_DIR \(.*data\) cannot be used: ENOSPC.*Make room on its disk$/,
    );
    expect(await readdir(directory)).toEqual([]);
  },
);
