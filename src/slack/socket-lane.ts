import { type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Clock, Log } from '../domain/ports.ts';
import type { Secret } from '../domain/secret.ts';
import { guardFrames } from './frame-guard.ts';
import { slackFault } from './slack-fault.ts';

/** ms; against real Slack the closing handshake can take that long. */
const closeTime = 3_000;

/** At the end, deliveries that are under way have so long (ms) of it to be answered, and are looked at so often (ms). */
const answerTime = 2_000;
const answerLook = 20;

/** Slack waits so long (ms) for an answer. */
const deliveryTime = 3_000;

/** Between two tries to connect, in ms. */
const shortestWait = 500;
const longestWait = 60_000;

/** For a start to bring Slack's greeting, in ms. */
const startTime = 30_000;

/** Waits for `work`, but not longer than {@link closeTime}; its failure is no trouble any more. */
const within = async (clock: Clock, work: Promise<unknown>): Promise<void> => {
  const over = new AbortController();
  const done = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([done, clock.sleep(closeTime, over.signal)]);
  over.abort();
};

export interface LaneOptions {
  readonly appToken: Secret;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly logger: Logger;
}

/** One Socket Mode connection that is kept up until it is closed. */
export interface Lane {
  readonly receiver: SocketModeReceiver;
  readonly isConnected: () => boolean;
  /** @param delay ms before the first connection */
  open(delay: number): void;
  close(): Promise<void>;
}

export const createLane = ({ appToken, apiUrl, clock, log, logger }: LaneOptions): Lane => {
  const stop = new AbortController();
  const receiver = new SocketModeReceiver({
    appToken: appToken.reveal(),
    logger,
    logLevel: LogLevel.WARN,
    installerOptions: {
      clientOptions: {
        ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
        // Left alone, the client would set 100 retries and wait for ever; the loop below repeats instead.
        retryConfig: { retries: 0 },
        timeout: 10_000,
      },
    },
    // The client's own way back waits 5 s, and a failure in it is an unhandled rejection that ends the process.
    autoReconnectEnabled: false,
  });
  const { client } = receiver;
  guardFrames(client, log);
  let connected = false;
  let ended = new AbortController();
  client.on('connected', () => {
    connected = true;
  });
  client.on('disconnected', () => {
    connected = false;
    ended.abort();
  });

  /** When (ms since the epoch) the deliveries came that are not answered yet. */
  const unanswered = new Map<string, number>();
  const isDue = (came: number): boolean => Math.abs(clock.now() - came) < deliveryTime;
  client.on('slack_event', ({ envelope_id: id }: { envelope_id: string }) => {
    for (const [other, came] of unanswered) if (!isDue(came)) unanswered.delete(other);
    unanswered.set(id, clock.now());
  });
  client.on('outgoing_message', ({ envelope_id: id }: { envelope_id: string }) => {
    unanswered.delete(id);
  });

  /** What is recorded already gets its answer, which only this connection can take. */
  const answersGiven = async (): Promise<void> => {
    for (let waited = 0; waited < answerTime; waited += answerLook) {
      if (!connected || !Array.from(unanswered.values()).some(isDue)) return;
      await clock.sleep(answerLook);
    }
  };

  /** One try: a start may reject, and with some answers of Slack it never settles. */
  const start = async (): Promise<void> => {
    const over = new AbortController();
    const late = clock.sleep(startTime, AbortSignal.any([stop.signal, over.signal])).then(async () => {
      if (connected || stop.signal.aborted) return;
      await within(clock, client.disconnect());
      throw new Error(`Slack did not answer within ${startTime / 1000} s`);
    });
    try {
      await Promise.race([client.start(), late]);
    } finally {
      over.abort();
    }
  };

  /** Keeps a connection until the stop: connects anew at once when it ends, and after growing pauses when it fails. */
  const stayConnected = async (): Promise<void> => {
    let wait = shortestWait;
    while (!stop.signal.aborted) {
      ended = new AbortController();
      try {
        await start();
        const began = clock.now();
        while (connected && !stop.signal.aborted) {
          await clock.sleep(startTime, AbortSignal.any([stop.signal, ended.signal]));
        }
        // One that ends right after it began is not opened anew in a tight loop.
        wait = clock.now() - began < startTime ? Math.min(wait * 2, longestWait) : 0;
        await clock.sleep(wait, stop.signal);
        wait = Math.max(wait, shortestWait);
      } catch (error) {
        const fault = slackFault(error);
        const remedy = fault.kind === 'token' ? '; check SLACK_APP_TOKEN' : '';
        log.error(`Slack cannot be connected${remedy}. Begun requests go on; it is tried again`, {
          code: fault.code,
        });
        wait = fault.kind === 'token' ? longestWait : Math.min(wait * 2, longestWait);
        await clock.sleep(wait, stop.signal);
      }
    }
  };

  let connecting: Promise<void> | undefined;
  return {
    receiver,
    isConnected: () => connected,
    open(delay) {
      connecting = clock.sleep(delay, stop.signal).then(stayConnected);
    },
    async close() {
      stop.abort();
      await within(
        clock,
        answersGiven().then(() => client.disconnect()),
      );
      await connecting;
    },
  };
};
