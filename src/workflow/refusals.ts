import type { Refusal } from '../domain/decide.ts';
import type { Person, Via } from '../domain/facts.ts';
import type { Needs } from './needs.ts';

/** One refusal a person and try and reason is a fact; further ones in this time (ms) are only counted. */
const window = 10 * 60_000;
/** For people who may neither ask nor approve. */
const outsiderWindow = 60 * 60_000;
/** Bounds the memory: beyond it, the oldest windows are closed early. */
const mostWindows = 10_000;

export interface Refused {
  readonly by: Person;
  readonly via: Via;
  readonly tried: string;
  readonly refusal: Refusal;
  /** The request it was about, when there is one. */
  readonly request?: string;
}

interface Window {
  readonly first: Refused;
  readonly until: number;
  readonly further: number;
}

const codesOfOutsiders: ReadonlySet<string> = new Set(['not_a_requester', 'not_an_approver', 'not_a_member']);

/** Refusals are facts, but nobody can drown the evidence with them. */
export const createRefusals = (needs: Pick<Needs, 'ledger' | 'clock' | 'log'>) => {
  const windows = new Map<string, Window>();

  const tell = async ({ first, further }: Window): Promise<void> => {
    if (further === 0) return;
    await needs.ledger.append('bot', null, [
      {
        fact: 'refusals_counted',
        user: first.by.user,
        name: first.by.name,
        tried: first.tried,
        code: first.refusal.code,
        count: further,
      },
    ]);
  };

  const closeOne = (key: string, entry: Window): Promise<void> => {
    windows.delete(key);
    return tell(entry);
  };

  /** Closes the windows that are over; `all` closes every one (at stop). */
  const sweep = async (all = false): Promise<void> => {
    const now = needs.clock.now();
    const over = [...windows].filter(([, entry]) => all || entry.until <= now);
    for (const [key, entry] of over) await closeOne(key, entry);
  };

  const note = async (refused: Refused): Promise<void> => {
    const { by, refusal, tried, via, request } = refused;
    const outsider = codesOfOutsiders.has(refusal.code);
    const key = outsider ? by.user : [by.user, request ?? tried, refusal.code].join('/');
    const entry = windows.get(key);
    if (entry !== undefined && entry.until > needs.clock.now()) {
      windows.set(key, { ...entry, further: entry.further + 1 });
      return;
    }
    windows.delete(key);
    const [oldest] = windows.size >= mostWindows ? windows : [];
    // Opened before anything is awaited, so that of two refusals at once only one is the first.
    const until = needs.clock.now() + (outsider ? outsiderWindow : window);
    windows.set(key, { first: refused, until, further: 0 });
    if (entry !== undefined) await tell(entry);
    if (oldest !== undefined) await closeOne(...oldest);
    await needs.ledger.append(request ?? 'bot', null, [
      { fact: 'refused', by, via, tried, code: refusal.code, words: refusal.words },
    ]);
  };

  /** A refusal that cannot be recorded is logged; the person was told all the same. */
  const noteSafely = async (refused: Refused): Promise<void> => {
    try {
      await note(refused);
    } catch (error) {
      needs.log.error('A refusal could not be recorded', { tried: refused.tried, error });
    }
  };

  return { note: noteSafely, sweep };
};
export type Refusals = ReturnType<typeof createRefusals>;
