import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { startLocalCloud } from '../src/sandbox/cloud/local-cloud.ts';
import { startLocalSlack } from '../src/sandbox/slack/local-slack.ts';
import { SEED } from '../src/sandbox/slack/seed.ts';

/** The bot as it is built. */
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const readManifest = () => parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8'));

/** A local Slack and a local cloud, and what a bot that is a process of its own is started with. */
export const startServers = async (transport: 'socket' | 'http') => {
  const now = () => Date.now();
  const slack = await startLocalSlack({ now, manifest: readManifest(), transport, ackTimeoutMs: 15_000 });
  const cloud = await startLocalCloud({ now });
  const { ak, sk, domainId } = cloud.credentials;
  const services = ['IDENTITYCENTER', 'IDENTITYSTORE', 'ORGANIZATIONS', 'MODELARTS', 'IAM', 'STS'];
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(transport === 'socket'
      ? { SLACK_APP_TOKEN: slack.appToken }
      : { SLACK_SIGNING_SECRET: slack.signingSecret }),
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
  return { slack, cloud, environment };
};

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

export const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));

/** ms for a start */
const patience = 30_000;

/**
 * Starts the bot as it is run in earnest, and waits until it is healthy.
 * @param observer a module that is loaded into the bot before it, and may talk with the benchmark
 */
export const startBot = async (
  home: string,
  environment: Readonly<Record<string, string>>,
  observer?: string,
) => {
  if (!existsSync(main)) throw new Error('There is no dist/main.js: run npm run build first');
  const port = await freePort();
  const watched = observer === undefined ? [] : ['--import', observer];
  const began = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', ...watched, main], {
    env: { PATH: process.env.PATH, HOME: home, PORT: String(port), ...environment },
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit', ...(observer === undefined ? [] : (['ipc'] as const))],
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || performance.now() - began > patience) {
      await kill();
      throw new Error('The bot does not start');
    }
    await sleep(5);
  }
  return { child, port, kill, time: performance.now() - began };
};
