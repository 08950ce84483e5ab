import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request may have come from the page itself. The `Host` must be ours, so that no foreign name can be
 * pointed at this computer (DNS rebinding), and where a browser names an `Origin` it must be ours too, so that no
 * other site's page can act here.
 * @param isChanging a WebSocket is opened: the `Origin` has to be there
 */
export const isFromOwnPage = (headers: IncomingHttpHeaders, port: number, isChanging: boolean): boolean => {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = headers;
  if (host === undefined || !own.includes(host)) return false;
  return origin === undefined ? !isChanging : origin === `http://${host}`;
};
