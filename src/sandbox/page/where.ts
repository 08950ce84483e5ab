import { useEffect, useState } from 'preact/hooks';

/** The app's own entry beside the channels: its direct messages and its Home tab. */
export const appPlace = 'app';

/** What a window shows; kept in its address, so that a reload and a second window show it too. */
export interface Where {
  /** Handle of the person who is played. */
  readonly as: string;
  /** Name of a channel, or `app`. */
  readonly at: string;
  /** Time stamp of the message whose thread is open. */
  readonly thread: string | null;
}

const read = (): Where => {
  const parts = new URLSearchParams(location.hash.slice(1));
  return {
    as: parts.get('as') ?? 'alice',
    at: parts.get('at') ?? 'inc-042',
    thread: parts.get('thread'),
  };
};

/** The address of a window that shows this. */
export const addressOf = ({ as, at, thread }: Where): string =>
  `#${new URLSearchParams({ as, at, ...(thread !== null && { thread }) })}`;

/** What this window shows, and how to show something else: another place closes the thread. */
export const useWhere = (): readonly [Where, (change: Partial<Where>) => void] => {
  const [where, setWhere] = useState(read);
  useEffect(() => {
    const follow = (): void => setWhere(read());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const go = (change: Partial<Where>): void => {
    const before = read();
    const thread = change.at === undefined ? before.thread : null;
    location.hash = addressOf({ ...before, thread, ...change });
  };
  return [where, go];
};
