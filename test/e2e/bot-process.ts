import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { kindNames } from '../../src/bot.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type LocalCloud, startLocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import { type LocalSlack, startLocalSlack } from '../../src/sandbox/slack/local-slack.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { type Story, storyIn } from '../support/e2e.ts';

const readManifest = () => parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));

/** Real ms for anything that a process of its own must do: its start is most of it. */
const patience = 50_000;

export type Env = Readonly<Record<string, string>>;

/** The bot as it is run in earnest, with everything that it has said so far. */
export interface BotProcess {
  /** Both streams together. */
  readonly output: () => string;
  /** The first line on standard output that contains the words. */
  line(words: string): Promise<string>;
  /** Resolves with the exit code, null after a signal that killed it. */
  ended(): Promise<number | null>;
  signal(name: 'SIGKILL' | 'SIGTERM'): void;
  /** From now on nobody reads what it says. */
  deafen(): void;
}

const within = async <T>(what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${patience} ms: ${what}`)), patience);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const start = (
  code: readonly string[],
  env: Env,
  cwd: string,
): BotProcess & { readonly child: ChildProcess } => {
  // Nothing is inherited, and there is no .env in the working directory.
  const child = spawn(process.execPath, code, {
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  const heard = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    output: () => `${out}\n${err}`,
    line: (words) => {
      const found = new Promise<string>((resolve, reject) => {
        const look = () => {
          const lines = out.split('\n').slice(0, -1);
          const line = lines.find((one) => one.includes(words));
          if (line !== undefined) resolve(line);
        };
        watchers.add(look);
        look();
        void closed.then((code) =>
          reject(new Error(`ended with ${code} before "${words}":\n${out}\n${err}`)),
        );
      });
      return within(`a line with "${words}"`, found);
    },
    ended: () => within('the end of the process', closed),
    signal: (name) => void child.kill(name),
    deafen: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
};

/** A local Slack, a local cloud and a data directory, for bots that are processes of their own. */
export interface Ground {
  readonly slack: LocalSlack;
  readonly cloud: LocalCloud;
  readonly directory: string;
  /** What the processes are started with. */
  readonly env: Env;
  /** The same, read. */
  readonly config: Config;
  begin(env?: Env): BotProcess;
  /** Begins, and waits until the health routes answer. */
  run(env?: Env): Promise<BotProcess & { readonly port: number }>;
  readonly story: Story;
}

const Running = z.object({ port: z.number() });

/**
 * Lends servers and a directory, and leaves nothing running, whatever happens.
 * @param code arguments to node that start a bot
 */
export const onGround = async (
  play: (ground: Ground) => Promise<void>,
  code: readonly string[],
): Promise<void> => {
  const now = () => Date.now();
  const began = now();
  const home = await mkdtemp(join(tmpdir(), 'portcullis-process-'));
  const directory = join(home, 'data');
  const slack = await startLocalSlack({
    // Time goes slowly there, so that a form opens before its trigger is too old also on a small machine.
    now: () => began + (now() - began) / 10,
    manifest: readManifest(),
    transport: 'socket',
    ackTimeoutMs: 15_000,
  });
  const cloud = await startLocalCloud({ now, switches: { deletionDelayMs: 20 } });
  const { ak, sk, domainId } = cloud.credentials;
  const env: Env = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    AUDIT_CHANNEL: SEED.channels.audit,
    REQUESTERS: SEED.groups.responders,
    APPROVERS: SEED.groups.approvers,
    AUDIT_KEY: 'audit-key-of-a-test-process-0000000001',
    HUAWEICLOUD_SDK_AK: ak,
    HUAWEICLOUD_SDK_SK: sk,
    HUAWEICLOUD_SDK_DOMAIN_ID: domainId,
    HUAWEICLOUD_REGION: cloud.region,
    HUAWEICLOUD_ENDPOINT_IDENTITYCENTER: cloud.url,
    HUAWEICLOUD_ENDPOINT_IDENTITYSTORE: cloud.url,
    HUAWEICLOUD_ENDPOINT_ORGANIZATIONS: cloud.url,
    HUAWEICLOUD_ENDPOINT_MODELARTS: cloud.url,
    HUAWEICLOUD_ENDPOINT_IAM: cloud.url,
    HUAWEICLOUD_ENDPOINT_STS: cloud.url,
    DATA_DIR: directory,
    // Any free one; the log tells which.
    PORT: '0',
  };
  const read = readConfig(env, kindNames);
  if (!read.ok) throw new Error(`not a configuration: ${JSON.stringify(read.problems)}`);
  const begun: ReturnType<typeof start>[] = [];
  const begin = (other: Env = env) => {
    const bot = start(code, other, home);
    begun.push(bot);
    return bot;
  };
  const notHere = () => Promise.reject(new Error('the bot is a process of its own'));
  const story = storyIn({
    slack,
    cloud,
    config: read.config,
    lines: [],
    botPort: () => 0,
    startBot: notHere,
    stopBot: notHere,
    close: notHere,
  });
  try {
    await play({
      story,
      slack,
      cloud,
      directory,
      env,
      config: read.config,
      begin,
      async run(other) {
        const bot = begin(other);
        const { port } = Running.parse(JSON.parse(await bot.line('Portcullis is running')));
        return { ...bot, port };
      },
    });
  } finally {
    for (const { child } of begun) child.kill('SIGKILL');
    await Promise.allSettled(begun.map((bot) => bot.ended()));
    await slack.close();
    await cloud.close();
    await rm(home, { recursive: true, force: true });
  }
};

/** Asks a health route until it answers with this status. */
export const statusOf = async (port: number, path: string, wanted: number): Promise<string> => {
  const until = performance.now() + patience;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    const text = await answer.text();
    if (answer.status === wanted) return text;
    if (performance.now() > until) throw new Error(`${path} is ${answer.status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};
