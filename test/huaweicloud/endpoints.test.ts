import { describe, expect, it } from 'vitest';
import { baseUrl } from '../../src/huaweicloud/endpoints.ts';
import { toWire } from '../../src/huaweicloud/wire-request.ts';
import { read } from './room.ts';

describe('the base URL of a service', () => {
  it.each([
    ['identitycenter', 'https://identitycenter.myhuaweicloud.com/'],
    ['identitystore', 'https://identitystore.cn-north-4.myhuaweicloud.com/'],
    ['organizations', 'https://organizations.myhuaweicloud.com/'],
    ['modelarts', 'https://modelarts.cn-north-4.myhuaweicloud.com/'],
    ['iam', 'https://iam.myhuaweicloud.com/'],
    ['sts', 'https://sts.cn-north-4.myhuaweicloud.com/'],
  ] as const)('of %s is %s', (service, expected) => {
    expect(baseUrl(service, 'cn-north-4', {}).href).toBe(expected);
  });

  it('is replaced by the configured one, for that service only', () => {
    const overrides = { iam: 'https://iam.eu.example:8443/' };
    expect(baseUrl('iam', undefined, overrides).origin).toBe('https://iam.eu.example:8443');
    expect(baseUrl('identitycenter', undefined, overrides).origin).toBe(
      'https://identitycenter.myhuaweicloud.com',
    );
  });

  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    'may be plain http on loopback: %s',
    (url) => {
      expect(baseUrl('iam', undefined, { iam: url }).origin).toBe(url);
    },
  );

  it.each([
    'http://iam.example',
    'http://127.0.0.1.example',
    'ftp://127.0.0.1',
    'https://u@iam.example',
    'https://:p@iam.example',
    'https://iam.example?a',
    'https://iam.example#a',
    'iam',
  ])('is refused without being repeated: %s', (url) => {
    expect(() => baseUrl('iam', undefined, { iam: url })).toThrow(/^The base URL of iam /);
  });

  it.each([undefined, '', 'x.evil.example/', 'cn north'])(
    'of a regional service needs a region, not %j',
    (region) => {
      expect(() => baseUrl('modelarts', region, {})).toThrow(RangeError);
    },
  );

  it('takes the region of the request before the configured one', () => {
    const request = read({ service: 'modelarts', region: 'ap-southeast-3' });
    expect(toWire(request, 'cn-north-4', {}).host).toBe('modelarts.ap-southeast-3.myhuaweicloud.com');
  });

  it('may have a path, which comes before that of the request', () => {
    expect(toWire(read(), undefined, { identitycenter: 'https://gw.example/huawei/' }).path).toBe(
      '/huawei/v1/instances',
    );
  });
});
