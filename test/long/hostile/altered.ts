import fc from 'fast-check';
import type { Delivery } from '../../../src/sandbox/slack/delivery.ts';
import { SEED } from '../../../src/sandbox/slack/seed.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const people = Object.values(SEED.users);

/** Values that have hurt programs before: wrong types, deceiving and very long texts, names of what all objects have. */
const hostile: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    ' ',
    [],
    {},
    [[]],
    '\u0000',
    '\u202eevil',
    '\ud800',
    '<!channel>',
    '<@U0CAROL001>',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '=cmd()',
    'all',
    'all-users',
    'R-000001',
    'R-000002',
    'R-999999',
    'bot',
    'new',
    'approve',
    'decide:0000000000000000',
    'profile/review',
    '`',
    '"',
    "'",
    '%00',
    '\n\n',
    'account:USER:__proto__',
    'x'.repeat(5_000),
    'ﷺ'.repeat(1_000),
  ),
  fc.string({ maxLength: 40 }),
  fc.constantFrom<Json>(...people),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json),
);

/** One change somewhere inside: `path` picks the way down by remainders. */
type Change = {
  readonly path: readonly number[];
  readonly do: 'replace' | 'remove' | 'add';
  readonly value: Json;
};

const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }),
  do: fc.constantFrom('replace' as const, 'replace' as const, 'remove' as const, 'add' as const),
  value: hostile,
});

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Fields without which a delivery is foreign and met with silence: altered seldom, or nothing else would be tried. */
const origin = new Set(['team', 'team_id', 'api_app_id', 'type']);

const apply = (payload: Record<string, unknown>, { path, do: what, value }: Change, deep: boolean): void => {
  let at: Record<string, unknown> = payload;
  for (const [depth, step] of path.entries()) {
    const keys = Object.keys(at).filter((key) => deep || depth > 0 || !origin.has(key));
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) return;
    const inner = at[key];
    if (isTree(inner) && depth < path.length - 1) {
      at = inner;
      continue;
    }
    if (what === 'remove') delete at[key];
    else if (what === 'add') at[`${key}_`] = value;
    else at[key] = value;
    return;
  }
};

/** A delivery that Slack could send, with one to four changes, by anybody of the workspace. */
export const altered = (recorded: readonly Delivery[]): fc.Arbitrary<Delivery> =>
  fc
    .record({
      delivery: fc.constantFrom(...recorded),
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      user: fc.option(fc.constantFrom(...people), { nil: undefined }),
      deep: fc.boolean().map((deep) => deep),
      seldom: fc.nat(9),
    })
    .map(({ delivery, changes, user, deep, seldom }) => {
      const payload = structuredClone(delivery.payload) as Record<string, unknown>;
      if (user !== undefined && isTree(payload.user)) payload.user.id = user;
      if (user !== undefined && typeof payload.user_id === 'string') payload.user_id = user;
      for (const one of changes) apply(payload, one, deep && seldom === 0);
      return { ...delivery, payload: payload as Delivery['payload'] };
    });

/** No delivery at all: any JSON under the name of one. */
export const broken: fc.Arbitrary<Delivery> = fc
  .record({
    type: fc.constantFrom('slash_commands' as const, 'interactive' as const, 'events_api' as const),
    inner: fc.dictionary(
      fc.constantFrom('type', 'view', 'actions', 'user', 'command', 'event', 'callback_id', 'x'),
      hostile,
    ),
    known: fc.boolean(),
  })
  .map(({ type, inner, known }) => ({
    type,
    answerable: true,
    payload: {
      ...inner,
      ...(known && { team_id: SEED.team, team: { id: SEED.team }, api_app_id: SEED.app }),
    },
  }));

/** What is signed as Slack signs it and yet nothing that Slack says: any JSON or text, under any kind of content. */
export const bodies: fc.Arbitrary<{ readonly body: string; readonly contentType: string }> = fc.record({
  body: fc.oneof(
    hostile.map((value) => JSON.stringify(value)),
    hostile.map((value) => `payload=${encodeURIComponent(JSON.stringify(value))}`),
    fc.string({ unit: 'binary', maxLength: 200 }).map((text) => `payload=${text}`),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      '',
      'payload',
      'payload=',
      'payload={',
      'payload=1&payload=2',
      'ssl_check=1',
      'a[b]=c&a=d',
    ),
  ),
  contentType: fc.constantFrom(
    'application/json',
    'application/json; charset=nothing',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=b',
    'nonsense',
  ),
});
