import type { Clock, Log } from '../domain/ports.ts';
import type { Home } from './admission.ts';
import type { WebClient } from './clients.ts';
import { slackFault } from './slack-fault.ts';

/** The bot in the workspace in which it is installed. */
interface OwnHome extends Home {
  readonly botId: string;
  readonly botUserId: string;
}

/** Longest wait (ms) between two tries; a refused token is said as often. */
const longestWait = 60_000;

/** Asks Slack who the bot is until it answers, and anew whenever the token was refused. */
export const createIntroduction = (options: {
  readonly client: () => WebClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly app: string | undefined;
}) => {
  const { client, clock, log, app } = options;
  const stop = new AbortController();
  let home: OwnHome | undefined;
  let trouble: string | undefined = 'Slack has not answered yet';
  let asking: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    const me = await client().auth.test();
    if (!me.team_id || !me.bot_id || !me.user_id) throw new Error('auth.test did not name team and bot');
    home = {
      team: me.team_id,
      botId: me.bot_id,
      botUserId: me.user_id,
      ...(app !== undefined && { app }),
    };
    trouble = undefined;
  };

  const askUntilAnswered = async (): Promise<void> => {
    let wait = 500;
    while (!stop.signal.aborted) {
      try {
        return await ask();
      } catch (error) {
        if (stop.signal.aborted) return;
        const { kind, code, waitMs } = slackFault(error);
        trouble = `Slack refused the bot token or did not answer: ${code}`;
        const remedy = kind === 'token' ? ': check SLACK_BOT_TOKEN and reinstall the app' : '';
        log.error(`Slack does not tell who the bot is${remedy}. Begun requests go on; it is tried again`, {
          code,
        });
        wait = kind === 'token' ? longestWait : Math.min(wait * 2, longestWait);
        await clock.sleep(Math.max(wait, waitMs), stop.signal);
      }
    }
  };

  /** @returns when Slack has answered, or at the stop */
  const begin = (): Promise<void> => {
    asking ??= askUntilAnswered().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    begin,
    /** A call has failed: when for the token, only Slack knows whether it is good for anything. */
    doubt(error: unknown): void {
      if (slackFault(error).kind === 'token') void begin();
    },
    /** Undefined until Slack has told. */
    home: () => home,
    /** Why Slack does nothing for the bot; undefined when it does. */
    trouble: () => trouble,
    async stop(): Promise<void> {
      stop.abort();
      await asking;
    },
  };
};
