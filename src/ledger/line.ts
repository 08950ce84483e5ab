import { LedgerRecord } from '../domain/facts.ts';
import { canonicalJson } from './canonical-json.ts';
import type { KeyRing } from './key-ring.ts';

/** What the first line is chained to. */
export const genesis = '0'.repeat(64);

/** What follows the sealed part of a line. */
const hashPart = (hash: string): string => `,"hash":"${hash}"}`;
const anyHashPart = /,"hash":"[0-9a-f]{64}"\}$/;
const hashLength = hashPart(genesis).length;
/** What the sealed part ends with in the place of the hash. */
const closing = Buffer.from('}');

export type Decoded =
  | { readonly ok: true; readonly record: LedgerRecord }
  | { readonly ok: false; readonly wrong: string; readonly remedy: string };

export const restoreRemedy =
  'Keep a copy of the data directory, restore journal.jsonl from a backup and compare it with the audit channel';

/** The key that a line says it was sealed with. */
const keyOf = (parsed: unknown): string | undefined =>
  typeof parsed === 'object' && parsed !== null && 'key' in parsed && typeof parsed.key === 'string'
    ? parsed.key
    : undefined;

const wrong = (words: string, remedy = restoreRemedy): Decoded => ({ ok: false, wrong: words, remedy });

/**
 * One line without its newline: the canonical JSON of the record, its hash put at the end. So the hash covers
 * every byte before it, and a reader needs no second serialisation to check it.
 */
export const encodeLine = (
  unsealed: Omit<LedgerRecord, 'hash' | 'key'>,
  keys: KeyRing,
): { readonly line: string; readonly record: LedgerRecord } => {
  const record = { ...unsealed, key: keys.current };
  const body = canonicalJson(record);
  const hash = keys.seal(body);
  return { line: `${body.slice(0, -1)}${hashPart(hash)}`, record: { ...record, hash } };
};

const wrongSeal = (text: string, key: string | undefined, expected: string | undefined): Decoded => {
  if (key === undefined || !anyHashPart.test(text)) return wrong('it is not a record of this ledger');
  if (expected !== undefined) return wrong('its hash does not match: it was changed');
  return wrong(
    `it was written with the audit key ${key}, which was not given`,
    'Put that key into AUDIT_KEYS_OLD; if it is newer than AUDIT_KEY, give AUDIT_KEY that key (or a new one) and AUDIT_KEYS_OLD all others',
  );
};

/** Reads and verifies one line (without newline) by itself; its place in the chain is not looked at. */
export const decodeLine = (bytes: Buffer, keys: KeyRing): Decoded => {
  const text = bytes.toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return wrong('it is not JSON');
  }
  const key = keyOf(parsed);
  const expected = key === undefined ? undefined : keys.mac(key, bytes.subarray(0, -hashLength), closing);
  if (expected === undefined || !text.endsWith(hashPart(expected))) return wrongSeal(text, key, expected);
  const record = LedgerRecord.safeParse(parsed);
  if (record.success) return { ok: true, record: record.data };
  return wrong('another version of the bot wrote it', 'Start a version that is at least as new');
};
