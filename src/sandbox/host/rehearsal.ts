import type { Sandbox } from '../sandbox.ts';
import { CannotDo } from '../slack/refused.ts';
import { playStory } from '../story.ts';
import type { SwitchName } from '../switch-names.ts';
import type { LabScene } from '../wire.ts';
import { createSwitchboard } from './switchboard.ts';

/** A sandbox that can be thrown away for a fresh one while people look at it. */
export interface Rehearsal {
  /** False while a fresh sandbox is being made. */
  isOpen(): boolean;
  /** The one that runs now. Throws CannotDo while a fresh one is being made. */
  sandbox(): Sandbox;
  lab(): LabScene;
  set(name: SwitchName, on: boolean): void;
  /** Really stops the bot and starts it again on the same ledger. */
  restartBot(): Promise<void>;
  startOver(): Promise<void>;
  /** Starts over and plays the story from then on. Resolves when it has begun. */
  play(): Promise<void>;
  /** Called after every change of anything. Returns how to stop. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

interface RehearsalOptions {
  readonly open: () => Promise<Sandbox>;
  readonly version: string;
  /** Waits between two steps of a story, so that people can follow. */
  readonly beat: () => Promise<void>;
}

type Play = LabScene['play'];

const idle: Play = { state: 'idle', lines: [], who: null };

const allOff: LabScene['switches'] = {
  slow: false,
  throttled: false,
  failing: false,
  lost: false,
  'cloud-outage': false,
  'slack-outage': false,
};

/** Opens a sandbox to rehearse in. */
export const startRehearsal = async (options: RehearsalOptions): Promise<Rehearsal> => {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const enter = async () => {
    const sandbox = await options.open();
    const unwatch = sandbox.slack.onChange(changed);
    return { sandbox, unwatch, switchboard: createSwitchboard(sandbox.slack, sandbox.cloud) };
  };
  let now: Awaited<ReturnType<typeof enter>> | undefined = await enter();
  let bot: LabScene['bot'] = 'running';
  let round = 1;
  /** Counts stories and starts, so that a story knows when it is not the present one any more. */
  let turn = 0;
  let play: Play = idle;

  const running = () => {
    if (now === undefined) throw new CannotDo('The sandbox is starting over. Wait a moment.');
    return now;
  };

  const whileStarting = async (work: () => Promise<void>): Promise<void> => {
    if (bot === 'starting') throw new CannotDo('The sandbox is starting already. Wait a moment.');
    bot = 'starting';
    changed();
    try {
      await work();
      bot = 'running';
    } catch (error) {
      bot = 'stopped';
      throw error;
    } finally {
      changed();
    }
  };

  const startOver = (): Promise<void> =>
    whileStarting(async () => {
      const before = running();
      now = undefined;
      play = idle;
      turn += 1;
      before.unwatch();
      await before.sandbox.close();
      now = await enter();
      round += 1;
    });

  const tellStory = async (sandbox: Sandbox): Promise<void> => {
    turn += 1;
    const mine = turn;
    const tell = (line: string, who?: string): void => {
      if (turn !== mine) return;
      play = { ...play, lines: [...play.lines, line], who: who ?? play.who };
      changed();
    };
    play = { state: 'playing', lines: [], who: null };
    const broken = await playStory(sandbox, tell, options.beat).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    // A story that ended because its sandbox was thrown away is nobody's news.
    if (turn !== mine) return;
    if (broken !== undefined) tell(broken);
    play = { ...play, state: broken === undefined ? 'held' : 'broken', who: null };
    changed();
  };

  return {
    isOpen: () => now !== undefined,
    sandbox: () => running().sandbox,
    lab: () => ({
      version: options.version,
      bot,
      switches: now?.switchboard.state() ?? allOff,
      round,
      play,
    }),
    set: (name, on) => {
      running().switchboard.set(name, on);
      changed();
    },
    restartBot: () =>
      whileStarting(async () => {
        const { sandbox } = running();
        await sandbox.stopBot();
        await sandbox.startBot();
      }),
    startOver,
    play: async () => {
      await startOver();
      void tellStory(running().sandbox);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      listeners.clear();
      now?.unwatch();
      await now?.sandbox.close();
    },
  };
};
