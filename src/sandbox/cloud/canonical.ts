import { createHash, createHmac } from 'node:crypto';

/** What arrived, as far as a signature covers it. `url` is the request line's target, undecoded. */
export interface SignedMessage {
  readonly method: string;
  readonly url: string;
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Percent-encodes everything but `A-Z a-z 0-9 - _ . ~`, in upper-case hexadecimal. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const decodeQueryPart = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const byCodeUnit = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * The query's pairs, decoded, in the order of the wire.
 * @throws {URIError} for a broken percent escape
 */
export const queryPairs = (url: string): (readonly [string, string])[] => {
  const start = url.indexOf('?');
  if (start < 0) return [];
  return url
    .slice(start + 1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const key = equals < 0 ? pair : pair.slice(0, equals);
      const value = equals < 0 ? '' : pair.slice(equals + 1);
      return [decodeQueryPart(key), decodeQueryPart(value)] as const;
    });
};

/**
 * The path's decoded segments, without the leading slash.
 * @throws {URIError} for a broken percent escape
 */
export const pathSegments = (url: string): string[] =>
  (url.split('?', 1)[0] ?? '').split('/').slice(1).map(decodeURIComponent);

const canonicalPath = (url: string): string => {
  const path = `/${pathSegments(url).map(encode).join('/')}`;
  return path.endsWith('/') ? path : `${path}/`;
};

const canonicalQuery = (url: string): string =>
  queryPairs(url)
    .toSorted(
      ([key, value], [otherKey, otherValue]) => byCodeUnit(key, otherKey) || byCodeUnit(value, otherValue),
    )
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .join('&');

const payloadHash = (message: SignedMessage): string =>
  message.header('x-sdk-content-sha256') ?? sha256(message.body);

/** The text whose hash is signed. A header that is listed but missing counts as an empty value. */
export const canonicalRequest = (message: SignedMessage, signedHeaders: readonly string[]): string => {
  const names = signedHeaders.toSorted(byCodeUnit);
  return [
    message.method,
    canonicalPath(message.url),
    canonicalQuery(message.url),
    names.map((name) => `${name}:${(message.header(name) ?? '').trim()}\n`).join(''),
    names.join(';'),
    payloadHash(message),
  ].join('\n');
};

/** The signature that the holder of `secretKey` would have made. */
export const expectedSignature = (secretKey: string, date: string, canonical: string): string =>
  createHmac('sha256', secretKey)
    .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
    .digest('hex');

/** False when the sender announced a body hash that the body does not have. */
export const payloadIsAsAnnounced = (message: SignedMessage): boolean => {
  const announced = message.header('x-sdk-content-sha256');
  return announced === undefined || announced === 'UNSIGNED-PAYLOAD' || announced === sha256(message.body);
};
