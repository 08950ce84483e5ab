import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../domain/ports.ts';

const Named = z.object({
  type: z.string().optional(),
  command: z.string().optional(),
  event: z.object({ type: z.string().optional() }).optional(),
});

/** Bolt passes over a delivery that nothing listens to without a word; with this the log tells of it. */
export const tellUnanswered = (app: App, log: Log): void => {
  const process = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    let answered = false;
    const ack: typeof event.ack = async (response) => {
      answered = true;
      await event.ack(response);
    };
    const named = Named.safeParse(event.body);
    const what = named.success ? named.data : {};
    log.debug('Slack delivered something', what);
    await process({ ...event, ack });
    if (!answered) {
      log.warn('A delivery was not answered, because nothing here listens to it or it was refused', what);
    }
  };
};
