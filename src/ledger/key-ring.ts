import { createHash, hash } from 'node:crypto';

/** The audit keys: one to write with, older ones only to verify. */
export interface KeyRing {
  /** Short id of the key that new lines are written with. */
  readonly current: string;
  /** HMAC-SHA256 over the parts, in hex; undefined when the key of this id was not given. */
  mac(id: string, ...parts: readonly (string | Uint8Array)[]): string | undefined;
  /** The same with the key that new lines are written with. */
  seal(...parts: readonly (string | Uint8Array)[]): string;
}

/** Tells keys apart without telling anything about them that helps to guess one. */
const keyId = (key: string): string =>
  createHash('sha256').update('portcullis audit key id\n').update(key).digest('hex').slice(0, 8);

type Mac = (parts: readonly (string | Uint8Array)[]) => string;

const blockSize = 64;
const hashSize = 32;

/**
 * HMAC-SHA256 as RFC 2104 builds it, of two hashes of one call each: the object that `createHmac` makes for each line
 * costs more than the hashing itself, and a rebuild makes a million of them.
 */
const createMac = (key: string): Mac => {
  const short = Buffer.byteLength(key) > blockSize ? hash('sha256', key, 'buffer') : Buffer.from(key);
  const padded = Buffer.concat([short], blockSize);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([padded.map((byte) => byte ^ 0x5c)], blockSize + hashSize);
  return (parts) => {
    const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
    outer.write(hash('sha256', Buffer.concat([inner, ...bytes]), 'binary'), blockSize, 'binary');
    return hash('sha256', outer, 'hex');
  };
};

export const createKeyRing = (auditKey: string, oldKeys: readonly string[]): KeyRing => {
  const macs = new Map([...oldKeys, auditKey].map((key) => [keyId(key), createMac(key)]));
  const seal = createMac(auditKey);
  return {
    current: keyId(auditKey),
    mac: (id, ...parts) => macs.get(id)?.(parts),
    seal: (...parts) => seal(parts),
  };
};
