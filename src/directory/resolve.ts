import { type Choice, type Clock, CloudFault } from '../domain/ports.ts';
import { inTime, late } from './deadline.ts';
import type { SearchIndex } from './search-index.ts';
import { askDirectly, type Source } from './source.ts';

/** How long a person waits at a form that opens for a listing that is being read. ms */
const listingPatience = 10_000;

/** Whoever names so many in part has named nobody. */
const mostInPart = 100;

/** A whole e-mail is of one person or of nobody, also where it stands in somebody else's. */
const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text);

/** Each id once: of those that share one, what the cloud told now. It told of few; the listing may be long. */
const together = (told: readonly Choice[], listed: readonly Choice[]): readonly Choice[] => {
  const now = new Map(told.map((choice) => [choice.id, choice]));
  return [...now.values(), ...listed.filter(({ id }) => !now.has(id))];
};

/**
 * The whole listing.
 * @throws {CloudFault} while it is still being read: who is in the part to come might be meant as well
 */
const wholeInTime = async (
  listing: Promise<SearchIndex>,
  what: string,
  clock: Clock,
): Promise<SearchIndex> => {
  const index = await inTime(clock, listingPatience, listing);
  if (index !== late) return index;
  const words = `The ${what} are still being read, so it is not certain who else has this name.`;
  throw new CloudFault('not-reached', words, { retryable: true });
};

/**
 * Everything that a text names exactly, by id, e-mail, user name or name; or else what it names in part, some of them,
 * but for an e-mail. The cloud is asked directly too, because a listing may be older than what is looked for.
 * @throws {CloudFault} when the cloud could not be asked, or not for all there is
 */
export const resolveText = async (source: Source, text: string, clock: Clock): Promise<readonly Choice[]> => {
  const asked = text.trim();
  if (asked === '') return [];
  const listing = source.listing.whole();
  // The question by id may end first, and then nobody waits for the listing.
  listing.catch(() => undefined);
  const told = await askDirectly(source, asked, true);
  const itself = told.byId(asked);
  if (itself !== undefined) return [itself];
  const index = await wholeInTime(listing, source.listing.what, clock);
  const exact = together(await told.named(asked), await index.named(asked));
  if (exact.length > 0 || isEmail(asked)) return exact;
  const inPart = await Promise.all([told.find(asked, mostInPart), index.find(asked, mostInPart)]);
  return together(inPart[0].choices, inPart[1].choices);
};
