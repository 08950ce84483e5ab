import { CloudFault } from '../domain/ports.ts';
import { CloudId } from '../domain/principal.ts';
import type { Candidate } from './candidate.ts';
import type { Listing } from './listing.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';

/** Where the candidates of one look-up come from. */
export interface Source {
  /** All of them, as old as a listing is. */
  readonly listing: Listing;
  /** What people are told when the whole listing is empty. */
  readonly whenEmpty?: string;
  /** One by its exact id, as it is now. @throws {CloudFault} */
  readonly byId: (id: string) => Promise<Candidate | undefined>;
  /** Those whom the cloud's own filter finds, as they are now. @throws {CloudFault} */
  readonly named?: (text: string) => Promise<readonly Candidate[]>;
}

/** What people type is mostly no id and no user name: a cloud that finds it ill-formed (400) knows nobody of it. */
const toleratingForm = async <T>(question: Promise<T>, none: T): Promise<T> => {
  try {
    return await question;
  } catch (error) {
    if (error instanceof CloudFault && error.status === 400) return none;
    throw error;
  }
};

/** The cloud's ids are much longer than names; while somebody types a name, it need not be asked for as an id. */
export const looksLikeId = (text: string): boolean =>
  text.length >= 16 && /\d/.test(text) && CloudId.safeParse(text).success;

/** Whether the cloud can know somebody by exactly this; shorter texts are beginnings. */
export const mayBeWhole = (text: string): boolean => text.length >= 3;

/**
 * Asks the cloud directly, because a listing may be older than what is looked for.
 * @param asId whether the text may be an id
 * @throws {CloudFault} when the cloud could not be asked
 */
export const askDirectly = async (source: Source, text: string, asId: boolean): Promise<SearchIndex> => {
  const [one, filtered] = await Promise.all([
    asId ? toleratingForm(source.byId(text), undefined) : undefined,
    toleratingForm(source.named?.(text) ?? Promise.resolve([]), []),
  ]);
  const found = [...filtered, ...(one === undefined ? [] : [one])];
  // The filter is asked for an e-mail and for what stands before the @, and may tell of the same person twice.
  return createSearchIndex(new Map(found.map((row) => [row.choice.id, row])).values());
};
