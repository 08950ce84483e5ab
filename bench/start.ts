import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { startLocalCloud } from '../src/sandbox/cloud/local-cloud.ts';
import { startLocalSlack } from '../src/sandbox/slack/local-slack.ts';
import { SEED } from '../src/sandbox/slack/seed.ts';
import { type Benchmark, percentile } from './table.ts';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const readManifest = () => parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8'));

const rounds = 10;
/** How long nothing is asked of the bot before its memory is looked at, in ms. */
const idleTime = 10_000;
const patience = 30_000;
const startTarget = 1_000;
const memoryTarget = 120;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
    server.on('error', reject);
  });

const isHealthy = async (port: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
};

/** Resident memory of a process, in megabytes. */
const residentMegabytes = async (pid: number): Promise<number> => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 2 ** 10;
};

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));

/** What a start costs on this machine before the first line of ours. */
const bareStart = async (): Promise<number> => {
  const began = performance.now();
  await ended(spawn(process.execPath, ['--eval', '']));
  return performance.now() - began;
};

/** The bot as it is run in earnest, against a local Slack and a local cloud, from nothing to `/healthz`. */
export const start: Benchmark = async () => {
  if (!existsSync(main)) throw new Error('There is no dist/main.js: run npm run build first');
  const now = () => Date.now();
  const slack = await startLocalSlack({ now, manifest: readManifest(), transport: 'socket' });
  const cloud = await startLocalCloud({ now });
  const { ak, sk, domainId } = cloud.credentials;
  const services = ['IDENTITYCENTER', 'IDENTITYSTORE', 'ORGANIZATIONS', 'MODELARTS', 'IAM', 'STS'];
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    AUDIT_CHANNEL: SEED.channels.audit,
    REQUESTERS: SEED.groups.responders,
    APPROVERS: SEED.groups.approvers,
    AUDIT_KEY: 'audit-key-of-a-benchmark-0000000000001',
    HUAWEICLOUD_SDK_AK: ak,
    HUAWEICLOUD_SDK_SK: sk,
    HUAWEICLOUD_SDK_DOMAIN_ID: domainId,
    HUAWEICLOUD_REGION: cloud.region,
    ...Object.fromEntries(services.map((service) => [`HUAWEICLOUD_ENDPOINT_${service}`, cloud.url])),
  };

  /** @returns ms until it was healthy, megabytes after it had been idle */
  const startOnce = async (idle: number) => {
    const home = await mkdtemp(join(tmpdir(), 'portcullis-start-'));
    const port = await freePort();
    const began = performance.now();
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        DATA_DIR: join(home, 'data'),
        PORT: String(port),
        ...environment,
      },
      cwd: home,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    try {
      while (!(await isHealthy(port))) {
        if (child.exitCode !== null || performance.now() - began > patience)
          throw new Error('The bot does not start');
        await sleep(5);
      }
      const time = performance.now() - began;
      await sleep(idle);
      return { time, megabytes: await residentMegabytes(child.pid ?? 0) };
    } finally {
      child.kill('SIGKILL');
      await ended(child);
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
