import { Agent, request } from 'node:http';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';
import { z } from 'zod';
import type { LocalCloud } from '../../../src/sandbox/cloud/local-cloud.ts';

/** One call as a test writes it. */
export interface Wanted {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Keys {
  readonly ak: string;
  readonly sk: string;
  readonly securityToken?: string;
}

/** The signature's date for a time in milliseconds since the epoch. */
export const dateText = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

const withToken = <C extends BasicCredentials | GlobalCredentials>(credentials: C, keys: Keys): C => {
  if (keys.securityToken !== undefined) credentials.withSecurityToken(keys.securityToken);
  return credentials;
};

/**
 * The vendor's client: with an account id as its global services use it, or with a project id as its regional ones do.
 * It is put together by hand because the package's ClientBuilder needs a package that it forgets to declare.
 */
export const officialSdk = (
  cloud: LocalCloud,
  now: () => number,
  { keys = cloud.credentials, project }: { keys?: Keys; project?: string } = {},
) => {
  const { ak, sk } = keys;
  const credential =
    project === undefined
      ? new GlobalCredentials({ ak, sk, domainId: cloud.credentials.domainId })
      : new BasicCredentials({ ak, sk, projectId: project });
  const client = new HcClient(new DefaultHttpClient({ logger: silent }, [cloud.url]))
    .withEndpoints([cloud.url])
    .withCredential(withToken(credential, keys));
  return async (wanted: Wanted): Promise<unknown> =>
    client.sendRequest({
      method: wanted.method,
      url: wanted.path,
      contentType: 'application/json',
      queryParams: { ...wanted.query },
      pathParams: {},
      headers: { 'X-Sdk-Date': dateText(now()) },
      ...(wanted.body === undefined ? {} : { data: { ...wanted.body } }),
    });
};

const thrown = z.object({
  httpStatusCode: z.number().optional(),
  errorCode: z.union([z.string(), z.number()]).optional(),
  errorMsg: z.string().optional(),
  requestId: z.string().optional(),
  encodedAuthorizationMessage: z.string().optional(),
});

/** Status, code and message with which the vendor's client reports a call that failed; throws when it did not fail. */
export const refusalOf = async (call: Promise<unknown>) => {
  const settled = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ('answer' in settled) throw new Error(`was answered: ${JSON.stringify(settled.answer)}`);
  const { httpStatusCode: status, errorCode: code, errorMsg: message, ...rest } = thrown.parse(settled.error);
  return { status, code, message, ...rest };
};

/** Headers that the vendor's signer gives a call. */
export const signedHeaders = (
  cloud: LocalCloud,
  at: number,
  wanted: Wanted,
  keys: Keys = cloud.credentials,
): Record<string, string> => {
  const credentials = new GlobalCredentials({ ak: keys.ak, sk: keys.sk });
  const headers = AKSKSigner.sign(
    {
      endpoint: `${cloud.url}${wanted.path}`,
      method: wanted.method,
      queryParams: { ...wanted.query },
      headers: { 'content-type': 'application/json', 'X-Sdk-Date': dateText(at) },
      data: wanted.body,
    },
    credentials,
  );
  return z.record(z.string(), z.string()).parse(headers);
};

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends exactly these headers and bytes over a connection of its own. Rejects when the connection breaks. */
export const sendRaw = async (
  cloud: LocalCloud,
  target: { readonly method: string; readonly path: string; readonly body?: string },
  headers: Record<string, string>,
): Promise<WireAnswer> => {
  // Offers to keep the connection, so that a `connection: close` in the answer is the server's own wish.
  const agent = new Agent({ keepAlive: true });
  try {
    return await new Promise<WireAnswer>((resolve, reject) => {
      const outgoing = request(
        `${cloud.url}${target.path}`,
        { method: target.method, headers, agent },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(target.body);
    });
  } finally {
    agent.destroy();
  }
};

/** Signs with the vendor's signer and sends over a connection of its own. */
export const sendSigned = (cloud: LocalCloud, at: number, wanted: Wanted): Promise<WireAnswer> => {
  const query = new URLSearchParams(
    Object.entries(wanted.query ?? {}).map(([key, value]) => [key, String(value)]),
  );
  const path = query.size === 0 ? wanted.path : `${wanted.path}?${query}`;
  const body = wanted.body === undefined ? {} : { body: JSON.stringify(wanted.body) };
  return sendRaw(cloud, { method: wanted.method, path, ...body }, signedHeaders(cloud, at, wanted));
};
