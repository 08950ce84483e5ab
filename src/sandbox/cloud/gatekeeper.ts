import {
  canonicalRequest,
  expectedSignature,
  payloadIsAsAnnounced,
  type SignedMessage,
} from './canonical.ts';
import { gatewayRefusal, type Refusal } from './refusals.ts';

/** A key the cloud knows. Temporary keys come with a token that must be sent along. */
export interface AccessKey {
  readonly ak: string;
  readonly sk: string;
  readonly securityToken?: string;
}

export interface Gatekeeper {
  /** @throws {Refusal} 401 `APIGW.0301` unless the message is signed by a known key, now */
  check(message: SignedMessage, now: number): void;
}

/** Accepted difference of clocks, either way. */
const clockSkewMs = 15 * 60_000;
/** More consecutive failures than this lock the key. */
const failuresAllowed = 5;
const lockMs = 5 * 60_000;

const authorizationForm =
  /^SDK-HMAC-SHA256 Access=(?<ak>[^,\s]+), SignedHeaders=(?<signed>[^,\s]+), Signature=(?<signature>[0-9a-f]{64})$/;
const dateForm = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

const unauthorized = (detail: string): Refusal =>
  gatewayRefusal(401, '0301', `Incorrect IAM authentication information: ${detail}`);

const dateText = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');

const timeOf = (date: string): number => Date.parse(date.replace(dateForm, '$1-$2-$3T$4:$5:$6Z'));

/** Why this message is not accepted from this key, undefined when it is. */
const trouble = (
  message: SignedMessage,
  key: AccessKey,
  signedHeaders: readonly string[],
  signature: string,
  now: number,
): Refusal | undefined => {
  const date = message.header('x-sdk-date') ?? '';
  const signedAt = dateForm.test(date) ? timeOf(date) : Number.NaN;
  if (Number.isNaN(signedAt) || !signedHeaders.includes('x-sdk-date'))
    return unauthorized('calc aksk signature fail:x-sdk-date missing, ill-formed or not signed');
  if (Math.abs(now - signedAt) > clockSkewMs)
    return unauthorized(
      `calc aksk signature fail:signature expired, signature time:${date},server time:${dateText(now)}`,
    );
  if (message.header('x-security-token') !== key.securityToken) return unauthorized('decrypt token fail');
  const canonical = canonicalRequest(message, signedHeaders);
  if (!payloadIsAsAnnounced(message) || signature !== expectedSignature(key.sk, date, canonical))
    return unauthorized(`verify aksk signature fail, canonicalRequest:${canonical.replaceAll('\n', '|')}`);
  return undefined;
};

/** Checks signatures and locks keys out, as the gateway in front of all services does. */
export const createGatekeeper = (keys: readonly AccessKey[]): Gatekeeper => {
  const failures = new Map<string, number>();
  const lockedUntil = new Map<string, number>();

  const countFailure = (ak: string, now: number): void => {
    const count = (failures.get(ak) ?? 0) + 1;
    failures.set(ak, count);
    if (count <= failuresAllowed) return;
    lockedUntil.set(ak, now + lockMs);
    failures.delete(ak);
  };

  return {
    check: (message, now) => {
      const header = message.header('authorization');
      if (header === undefined) throw unauthorized('x-auth-token not found');
      const { ak, signed, signature } = authorizationForm.exec(header)?.groups ?? {};
      if (ak === undefined || signed === undefined || signature === undefined)
        throw unauthorized('calc aksk signature fail:authorization header is ill-formed');
      const key = keys.find((one) => one.ak === ak);
      if (key === undefined) throw unauthorized(`ak ${ak} not exist`);
      if (now < (lockedUntil.get(ak) ?? Number.NEGATIVE_INFINITY))
        throw unauthorized('AK access failed to reach the limit,forbidden.');
      const refusal = trouble(message, key, signed.toLowerCase().split(';'), signature, now);
      if (refusal === undefined) {
        failures.delete(ak);
        return;
      }
      countFailure(ak, now);
      throw refusal;
    },
  };
};
