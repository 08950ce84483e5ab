import { BasicCredentials, GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { sdkDate } from '../../src/huaweicloud/sdk-date.ts';
import { type Signable, sign } from '../../src/huaweicloud/sign.ts';
import published from './signing-vectors.json' with { type: 'json' };

interface Vector {
  readonly name: string;
  readonly ak: string;
  readonly sk: string;
  readonly securityToken?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly expected: { readonly Authorization: string };
  readonly canonicalRequest: string;
}

function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

describe('the published signing vectors', () => {
  const vectors: readonly Vector[] = published.vectors;
  it.each(vectors.map((vector) => [vector.name, vector] as const))('signs %s', (_, vector) => {
    const url = new URL(vector.url);
    const headers: Record<string, string> = { host: url.host };
    for (const [name, value] of Object.entries(vector.headers))
      if (value !== undefined) headers[name] = value;
    if (vector.securityToken !== undefined) headers['X-Security-Token'] = vector.securityToken;
    const signature = sign(
      {
        method: vector.method,
        path: url.pathname,
        query: [...url.searchParams].map(([key, value]) => [key, value]),
        headers,
        body: vector.body,
      },
      { ak: vector.ak, sk: new Secret(vector.sk) },
      timeOf(vector.headers['X-Sdk-Date'] ?? ''),
    );
    expect(signature.canonicalRequest).toBe(vector.canonicalRequest);
    expect(signature.authorization).toBe(vector.expected.Authorization);
  });
});

interface Case {
  readonly ak: string;
  readonly sk: string;
  readonly token: string | undefined;
  readonly scope: 'project' | 'domain' | 'none';
  readonly scopeId: string;
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly at: number;
}

const unicode = fc.string({ unit: 'binary', maxLength: 20 });
const key = fc.stringMatching(/^[A-Za-z0-9/+~=]{1,40}$/);
const id = fc.stringMatching(/^[A-Za-z0-9-]{1,36}$/);
const cases: fc.Arbitrary<Case> = fc.record({
  ak: fc.stringMatching(/^[A-Z0-9]{20}$/),
  sk: key,
  token: fc.option(key, { nil: undefined }),
  scope: fc.constantFrom('project', 'domain', 'none'),
  scopeId: fc.stringMatching(/^[0-9a-f]{32}$/),
  origin: fc.constantFrom('https://identitycenter.myhuaweicloud.com', 'http://127.0.0.1:18080'),
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  // Ids only: the Node SDK encodes other characters of a path twice.
  path: fc.array(id, { minLength: 1, maxLength: 6 }).map((segments) => `/${segments.join('/')}`),
  query: fc.dictionary(unicode, unicode, { noNullPrototype: true }),
  body: fc.option(fc.dictionary(unicode, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }), {
    nil: undefined,
  }),
  at: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 0, 1) }),
});

function ours(given: Case): string {
  const signable: Signable = {
    method: given.method,
    path: given.path,
    query: Object.entries(given.query),
    headers: {
      'content-type': 'application/json',
      host: new URL(given.origin).host,
      ...(given.scope === 'project' ? { 'x-project-id': given.scopeId } : {}),
      ...(given.scope === 'domain' ? { 'x-domain-id': given.scopeId } : {}),
      ...(given.token === undefined ? {} : { 'x-security-token': given.token }),
    },
    body: given.body === undefined ? '' : Buffer.from(JSON.stringify(given.body)),
  };
  return sign(signable, { ak: given.ak, sk: new Secret(given.sk) }, given.at).authorization;
}

/** The official package from its entry: it adds scope and token headers by itself, and signs. */
async function theirs(given: Case): Promise<string> {
  const keys = {
    ak: given.ak,
    sk: given.sk,
    ...(given.token === undefined ? {} : { securityToken: given.token }),
  };
  const credentials =
    given.scope === 'domain'
      ? new GlobalCredentials({ ...keys, domainId: given.scopeId })
      : new BasicCredentials(given.scope === 'project' ? { ...keys, projectId: given.scopeId } : keys);
  // Only federated credentials use the client; these never do.
  const noClient = undefined as unknown as Parameters<BasicCredentials['processAuthRequest']>[0];
  const request = await credentials.processAuthRequest(noClient, {
    endpoint: given.origin,
    url: given.path,
    method: given.method,
    queryParams: { ...given.query },
    headers: { 'content-type': 'application/json', 'X-Sdk-Date': sdkDate(given.at) },
    data: given.body,
  });
  return String(request.headers.Authorization);
}

function flipped(given: Case): Case {
  const last = given.sk.endsWith('A') ? 'B' : 'A';
  return { ...given, sk: `${given.sk.slice(0, -1)}${last}` };
}

describe('the official SDK', () => {
  it('signs every request as this signer does', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        expect(ours(given)).toBe(await theirs(given));
      }),
      { numRuns: 500 },
    );
  });

  it('differs as soon as one byte of key, path, query, body or time differs, so the comparison can fail', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const official = await theirs(given);
        const different: readonly Case[] = [
          flipped(given),
          { ...given, path: `${given.path}x` },
          { ...given, query: { ...given.query, one: `${given.query.one ?? ''}x` } },
          { ...given, body: { ...given.body, one: [given.body?.one ?? 'x'] } },
          { ...given, at: given.at + 1000 },
        ];
        for (const other of different) expect(ours(other)).not.toBe(official);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what cannot be signed', () => {
  const headers = { host: 'iam.myhuaweicloud.com' };
  const sk = { ak: 'AK', sk: new Secret('SK') };
  it.each([
    ['half of a character in a query', { path: '/', query: [['a', '\ud800']] as const }],
    ['a path with a broken escape', { path: '/%zz', query: [] }],
  ])('refuses %s in words', (_, part) => {
    expect(() => sign({ method: 'GET', headers, body: '', ...part }, sk, 0)).toThrow(RangeError);
  });
});
