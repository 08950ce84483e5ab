import { grouped } from '../domain/measure-words.ts';
import type { Known, Listing } from './listing.ts';

const ageWords = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

const readingNote = ({ what }: Listing, { index, failing }: Known): string => {
  const some = index.size > 0;
  if (!failing) return `Still reading the ${what}: ${grouped(index.size)} so far. A whole id works.`;
  return some
    ? `Only ${grouped(index.size)} ${what} could be read so far. A whole id works.`
    : `The ${what} cannot be read now. A whole id may work.`;
};

const ageNote = (age: number, failing: boolean): string =>
  failing
    ? `This list is ${ageWords(age)} old: the cloud cannot be read now.`
    : `This list is ${ageWords(age)} old and is being read anew.`;

/** What people must know of a listing that is not as it should be; each fits a line of a menu (75 characters). */
export const listingNotes = (listing: Listing, known: Known, now: number): readonly string[] => {
  if (known.at === undefined) return [readingNote(listing, known)];
  return known.stale ? [ageNote(now - known.at, known.failing)] : [];
};

export const moreNote = (shown: number): string => `More than ${shown} match: keep typing.`;

export const lateNote = 'The cloud is slow to answer. Who is new may be missing here.';

export const unaskedNote = 'The cloud cannot be asked now. What is new may be missing here.';
