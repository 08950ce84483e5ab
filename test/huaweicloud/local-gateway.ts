import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How one request is answered; the request is complete by then. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export interface LocalGateway {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Replies to the next requests, in order; the last one stays. */
  replies(...replies: Reply[]): void;
  close(): Promise<void>;
}

/** Answers with JSON, or with the text as it is. */
export function says(status: number, body: unknown = {}, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Takes the request and cuts the connection: the answer is lost. */
export const losesTheAnswer: Reply = (_, request) => {
  request.socket.destroy();
};

/** Takes the request and never answers. */
export const hangs: Reply = () => undefined;

/** A real HTTP server on loopback. */
export async function startGateway(port = 0): Promise<LocalGateway> {
  const received: Received[] = [];
  let waiting: Reply[] = [says(200)];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const [first = says(200)] = waiting;
      if (waiting.length > 1) waiting = waiting.slice(1);
      first(response, request);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  // A server that listens on TCP has an address of this form.
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    replies(...replies) {
      waiting = replies;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
