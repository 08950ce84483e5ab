import type { Answer } from '../../wire.ts';

const unexplained = (outcome: Exclude<Answer['outcome'], 'ok'>): string => {
  switch (outcome) {
    case 'timeout':
      return 'That took too long. It may still happen; please look again in a moment.';
    case 'error':
    case 'errors':
    case 'trouble':
    case 'cannot':
      return 'That did not work. Please look whether anything changed before you try again.';
  }
};

/** Why an act came to nothing, in words; undefined when it was done. */
export const troubleOf = ({ outcome, why, errors = {} }: Answer): string | undefined => {
  if (outcome === 'ok') return undefined;
  const reasons = [...(why === undefined ? [] : [why]), ...Object.values(errors)];
  return reasons.length === 0 ? unexplained(outcome) : reasons.join(' ');
};
