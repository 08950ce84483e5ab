import { type Arrival, jsonOf, type Target, targetOf } from './arrival.ts';
import type { Call } from './call-log.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { gatewayRefusal, Refusal } from './refusals.ts';
import { type Answer, findRoute, type Route, type World } from './route.ts';
import { type CloudSwitches, type FaultAct, type PendingCall, takeFault } from './switches.ts';
import type { Throttle } from './throttle.ts';
import { type Reply, withExtraFields } from './wire.ts';

/** What becomes of a call: an answer, a reset connection, or nothing at all. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' };

export interface Handled {
  readonly outcome: Outcome;
  readonly call: Omit<Call, 'durationMs'>;
}

interface Parts {
  readonly routes: readonly Route[];
  readonly gatekeeper: Gatekeeper;
  readonly throttle: Throttle;
}

/** Granted to delegated administrators only; every Identity Center and identity store call needs it. */
const delegation = 'organizations:delegatedAdministrators:list';

type Match = NonNullable<ReturnType<typeof findRoute>>;

const emptyTarget = (url: string): Target => ({ path: url, segments: [], query: {}, repeated: [] });

/** The body as the log keeps it: without secret keys. */
const loggable = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'secret_key' in value
    ? { ...value, secret_key: '***' }
    : value;

const checkPermission = ({ service, action, voice }: Route, denied: ReadonlySet<string>): void => {
  if (action !== undefined && denied.has(action)) throw voice.forbidden(action);
  if ((service === 'identitycenter' || service === 'identitystore') && denied.has(delegation))
    throw voice.forbidden(delegation);
};

const act = (match: Match, target: Target, arrival: Arrival, world: World): Answer => {
  const { voice } = match.route;
  if (target.repeated.length > 0)
    throw voice.badRequest(`${target.repeated.join(', ')} given more than once`);
  const json = jsonOf(arrival);
  if (json.problem !== undefined) throw voice.badRequest(json.problem);
  return match.route.answer({ path: match.path, query: target.query, body: json.value }, world);
};

const replyOf = (
  { status, body }: Answer,
  headers: Readonly<Record<string, string>>,
  switches: CloudSwitches,
): Reply => {
  const sayEmptyLength = switches.emptyBodyContentLength;
  if (body === undefined) return { status, headers, sayEmptyLength };
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json;charset=utf8' },
    body: JSON.stringify(switches.extraFields ? withExtraFields(body) : body),
    sayEmptyLength,
  };
};

const plannedReply = (
  fault: Extract<FaultAct, { kind: 'status' }>,
  headers: Readonly<Record<string, string>>,
  switches: CloudSwitches,
): Reply => ({
  status: fault.status,
  headers: { ...headers, 'content-type': 'application/json;charset=utf8', ...fault.headers },
  sayEmptyLength: switches.emptyBodyContentLength,
  ...(fault.body === undefined
    ? {}
    : { body: typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body) }),
});

/**
 * Takes one call through the checks in the order of the real service: path, signature, rate, (planned faults,)
 * permission, parameters, existence, conflict.
 */
export const createFrontDoor =
  ({ routes, gatekeeper, throttle }: Parts) =>
  (arrival: Arrival, world: World, requestId: string): Handled => {
    const { switches, now } = world;
    const headers = { 'x-request-id': requestId };
    let target = emptyTarget(arrival.url);
    let match: Match | undefined;
    let acted = false;
    const handled = (outcome: Outcome, code?: string): Handled => ({
      outcome,
      call: {
        ...pending(),
        status: outcome.kind === 'reply' ? outcome.reply.status : null,
        requestId,
        acted,
        ...(code === undefined ? {} : { code }),
      },
    });
    const pending = (): PendingCall => ({
      at: now,
      service: match?.route.service ?? 'gateway',
      operation: match?.route.operation ?? 'unknown',
      method: arrival.method,
      path: target.path,
      query: target.query,
      body: loggable(jsonOf(arrival).value),
      effect: match?.route.effect ?? 'read',
    });
    const answer = (found: Match): Reply => {
      checkPermission(found.route, switches.deniedActions);
      const done = act(found, target, arrival, world);
      acted = true;
      return replyOf(done, headers, switches);
    };
    const withFault = (found: Match, fault: FaultAct): Outcome => {
      switch (fault.kind) {
        case 'status':
          return { kind: 'reply', reply: plannedReply(fault, headers, switches) };
        case 'cut-before':
          return { kind: 'cut' };
        case 'cut-after':
          answer(found);
          return { kind: 'cut' };
        case 'hang':
          if (fault.acts === true) answer(found);
          return { kind: 'hang' };
        case 'garbage':
          if (fault.acts === true) answer(found);
          return {
            kind: 'reply',
            reply: {
              status: 200,
              headers: { ...headers, 'content-type': 'text/html' },
              body: '<html><body>It works!</body></html>',
              sayEmptyLength: true,
            },
          };
      }
    };

    try {
      target = targetOf(arrival.url);
      match = findRoute(routes, arrival.method, target.segments);
      if (switches.outage) return handled({ kind: 'cut' });
      if (match === undefined)
        throw gatewayRefusal(
          404,
          '0101',
          'The API does not exist or has not been published in the environment',
        );
      if (arrival.tooLarge) throw gatewayRefusal(413, '0201', 'Request entity too large');
      gatekeeper.check(arrival, now);
      throttle.check(match.route.operation, switches.ratePerSecond, now);
      const fault = takeFault(switches.faults, pending());
      if (fault !== undefined) return handled(withFault(match, fault));
      return handled({ kind: 'reply', reply: answer(match) });
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const body = refusal.body(switches.codePrefix, requestId);
      const reply = replyOf({ status: refusal.status, body }, { ...headers, ...refusal.headers }, switches);
      return handled({ kind: 'reply', reply }, refusal.shownCode(switches.codePrefix));
    }
  };
