import type { ShownCall } from '../../wire.ts';

/** How an answer is told and coloured. */
interface StatusWords {
  readonly words: string;
  readonly tone: 'good' | 'warn' | 'bad';
}

/** The status of a call in words, for everybody who does not know the numbers or see the colours. */
export const statusWords = (status: ShownCall['status']): StatusWords => {
  if (status === null) return { words: 'no answer', tone: 'bad' };
  if (status === 429) return { words: '429 throttled', tone: 'warn' };
  if (status >= 500) return { words: `${status} failed`, tone: 'bad' };
  if (status >= 400) return { words: `${status} refused`, tone: 'bad' };
  return { words: `${status}`, tone: 'good' };
};

/** Ids are long and have digits; the words of a path are not both. */
const shortened = (segment: string): string =>
  segment.length > 15 && /\d/.test(segment) ? `${segment.slice(0, 8)}…` : segment;

/** The end of a path, where calls differ, with ids cut short. */
export const shortPath = (path: string): string => {
  const segments = path.split('/').filter((segment) => segment !== '');
  const start = segments.length > 2 ? '…/' : '/';
  return start + segments.slice(-2).map(shortened).join('/');
};
