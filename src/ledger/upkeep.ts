import type { Clock, Log } from '../domain/ports.ts';
import type { Checkpointer } from './checkpointer.ts';
import { beatInterval, type DirectoryLock } from './directory-lock.ts';
import { wordsOf } from './faults.ts';
import type { JournalFile } from './journal-file.ts';

/** What is done every five seconds beside the appends: show that we live, look after the journal, write a checkpoint. */
export interface Upkeep {
  /** Runs until the signal aborts. Never rejects. */
  run(): Promise<void>;
  /**
   * Writes a checkpoint now, if the directory is still ours. A failure is only logged, for the journal has all
   * that is in it.
   */
  save(): Promise<void>;
  /** Set when the directory's lock was lost to another process. */
  trouble(): string | undefined;
}

/** @param tryAgain sees whether appends are possible again, when the last one failed */
export const createUpkeep = (
  clock: Clock,
  log: Log,
  lock: DirectoryLock,
  journal: Pick<JournalFile, 'check'>,
  checkpointer: Checkpointer,
  tryAgain: () => Promise<void>,
  signal: AbortSignal,
): Upkeep => {
  let lost = false;

  const beat = async () => {
    try {
      lost = !(await lock.beat());
    } catch (error) {
      log.warn('lock.json could not be touched', { error: wordsOf(error) });
    }
  };

  const save = async () => {
    await beat();
    if (lost) return;
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
      await journal.check();
      await save();
      if (!lost) await tryAgain();
    }
  };

  return {
    run,
    save,
    trouble: () =>
      lost ? 'another process took over the directory of this one: stop one of the two' : undefined,
  };
};
