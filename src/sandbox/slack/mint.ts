import { randomBytes, randomUUID } from 'node:crypto';

/** Makes ids in Slack's forms. Ids count up, so that a failing test reads the same every time. */
export interface Mint {
  /** Prefix and nine upper-case alphanumerics. */
  id(prefix: string): string;
  /** A time stamp `<10 digits>.<6 digits>`, later than every one before. */
  ts(): string;
  /** `<epoch>.<8 characters>`; a view's version. */
  hash(): string;
  /** `<digits>.<digits>.<32 hex>`. */
  trigger(): string;
  uuid(): string;
  /** A part of a URL that cannot be guessed. */
  secret(): string;
}

/** @param now milliseconds since the epoch */
export const createMint = (now: () => number): Mint => {
  let count = 0;
  let lastMicros = 0;
  const seconds = () => Math.floor(now() / 1000);
  return {
    id: (prefix) => {
      count += 1;
      return `${prefix}0${count.toString(36).toUpperCase().padStart(8, '0')}`;
    },
    ts: () => {
      lastMicros = Math.max(Math.floor(now()) * 1000, lastMicros + 1);
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, '0')}`;
    },
    hash: () => `${seconds()}.${randomBytes(4).toString('hex')}`,
    trigger: () => {
      count += 1;
      return `${seconds()}.${1_000_000 + count}.${randomBytes(16).toString('hex')}`;
    },
    uuid: () => randomUUID(),
    secret: () => randomBytes(12).toString('hex'),
  };
};
