import { createServer, type IncomingMessage } from 'node:http';
import type { Assets } from './assets.ts';
import { isFromOwnPage } from './guard.ts';
import type { Rehearsal } from './rehearsal.ts';
import { createWindows } from './windows.ts';

interface PageHostOptions {
  readonly rehearsal: Rehearsal;
  readonly assets: Assets;
  /** Wanted port; a free one is taken when it is in use. */
  readonly port: number;
  /** Takes a line about something that went wrong. */
  readonly log: (problem: string) => void;
}

export interface PageHost {
  /** What to open in the browser. */
  readonly url: string;
  close(): Promise<void>;
}

/** Nothing from elsewhere is loaded, nothing is sent elsewhere, and no other page may frame this one. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

const listen = (server: ReturnType<typeof createServer>, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const inUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Serves the page on the loopback interface, to browsers of this computer only. */
export const startPageHost = async (options: PageHostOptions): Promise<PageHost> => {
  const { rehearsal, assets, log } = options;
  const windows = createWindows(rehearsal, log);
  let port = options.port;

  /** What a request gets: status, type and body. */
  const find = (request: IncomingMessage): readonly [number, string, string | Buffer] => {
    const plain = 'text/plain; charset=utf-8';
    if (!isFromOwnPage(request.headers, port, false)) {
      return [403, plain, `This sandbox answers only to http://127.0.0.1:${port} on this computer.\n`];
    }
    if (request.method !== 'GET') return [405, plain, 'Only GET.\n'];
    const asset = assets.get(new URL(request.url ?? '/', 'http://page').pathname);
    return asset === undefined ? [404, plain, 'There is no such page.\n'] : [200, asset.type, asset.body];
  };

  const server = createServer((request, response) => {
    const [status, type, body] = find(request);
    response.writeHead(status, { ...headers, 'content-type': type }).end(body);
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/live' && isFromOwnPage(request.headers, port, true)) {
      windows.upgrade(request, socket, head);
    } else {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    }
  });
  port = await listen(server, port).catch((error: unknown) => {
    if (!inUse(error)) throw error;
    return listen(server, 0);
  });

  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        windows.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
