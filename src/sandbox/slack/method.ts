import { z } from 'zod';
import type { Core } from './core.ts';
import type { JsonObject } from './json.ts';
import { Refused } from './refused.ts';

/** One Web API method, as the server calls it. */
export interface Method {
  readonly name: string;
  /** Bot scope that it needs always; methods whose scope depends on the channel ask themselves. */
  readonly scope: string | undefined;
  /** Whether it takes a JSON body (marked J in the reference). */
  readonly json: boolean;
  /** Calls per minute; `undefined` where a rule of its own applies. */
  readonly perMinute: number | undefined;
  readonly token: 'bot' | 'app' | 'none';
  readonly run: (args: JsonObject, core: Core) => JsonObject;
}

interface Definition<S extends z.ZodType> {
  readonly name: string;
  readonly scope?: string;
  readonly json?: boolean;
  readonly perMinute?: number;
  readonly token?: 'bot' | 'app' | 'none';
  readonly args: S;
  readonly run: (args: z.infer<S>, core: Core) => JsonObject;
}

/** A truth value in a form field or in JSON. */
export const truth = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');

/** A whole number in a form field or in JSON. */
export const whole = z.coerce.number().int();

const refuseArguments = (error: z.ZodError, args: JsonObject): never => {
  const messages = error.issues.map((problem) => {
    const [name] = problem.path;
    const missing = typeof name === 'string' && args[name] === undefined;
    return missing
      ? `[ERROR] missing required field: ${name}`
      : `[ERROR] invalid value for \`${String(name)}\` [json-pointer:/${problem.path.join('/')}]`;
  });
  throw new Refused('invalid_arguments', { response_metadata: { messages } });
};

/** Defines a method whose arguments are parsed by a schema; extra arguments are accepted and ignored. */
export const method = <S extends z.ZodType>(definition: Definition<S>): Method => ({
  name: definition.name,
  scope: definition.scope,
  json: definition.json ?? false,
  perMinute: definition.perMinute,
  token: definition.token ?? 'bot',
  run: (args, core) => {
    const parsed = definition.args.safeParse(args);
    return parsed.success ? definition.run(parsed.data, core) : refuseArguments(parsed.error, args);
  },
});

/** Throws Refused missing_scope unless the manifest grants one of the scopes. */
export const requireScope = (core: Core, ...anyOf: [string, ...string[]]): void => {
  const provided = core.manifest.oauth_config.scopes.bot;
  if (anyOf.some((scope) => provided.includes(scope))) return;
  throw new Refused('missing_scope', { needed: anyOf.join(','), provided: provided.join(',') });
};
