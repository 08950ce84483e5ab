import type { Core } from './core.ts';
import type { Delivery, Reply, Transport } from './delivery.ts';
import { copyOf, type JsonObject } from './json.ts';
import { VERIFICATION_TOKEN } from './payloads.ts';
import { SEED } from './seed.ts';

/** Hands deliveries to the transport: duplicates, repeats of events, and the memory of the last interaction. */
export interface Dispatcher {
  /** Commands, interactions, suggestions: never repeated by Slack. `times` deliveries of the same payload. */
  interact(delivery: Delivery, times?: number): Promise<Reply>;
  /** An event; repeated when it is not acknowledged. Resolves after the first attempt. */
  event(event: JsonObject): Promise<Reply>;
  /** A copy of the last command or interaction. */
  last(): Delivery | undefined;
  close(): void;
}

export const createDispatcher = (core: Core, transport: Transport): Dispatcher => {
  let last: Delivery | undefined;
  const timers = new Set<NodeJS.Timeout>();

  const sendAll = async (delivery: Delivery, times: number): Promise<Reply> => {
    const count = times + core.switches.duplicateDeliveries;
    const replies = await Promise.all(Array.from({ length: count }, () => transport.send(delivery)));
    core.changed();
    return replies[0] ?? { outcome: 'unreachable' };
  };

  const repeat = (delivery: Delivery, number: number, failed: Reply): void => {
    const delay = core.switches.eventRetryDelaysMs[number - 1];
    if (delay === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const retry = { number, reason: retryReason(failed) };
      transport
        .send({ ...delivery, retry })
        .then((reply) => {
          core.changed();
          if (reply.outcome !== 'ok') repeat(delivery, number + 1, reply);
        })
        .catch(() => core.troubles.push('an event could not be repeated'));
    }, delay).unref();
    timers.add(timer);
  };

  return {
    interact: (delivery, times = 1) => {
      last = copyOf(delivery);
      return sendAll(delivery, times);
    },
    event: async (event) => {
      const delivery: Delivery = { type: 'events_api', answerable: false, payload: envelope(core, event) };
      const reply = await sendAll(delivery, 1);
      if (reply.outcome !== 'ok') repeat(delivery, 1, reply);
      return reply;
    },
    last: () => (last === undefined ? undefined : copyOf(last)),
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
};

/** Why an event comes again, in Slack's words (reference 3.2). */
const retryReason = (reply: Reply): string => {
  if (reply.outcome === 'status') return 'http_error';
  return reply.outcome === 'timeout' ? 'http_timeout' : 'connection_failed';
};

const envelope = (core: Core, event: JsonObject): JsonObject => ({
  token: VERIFICATION_TOKEN,
  team_id: core.workspace.teamId,
  api_app_id: SEED.app,
  type: 'event_callback',
  event_id: core.mint.id('Ev'),
  event_time: Math.floor(core.now() / 1000),
  event_context: core.mint.secret(),
  authorizations: [
    {
      enterprise_id: null,
      team_id: core.workspace.teamId,
      user_id: SEED.users.bot,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
  context_team_id: core.workspace.teamId,
  context_enterprise_id: null,
  event,
});
