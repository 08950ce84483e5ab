import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Core } from './core.ts';
import { isObject, parseJson } from './json.ts';
import { Refused } from './refused.ts';
import { respond } from './responses.ts';
import { createWebApi } from './web-api.ts';

/** Bytes of a request body that the sandbox reads. */
const MAX_BODY = 8_000_000;

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    // A request stream without an encoding yields buffers only.
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > MAX_BODY) throw new Error('body too large');
    parts.push(bytes);
  }
  return Buffer.concat(parts);
};

const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'Content-Type': isText ? 'text/plain' : 'application/json; charset=utf-8',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
};

const useResponseUrl = (core: Core, path: string, body: Buffer): { status: number; body: unknown } => {
  const target = core.responseUrls.use(path);
  if (typeof target === 'string') return { status: 404, body: { ok: false, error: target } };
  const json = parseJson(body.toString('utf8'));
  if (!isObject(json)) return { status: 400, body: { ok: false, error: 'invalid_payload' } };
  try {
    respond(core, target, json);
    return { status: 200, body: 'ok' };
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return { status: 400, body: { ok: false, error: fault.code, ...fault.extra } };
  }
};

/** The bytes of an upload: the part `body` of a multipart form (what the Node SDK sends), or the body itself. */
const uploadedBytes = async (contentType: string, body: Buffer): Promise<Buffer> => {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const bytes = new Uint8Array(body);
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
    return Buffer.from(value, 'utf8');
  }
  return Buffer.alloc(0);
};

const storeUpload = async (core: Core, id: string, type: string, body: Buffer): Promise<number> => {
  const file = core.workspace.files.get(id);
  if (file === undefined) return 404;
  const content = await uploadedBytes(type, body);
  if (content.length !== file.length) return 400;
  file.content = content;
  return 200;
};

/** Routes of the local Slack: Web API, response URLs and file uploads. */
export const createSlackServer = (core: Core, pause: (ms: number) => Promise<void>): Server => {
  const api = createWebApi(core);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await readBody(request);
    if (core.switches.outage) return void request.socket.destroy();
    if (core.switches.latencyMs > 0) await pause(core.switches.latencyMs);
    const contentType = request.headers['content-type'] ?? '';
    if (url.pathname.startsWith('/api/')) {
      const answer = api({
        method: url.pathname.slice('/api/'.length),
        verb: request.method ?? 'POST',
        query: url.searchParams,
        contentType,
        authorization: request.headers.authorization ?? '',
        body,
      });
      if (answer === undefined) return;
      return send(response, answer.status, answer.body, answer.headers);
    }
    if (request.method === 'POST' && url.pathname.startsWith('/response/')) {
      const hanging = core.switches.hang({ method: 'response_url', args: {} });
      if (hanging?.acts === false) return;
      const answer = useResponseUrl(core, url.pathname, body);
      if (hanging !== undefined) return;
      return send(response, answer.status, answer.body);
    }
    if (request.method === 'POST' && url.pathname.startsWith('/upload/')) {
      const status = await storeUpload(core, url.pathname.slice('/upload/'.length), contentType, body);
      return send(response, status, status === 200 ? `OK - ${body.length}` : 'upload refused');
    }
    send(response, 404, 'not found');
  };

  return createServer((request, response) => {
    handle(request, response).catch((fault: unknown) => {
      core.troubles.push(`the sandbox failed at ${request.url}: ${String(fault)}`);
      if (!response.headersSent) send(response, 500, { ok: false, error: 'internal_error' });
      else response.destroy();
    });
  });
};
