import { type Hmac, hmacWith } from '../domain/hmac.ts';
import type { Secret } from '../domain/secret.ts';
import { canonicalQuery, type QueryPair } from './canonical-query.ts';
import { canonicalUri } from './canonical-uri.ts';
import { payloadHash } from './payload-hash.ts';
import { sdkDate } from './sdk-date.ts';

const ALGORITHM = 'SDK-HMAC-SHA256';
const DATE_HEADER = 'x-sdk-date';
/** When it is sent, its literal value stands for the hash of the body. */
const CONTENT_HASH_HEADER = 'x-sdk-content-sha256';

export interface Signable {
  /** Upper case. */
  readonly method: string;
  /** Absolute path, without the slash that the signature appends. */
  readonly path: string;
  readonly query: readonly QueryPair[];
  /** Every header that is to be signed, `host` among them; the date is added here. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly what is sent; '' for no body. */
  readonly body: string | Uint8Array;
}

export interface SigningKey {
  readonly ak: string;
  readonly sk: Secret;
}

export interface Signature {
  /** The signed headers by lower-case name, with `x-sdk-date`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization: string;
  /** The text whose hash was signed: what a rejected signature is compared with. Holds header values. */
  readonly canonicalRequest: string;
}

/** What is made of each key once. It is as secret as the key, and kept no longer. */
const hmacs = new WeakMap<Secret, Hmac>();

const hmacOf = (key: Secret): Hmac => {
  const known = hmacs.get(key);
  if (known !== undefined) return known;
  const made = hmacWith(key.reveal());
  hmacs.set(key, made);
  return made;
};

/**
 * Signs one request with SDK-HMAC-SHA256 (API Request Signing Guide).
 * There is no key derivation: region and service are not part of the signature.
 * @param at time of signing, milliseconds since the epoch
 */
export function sign(request: Signable, key: SigningKey, at: number): Signature {
  const date = sdkDate(at);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value.trim();
  headers[DATE_HEADER] = date;

  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonicalRequest = [
    request.method,
    canonicalUri(request.path),
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    signedHeaders,
    headers[CONTENT_HASH_HEADER] ?? payloadHash(request.body),
  ].join('\n');
  const stringToSign = [ALGORITHM, date, payloadHash(canonicalRequest)].join('\n');
  return {
    headers,
    authorization: `${ALGORITHM} Access=${key.ak}, SignedHeaders=${signedHeaders}, Signature=${hmacOf(key.sk)(stringToSign)}`,
    canonicalRequest,
  };
}
