import { decideExpiry } from '../domain/decide.ts';
import { earliest } from '../domain/earliest.ts';
import { nextTurn } from '../domain/next-turn.ts';
import type { Cloud, Ledger } from '../domain/ports.ts';
import type { State } from '../domain/state.ts';
import { amend } from './amend.ts';
import { type ExecuteNeeds, execute } from './execute.ts';

/**
 * Executions at the same time; each waits for the cloud most of its life. So many that the first reads and the calls
 * of all go before the proofs, which then are not read too early.
 */
const mostAtOnce = 1_000;
/**
 * After each that is begun everything else has its turn for so long (ms): longer after the first ones, because code that
 * runs for the first time is many times slower.
 */
const firstRest = 5;
const laterRest = 1;
const firstOnes = 100;
/** So many stop in one go, before everything else has its turn. */
const stoppedAtOnce = 50;
/** Even without a wake-up, the state is looked at this often (ms). */
const idle = 10_000;
/** Where more are open than this, one look is for all the facts of some time (ms). */
const crowd = 100;
const crowdedRest = 20;

const hasBegun = (state: State | undefined): boolean => state === 'executing' || state === 'verifying';

/** The same cloud, for calls that go before what people look up. */
const executing = (cloud: Cloud): Cloud => ({
  call: (request) => cloud.call({ ...request, executes: true }),
});

/** What is open, in its order, but what has called the cloud before what may still wait for Slack or for a reading. */
const begunFirst = (ledger: Ledger): readonly string[] => {
  const open = ledger.open();
  const begun = new Set(open.filter((id) => hasBegun(ledger.summary(id)?.progress.state)));
  return begun.size === 0 ? open : [...begun, ...open.filter((id) => !begun.has(id))];
};

/**
 * Makes the cloud agree with the approved requests. Level-triggered: it looks at what is open and closes the
 * difference, so a wake-up lost, doubled or early does no harm, and a restart needs nothing special.
 */
export const createRunner = (parts: ExecuteNeeds) => {
  const needs: ExecuteNeeds = { ...parts, cloud: executing(parts.cloud) };
  const stop = new AbortController();
  const running = new Map<string, { readonly work: Promise<void>; readonly stop: AbortController }>();
  /** When requests that only wait expire, each with the state it waits in. */
  const deadlines = new Map<string, { readonly state: State; readonly at: number }>();
  let wake = new AbortController();
  let loop: Promise<void> | undefined;
  let alive = false;

  // With a reason, because without one each abort makes an error with its stack, and each append nudges.
  const nudge = () => wake.abort('there is something to look at');

  const launch = (id: string, principal: string): void => {
    const own = new AbortController();
    const work = execute(needs, id, principal, own.signal).then(
      (worked) => {
        running.delete(id);
        if (worked) nudge();
      },
      (error: unknown) => {
        running.delete(id);
        needs.log.error('An execution was interrupted and will go on', { id, error });
      },
    );
    running.set(id, { work, stop: own });
  };

  const halt = async (): Promise<void> => {
    stop.abort();
    nudge();
    await loop;
    for (const [index, one] of [...running.values()].entries()) {
      one.stop.abort('the bot is stopping');
      if ((index + 1) % stoppedAtOnce === 0) await nextTurn();
    }
  };

  const expire = async (id: string, state: 'requested' | 'approved'): Promise<void> => {
    const now = needs.clock.now();
    const known = deadlines.get(id);
    if (known?.state === state && known.at > now) return;
    const amended = await amend(needs.ledger, id, (request) => ({
      result: 'facts',
      facts: decideExpiry(request, now),
    }));
    if (amended.result === 'appended' && amended.facts.length === 0) {
      const { asked, startBefore } = amended.request;
      deadlines.set(id, { state, at: state === 'requested' ? asked.approveBefore : startBefore });
    } else {
      deadlines.delete(id);
    }
  };

  /** @returns how many are open */
  const look = async (): Promise<number> => {
    // Intent could not be put on disk, or the journal is damaged: nothing is begun.
    if (needs.ledger.trouble() !== undefined) return 0;
    const busy = new Set<string>();
    const open = begunFirst(needs.ledger);
    const known = new Set(open);
    for (const id of deadlines.keys()) if (!known.has(id)) deadlines.delete(id);
    let begun = 0;
    for (const id of open) {
      if (stop.signal.aborted) break;
      const summary = needs.ledger.summary(id);
      if (summary === undefined) continue;
      const { state } = summary.progress;
      if (state === 'requested') {
        await expire(id, state);
        continue;
      }
      const first = !busy.has(summary.principal);
      busy.add(summary.principal);
      if (!first && state === 'approved' && !running.has(id)) {
        await expire(id, state);
        continue;
      }
      deadlines.delete(id);
      if (first && !running.has(id) && running.size < mostAtOnce) {
        launch(id, summary.principal);
        begun += 1;
        // A crowd takes more than a second to begin, and this is no trouble.
        alive = true;
        await needs.clock.sleep(begun <= firstOnes ? firstRest : laterRest, stop.signal);
      }
    }
    return open.length;
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      let open = 0;
      try {
        open = await look();
        alive = true;
      } catch (error) {
        alive = false;
        needs.log.error('The runner could not look at the open requests and will try again', { error });
      }
      const next = earliest([...deadlines.values()].map(({ at }) => at)) - needs.clock.now();
      const rest = Math.max(50, Math.min(idle, next));
      await needs.clock.sleep(rest, wake.signal);
      if (open > crowd) await needs.clock.sleep(crowdedRest, stop.signal);
    }
  };

  return {
    start(): void {
      const unsubscribe = needs.ledger.subscribe(nudge);
      loop = run().finally(unsubscribe);
    },
    /** For `/healthz`: the last look at the open requests went well. */
    isAlive: (): boolean => alive,
    /** Begins nothing more, and tells what is under way to stop between two effects. */
    halt,
    /** Halts, and waits for what is under way; what was begun goes on at the next start. */
    async stop(): Promise<void> {
      await halt();
      await Promise.all([...running.values()].map(({ work }) => work));
    },
  };
};
export type Runner = ReturnType<typeof createRunner>;
