import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, HTTPReceiver, type Logger, LogLevel, type Receiver } from '@slack/bolt';
import type { Clock, Log } from '../domain/ports.ts';
import type { Secret } from '../domain/secret.ts';
import { guardBodies } from './body-guard.ts';
import { type Health, healthRoutes, serveHealth } from './health.ts';
import { createLane } from './socket-lane.ts';

export type Transport =
  | { readonly mode: 'socket'; readonly appToken: Secret }
  | { readonly mode: 'http'; readonly signingSecret: Secret };

/** How Slack's deliveries come in, and where `/healthz` and `/readyz` are served. */
export interface Connection {
  readonly receiver: Receiver;
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

/** Slack's largest payloads, views with their state, stay far below this (bytes). */
const longestBody = 1024 * 1024;

/** Whoever writes slowly or much must not hold a connection for long (ms, bytes). */
const patience = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
} as const;

const portOf = (server: Server): number => {
  // A listening TCP server has an address object; only pipes have text.
  const address = server.address() as AddressInfo;
  return address.port;
};

/** At the end, deliveries that are under way have so long (ms) to be answered, and are looked at so often (ms). */
const answerTime = 2_000;
const answerLook = 20;

/**
 * Slack ends a connection every few hours and each delivery goes to one of those that are open, so there are two. The
 * second one is opened this much later (ms), and so they are not ended together.
 */
const stagger = 20_000;

const socket = (options: ConnectionOptions, appToken: Secret): Connection => {
  const { host, port, health } = options;
  const first = createLane({ ...options, appToken });
  const lanes = [first, createLane({ ...options, appToken })];
  const server = createServer({ ...patience }, serveHealth(health));
  return {
    receiver: {
      init: (app) => {
        for (const { receiver } of lanes) receiver.init(app);
      },
      start: async () => undefined,
      stop: async () => undefined,
    },
    async open() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
      for (const lane of lanes) lane.open(lane === first ? 0 : stagger);
      return portOf(server);
    },
    isConnected: () => lanes.some((lane) => lane.isConnected()),
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const http = (options: ConnectionOptions, signingSecret: Secret): Connection => {
  const { host, port, clock, log, logger, health } = options;
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret.reveal(),
    logger,
    logLevel: LogLevel.WARN,
    bodyLimit: longestBody,
    customRoutes: healthRoutes(health),
    customPropertiesExtractor: (request) => ({
      slackTimestamp: request.headers['x-slack-request-timestamp'],
    }),
  });
  guardBodies(receiver, longestBody, log);
  let server: Server | undefined;
  return {
    receiver,
    async open() {
      server = await receiver.start({ host, port }, { ...patience });
      return portOf(server);
    },
    isConnected: () => server?.listening ?? false,
    async close() {
      let isOpen = true;
      const closed = receiver.stop().finally(() => {
        isOpen = false;
      });
      // What is recorded already gets its answer; a connection that is kept alive is idle after it.
      const closeConnections = async (): Promise<void> => {
        for (let waited = 0; isOpen && waited < answerTime; waited += answerLook) {
          server?.closeIdleConnections();
          await clock.sleep(answerLook);
        }
        server?.closeAllConnections();
      };
      await Promise.all([closed, closeConnections()]);
    },
  };
};

export const createConnection = (transport: Transport, options: ConnectionOptions): Connection =>
  transport.mode === 'socket' ? socket(options, transport.appToken) : http(options, transport.signingSecret);
