import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { Secret } from '../src/domain/secret.ts';
import { sdkDate } from '../src/huaweicloud/sdk-date.ts';
import { sign } from '../src/huaweicloud/sign.ts';
import { type Benchmark, percentile, type Row } from './table.ts';

const key = { ak: 'AKAKAKAKAKAKAKAKAKAK', sk: 'a-made-up-secret-key-of-forty-characters' };
const ours = { ak: key.ak, sk: new Secret(key.sk) };
const theirs = new BasicCredentials(key);
const at = Date.UTC(2026, 2, 14, 15, 9, 26);
const origin = 'https://identitycenter.myhuaweicloud.com';
const id = '1f6d8a52-3f0c-4c1b-9a55-0d2b6c7e8f90';

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
}

/** What the bot calls most: a page of a listing, a deletion, and one with what is named in the query. */
const requests: Readonly<Record<string, Request>> = {
  'a page of a listing': {
    method: 'GET',
    path: `/v1/identity-stores/d-a00ab11c22/users`,
    query: { limit: '100', marker: 'bWFya2VyLTAwMDAwMDAwMDE=' },
  },
  'the deletion of an assignment': {
    method: 'POST',
    path: `/v1/instances/ssoins-0123456789abcdef/account-assignments/delete`,
    query: {},
    body: {
      permission_set_id: id,
      principal_id: id,
      principal_type: 'USER',
      target_id: id,
      target_type: 'ACCOUNT',
    },
  },
  'the deletion of an authorization': {
    method: 'DELETE',
    path: `/v2/0123456789abcdef0123456789abcdef/authorizations`,
    query: { user_id: id },
  },
};

const headers = { 'content-type': 'application/json', host: new URL(origin).host };
const text = (body: Request['body']): string => (body === undefined ? '' : JSON.stringify(body));

/** From the same request, with its body as an object, to the value of the header. */
const signers = {
  ours: ({ method, path, query, body }: Request): string => {
    const signable = { method, path, query: Object.entries(query), headers, body: text(body) };
    return sign(signable, ours, at).authorization;
  },
  official: ({ method, path, query, body }: Request, date?: string): string => {
    const signed: { Authorization?: string } = AKSKSigner.sign(
      {
        endpoint: `${origin}${path}`,
        url: path,
        method,
        queryParams: { ...query },
        // Without a date it takes the present one, which is also faster than reading one that is given.
        headers: { ...headers, ...(date !== undefined && { 'X-Sdk-Date': date }) },
        data: body,
      },
      theirs,
    );
    return String(signed.Authorization);
  },
};

/** Signatures for each time that is taken. */
const batch = 1_000;
const rounds = 100;
const warmUp = 10;

/** Both in turn, so that whatever else the machine does hits both. */
const compare = (what: string, request: Request): readonly Row[] => {
  if (signers.ours(request) !== signers.official(request, sdkDate(at)))
    throw new Error(`${what}: two signatures`);
  const times = { ours: [] as number[], official: [] as number[] };
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const who of ['ours', 'official'] as const) {
      const began = performance.now();
      for (let turn = 0; turn < batch; turn += 1) signers[who](request);
      if (round >= 0) times[who].push(performance.now() - began);
    }
  }
  const ratio = percentile(times.ours, 0.5) / percentile(times.official, 0.5);
  return [
    { name: `1,000 × ${what}, official`, times: times.official },
    { name: `1,000 × ${what}, ours`, times: times.ours, target: `${ratio.toFixed(2)} of at most 0.6 times` },
  ];
};

/** Our signer beside the official one. */
export const signing: Benchmark = async () =>
  Object.entries(requests).flatMap(([what, request]) => compare(what, request));
