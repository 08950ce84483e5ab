import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeApproved } from './approved.ts';
import { startBot, startServers } from './bot-process.ts';
import { bundle } from './bundle.ts';
import { startCloud } from './cloud.ts';
import { organisations } from './organisations.ts';
import type { Benchmark } from './table.ts';

const rounds = 10;
const keyCount = 5;
/** What the bot does after it is healthy is watched for so long, in ms. */
const watched = 3_000;

/** The longest block in the bot since it was asked before, in ms. */
const longestBlock = async (bot: ChildProcess): Promise<number> => {
  bot.send('the longest block');
  const [told]: unknown[] = await once(bot, 'message');
  return z.number().parse(told);
};

/** The bot as it is run in earnest, started where 1,000 approved requests wait for it. */
export const crowd: Benchmark = async () => {
  const home = await mkdtemp(join(tmpdir(), 'portcullis-crowd-'));
  const observer = await bundle(new URL('./observer.ts', import.meta.url), join(home, 'observer'));
  const { grants, organisation } = organisations.scattered();

  /** @returns ms until it was healthy, and the longest block before and after that */
  const startOnce = async (directory: string) => {
    const { slack, cloud: idle, environment } = await startServers('socket');
    const cloud = await startCloud('scattered', 0, keyCount);
    cloud.set({ latencyMs: 50, deletionDelayMs: 2_000, ratePerSecond: 200 });
    await writeApproved(directory, environment.AUDIT_KEY, grants, organisation);
    const keys = cloud.keys.slice(0, keyCount);
    const endpoints = Object.keys(environment).filter((name) => name.startsWith('HUAWEICLOUD_ENDPOINT_'));
    const own = {
      DATA_DIR: directory,
      ...environment,
      HUAWEICLOUD_SDK_AK: keys.map(({ ak }) => ak).join(','),
      HUAWEICLOUD_SDK_SK: keys.map(({ sk }) => sk).join(','),
      HUAWEICLOUD_SDK_DOMAIN_ID: cloud.domainId,
      ...Object.fromEntries(endpoints.map((name) => [name, cloud.url])),
    };
    const { child, time, kill } = await startBot(home, own, observer);
    try {
      const loading = await longestBlock(child);
      await sleep(watched);
      return { time, loading, working: await longestBlock(child) };
    } finally {
      await kill();
      await Promise.all([cloud.close(), slack.close(), idle.close()]);
    }
  };

  try {
    const starts: Awaited<ReturnType<typeof startOnce>>[] = [];
    for (let round = 0; round < rounds; round += 1) starts.push(await startOnce(join(home, `data-${round}`)));
    return [
      {
        name: 'from spawning to a healthy /healthz, with 1,000 approved requests',
        times: starts.map(({ time }) => time),
        block: Math.max(...starts.map(({ loading }) => loading)),
      },
      {
        name: `longest block in the ${watched / 1_000} s after that`,
        times: starts.map(({ working }) => working),
        block: Math.max(...starts.map(({ working }) => working)),
        target: 'at most 50 ms',
      },
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};
