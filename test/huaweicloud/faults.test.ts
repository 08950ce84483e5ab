import { describe, expect, it } from 'vitest';
import { parseErrorBody } from '../../src/huaweicloud/error-body.ts';
import { faultOfAnswer } from '../../src/huaweicloud/faults.ts';
import { hiding } from '../../src/huaweicloud/hide.ts';
import { AK, SK, TEMPORARY, TOKEN } from './room.ts';

const hide = hiding([TEMPORARY]);

function fault(status: number, body: unknown, requestId?: string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const header = requestId === undefined ? {} : { requestId };
  return faultOfAnswer({ status, body: Buffer.from(text), ...header }, hide);
}

describe('an error body', () => {
  const encoded = { encoded_authorization_message: 'XYZ' };
  it.each([
    [
      'error_code',
      { error_code: 'IIC.1000', error_msg: 'No', request_id: 'r', ...encoded },
      { code: 'IIC.1000', message: 'No', requestId: 'r' },
    ],
    ['error_code without more', { error_code: 'ModelArts.0102' }, { code: 'ModelArts.0102' }],
    ['errorCode', { errorCode: 'A.1', errorMsg: 'm' }, { code: 'A.1', message: 'm' }],
    ['code', { code: 'A.2', message: 'm' }, { code: 'A.2', message: 'm' }],
    [
      'the first form of several',
      { code: 'C', message: 'c', errorCode: 'B', error_code: 'A', error_msg: 'a' },
      { code: 'A', message: 'a' },
    ],
    [
      'the second form of several',
      { code: 'C', message: 'c', errorCode: 'B', errorMsg: 'b' },
      { code: 'B', message: 'b' },
    ],
    [
      'one level down, with a number',
      { error: { code: 403, message: 'm', title: 'Forbidden' } },
      { code: '403', message: 'm' },
    ],
    [
      'one level down, with the id above',
      { e: { error_code: 'A', error_msg: 'm' }, request_id: 'r' },
      { code: 'A', message: 'm', requestId: 'r' },
    ],
    ['one level down, only an encoded message', { error: encoded }, {}],
    ['JSON in no known form', { whatever: ['x'] }, {}],
    ['fields of other types', { error_code: { a: 1 }, error_msg: null, message: 'm' }, { message: 'm' }],
    ['a bare JSON text', '"nope"', {}],
    ['text', ' upstream connect error ', { message: 'upstream connect error' }],
    ['nothing', '', {}],
  ])('is read in this form: %s', (_, body, expected) => {
    expect(parseErrorBody(typeof body === 'string' ? body : JSON.stringify(body))).toStrictEqual(expected);
  });
});

describe('a fault', () => {
  it('takes the HTTP status when there is no code', () => {
    expect(fault(404, 'no such page')).toMatchObject({ code: '404', status: 404, family: 'refused' });
  });

  it('takes the request id of the header before that of the body', () => {
    const body = { error_code: 'A', error_msg: 'm', request_id: 'of-body' };
    expect(fault(400, body, 'of-header').requestId).toBe('of-header');
    expect(fault(400, body).requestId).toBe('of-body');
  });

  it.each([
    [400, 'IIC.400', 'refused', false],
    [401, 'APIGW.0301', 'refused', true],
    [403, 'IIC.1000', 'refused', false],
    [404, 'IIC.404', 'refused', false],
    [408, 'X.1', 'too-late', true],
    [409, 'IIC.1006', 'refused', true],
    [409, 'IdentityCenter.1007', 'refused', true],
    [409, 'IIC.1257', 'refused', false],
    [429, 'APIGW.0308', 'refused', true],
    [500, 'IIC.1209', 'too-late', true],
    [501, 'X.1', 'too-late', false],
    [504, 'X.1', 'too-late', true],
    [302, 'X.1', 'unexpected-answer', false],
  ])('of HTTP %i with %s is %s, retryable: %s', (status, code, family, retryable) => {
    expect(fault(status, { error_code: code, error_msg: 'm' })).toMatchObject({ family, retryable, code });
  });

  it('does not go on where the gateway echoes what was signed', () => {
    const echo = `verify aksk signature fail, canonicalRequest:GET|/v1/|x-security-token:${TOKEN.slice(0, 20)}`;
    const { message } = fault(401, { error_code: 'APIGW.0301', error_msg: echo });
    expect(message).toBe('The cloud refused the call (HTTP 401): verify aksk signature fail,');
  });

  it.each([
    ['the access key', AK],
    ['the secret key', SK],
    ['the security token', TOKEN],
  ])('hides %s wherever it is said', (_, secret) => {
    const said = fault(
      400,
      { error_code: `x${secret}`, error_msg: `ak ${secret} not exist` },
      `id-${secret}`,
    );
    expect(said).toMatchObject({ code: 'x[hidden]', requestId: 'id-[hidden]' });
    expect(said.message).toContain('ak [hidden] not exist');
    expect(fault(502, `<html>${secret}`).message).toContain('<html>[hidden]');
  });

  it('never shows the encoded authorization message, not even of a body cut short', () => {
    expect(fault(403, { error: { encoded_authorization_message: 'XYZ' } }).message).not.toContain('XYZ');
    expect(fault(403, '{"error_code":"IIC.1000","encoded_authorization_message":"XYZ').message).not.toContain(
      'XYZ',
    );
  });

  it('is soon made of a page of blanks, because nothing else goes on meanwhile', () => {
    const began = performance.now();
    expect(fault(502, `<html>${' \n'.repeat(50_000)}</html>`).message).toHaveLength(500);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('is bounded in length, and hides before it cuts', () => {
    const { message, code } = fault(400, {
      error_code: 'c'.repeat(999),
      error_msg: `${'m'.repeat(450)}${TOKEN}${'m'.repeat(999)}`,
    });
    expect(message).toHaveLength(500);
    expect(message).not.toContain(TOKEN.slice(0, 3));
    expect(code).toHaveLength(64);
  });
});
