import { type Choice, CloudFault } from '../domain/ports.ts';
import { type Candidate, isNamed, ranked } from './match.ts';
import type { Source } from './sources.ts';

/** What people type is mostly no id and no user name: a cloud that finds it ill-formed (400) knows nobody of it. */
const toleratingForm = async <T>(question: Promise<T>, none: T): Promise<T> => {
  try {
    return await question;
  } catch (error) {
    if (error instanceof CloudFault && error.status === 400) return none;
    throw error;
  }
};

/** Each id once; the first of those that share one stays. */
const distinct = (candidates: readonly Candidate[]): readonly Candidate[] => [
  ...new Map(candidates.toReversed().map((candidate) => [candidate.choice.id, candidate])).values(),
];

/**
 * Everything that a text names exactly, by id, e-mail, user name or name; or else all that it names in part. The
 * cloud is asked directly too, because a listing may be older than what is looked for.
 * @throws {CloudFault} when the cloud could not be asked
 */
export const resolveText = async (source: Source, text: string): Promise<readonly Choice[]> => {
  const asked = text.trim();
  if (asked === '') return [];
  const [listed, direct, filtered] = await Promise.all([
    source.list(),
    toleratingForm(source.byId(asked), undefined),
    toleratingForm(source.named?.(asked) ?? Promise.resolve([]), []),
  ]);
  const all = distinct([...(direct === undefined ? [] : [direct]), ...filtered, ...listed]);
  const exact = all.filter((one) => isNamed(one, asked));
  return ranked(exact.length > 0 ? exact : all, asked).map(({ choice }) => choice);
};
