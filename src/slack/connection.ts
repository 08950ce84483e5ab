import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Clock, Log } from '../domain/ports.ts';
import type { Secret } from '../domain/secret.ts';
import { type Health, healthRoutes, serveHealth } from './health.ts';
import { slackFault } from './slack-fault.ts';

export type Transport =
  | { readonly mode: 'socket'; readonly appToken: Secret }
  | { readonly mode: 'http'; readonly signingSecret: Secret };

/** How Slack's deliveries come in, and where `/healthz` and `/readyz` are served. */
export interface Connection {
  readonly receiver: HTTPReceiver | SocketModeReceiver;
  /** Listens on host and port; resolves as soon as the health routes answer. @returns the port */
  open(app: App): Promise<number>;
  readonly isConnected: () => boolean;
  /** No deliveries any more; the health routes go last. */
  close(): Promise<void>;
}

interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly logger: Logger;
  readonly health: Health;
}

const portOf = (server: Server): number => {
  // A listening TCP server has an address object; only pipes have text.
  const address = server.address() as AddressInfo;
  return address.port;
};

/** ms; against real Slack the closing handshake can take that long. */
const closeTime = 3_000;

/** Between two tries to connect, in ms. */
const shortestWait = 500;
const longestWait = 60_000;

/** For a start to bring Slack's greeting, in ms. */
const startTime = 30_000;

/** Waits for `work`, but not longer than {@link closeTime}; its failure is no trouble any more. */
const within = async (clock: Clock, work: Promise<unknown>): Promise<void> => {
  const over = new AbortController();
  const done = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([done, clock.sleep(closeTime, over.signal)]);
  over.abort();
};

const socket = (options: ConnectionOptions, appToken: Secret): Connection => {
  const { clock, log, logger, host, port, apiUrl, health } = options;
  const stop = new AbortController();
  const receiver = new SocketModeReceiver({
    appToken: appToken.reveal(),
    logger,
    logLevel: LogLevel.WARN,
    installerOptions: {
      clientOptions: {
        ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
        // Left alone, the client would set 100 retries and wait for ever; the loop below repeats instead.
        retryConfig: { retries: 0 },
        timeout: 10_000,
      },
    },
    // The client's own way back waits 5 s, and a failure in it is an unhandled rejection that ends the process.
    autoReconnectEnabled: false,
  });
  const { client } = receiver;
  const server = createServer(serveHealth(health));
  let connected = false;
  let ended = new AbortController();
  client.on('connected', () => {
    connected = true;
  });
  client.on('disconnected', () => {
    connected = false;
    ended.abort();
  });

  /** One try: a start may reject, and with some answers of Slack it never settles. */
  const start = async (): Promise<void> => {
    const over = new AbortController();
    const late = clock.sleep(startTime, AbortSignal.any([stop.signal, over.signal])).then(async () => {
      if (connected || stop.signal.aborted) return;
      await within(clock, client.disconnect());
      throw new Error(`Slack did not answer within ${startTime / 1000} s`);
    });
    try {
      await Promise.race([client.start(), late]);
    } finally {
      over.abort();
    }
  };

  /** Keeps a connection until the stop: connects anew at once when it ends, and after growing pauses when it fails. */
  const stayConnected = async (): Promise<void> => {
    let wait = shortestWait;
    while (!stop.signal.aborted) {
      ended = new AbortController();
      try {
        await start();
        const began = clock.now();
        while (connected && !stop.signal.aborted) {
          await clock.sleep(startTime, AbortSignal.any([stop.signal, ended.signal]));
        }
        // One that ends right after it began is not opened anew in a tight loop.
        wait = clock.now() - began < startTime ? Math.min(wait * 2, longestWait) : 0;
        await clock.sleep(wait, stop.signal);
        wait = Math.max(wait, shortestWait);
      } catch (error) {
        const fault = slackFault(error);
        const remedy = fault.kind === 'token' ? '; check SLACK_APP_TOKEN' : '';
        log.error(`Slack cannot be connected${remedy}. Begun requests go on; it is tried again`, {
          code: fault.code,
        });
        wait = fault.kind === 'token' ? longestWait : Math.min(wait * 2, longestWait);
        await clock.sleep(wait, stop.signal);
      }
    }
  };

  let connecting: Promise<void> | undefined;
  return {
    receiver,
    async open() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
      connecting = stayConnected();
      return portOf(server);
    },
    isConnected: () => connected,
    async close() {
      stop.abort();
      await within(clock, client.disconnect());
      await connecting;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const http = (options: ConnectionOptions, signingSecret: Secret): Connection => {
  const { host, port, logger, health } = options;
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret.reveal(),
    logger,
    logLevel: LogLevel.WARN,
    customRoutes: healthRoutes(health),
    customPropertiesExtractor: (request) => ({
      slackTimestamp: request.headers['x-slack-request-timestamp'],
    }),
  });
  let server: Server | undefined;
  return {
    receiver,
    async open() {
      server = await receiver.start({ host, port });
      // A request that is written slowly must not hold a connection for long.
      server.headersTimeout = 10_000;
      server.requestTimeout = 15_000;
      return portOf(server);
    },
    isConnected: () => server?.listening ?? false,
    async close() {
      server?.closeIdleConnections();
      const closed = receiver.stop();
      server?.closeAllConnections();
      await closed;
    },
  };
};

export const createConnection = (transport: Transport, options: ConnectionOptions): Connection =>
  transport.mode === 'socket' ? socket(options, transport.appToken) : http(options, transport.signingSecret);
