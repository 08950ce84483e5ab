import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ended, startBot, startServers } from './bot-process.ts';
import { type Benchmark, percentile } from './table.ts';

const rounds = 10;
/** How long nothing is asked of the bot before its memory is looked at, in ms. */
const idleTime = 10_000;
const startTarget = 1_000;
const memoryTarget = 120;

/** Resident memory of a process, in megabytes. */
const residentMegabytes = async (pid: number): Promise<number> => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 2 ** 10;
};

/** What a start costs on this machine before the first line of ours. */
const bareStart = async (): Promise<number> => {
  const began = performance.now();
  await ended(spawn(process.execPath, ['--eval', '']));
  return performance.now() - began;
};

/** The bot as it is run in earnest, against a local Slack and a local cloud, from nothing to `/healthz`. */
export const start: Benchmark = async () => {
  const { slack, cloud, environment } = await startServers('socket');

  /** @returns ms until it was healthy, megabytes after it had been idle */
  const startOnce = async (idle: number) => {
    const home = await mkdtemp(join(tmpdir(), 'portcullis-start-'));
    try {
      const { child, time, kill } = await startBot(home, { DATA_DIR: join(home, 'data'), ...environment });
      await sleep(idle);
      const megabytes = await residentMegabytes(child.pid ?? 0);
      await kill();
      return { time, megabytes };
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  };

  try {
    const { megabytes } = await startOnce(idleTime);
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push((await startOnce(0)).time);
    const bare = [];
    for (let round = 0; round < rounds; round += 1) bare.push(await bareStart());
    return [
      {
        name: 'from spawning to a healthy /healthz',
        times,
        target: `${percentile(times, 0.5).toFixed(0)} of at most ${startTarget} ms`,
      },
      { name: 'Node alone, with nothing to do', times: bare },
      {
        name: `resident after ${idleTime / 1_000} s with nothing to do`,
        times: [],
        megabytes,
        target: `${megabytes.toFixed(0)} of at most ${memoryTarget} MB`,
      },
    ];
  } finally {
    await slack.close();
    await cloud.close();
  }
};
