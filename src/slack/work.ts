import type { Log } from '../domain/ports.ts';

/** Work that goes on after an acknowledgement: counted, so that an orderly stop can wait for it. */
export const createWork = (log: Log) => {
  const under = new Set<Promise<void>>();
  return {
    /** Runs `job` without being waited for. An error goes to `failed`, and never further. */
    begin(name: string, job: () => Promise<void>, failed: (error: unknown) => Promise<void>): void {
      // A job that throws before its first wait is a failed job, too.
      const run = Promise.resolve()
        .then(job)
        .catch(async (error: unknown) => {
          log.error('Something that a person asked for went wrong', { name, error });
          await failed(error);
        })
        .catch((error: unknown) => log.error('A person could not be told', { name, error }));
      under.add(run);
      void run.finally(() => under.delete(run));
    },
    async settled(): Promise<void> {
      await Promise.all(under);
    },
  };
};
export type Work = ReturnType<typeof createWork>;
