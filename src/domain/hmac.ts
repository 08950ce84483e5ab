import { hash } from 'node:crypto';

/** HMAC-SHA256 of the parts one after the other, in hex. A text counts as its UTF-8. */
export type Hmac = (...parts: readonly (string | Uint8Array)[]) => string;

const blockSize = 64;
const hashSize = 32;

/**
 * HMAC-SHA256 with one key, as RFC 2104 builds it, of two hashes of one call each: the object that `createHmac` makes
 * each time costs more than the hashing itself. A rebuild of the ledger makes a million, and each call to the cloud one.
 */
export const hmacWith = (key: string): Hmac => {
  const short = Buffer.byteLength(key) > blockSize ? hash('sha256', key, 'buffer') : Buffer.from(key);
  const padded = Buffer.concat([short], blockSize);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([padded.map((byte) => byte ^ 0x5c)], blockSize + hashSize);
  return (...parts) => {
    const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
    outer.write(hash('sha256', Buffer.concat([inner, ...bytes]), 'binary'), blockSize, 'binary');
    return hash('sha256', outer, 'hex');
  };
};
