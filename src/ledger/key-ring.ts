import { createHash } from 'node:crypto';
import { type Hmac, hmacWith } from '../domain/hmac.ts';

/** The audit keys: one to write with, older ones only to verify. */
export interface KeyRing {
  /** Short id of the key that new lines are written with. */
  readonly current: string;
  /** HMAC-SHA256 over the parts, in hex; undefined when the key of this id was not given. */
  mac(id: string, ...parts: readonly (string | Uint8Array)[]): string | undefined;
  /** The same with the key that new lines are written with. */
  seal: Hmac;
}

/** Tells keys apart without telling anything about them that helps to guess one. */
const keyId = (key: string): string =>
  createHash('sha256').update('portcullis audit key id\n').update(key).digest('hex').slice(0, 8);

export const createKeyRing = (auditKey: string, oldKeys: readonly string[]): KeyRing => {
  const macs = new Map([...oldKeys, auditKey].map((key) => [keyId(key), hmacWith(key)]));
  return {
    current: keyId(auditKey),
    mac: (id, ...parts) => macs.get(id)?.(...parts),
    seal: hmacWith(auditKey),
  };
};
