import { App } from '@slack/bolt';
import type { Clock, Ids, Ledger, Log, People } from '../domain/ports.ts';
import type { Secret } from '../domain/secret.ts';
import type { ExecuteNeeds } from '../workflow/execute.ts';
import { whileLooking } from '../workflow/needs.ts';
import type { Refusals } from '../workflow/refusals.ts';
import { createSubmit } from '../workflow/submit.ts';
import { appOf, foreign } from './admission.ts';
import { createAlarm } from './alarm.ts';
import { createAuditChannel } from './audit-channel.ts';
import { boltLogger } from './bolt-log.ts';
import { createCards } from './cards.ts';
import { createChannels } from './channels.ts';
import { createClients, hastyFetch } from './clients.ts';
import { createConnection, type Transport } from './connection.ts';
import type { Desk } from './desk.ts';
import { createDrafts } from './drafts.ts';
import type { Follower } from './follower.ts';
import type { Health } from './health.ts';
import { createHomes, type Homes } from './home.ts';
import { createIntroduction } from './introduction.ts';
import { listen } from './listeners.ts';
import { createNotices } from './notices.ts';
import { redrawRequest } from './open-request.ts';
import { createOpenViews, type OpenViews } from './open-views.ts';
import { createPeople } from './people.ts';
import { createPoster } from './poster.ts';
import { tellUnanswered } from './unanswered.ts';
import { createWork } from './work.ts';

export interface SlackOptions {
  readonly botToken: Secret;
  readonly transport: Transport;
  readonly apiUrl?: string;
  readonly host: string;
  readonly port: number;
  readonly auditChannel: string;
  /** ms between two posts in one channel. */
  readonly postInterval: number;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly uncleanStop: boolean;
  readonly health: Health;
}

/** How long (ms) a delivery right after the start waits until Slack has told who the bot is; Slack waits 3 s. */
const introductionTime = 2_000;

/**
 * ms from the start to the first look of each that follows the ledger. If all began at once, beside executions that go on,
 * their code would run for the first time in one turn of the event loop, and nothing else would have its turn.
 */
const firstLooks = { audit: 300, cards: 600 } as const;

/** How long (ms) Slack may take for an answer to whoever acted: an orderly stop waits for it. */
const answeringTime = 3_000;

/** How long (ms) after the begin of a stop a call that Slack leaves unanswered is given up, whoever waits for it. */
const patience = 8_000;

/** Slack: deliveries in, cards and audit posts out. */
export const createSlack = (options: SlackOptions) => {
  const { transport, clock, log, ledger, auditChannel } = options;
  const logger = boltLogger(log);
  const doubt = (error: unknown): void => introduction.doubt(error);
  const stop = new AbortController();
  const givenUp = new AbortController();
  const clients = createClients(options.botToken, options.apiUrl, doubt, logger, givenUp.signal);
  const work = createWork(log);
  const app = transport.mode === 'socket' ? appOf(transport.appToken.reveal()) : undefined;
  const introduction = createIntroduction({ client: () => clients.people, clock, log, app });
  let introduced: Promise<void> | undefined;

  const connection = createConnection(transport, {
    host: options.host,
    port: options.port,
    apiUrl: options.apiUrl,
    clock,
    log,
    logger,
    health: options.health,
  });

  const people: People = createPeople({
    client: clients.people,
    clock,
    log,
    team: () => introduction.home()?.team,
  });

  const poster = createPoster(clients.followers, clock, options.postInterval);
  const cards = createCards({ ledger, poster, clock, log, auditChannel });
  const audit = createAuditChannel({
    ledger,
    poster,
    clock,
    log,
    channel: auditChannel,
    uncleanStop: options.uncleanStop,
  });

  const alarm = createAlarm({ poster, clock, log, channel: auditChannel });

  const startAfter = async (ms: number, follower: Follower): Promise<void> => {
    await clock.sleep(ms, stop.signal);
    if (!stop.signal.aborted) follower.start();
  };

  let homes: Homes | undefined;
  let openViews: OpenViews | undefined;
  let notices: Follower | undefined;

  const bolt = new App({
    receiver: connection.receiver,
    logger,
    convoStore: false,
    clientOptions: {
      ...(options.apiUrl !== undefined && { slackApiUrl: options.apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      fetch: hastyFetch(answeringTime),
    },
    authorize: async () => {
      if (introduction.home() === undefined)
        await Promise.race([introduced, clock.sleep(introductionTime, stop.signal)]);
      const home = introduction.home();
      if (home === undefined) throw new Error('Slack has not yet told which workspace this is');
      return {
        botToken: options.botToken.reveal(),
        botId: home.botId,
        botUserId: home.botUserId,
        teamId: home.team,
      };
    },
  });
  tellUnanswered(bolt, log);
  bolt.error(async (error) => log.warn('A delivery was not worked on', { reason: error.message }));
  bolt.use(async ({ next, body, context }) => {
    const timestamp: unknown = context.slackTimestamp;
    const why = foreign(body, introduction.home(), {
      now: clock.now(),
      ...(typeof timestamp === 'string' && { timestamp }),
    });
    if (why === undefined) return next();
    log.warn(`A delivery was ignored: ${why}`);
  });

  return {
    people,
    /** Deliveries are taken from here on; everything that needs Slack goes on in the background. */
    async start(needs: Omit<ExecuteNeeds, 'people'>, refusals: Refusals): Promise<number> {
      homes = createHomes({ ...needs, people, client: clients.interactions });
      openViews = createOpenViews({ ledger, clock, log, draw: (view) => redrawRequest(desk, view) });
      const desk: Desk = {
        ...needs,
        people,
        homes,
        openViews,
        ids: options.ids,
        client: clients.interactions,
        drafts: createDrafts(clock, options.ids),
        channels: createChannels({ client: clients.people, clock, log, auditChannel }),
        refusals,
        submit: createSubmit({ ...needs, people }),
      };
      listen(bolt, desk, work);
      introduced = introduction.begin();
      const follower = createNotices({ ...needs, people, poster });
      notices = follower;
      // Before that, Slack is not asked about anybody.
      void introduced.then(() => {
        if (!stop.signal.aborted) follower.start();
      });
      const port = await connection.open(bolt);
      homes.start();
      openViews.start();
      void startAfter(firstLooks.audit, audit);
      void startAfter(firstLooks.cards, cards);
      return port;
    },
    /** The Slack ids of everybody behind these names, once Slack has told; undefined when it could not be asked. */
    async behind(names: readonly string[]): Promise<readonly string[] | undefined> {
      await introduced;
      const everybody = await people.behind(names, whileLooking);
      return everybody === 'could not ask' ? undefined : everybody.map(({ person }) => person.user);
    },
    /** Tells the audit channel at once, past the ledger, and tries until it is told or the bot stops. */
    alarm: (words: string): Promise<void> => alarm(words, stop.signal),
    /** Why people cannot use the bot now; undefined when they can. */
    trouble(): string | undefined {
      const unknown = introduction.trouble();
      if (unknown !== undefined) return unknown;
      if (!connection.isConnected()) return 'Slack is not connected';
      if (!audit.isUsable()) return 'the audit channel cannot be posted to';
      return undefined;
    },
    /** Takes no more deliveries and waits for the answers that are under way, but for at most `ms`. */
    async quiesce(ms: number): Promise<void> {
      void clock.sleep(patience, givenUp.signal).then(() => givenUp.abort());
      const over = new AbortController();
      const time = clock.sleep(ms, over.signal);
      try {
        await connection.close();
        await Promise.race([work.settled(), time]);
      } finally {
        over.abort();
      }
    },
    /** Posts what is still to be posted, for at most `ms`, and ends. */
    async stop(ms: number): Promise<void> {
      const until = clock.now() + ms;
      while (
        introduction.home() !== undefined &&
        !(audit.isLevel() && cards.isLevel()) &&
        clock.now() < until &&
        !givenUp.signal.aborted
      ) {
        if (audit.trouble() !== undefined) break;
        await clock.sleep(20);
      }
      stop.abort();
      await Promise.all([
        homes?.stop(),
        openViews?.stop(),
        notices?.stop(),
        cards.stop(),
        audit.stop(),
        introduction.stop(),
      ]);
      givenUp.abort();
    },
  };
};
