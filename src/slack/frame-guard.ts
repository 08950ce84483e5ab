import type { SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../domain/ports.ts';

/**
 * The client emits an event of Slack under its own name, so one that is called as the client's own events are would
 * be taken for one of these; Slack's have other names.
 */
const ownEvents: ReadonlySet<string> = new Set([
  'ws_message',
  'slack_event',
  'hello',
  'connecting',
  'connected',
  'reconnecting',
  'disconnecting',
  'disconnected',
  'authenticated',
  'unable_to_socket_mode_start',
  'error',
  'close',
  'open',
  'ping',
  'pong',
  'slash_commands',
  'interactive',
  'events_api',
]);

const Frame = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['hello', 'disconnect']) }),
  z.object({ type: z.enum(['slash_commands', 'interactive']), payload: z.looseObject({}) }),
  z.object({
    type: z.literal('events_api'),
    payload: z.looseObject({
      event: z.looseObject({ type: z.string().refine((name) => !ownEvents.has(name)) }),
    }),
  }),
]);

const isFrame = (data: unknown): boolean => {
  try {
    const text =
      typeof data === 'string' ? data : new TextDecoder().decode(z.instanceof(Uint8Array).parse(data));
    return Frame.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

/**
 * Lets only what Slack documents through to the client: of anything else its handler throws where nobody catches, and
 * that ends the process.
 */
export const guardFrames = (client: SocketModeReceiver['client'], log: Log): void => {
  const handlers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  const handOn = async (data: unknown, isBinary: boolean): Promise<void> => {
    if (!isFrame(data)) {
      log.warn('Something came over the connection to Slack that is no delivery, and was left alone');
      return;
    }
    try {
      for (const handle of handlers) {
        // The client's handler is asynchronous, though an emitter's type does not say so.
        const handled: unknown = handle(data, isBinary);
        await handled;
      }
    } catch (error) {
      log.warn('A delivery over the connection to Slack could not be taken', { error });
    }
  };
  client.on('ws_message', (data: unknown, isBinary: boolean) => void handOn(data, isBinary));
};
