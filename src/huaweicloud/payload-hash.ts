import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256 of exactly the bytes that are sent; a text is hashed as UTF-8, no body as ''. */
export function payloadHash(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
