import type { CloudRequest, CloudService } from '../domain/ports.ts';
import { canonicalQuery, type QueryPair } from './canonical-query.ts';
import type { Credentials } from './credentials.ts';
import { baseUrl, type Endpoints } from './endpoints.ts';
import { sign } from './sign.ts';

/** Ids of all services are of these; anything else could reach another path. */
const ID = /^[A-Za-z0-9-]+$/;

/** Which id header a service gets, as the official SDKs do it. IAM look-ups need none. */
const SCOPES: Readonly<Record<CloudService, 'domain' | 'project' | 'none'>> = {
  identitycenter: 'domain',
  identitystore: 'project',
  organizations: 'project',
  modelarts: 'project',
  iam: 'none',
  sts: 'project',
};

/** A checked request, not yet signed: what all attempts have in common. */
export interface WireRequest {
  readonly method: CloudRequest<unknown>['method'];
  readonly origin: string;
  /** Host and any non-default port, as sent and signed. */
  readonly host: string;
  readonly path: string;
  readonly query: readonly QueryPair[];
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 bytes of the JSON; empty for no body. */
  readonly body: Uint8Array;
}

function checkId(what: string, id: string): void {
  if (!ID.test(id)) throw new RangeError(`${what} must be made of A-Z a-z 0-9 and - only.`);
}

/**
 * Checks a request and puts it into the form that is sent.
 * @throws {RangeError} when the caller's request is wrong; nothing was sent
 */
export function toWire(
  request: Omit<CloudRequest<unknown>, 'answer'>,
  region: string | undefined,
  endpoints: Endpoints,
): WireRequest {
  for (const segment of request.path) checkId(`Every path segment of a call to ${request.service}`, segment);
  if (request.project !== undefined) checkId('A project id', request.project);
  if (request.method === 'GET' && request.body !== undefined) throw new RangeError('A GET takes no body.');

  const base = baseUrl(request.service, request.region ?? region, endpoints);
  const query = Object.entries(request.query ?? {}).map(([key, value]): QueryPair => [key, String(value)]);
  canonicalQuery(query); // throws here rather than between two attempts
  const scoped = SCOPES[request.service] === 'project' && request.project !== undefined;
  return {
    method: request.method,
    origin: base.origin,
    host: base.host,
    path: `${base.pathname.replace(/\/+$/, '')}/${request.path.join('/')}`,
    query,
    headers: {
      'content-type': 'application/json',
      host: base.host,
      ...(scoped ? { 'x-project-id': request.project } : {}),
    },
    body: Buffer.from(request.body === undefined ? '' : JSON.stringify(request.body)),
  };
}

/** One attempt, signed: exactly what goes to the socket. */
export interface SignedRequest {
  readonly method: WireRequest['method'];
  readonly origin: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Signs one attempt. Each attempt is signed afresh: an old signature is refused after 15 minutes.
 * @param at time of signing, milliseconds since the epoch
 */
export function signed(
  wire: WireRequest,
  service: CloudService,
  credentials: Credentials,
  at: number,
): SignedRequest {
  const headers: Record<string, string> = { ...wire.headers };
  if (SCOPES[service] === 'domain' && credentials.domainId !== undefined) {
    headers['x-domain-id'] = credentials.domainId;
  }
  if (credentials.securityToken !== undefined) {
    headers['x-security-token'] = credentials.securityToken.reveal();
  }
  const signature = sign({ ...wire, headers }, credentials, at);
  const query = canonicalQuery(wire.query);
  return {
    method: wire.method,
    origin: wire.origin,
    target: query === '' ? wire.path : `${wire.path}?${query}`,
    headers: {
      ...signature.headers,
      accept: 'application/json',
      'user-agent': 'portcullis',
      authorization: signature.authorization,
    },
    body: wire.body,
  };
}
