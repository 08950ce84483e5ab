import {
  type CloudSwitches,
  defaultSwitches,
  type Fault,
  type FaultAct,
  type PendingCall,
} from '../../../src/sandbox/cloud/switches.ts';

interface Trouble {
  /** How often it is met, beside the others. */
  readonly weight: number;
  readonly act: FaultAct;
  /** Met by changing calls only, where a read could not act. */
  readonly changes?: true;
}

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): FaultAct => ({
  kind: 'status',
  status,
  body,
  headers,
});
const center = (status: number, code: string, error_msg: string): FaultAct =>
  answer(status, { error_code: code, error_msg, request_id: 'f00d' });

/** What only the token service can decode, and the gateway's echo of the signed headers: nobody is shown them. */
export const neverShown = ['ENCODED-', 'token-that-was-signed'] as const;
const encoded = { encoded_authorization_message: `${neverShown[0]}5ca1ab1e` };
const rejected = (detail: string): FaultAct =>
  answer(
    401,
    {
      error_code: 'APIGW.0301',
      error_msg: `Incorrect IAM authentication information: ${detail}`,
      request_id: 'f00d',
    },
    { server: 'api-gateway', connection: 'close' },
  );

/** What the cloud may answer instead, sections 7 and 10 of its description; what passes is met more often. */
const troubles: readonly Trouble[] = [
  { weight: 6, act: center(429, 'APIGW.0308', 'The throttling threshold has been reached.') },
  { weight: 3, act: answer(429, '', { 'retry-after': '20' }) },
  { weight: 1, act: answer(429, { error_code: 'APIGW.0308' }, { 'retry-after': '3600' }) },
  { weight: 5, act: center(500, 'IIC.1209', 'Bad Request: Organizations.') },
  { weight: 3, act: answer(502, '<html>bad gateway</html>', { 'content-type': 'text/html' }) },
  { weight: 3, act: answer(503, { code: 'busy', message: 'try later' }) },
  { weight: 3, act: answer(504, { error: { code: 504, message: 'timed out', title: 'Gateway Timeout' } }) },
  { weight: 2, act: answer(408, '') },
  { weight: 6, act: center(409, 'IIC.1006', 'Concurrency conflicts. Try again later.'), changes: true },
  { weight: 3, act: center(409, 'IdentityCenter.1007', 'Data modification failed.'), changes: true },
  { weight: 5, act: { kind: 'cut-before' } },
  { weight: 5, act: { kind: 'cut-after' } },
  { weight: 0.3, act: { kind: 'hang' } },
  { weight: 0.3, act: { kind: 'hang', acts: true } },
  { weight: 2, act: { kind: 'garbage' } },
  { weight: 2, act: { kind: 'garbage', acts: true } },
  { weight: 1, act: answer(200, { unknown: 'fields only' }) },
  { weight: 1, act: answer(302, '', { location: 'http://127.0.0.1:1/' }) },
  { weight: 0.5, act: center(400, 'IIC.400', 'Bad Request: id.') },
  { weight: 0.5, act: answer(400, { errorCode: 'APIGW.0201', errorMsg: 'bad request' }) },
  { weight: 0.5, act: center(403, 'IIC.1000', 'No permission for action x.') },
  {
    weight: 0.2,
    act: answer(403, {
      error_code: 'IIC.1001',
      error_msg: 'Access denied: x',
      ...encoded,
      details: [encoded],
    }),
  },
  { weight: 0.2, act: answer(403, { error: encoded }) },
  { weight: 0.2, act: answer(403, { error: { code: 403, message: 'Not authorized.', title: 'Forbidden' } }) },
  { weight: 0.2, act: center(400, 'IIC.1210', 'Account not found.') },
  { weight: 0.2, act: center(400, 'IIC.1219', 'Failed to obtain the identity token.') },
  { weight: 0.2, act: center(400, 'APIGW.0105', 'The backend is configured wrongly.') },
  { weight: 0.2, act: center(404, 'APIGW.0103', 'The backend does not exist.') },
  { weight: 0.2, act: center(413, 'APIGW.0201', 'Request entity too large') },
  { weight: 1, act: center(429, 'APIG.0308', 'The throttling threshold has been reached.') },
  { weight: 1, act: answer(500, { error_code: 'ModelArts.50004000', error_msg: 'Internal error.' }) },
  { weight: 0.5, act: center(404, 'APIGW.0101', 'The API does not exist') },
  { weight: 0.5, act: center(404, 'IIC.1205', 'The permission set does not exist.') },
  { weight: 2, act: center(409, 'IIC.1204', 'The permission set exists.'), changes: true },
  { weight: 0.15, act: center(401, 'APIGW.0307', 'The token must be updated.') },
  { weight: 0.15, act: rejected('AK access failed to reach the limit,forbidden.') },
  {
    weight: 0.2,
    act: rejected(
      `verify aksk signature fail, canonicalRequest:GET|/||x-security-token:${neverShown[1]}||x-security-token|`,
    ),
  },
];

/** Numbers from 0 up to 1, always the same ones for a seed (mulberry32). */
export const chanceOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const oneOf = <T>(chance: () => number, values: readonly [T, ...T[]]): T =>
  values[Math.floor(chance() * values.length)] ?? values[0];

/** A longer `Retry-After` is cut, in ms. */
const longestSilence = 60_000;

/** What the documentation leaves open changes all the time too. */
const changeMood = (switches: CloudSwitches, chance: () => number): void => {
  switches.deletionDelayMs = chance() * 8_000;
  switches.disassociateDelayMs = chance() * 20_000;
  switches.failDeletions = chance() < 0.05 ? 'The principal is being changed.' : undefined;
  switches.missingAssignment = oneOf(chance, ['404', '409', 'failed-status']);
  switches.modelartsMissingUser = oneOf(chance, [404, 400]);
  switches.emptyBodyContentLength = chance() < 0.5;
  switches.nextMarkerEnd = oneOf(chance, [null, 'missing', '']);
  switches.shortPages = oneOf(chance, [null, null, 20]);
  switches.codePrefix = oneOf(chance, ['IIC', 'IdentityCenter']);
  switches.extraFields = chance() < 0.5;
  switches.ratePerSecond = oneOf(chance, [null, 50]);
};

/** How often somebody else is faster than the bot. */
const overtaken = 0.15;

/**
 * Faults that never end, for a part of all calls, of a cloud whose switches change with every call.
 * @param share from 0 to 1
 * @param takeAway takes what a changing call aims at, right before it
 */
export const badWeather = (
  share: number,
  chance: () => number,
  switches: CloudSwitches,
  takeAway: (call: PendingCall) => void,
) => {
  const met = new Set<Trouble>();
  const silences: { from: number; until: number }[] = [];
  const draw = (call: PendingCall): Trouble | undefined => {
    const { effect, at } = call;
    changeMood(switches, chance);
    if (effect === 'change' && chance() < overtaken) takeAway(call);
    if (chance() >= share) return undefined;
    const fitting = troubles.filter(({ changes }) => effect === 'change' || changes === undefined);
    let left = chance() * fitting.reduce((sum, { weight }) => sum + weight, 0);
    const drawn = fitting.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    if (drawn) met.add(drawn);
    const asked = drawn?.act.kind === 'status' ? Number(drawn.act.headers?.['retry-after'] ?? 0) : 0;
    if (asked > 0) silences.push({ from: at, until: at + Math.min(asked * 1000, longestSilence) });
    return drawn;
  };
  let drawn: Trouble | undefined;
  const faults = troubles.map(
    (trouble, index): Fault => ({
      act: trouble.act,
      times: Number.POSITIVE_INFINITY,
      match: (call) => {
        // They are asked in their order, so the first draws for all.
        if (index === 0) drawn = draw(call);
        return drawn === trouble;
      },
    }),
  );
  return {
    faults,
    /** From now on everything goes well. */
    clearUp: (): void => {
      switches.faults.length = 0;
      Object.assign(switches, defaultSwitches(), { faults: switches.faults });
    },
    /** For how long the cloud asked not to be called, as far as the client follows that; ms since the epoch. */
    silences: silences as readonly { readonly from: number; readonly until: number }[],
    /** What no call met. */
    unmet: () => troubles.filter((trouble) => !met.has(trouble)),
  };
};
