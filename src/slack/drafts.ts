import type { Clock, Ids } from '../domain/ports.ts';
import type { Assessed } from '../workflow/assess.ts';

/** A form being filled in. Lives in memory only: after a restart the person opens the form again. */
export interface Draft {
  readonly id: string;
  readonly user: string;
  readonly kind: string;
  /** The view in which it was opened; missing until Slack has told its id. */
  readonly view?: string;
  /** Where the command was typed, and where the card will go. */
  readonly askedIn: string;
  readonly channel: string;
  /** Says that the card goes elsewhere, when it does. */
  readonly notice?: string;
  /**
   * Which submission of the form it is of, as its review says: whoever presses again after Slack had trouble means the later
   * one, and a review of an earlier one leads nowhere.
   */
  readonly turn?: string;
  readonly reviewed?: {
    readonly assessed: Assessed;
    readonly reason: string;
    readonly incident?: string;
    /** The earlier request of which this one takes what is still there. */
    readonly retries?: string;
  };
}

const lifetime = 30 * 60_000;
const mostPerPerson = 5;
/** Characters of JSON, about bytes. */
const mostMemory = 32 * 1024 * 1024;

interface Held {
  readonly draft: Draft;
  readonly at: number;
  readonly size: number;
}

/** The drafts: bounded in time, number and size; the oldest goes first, of whoever has too many or takes most. */
export const createDrafts = (clock: Clock, ids: Ids) => {
  const held = new Map<string, Held>();
  let memory = 0;

  const drop = (id: string): void => {
    memory -= held.get(id)?.size ?? 0;
    held.delete(id);
  };

  /** Of the person whose drafts take most: nobody can take away those of others. */
  const oldestOfWidest = (): string => {
    const taken = new Map<string, number>();
    for (const { draft, size } of held.values()) taken.set(draft.user, (taken.get(draft.user) ?? 0) + size);
    const most = Math.max(...taken.values());
    const found = [...held].find(([, { draft }]) => taken.get(draft.user) === most);
    if (found === undefined) throw new Error('Drafts that are not there take memory');
    return found[0];
  };

  const trim = (user: string): void => {
    const now = clock.now();
    for (const [id, { at }] of held) if (now - at > lifetime) drop(id);
    const own = [...held].filter(([, entry]) => entry.draft.user === user).map(([id]) => id);
    for (const id of own.slice(0, Math.max(0, own.length - mostPerPerson))) drop(id);
    while (memory > mostMemory) drop(oldestOfWidest());
  };

  const put = (draft: Draft): Draft => {
    drop(draft.id);
    const size = JSON.stringify(draft.reviewed?.assessed.impact ?? '').length + 500;
    held.set(draft.id, { draft, at: clock.now(), size });
    memory += size;
    trim(draft.user);
    return draft;
  };

  return {
    open: (draft: Omit<Draft, 'id'>): Draft => put({ ...draft, id: ids.random() }),
    put,
    /** The form was submitted: what an earlier submission of it leads to is overtaken. */
    submitted: (draft: Draft): Draft => put({ ...draft, turn: ids.random() }),
    /** Whether the same form was submitted again since. */
    isOvertaken({ id, turn }: Draft): boolean {
      const entry = held.get(id);
      return entry !== undefined && entry.draft.turn !== turn;
    },
    /** Remembers in which view the draft was opened. */
    opened(id: string, view: string): void {
      const entry = held.get(id);
      if (entry) held.set(id, { ...entry, draft: { ...entry.draft, view } });
    },
    /** The draft by its id or its turn, only for the person who opened it, in the same view, and as the same kind. */
    get(id: string, asked: { readonly user: string; readonly view: string; readonly kind: string }) {
      const entry = held.get(id) ?? [...held.values()].find(({ draft }) => draft.turn === id);
      if (entry === undefined || clock.now() - entry.at > lifetime) return undefined;
      const { user, kind, view = asked.view } = entry.draft;
      return user === asked.user && kind === asked.kind && view === asked.view ? entry.draft : undefined;
    },
  };
};
export type Drafts = ReturnType<typeof createDrafts>;
