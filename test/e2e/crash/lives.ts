import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerRecord } from '../../../src/domain/facts.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/local-slack.ts';
import { storyIn } from '../../support/e2e.ts';
import type { BotProcess, Ground } from '../bot-process.ts';
import { appendsIn, journalIn } from './journal.ts';
import { pursue, type Wish } from './people.ts';
import { callOf, postOf } from './places.ts';

/** When a life of the bot ends before its time. */
export type Death =
  /** `before post card`, `amid append approved`, `after call DisassociateProfile`. */
  | { readonly at: string }
  /** So many ms after so many effects that others see; 0: after its start. */
  | { readonly effects: number; readonly ms: number };

export interface Life {
  /** Whether it was killed; else all was done and it stopped in an orderly way. */
  readonly killed: boolean;
  readonly output: string;
}

/** ms for people to notice that the bot is gone, whatever they notice first. */
const notice = 5_000;
/** ms for the audit channel to have everything. */
const patience = 20_000;

/** Waits of people in this life end with it: the people of the next one know no more than what they see. */
const mortal = (slack: LocalSlack, isOver: () => boolean): LocalSlack => ({
  ...slack,
  until: (what, probe, ms) =>
    slack.until(
      what,
      () => {
        if (isOver()) throw new Error('the bot was killed');
        return probe();
      },
      ms,
    ),
});

/** One ledger, one Slack and one cloud, for one life of the bot after the other. */
export const createLives = (ground: Ground, wish: Wish) => {
  const { slack, cloud, directory } = ground;
  const journal = (): readonly LedgerRecord[] => journalIn(directory);
  const passed = new Set<string>();
  const early: string[] = [];
  let bot: BotProcess | undefined;
  let fatal: string | undefined;

  let countdown: { effects: number; readonly ms: number; readonly bot: BotProcess } | undefined;

  /** Comes nearer to a death at a random time. */
  const count = (effects: number): void => {
    if (countdown === undefined) return;
    countdown.effects -= effects;
    if (countdown.effects > 0) return;
    const { bot: dying, ms } = countdown;
    countdown = undefined;
    void sleep(ms).then(() => dying.signal('SIGKILL'));
  };

  /** Notes that the bot is about to do something that others see; kills it there when that is where it dies. */
  const pass = (what: string | undefined): { readonly acts: boolean } | undefined => {
    if (what === undefined) return undefined;
    passed.add(what);
    count(1);
    const [moment] = ['before', 'after'].filter((one) => fatal === `${one} ${what}`);
    if (moment === undefined) return undefined;
    fatal = undefined;
    bot?.signal('SIGKILL');
    return { acts: moment === 'after' };
  };

  let acts = false;
  slack.switches.hang = (call) => pass(postOf(call));
  const dies = (call: Parameters<typeof callOf>[0]) => {
    const passing = pass(callOf(call, journal()));
    acts = passing?.acts === true;
    return passing !== undefined;
  };
  cloud.switches.faults.push({
    match: dies,
    times: Number.POSITIVE_INFINITY,
    act: {
      kind: 'hang',
      get acts() {
        return acts;
      },
    },
  });

  /** Starts the bot, lets people do what is left to do, and stops it in an orderly way, unless it dies before that. */
  const live = async (death?: Death): Promise<Life> => {
    fatal = death !== undefined && 'at' in death ? death.at : undefined;
    const life = ground.begin({ ...ground.env, ...(fatal !== undefined && { DIES: fatal }) });
    bot = life;
    let over: number | null | undefined;
    const ended = life.ended().then((code) => {
      over = code;
      return code;
    });
    countdown = death !== undefined && 'effects' in death ? { ...death, bot: life } : undefined;
    count(0);
    const world = { ...ground.story.sandbox, slack: mortal(slack, () => over !== undefined) };
    const pursuit = pursue(storyIn(world), wish, journal, (told) => early.push(told)).then(
      () => life.signal('SIGTERM'),
      async (error: unknown) => {
        await Promise.race([ended, sleep(notice)]);
        if (over === undefined) throw error;
      },
    );
    await Promise.race([ended, pursuit]);
    const code = await ended;
    await slack.until('Slack to see the connections end', () => slack.connections() === 0, patience);
    if (code !== null && code !== 0) throw new Error(`the bot ended with ${code}:\n${life.output()}`);
    return { killed: code === null, output: life.output() };
  };

  return {
    live,
    journal,
    /** What somebody was told before it was on disk. */
    early: early as readonly string[],
    /** The effects that all lives so far came to: what others saw, and the appends by the facts of each. */
    effects: (): readonly (readonly string[])[] => [
      ...[...passed].map((what) => [what]),
      ...appendsIn(journal()).map((words) => words.map((word) => `append ${word}`)),
    ],
  };
};
export type Lives = ReturnType<typeof createLives>;
