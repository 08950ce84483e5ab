import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Bot, type BotParts, startBot } from '../bot.ts';
import type { Config } from '../config.ts';
import { type LocalCloud, startLocalCloud } from './cloud/local-cloud.ts';
import { sandboxConfig } from './sandbox-config.ts';
import { type LocalSlack, startLocalSlack } from './slack/local-slack.ts';

export interface SandboxOptions {
  readonly transport: 'socket' | 'http';
  readonly clock: BotParts['clock'];
  readonly log: BotParts['log'];
  readonly version: string;
  /** ms between two posts in one channel: Slack wants about a second, tests want less. */
  readonly postInterval: number;
  /** ms between two reads while a proof is awaited. */
  readonly pollInterval: number;
  /** The disk of the bot's ledger; the real one when left out. */
  readonly files?: BotParts['files'];
  /** Changes the local Slack before the bot is started. */
  readonly prepare?: (slack: LocalSlack) => void;
  /** Changes the constants of the configuration. */
  readonly adjust?: (config: Config) => Config;
}

/** A local Slack, a local Huawei Cloud and the bot between them. Nothing leaves this computer. */
export interface Sandbox {
  readonly slack: LocalSlack;
  readonly cloud: LocalCloud;
  readonly config: Config;
  /** Port of the bot's health routes and, in HTTP mode, of Slack's deliveries. */
  botPort(): number;
  /** Stops the bot in an orderly way. */
  stopBot(): Promise<void>;
  /** Starts the bot on the same ledger. */
  startBot(): Promise<void>;
  /** Stops everything and removes the ledger. */
  close(): Promise<void>;
}

/** The app manifest of this package, which says what the app may do in the local Slack too. */
const readManifest = () => parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));

export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { transport, clock, log, version, postInterval, pollInterval } = options;
  const now = () => clock.now();
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-sandbox-'));
  const slack = await startLocalSlack({ now, manifest: readManifest(), transport });
  const cloud = await startLocalCloud({ now });
  const constants = sandboxConfig({ slack, cloud, transport, directory, pollInterval });
  const config = options.adjust?.(constants) ?? constants;
  let bot: Bot | undefined;

  const start = async (): Promise<void> => {
    bot = await startBot(config, {
      clock,
      ids: { random: randomUUID },
      random: Math.random,
      log,
      version,
      postInterval,
      ...(options.files && { files: options.files }),
    });
    if (transport === 'http') slack.deliverTo(`http://127.0.0.1:${bot.port}/slack/events`);
    else await slack.whenConnected();
  };

  const stop = async (): Promise<void> => {
    const running = bot;
    bot = undefined;
    await running?.stop('the sandbox stopped it');
  };

  options.prepare?.(slack);
  await start();
  return {
    slack,
    cloud,
    config,
    botPort: () => bot?.port ?? 0,
    startBot: start,
    stopBot: stop,
    async close() {
      await stop();
      await slack.close();
      await cloud.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
