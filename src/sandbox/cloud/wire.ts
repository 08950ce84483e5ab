import type { ServerResponse } from 'node:http';

/** An answer as it goes over the wire. No body means an empty one. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For an empty body: say its length, or send it chunked. */
  readonly sayEmptyLength: boolean;
}

/** Writes the whole answer. */
export const sendReply = (response: ServerResponse, reply: Reply): void => {
  const { status, headers, body } = reply;
  if (body !== undefined) {
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
    response.end(body);
    return;
  }
  response.writeHead(status, reply.sayEmptyLength ? { ...headers, 'content-length': '0' } : headers);
  // Without a known length node:http chooses chunks, but only when the head leaves before the end is known.
  response.flushHeaders();
  response.end();
};

const unknownField = 'x_field_of_tomorrow';

/** The same value with a field that nobody knows in every object. */
export const withExtraFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withExtraFields);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withExtraFields(inner)] as const);
  return { ...Object.fromEntries(entries), [unknownField]: { since: 'tomorrow', values: [1, null] } };
};
