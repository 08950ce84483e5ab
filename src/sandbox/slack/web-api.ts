import { type RawCall, readCall, tokenOf } from './call-body.ts';
import type { ApiCall, Core } from './core.ts';
import type { JsonObject } from './json.ts';
import { type Method, requireScope } from './method.ts';
import { methods } from './methods/all.ts';
import { createRateLimits } from './rate-limits.ts';
import { Refused } from './refused.ts';
import { SEED } from './seed.ts';
import { useUp } from './switches.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: JsonObject;
}

const checkToken = (core: Core, method: Method, token: string | undefined): void => {
  if (method.token === 'none') return;
  if (token === undefined) throw new Refused('not_authed');
  if (token !== SEED.botToken && token !== SEED.appToken) throw new Refused('invalid_auth');
  if (token === SEED.botToken && core.switches.revokedToken) throw new Refused('token_revoked');
  if ((token === SEED.appToken) !== (method.token === 'app')) throw new Refused('not_allowed_token_type');
};

const limited = (seconds: number): ApiAnswer => ({
  status: 429,
  headers: { 'Retry-After': String(seconds) },
  body: { ok: false, error: 'ratelimited' },
});

/**
 * The Web API: from a request to its answer, undefined for one that gets none. Every call that is carried out is
 * logged, without its token.
 */
export const createWebApi = (core: Core): ((call: RawCall) => ApiAnswer | undefined) => {
  const rates = createRateLimits(core.now);

  const planned = (name: string): ApiAnswer | undefined => {
    const { rateLimited, failWith } = core.switches;
    const limit = [rateLimited[name], rateLimited['*']].find(useUp);
    if (limit !== undefined) return limited(limit.retryAfter);
    const failure = [failWith[name], failWith['*']].find(useUp);
    if (failure === undefined) return undefined;
    const body = { ok: false, error: failure.error ?? 'internal_error' };
    return { status: failure.status ?? 200, headers: {}, body };
  };

  const answer = (
    call: RawCall,
    args: JsonObject,
    error: string | undefined,
    token: string | undefined,
  ): ApiAnswer => {
    const plan = planned(call.method);
    if (plan !== undefined) return plan;
    const method = methods.get(call.method);
    if (method === undefined) throw new Refused('unknown_method', { req_method: call.method });
    if (error !== undefined) throw new Refused(error);
    checkToken(core, method, token);
    if (method.scope !== undefined) requireScope(core, method.scope);
    if (core.switches.rateLimits) {
      const wait = rates.take(method.name, method.perMinute, String(args.channel));
      if (wait > 0) return limited(wait);
    }
    return { status: 200, headers: {}, body: { ok: true, ...method.run(args, core) } };
  };

  const log = (call: RawCall, args: JsonObject, { status, body }: ApiAnswer): void => {
    const { token: _token, ...shown } = args;
    const error = status !== 200 ? `http_${status}` : body.error;
    const entry: ApiCall = {
      at: core.now(),
      method: call.method,
      args: shown,
      ok: status === 200 && body.ok === true,
      ...(typeof error === 'string' ? { error } : {}),
    };
    core.calls.push(entry);
    core.changed();
  };

  return (call) => {
    const read = readCall(call);
    const method = methods.get(call.method);
    const args = read.isJson && method?.json === false ? {} : read.args;
    const token = method?.token === 'app' ? tokenOf(call, { ...read, args: {} }) : tokenOf(call, read);
    const hanging = core.switches.hang({ method: call.method, args });
    if (hanging?.acts === false) return undefined;
    let result: ApiAnswer;
    try {
      result = answer(call, args, read.error, token);
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      result = { status: 200, headers: {}, body: { ok: false, error: fault.code, ...fault.extra } };
    }
    log(call, args, result);
    if (hanging !== undefined) return undefined;
    const warning = result.body.warning ?? read.warning;
    return {
      ...result,
      headers: {
        ...result.headers,
        'X-OAuth-Scopes': core.manifest.oauth_config.scopes.bot.join(','),
        'X-Accepted-OAuth-Scopes': method?.scope ?? '',
      },
      body: { ...result.body, ...(warning === undefined ? {} : { warning }) },
    };
  };
};
