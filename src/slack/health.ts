import type { IncomingMessage, ServerResponse } from 'node:http';

/** Why something is not well; undefined when it is. */
export interface Health {
  /** Ledger open, runner alive. */
  readonly live: () => string | undefined;
  /** Slack connected, ledger writable, audit channel usable. */
  readonly ready: () => string | undefined;
}

const answer = (response: ServerResponse, trouble: string | undefined): void => {
  response.writeHead(trouble === undefined ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${trouble ?? 'ok'}\n`);
};

/** The routes of both modes, in the form in which Bolt takes them. */
export const healthRoutes = (health: Health) => [
  {
    path: '/healthz',
    method: ['GET'],
    handler: (_request: IncomingMessage, response: ServerResponse): void => answer(response, health.live()),
  },
  {
    path: '/readyz',
    method: ['GET'],
    handler: (_request: IncomingMessage, response: ServerResponse): void => answer(response, health.ready()),
  },
];

/** The same routes on a server of their own, for Socket Mode. */
export const serveHealth = (health: Health) => {
  const routes = healthRoutes(health);
  return (request: IncomingMessage, response: ServerResponse): void => {
    const route = routes.find(
      ({ path, method }) => path === request.url && method.includes(request.method ?? ''),
    );
    if (route) route.handler(request, response);
    else response.writeHead(404).end();
  };
};
