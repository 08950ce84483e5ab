import { leavesOpen, type SlackFault, slackFault } from './slack-fault.ts';

/** Tries in a row after which it may be what is sent that Slack fails over. */
const mostTries = 5;

/**
 * Tells what Slack fails over again and again without saying why, so that it does not hold up everything else for ever.
 * While Slack fails over everything nothing can be told from it: so the whole message comes first at every try.
 */
export const createStubborn = () => {
  const failures = new Map<string, number>();
  const isStuck = (mark: string, error: unknown): boolean =>
    leavesOpen(slackFault(error)) && (failures.get(mark) ?? 0) >= mostTries;

  return {
    /** Sorts the error of a whole message: after too many tries it counts as refused, and a plain one is tried in its place. */
    faultOf(mark: string, error: unknown): SlackFault {
      const fault = slackFault(error);
      if (leavesOpen(fault)) failures.set(mark, (failures.get(mark) ?? 0) + 1);
      return isStuck(mark, error) ? { ...fault, kind: 'content' } : fault;
    },
    /** Whether this is one failure too many of what is sent. */
    isStuck,
    /** Slack has taken it, or nothing more is to be sent. */
    over(mark: string): void {
      failures.delete(mark);
    },
  };
};
export type Stubborn = ReturnType<typeof createStubborn>;
