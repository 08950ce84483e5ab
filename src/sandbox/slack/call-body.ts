import { isObject, type JsonObject, parseJson } from './json.ts';

/** A Web API request as it came in. */
export interface RawCall {
  readonly method: string;
  /** HTTP verb. */
  readonly verb: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly authorization: string;
  readonly body: Buffer;
}

export interface ReadCall {
  readonly args: JsonObject;
  readonly isJson: boolean;
  readonly warning: string | undefined;
  /** What is wrong with the body itself. */
  readonly error: string | undefined;
}

const bare = (args: JsonObject, isJson = false): ReadCall => ({
  args,
  isJson,
  warning: undefined,
  error: undefined,
});

/** Arguments of a call, from query, form or JSON. */
export const readCall = (call: RawCall): ReadCall => {
  const query = Object.fromEntries(call.query);
  if (call.verb === 'GET' || call.body.length === 0) return bare(query);
  const [type = '', ...parameters] = call.contentType.split(';').map((part) => part.trim().toLowerCase());
  const text = call.body.toString('utf8');
  if (type === '') return { ...bare(query), error: 'missing_post_type' };
  if (type === 'application/x-www-form-urlencoded') {
    return bare({ ...query, ...Object.fromEntries(new URLSearchParams(text)) });
  }
  if (type !== 'application/json') return { ...bare(query), error: 'invalid_post_type' };
  const json = parseJson(text);
  const warning = parameters.some((one) => one.startsWith('charset=')) ? undefined : 'missing_charset';
  if (!isObject(json)) return { ...bare(query, true), warning, error: 'invalid_json' };
  return { args: { ...query, ...json }, isJson: true, warning, error: undefined };
};

/** The token of the Authorization header, else of the form (never of a JSON body). */
export const tokenOf = (call: RawCall, read: ReadCall): string | undefined => {
  const bearer = /^Bearer (.+)$/i.exec(call.authorization)?.[1];
  if (bearer !== undefined) return bearer;
  return !read.isJson && typeof read.args.token === 'string' && read.args.token !== ''
    ? read.args.token
    : undefined;
};
