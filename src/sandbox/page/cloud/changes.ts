/** Anything that is listed under a key which stays the same while it exists. */
export interface Keyed {
  readonly key: string;
}

/** A row as it was since somebody began to watch the list. */
export interface Watched<T extends Keyed> {
  readonly row: T;
  readonly mark: 'kept' | 'new' | 'gone';
}

/**
 * Compares a list with how it was seen before. What is gone stays in its place; what is new comes last.
 * @param before what this gave the last time, undefined for the first look, at which nothing is new
 */
export const watch = <T extends Keyed>(
  before: readonly Watched<T>[] | undefined,
  now: readonly T[],
): readonly Watched<T>[] => {
  if (before === undefined) return now.map((row) => ({ row, mark: 'kept' }));
  const rows = new Map(now.map((row) => [row.key, row]));
  const known = new Set(before.map(({ row }) => row.key));
  return [
    ...before.map(({ row, mark }): Watched<T> => {
      const listed = rows.get(row.key);
      if (listed === undefined) return { row, mark: 'gone' };
      return { row: listed, mark: mark === 'gone' ? 'new' : mark };
    }),
    ...now.filter(({ key }) => !known.has(key)).map((row): Watched<T> => ({ row, mark: 'new' })),
  ];
};

/** What rows are called, one and several. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

const counted = (count: number, { one, many }: Noun, what: string): string[] =>
  count === 0 ? [] : [count === 1 ? `1 ${one} is ${what}.` : `${count} ${many} are ${what}.`];

/** Says in a sentence or two what changed, and nothing when nothing did. */
export const tellChanges = (rows: readonly Watched<Keyed>[], noun: Noun): string => {
  const count = (mark: Watched<Keyed>['mark']) => rows.filter((row) => row.mark === mark).length;
  return [...counted(count('gone'), noun, 'gone'), ...counted(count('new'), noun, 'new')].join(' ');
};
