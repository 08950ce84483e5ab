import { useRef } from 'preact/hooks';
import { type Keyed, type Watched, watch } from './changes.ts';

/** Follows a list from the first look on. A component that is given another `key` looks for the first time. */
export const useWatched = <T extends Keyed>(rows: readonly T[]): readonly Watched<T>[] => {
  const seen = useRef<readonly Watched<T>[] | undefined>(undefined);
  seen.current = watch(seen.current, rows);
  return seen.current;
};
