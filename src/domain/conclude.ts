import type { Fact, FactOf } from './facts.ts';

export interface StepEnd {
  readonly started: boolean;
  readonly proof: FactOf<'proof'>;
}

const reasons = (ends: readonly StepEnd[]): readonly string[] => [
  ...new Set(ends.flatMap(({ proof }) => (proof.words === undefined ? [] : [proof.words]))),
];

/**
 * How a request ends once every step has its proof (rule 9). Partial results are said with their numbers.
 * @param approved number of grants that were approved
 */
export const conclude = (ends: readonly StepEnd[], approved: number): Fact => {
  const remaining = new Set(ends.flatMap(({ proof }) => proof.remaining)).size;
  const counted = `${approved - remaining} of ${approved} grants are proven gone, ${remaining} not.`;
  if (ends.length > 0 && ends.every(({ proof }) => proof.result === 'gone')) {
    const alreadyGone = ends.every(({ started }) => !started);
    return {
      fact: 'succeeded',
      alreadyGone,
      words: alreadyGone
        ? 'Already gone: the cloud was read to the last page and lists none of it. Nothing was called.'
        : `Proven by reading the cloud back: ${approved === 1 ? 'the grant is' : `all ${approved} grants are`} gone.`,
    };
  }
  if (ends.some(({ proof }) => proof.result === 'present')) {
    const words = [counted, ...reasons(ends)].join(' ');
    return remaining < approved ? { fact: 'partly_failed', words } : { fact: 'failed', words };
  }
  return { fact: 'unverified', words: ['Not proven in time.', counted, ...reasons(ends)].join(' ') };
};
