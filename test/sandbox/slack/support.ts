import { SocketModeClient } from '@slack/socket-mode';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import {
  type LocalSlack,
  type LocalSlackOptions,
  startLocalSlack,
} from '../../../src/sandbox/slack/local-slack.ts';
import type { SlackAppManifestInput } from '../../../src/sandbox/slack/manifest.ts';

/** Every scope that some method of the sandbox asks for. */
const everyScope = [
  'commands',
  'chat:write',
  'im:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'channels:read',
  'groups:read',
  'im:read',
  'channels:history',
  'groups:history',
  'im:history',
  'channels:join',
  'files:write',
  'pins:write',
  'bookmarks:write',
  'reactions:write',
];

/** A manifest with one command, Home and Messages tabs; scopes as given. */
export const manifestWith = (scopes: string[] = everyScope): SlackAppManifestInput => ({
  display_information: { name: 'Test app' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
    slash_commands: [
      { command: '/try', description: 'escaped', should_escape: true },
      { command: '/plain', description: 'as typed' },
    ],
  },
  oauth_config: { scopes: { bot: scopes } },
  settings: { socket_mode_enabled: true, event_subscriptions: { bot_events: ['app_home_opened'] } },
});

/** A clock that moves only when told. */
const handClock = (start = 1_800_000_000_000) => {
  let time = start;
  return {
    now: () => time,
    advance: (ms: number) => {
      time += ms;
    },
  };
};

export interface Bench {
  readonly slack: LocalSlack;
  readonly clock: ReturnType<typeof handClock>;
  readonly client: WebClient;
}

/** A local Slack with the vendor's own client, closed when the test ends. */
export const bench = async (over: Partial<LocalSlackOptions> = {}): Promise<Bench> => {
  const clock = handClock();
  const slack = await startLocalSlack({
    now: clock.now,
    manifest: manifestWith(),
    transport: 'socket',
    ackTimeoutMs: 1_000,
    ...over,
  });
  onTestFinished(() => slack.close());
  return { slack, clock, client: clientOf(slack, slack.botToken) };
};

/** Refusals are what these tests provoke: nothing about them needs to be printed. */
export const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** The vendor's client with no patience: no retries, no waiting on 429. */
export const clientOf = (slack: LocalSlack, token: string): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  });

/** The error answer of a refused call; fails when it was not refused. */
export const refusal = async (call: Promise<unknown>): Promise<{ error: string; [key: string]: unknown }> => {
  try {
    await call;
  } catch (fault) {
    const data = fault instanceof Error && 'data' in fault ? fault.data : undefined;
    // The client's platform error carries Slack's answer; anything else must fail the test.
    if (typeof data === 'object' && data !== null && 'error' in data) return data as { error: string };
    throw fault;
  }
  throw new Error('the call was not refused');
};

/** What the app hears, and how it answers. */
export interface Heard {
  readonly type: string;
  readonly body: Record<string, unknown>;
  readonly ack: (answer?: object) => Promise<void>;
  readonly retry_num?: number;
}

/** An app with the vendor's Socket Mode client; by default it acknowledges everything with nothing. */
export const socketApp = async (
  { slack }: Bench,
  answer: (heard: Heard) => object | undefined | 'silence' = () => undefined,
): Promise<{ heard: Heard[]; client: SocketModeClient }> => {
  const client = new SocketModeClient({
    appToken: slack.appToken,
    logger: silent,
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  const heard: Heard[] = [];
  client.on('slack_event', (one: Heard) => {
    heard.push(one);
    const said = answer(one);
    if (said !== 'silence') void one.ack(said);
  });
  await client.start();
  onTestFinished(async () => {
    await client.disconnect();
  });
  return { heard, client };
};

/** The trigger of a command that this person types now. */
export const triggerOf = async (
  { slack }: Bench,
  heard: Heard[],
  userId: string,
  place = '#inc-042',
): Promise<string> => {
  await slack.as(userId).command(place, '/try');
  return String(heard.at(-1)?.body.trigger_id);
};
