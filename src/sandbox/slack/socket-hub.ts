import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Core } from './core.ts';
import type { Delivery, Reply, Transport } from './delivery.ts';
import { isObject, parseJson } from './json.ts';
import { SEED } from './seed.ts';

/** Connections per app (reference 3.1). */
const MAX_CONNECTIONS = 10;
/** The client expects a ping at least every 30 s. */
const PING_INTERVAL_MS = 10_000;

/** Real milliseconds the app has to answer a close frame. */
const FAREWELL_MS = 200;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export interface SocketHub extends Transport {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  /** Asks connections to go, as Slack does before it recycles them: the oldest `count`, or all. */
  disconnect(reason: DisconnectReason, count?: number): void;
  /** Cuts every connection without a word. */
  drop(): void;
  close(): Promise<void>;
}

const isEmpty = (payload: unknown): boolean =>
  payload === undefined || payload === '' || (isObject(payload) && Object.keys(payload).length === 0);

/** Closes a connection properly, or by force when the other side does not answer in time. */
const farewell = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => socket.terminate(), FAREWELL_MS);
    socket.once('close', () => {
      clearTimeout(force);
      resolve();
    });
    socket.close(1001);
  });

/** Socket Mode: each delivery goes to one connection, in turn. @param ackTimeoutMs real milliseconds */
export const createSocketHub = (core: Core, ackTimeoutMs: number): SocketHub => {
  const server = new WebSocketServer({ noServer: true });
  const sockets: WebSocket[] = [];
  /** Told to go: nothing is sent over these any more. */
  const leaving = new WeakSet<WebSocket>();
  const waiting = new Map<string, (reply: Reply) => void>();
  let turn = 0;
  const debug_info = { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 };
  const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));

  const onMessage = (text: string): void => {
    const message = parseJson(text);
    if (!isObject(message) || typeof message.envelope_id !== 'string') return;
    if (core.switches.dropAcks > 0) {
      core.switches.dropAcks -= 1;
      return;
    }
    const body = isEmpty(message.payload) ? undefined : message.payload;
    waiting.get(message.envelope_id)?.({ outcome: 'ok', body });
  };

  const welcome = (socket: WebSocket): void => {
    if (sockets.length >= MAX_CONNECTIONS) {
      say(socket, { type: 'disconnect', reason: 'too_many_websockets', debug_info });
      socket.close();
      return;
    }
    sockets.push(socket);
    socket.on('message', (data: Buffer) => onMessage(data.toString('utf8')));
    socket.on('close', () => {
      sockets.splice(sockets.indexOf(socket), 1);
      core.changed();
    });
    socket.on('error', () => socket.terminate());
    const connection_info = { app_id: SEED.app };
    say(socket, { type: 'hello', num_connections: sockets.length, debug_info, connection_info });
    core.changed();
  };

  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping();
  }, PING_INTERVAL_MS).unref();

  return {
    upgrade: (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const ticket = url.searchParams.get('ticket') ?? '';
      const expiresAt = core.tickets.get(ticket);
      core.tickets.delete(ticket);
      const good = expiresAt !== undefined && core.now() <= expiresAt && !core.switches.outage;
      if (url.pathname !== '/link/' || !good) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    connections: () => sockets.length,
    disconnect: (reason, count) => {
      for (const socket of sockets.slice(0, count)) {
        leaving.add(socket);
        say(socket, { type: 'disconnect', reason, debug_info });
      }
    },
    drop: () => {
      for (const socket of sockets) socket.terminate();
    },
    send: (delivery: Delivery) => {
      const open = sockets.filter((socket) => socket.readyState === socket.OPEN && !leaving.has(socket));
      const socket = open[turn % Math.max(1, open.length)];
      turn += 1;
      if (socket === undefined || core.switches.outage) return Promise.resolve({ outcome: 'unreachable' });
      const envelope_id = core.mint.uuid();
      const { type, payload, answerable, retry } = delivery;
      return new Promise<Reply>((resolve) => {
        const settle = (reply: Reply) => {
          clearTimeout(timer);
          waiting.delete(envelope_id);
          resolve(reply);
        };
        const timer = setTimeout(() => settle({ outcome: 'timeout' }), ackTimeoutMs);
        waiting.set(envelope_id, settle);
        const repeat = retry === undefined ? {} : { retry_attempt: retry.number, retry_reason: retry.reason };
        say(socket, { envelope_id, type, accepts_response_payload: answerable, payload, ...repeat });
      });
    },
    close: async () => {
      clearInterval(pings);
      for (const settle of waiting.values()) settle({ outcome: 'unreachable' });
      await Promise.all(sockets.map(farewell));
      server.close();
    },
  };
};
