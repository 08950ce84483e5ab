import { z } from 'zod';
import type { Fault } from '../blocks/checks.ts';
import { messageFaults, viewFaults } from '../blocks/view-check.ts';
import { isObject } from '../json.ts';
import { jsonArgument } from '../messages.ts';
import { method } from '../method.ts';
import { Refused } from '../refused.ts';
import { SEED } from '../seed.ts';

/** Milliseconds a Socket Mode URL stays good; Slack's time is not published. */
const TICKET_LIFE_MS = 60_000;

const authTest = method({
  name: 'auth.test',
  json: true,
  args: z.looseObject({}),
  run: (_args, { workspace }) => ({
    url: `https://${workspace.domain}.slack.com/`,
    team: workspace.teamName,
    team_id: workspace.teamId,
    user: workspace.users.get(SEED.users.bot)?.name,
    user_id: SEED.users.bot,
    bot_id: SEED.bot,
    is_enterprise_install: false,
  }),
});

const apiTest = method({
  name: 'api.test',
  json: true,
  token: 'none',
  args: z.looseObject({ error: z.string().optional() }),
  run: ({ token: _token, ...args }) => {
    if (args.error !== undefined) throw new Refused(args.error, { args });
    return { args };
  },
});

const openConnection = method({
  name: 'apps.connections.open',
  token: 'app',
  perMinute: 50,
  args: z.looseObject({}),
  run: (_args, core) => {
    const ticket = core.mint.uuid();
    core.tickets.set(ticket, core.now() + TICKET_LIFE_MS);
    const base = core.baseUrl().replace(/^http/, 'ws');
    return { url: `${base}/link/?ticket=${ticket}&app_id=${SEED.app}` };
  },
});

const asConstraint = ({ message, pointer }: Fault) => ({
  code: 'failed_constraint',
  message,
  pointer,
  constraint: { type: 'schema', expected: message },
});

const validate = method({
  name: 'blocks.validate',
  json: true,
  args: z.looseObject({
    blocks: z.unknown().optional(),
    view: z.unknown().optional(),
    message: z.unknown().optional(),
  }),
  run: (args) => {
    const given = (['blocks', 'view', 'message'] as const).filter((name) => args[name] !== undefined);
    const [kind] = given;
    if (kind === undefined || given.length > 1) throw new Refused('invalid_arguments');
    const value = jsonArgument(args[kind]);
    if (JSON.stringify(value ?? null).length > 100_000) throw new Refused('invalid_arguments');
    const blocks = kind === 'message' && isObject(value) ? value.blocks : value;
    const faults =
      kind === 'view' ? viewFaults(value, '') : messageFaults(blocks, kind === 'message' ? '/blocks' : '');
    if (faults.length > 0) throw new Refused(`invalid_${kind}`, { errors: faults.map(asConstraint) });
    return {};
  },
});

export const appMethods = [authTest, apiTest, openConnection, validate];
