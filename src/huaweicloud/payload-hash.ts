import { hash } from 'node:crypto';

/** Most requests have no body. */
const ofNothing = hash('sha256', '', 'hex');

/** Lower-case hex SHA-256 of exactly the bytes that are sent; a text is hashed as UTF-8, no body as ''. */
export function payloadHash(body: string | Uint8Array): string {
  return body.length === 0 ? ofNothing : hash('sha256', body, 'hex');
}
