import type { Log } from '../domain/ports.ts';

/**
 * Jobs of one person under way: more than anybody under stress has while the cloud is slow. Whoever clicks wildly waits for
 * themselves, and nobody else waits for them.
 */
const mostUnderWay = 25;

/** The jobs of one person. */
interface Lane {
  underWay: number;
  readonly waiting: (() => void)[];
}

/** Work that goes on after an acknowledgement: counted, so that an orderly stop can wait for it. */
export const createWork = (log: Log) => {
  const under = new Set<Promise<void>>();
  const lanes = new Map<string, Lane>();

  const turn = async (lane: Lane): Promise<void> => {
    if (lane.underWay < mostUnderWay) lane.underWay += 1;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
  };

  const leave = (person: string, lane: Lane): void => {
    const next = lane.waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    lane.underWay -= 1;
    if (lane.underWay === 0) lanes.delete(person);
  };

  return {
    /**
     * Runs `job` without being waited for. An error goes to `failed`, and never further.
     * @param person the Slack id of whoever asked for it
     */
    begin(
      name: string,
      person: string,
      job: () => Promise<void>,
      failed: (error: unknown) => Promise<void>,
    ): void {
      const lane = lanes.get(person) ?? { underWay: 0, waiting: [] };
      lanes.set(person, lane);
      // A job that throws before its first wait is a failed job, too.
      const run = turn(lane)
        .then(job)
        .catch(async (error: unknown) => {
          log.error('Something that a person asked for went wrong', { name, error });
          await failed(error);
        })
        .catch((error: unknown) => log.error('A person could not be told', { name, error }))
        .finally(() => leave(person, lane));
      under.add(run);
      void run.finally(() => under.delete(run));
    },
    async settled(): Promise<void> {
      await Promise.all(under);
    },
  };
};
export type Work = ReturnType<typeof createWork>;
