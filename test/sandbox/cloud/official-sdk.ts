import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';
import type { LocalCloud } from '../../../src/sandbox/cloud/local-cloud.ts';

export interface SdkCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; the signature's date. */
  readonly at: number;
}

interface Keys {
  readonly ak: string;
  readonly sk: string;
  readonly securityToken?: string;
}

const dateText = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');

const send = async (client: HcClient, call: SdkCall): Promise<Record<string, unknown>> => {
  const answer = await client.sendRequest({
    method: call.method,
    url: call.path,
    contentType: 'application/json',
    queryParams: { ...call.query },
    pathParams: {},
    headers: { 'X-Sdk-Date': dateText(call.at) },
    ...(call.body === undefined ? {} : { data: { ...call.body } }),
  });
  return { ...answer };
};

/** What the package's ClientBuilder does, without its user agent, which needs a package that it forgets to declare. */
const build = (url: string, credential: BasicCredentials | GlobalCredentials): HcClient =>
  new HcClient(new DefaultHttpClient({ logLevel: LogLevel.OFF }, [url]))
    .withEndpoints([url])
    .withCredential(credential);

/** The vendor's client with an account id, as its global services use it. */
export const globalSdk = (cloud: LocalCloud, keys: Keys = cloud.credentials) => {
  const credentials = new GlobalCredentials({
    ak: keys.ak,
    sk: keys.sk,
    domainId: cloud.credentials.domainId,
  });
  if (keys.securityToken !== undefined) credentials.withSecurityToken(keys.securityToken);
  const client = build(cloud.url, credentials);
  return (call: SdkCall) => send(client, call);
};

/** The vendor's client with a project id, as its regional services use it. */
export const projectSdk = (cloud: LocalCloud, projectId: string) => {
  const { ak, sk } = cloud.credentials;
  const client = build(cloud.url, new BasicCredentials({ ak, sk, projectId }));
  return (call: SdkCall) => send(client, call);
};
