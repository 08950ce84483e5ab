import type { IncomingMessage } from 'node:http';
import { pathSegments, queryPairs, type SignedMessage } from './canonical.ts';
import { gatewayRefusal } from './refusals.ts';

/** The body limit with AK/SK signing. */
const bodyLimit = 12 * 1024 * 1024;

/** One request with its whole body; undefined body bytes mean that it was over the limit. */
export interface Arrival extends SignedMessage {
  readonly tooLarge: boolean;
}

/** Reads a request to its end. Rejects when the client goes away first. */
export const readArrival = async (request: IncomingMessage): Promise<Arrival> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // The stream has no encoding set, so node:http yields buffers; `from` copies anything else faithfully.
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= bodyLimit) chunks.push(bytes);
  }
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(',') : value;
    },
    body: Buffer.concat(chunks),
    tooLarge: size > bodyLimit,
  };
};

/** Method, path and query in parts, or why they cannot be read. */
export interface Target {
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** Names that came more than once. */
  readonly repeated: readonly string[];
}

/** @throws {Refusal} 400 `APIGW.0201` for a broken percent escape */
export const targetOf = (url: string): Target => {
  try {
    const pairs = queryPairs(url);
    const names = pairs.map(([name]) => name);
    return {
      path: url.split('?', 1)[0] ?? '',
      segments: pathSegments(url),
      query: Object.fromEntries(pairs),
      repeated: names.filter((name, index) => names.indexOf(name) !== index),
    };
  } catch (cause) {
    if (cause instanceof URIError)
      throw gatewayRefusal(400, '0201', 'Bad request: the URL cannot be decoded.');
    throw cause;
  }
};

/** The JSON value of a body; undefined for none. `problem` says why it is refused. */
export const jsonOf = (arrival: Arrival): { readonly value: unknown; readonly problem?: string } => {
  if (arrival.body.length === 0) return { value: undefined };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(arrival.body);
  } catch {
    return { value: '(not UTF-8)', problem: 'the body is not UTF-8' };
  }
  try {
    const value: unknown = JSON.parse(text);
    const type = arrival.header('content-type') ?? '';
    return /^application\/json\s*(;|$)/i.test(type)
      ? { value }
      : { value, problem: 'the content type is not application/json' };
  } catch {
    return { value: text, problem: 'the body is not JSON' };
  }
};
