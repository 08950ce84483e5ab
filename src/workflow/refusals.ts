import type { Refusal } from '../domain/decide.ts';
import type { Person, Via } from '../domain/facts.ts';
import type { Needs } from './needs.ts';

/** One refusal a person, request and reason is a fact; further ones in this time (ms) are only counted. */
const ownWindow = 10 * 60_000;
/** For people who may neither ask nor approve, whatever they try. */
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
  /** They may neither ask nor approve. */
  readonly outsider?: boolean;
}

/** What somebody is refused after a first time that is a fact of its own. */
interface Window {
  readonly by: Person;
  readonly since: number;
  readonly until: number;
  tried: string;
  code: string;
  further: number;
}

const keyOf = ({ by, refusal, tried, request, outsider }: Refused): string =>
  outsider ? by.user : [by.user, request ?? tried, refusal.code].join('/');

/** One from the future is over: after the clock was set back nobody knows how much has passed. */
const isOver = ({ since, until }: Window, now: number): boolean => now < since || until <= now;

const count = (
  window: Window,
  { tried, code, further }: Pick<Window, 'tried' | 'code' | 'further'>,
): void => {
  window.further += further;
  if (window.tried !== tried) window.tried = 'several things';
  if (window.code !== code) window.code = 'several_reasons';
};

/** Refusals are facts, but nobody can drown the evidence with them. */
export const createRefusals = (needs: Pick<Needs, 'ledger' | 'clock' | 'log'>) => {
  const windows = new Map<string, Window>();
  /** Windows that are over, and whose number is no fact yet: one for each key, however long nothing can be told. */
  const untold = new Map<string, Window>();

  const keep = (key: string, window: Window): void => {
    const before = untold.get(key);
    if (before === undefined) untold.set(key, window);
    else count(before, window);
  };

  const close = (key: string, window: Window): void => {
    windows.delete(key);
    if (window.further > 0) keep(key, window);
  };

  const tell = async (key: string, window: Window): Promise<void> => {
    // Taken out before anything is awaited, so that nobody else tells it too.
    if (untold.get(key) !== window) return;
    untold.delete(key);
    const { by, tried, code, further } = window;
    try {
      await needs.ledger.append('bot', null, [
        { fact: 'refusals_counted', user: by.user, name: by.name, tried, code, count: further },
      ]);
    } catch (error) {
      keep(key, window);
      throw error;
    }
  };

  const tellAll = async (): Promise<void> => {
    for (const [key, window] of Array.from(untold)) await tell(key, window);
  };

  /** Closes the windows that are over; `all` closes every one (at stop). What cannot be told is told next time. */
  const sweep = async (all = false): Promise<void> => {
    const now = needs.clock.now();
    for (const [key, window] of Array.from(windows)) if (all || isOver(window, now)) close(key, window);
    await tellAll();
  };

  const note = async (refused: Refused): Promise<void> => {
    const { by, refusal, tried, via, request } = refused;
    const { code, words } = refusal;
    const now = needs.clock.now();
    const key = keyOf(refused);
    const before = windows.get(key);
    if (before !== undefined && !isOver(before, now)) return count(before, { tried, code, further: 1 });
    if (before !== undefined) close(key, before);
    const [oldest] = windows.size >= mostWindows ? windows : [];
    if (oldest !== undefined) close(...oldest);
    // Opened before anything is awaited, so that of two refusals at once only one is the first.
    const opened = {
      by,
      since: now,
      until: now + (refused.outsider ? outsiderWindow : ownWindow),
      tried,
      code,
      further: 0,
    };
    windows.set(key, opened);
    try {
      await tellAll();
      await needs.ledger.append(request ?? 'bot', null, [{ fact: 'refused', by, via, tried, code, words }]);
    } catch (error) {
      keep(key, { ...opened, tried, code, further: 1 });
      if (windows.get(key) === opened) close(key, opened);
      throw error;
    }
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
