import { hexOf } from './ids.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A refused call: thrown by checks and operations, turned into an answer in one place. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  private readonly render: (code: string, requestId: string) => Fields;

  constructor(
    status: number,
    code: string,
    message: string,
    details: { fields?: Fields; headers?: Readonly<Record<string, string>>; render?: Refusal['render'] } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = details.headers ?? {};
    this.render =
      details.render ??
      ((shown, requestId) => ({
        error_code: shown,
        error_msg: message,
        request_id: requestId,
        ...details.fields,
      }));
  }

  /** The JSON body, with Identity Center's code prefix as switched. */
  body(codePrefix: string, requestId: string): Fields {
    return this.render(this.shownCode(codePrefix), requestId);
  }

  shownCode(codePrefix: string): string {
    return this.code.replace(/^IIC(?=\.)/, codePrefix);
  }
}

/** How one service words its refusals. */
export interface Voice {
  badRequest(what: string): Refusal;
  notFound(what: string): Refusal;
  forbidden(action: string): Refusal;
}

/** Stands for the encoded text that only the token service can decode. */
const encoded = (action: string): string => `ENCODED-${hexOf(`denied:${action}`, 48)}`;

const identityCenter: Voice = {
  badRequest: (what) => new Refusal(400, 'IIC.400', `Bad Request: ${what}.`),
  notFound: (what) => new Refusal(404, 'IIC.404', `Not Found: ${what}.`),
  forbidden: (action) =>
    action === 'organizations:delegatedAdministrators:list'
      ? new Refusal(403, 'IIC.1001', `Access denied: ${action}`, {
          fields: { encoded_authorization_message: encoded(action) },
        })
      : new Refusal(403, 'IIC.1000', `No permission for action ${action}.`, {
          fields: { encoded_authorization_message: encoded(action) },
        }),
};

/** Body without a request id, as ModelArts often answers. */
const modelArtsRefusal = (status: number, code: string, message: string): Refusal =>
  new Refusal(status, code, message, { render: (shown) => ({ error_code: shown, error_msg: message }) });

const modelArts: Voice = {
  badRequest: (what) => modelArtsRefusal(400, 'ModelArts.0101', `Invalid parameter: ${what}.`),
  notFound: (what) => modelArtsRefusal(404, 'ModelArts.0102', `The resource does not exist: ${what}.`),
  forbidden: (action) => modelArtsRefusal(403, 'ModelArts.0105', `The operation is not allowed: ${action}.`),
};

/** The nested form of IAM v3, in which `code` is a number. */
const iamV3Refusal = (status: number, title: string, message: string): Refusal =>
  new Refusal(status, String(status), message, {
    render: () => ({ error: { code: status, message, title } }),
  });

const iamV3: Voice = {
  badRequest: (what) => iamV3Refusal(400, 'Bad Request', `Invalid input: ${what}.`),
  notFound: (what) => iamV3Refusal(404, 'Not Found', `Could not find ${what}.`),
  forbidden: (action) =>
    iamV3Refusal(403, 'Forbidden', `You are not authorized to perform the requested action: ${action}.`),
};

/** Organizations, IAM v5 and STS: the flat form; their code numbers are not documented here, so these are stand-ins. */
const flat = (prefix: string): Voice => ({
  badRequest: (what) => new Refusal(400, `${prefix}.0400`, `Bad Request: ${what}.`),
  notFound: (what) => new Refusal(404, `${prefix}.0404`, `Not Found: ${what}.`),
  forbidden: (action) =>
    new Refusal(403, `${prefix}.0403`, `No permission for action ${action}.`, {
      fields: { encoded_authorization_message: encoded(action) },
    }),
});

export const voices = {
  identityCenter,
  modelArts,
  iamV3,
  organizations: flat('ORG'),
  iamV5: flat('PAP5'),
  sts: flat('STS5'),
} as const;

/** A refusal by the gateway in front of all services. */
export const gatewayRefusal = (status: number, number: string, message: string): Refusal =>
  new Refusal(status, `APIGW.${number}`, message, {
    headers: status === 401 ? { server: 'api-gateway', connection: 'close' } : { server: 'api-gateway' },
  });
