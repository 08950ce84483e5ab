import { useEffect, useState } from 'preact/hooks';
import { type Item, itemsOf } from './items.ts';
import type { Seat } from './seat.ts';

/** What a menu offers now, and what is said where that is nothing. */
export interface Offer {
  readonly items: readonly Item[];
  readonly status?: string;
}

/** People type faster than an app answers. */
const pauseMs = 150;

export const noResults = 'No results';

/**
 * What the app suggests for what was typed; an answer to an older text is ignored.
 * @param query undefined while the menu is closed
 * @param minimum characters to be typed before the app is asked
 */
export const useSuggestions = (
  { surface, blockId }: Seat,
  actionId: string,
  query: string | undefined,
  minimum: number,
): Offer => {
  const [answer, setAnswer] = useState<{ readonly query: string; readonly items: readonly Item[] }>();
  const missing = minimum - (query ?? '').length;
  const isAsking = query !== undefined && missing <= 0;
  useEffect(() => {
    if (!isAsking) return undefined;
    let isLate = false;
    const take = (choices: unknown): void => {
      if (!isLate) setAnswer({ query, items: itemsOf(choices) });
    };
    const ask = (): void => {
      surface.suggest(blockId, actionId, query).then(take, () => take([]));
    };
    const timer = setTimeout(ask, pauseMs);
    return () => {
      isLate = true;
      clearTimeout(timer);
      setAnswer(undefined);
    };
    // The surface is a new object after every change; only another text is another question.
  }, [isAsking, query, blockId, actionId]);
  if (query === undefined) return { items: [] };
  if (missing > 0) {
    return {
      items: [],
      status: `Type ${missing} more ${missing === 1 ? 'character' : 'characters'} to search`,
    };
  }
  if (answer?.query !== query) return { items: [], status: 'Searching …' };
  return answer.items.length === 0 ? { items: [], status: noResults } : { items: answer.items };
};
