import type { Clock, Log } from '../domain/ports.ts';
import type { Checkpointer } from './checkpointer.ts';
import { beatInterval } from './directory-lock.ts';
import { wordsOf } from './faults.ts';
import type { Heartbeat } from './heartbeat.ts';

/** What is done every five seconds beside the appends: show that we live, look after the journal, write a checkpoint. */
export interface Upkeep {
  /** Runs until the signal aborts. Never rejects. */
  run(): Promise<void>;
  /**
   * Writes a checkpoint now, if the directory is still ours. A failure is only logged, for the journal has all
   * that is in it.
   */
  save(): Promise<void>;
}

/** @param lookAfter sees whether appends are possible; never rejects */
export const createUpkeep = (
  clock: Clock,
  log: Log,
  heartbeat: Heartbeat,
  lookAfter: () => Promise<void>,
  checkpointer: Checkpointer,
  signal: AbortSignal,
): Upkeep => {
  const save = async () => {
    await heartbeat.beat();
    if (heartbeat.trouble() !== undefined) return;
    try {
      await checkpointer.save();
    } catch (error) {
      log.warn('the checkpoint could not be written; the next start takes longer', { error: wordsOf(error) });
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      await clock.sleep(beatInterval, signal);
      if (signal.aborted) return;
      await lookAfter();
      await save();
    }
  };

  return { run, save };
};
