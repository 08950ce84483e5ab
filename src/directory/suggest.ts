import { type Choice, type Choices, type Clock, CloudFault } from '../domain/ports.ts';
import { type Deadline, inTime, late, withDeadline } from './deadline.ts';
import { lateNote, listingNotes, moreNote, unaskedNote } from './notes.ts';
import type { SearchIndex } from './search-index.ts';
import { askDirectly, looksLikeId, mayBeWhole, type Source } from './source.ts';

/** Slack waits 3 s for an answer, and the way there and back takes its part. ms */
const answerWithin = 2_000;
/** How long a listing is waited for that is being read: long enough for one of some pages, as most are. ms */
const listingPatience = 1_000;
/** How long the cloud's own answer is waited for when the listing has something to show: menus must not feel slow. ms */
const directPatience = 60;

type Direct = SearchIndex | typeof late | 'not asked' | 'could not ask';

const askInTime = async (source: Source, text: string): Promise<Direct> => {
  const asId = looksLikeId(text);
  if (!asId && (source.named === undefined || !mayBeWhole(text))) return 'not asked';
  try {
    return await askDirectly(source, text, asId);
  } catch (error) {
    if (error instanceof CloudFault) return 'could not ask';
    throw error;
  }
};

const directNotes = (direct: Direct, found: boolean): readonly string[] => {
  if (direct === 'could not ask') return [unaskedNote];
  return direct === late && !found ? [lateNote] : [];
};

/** What the cloud told goes before what is listed. */
const joined = async (
  told: SearchIndex,
  whole: boolean,
  listed: Choices,
  text: string,
  limit: number,
): Promise<Choices> => {
  // The cloud's filter may be wide. A whole listing has all of that, so only what is named exactly is news.
  const news = whole ? await told.named(text) : (await told.find(text, limit)).choices;
  const known = new Set(news.map(({ id }) => id));
  const choices: readonly Choice[] = [...news, ...listed.choices.filter(({ id }) => !known.has(id))];
  return { choices: choices.slice(0, limit), more: listed.more || choices.length > limit };
};

const answer = async (
  source: Source,
  text: string,
  limit: number,
  clock: Clock,
  { by }: Deadline,
): Promise<Choices> => {
  const asking = askInTime(source, text);
  // Who asks in vain for a listing still hears what the cloud says of exactly this text.
  asking.catch(() => undefined);
  await inTime(clock, listingPatience, source.listing.settled());
  const known = source.listing.known();
  const listed = await known.index.find(text, limit);
  const found = listed.choices.length > 0;
  const direct = await by(found ? inTime(clock, directPatience, asking) : asking);
  const whole = known.at !== undefined;
  const all = typeof direct === 'object' ? await joined(direct, whole, listed, text, limit) : listed;
  const notes = [
    ...listingNotes(source.listing, known, clock.now()),
    ...directNotes(direct, found),
    ...(whole && known.index.size === 0 && source.whenEmpty !== undefined ? [source.whenEmpty] : []),
    ...(all.more ? [moreNote(all.choices.length)] : []),
  ];
  return { ...all, ...(notes.length > 0 && { notes }) };
};

/**
 * Type-ahead: answers within two seconds whatever the cloud does, and says what may be missing. What may be an exact
 * id, e-mail or user name is asked of the cloud at the same time.
 * @param find the source; undefined when there is nothing to choose from
 */
export const suggestFrom = (
  find: Promise<Source | undefined>,
  text: string,
  limit: number,
  clock: Clock,
): Promise<Choices> =>
  withDeadline(clock, answerWithin, async (deadline) => {
    const source = await deadline.by(find);
    if (source === late) return { choices: [], more: false, notes: [lateNote] };
    if (source === undefined) return { choices: [], more: false };
    return answer(source, text.trim(), limit, clock, deadline);
  });
