import type { Log, LogFields } from './domain/ports.ts';
import { forTerminal } from './domain/text.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** A field as text: errors by their message and cause, everything else as JSON in which secrets hide themselves. */
const show = (value: unknown): unknown => {
  if (value instanceof Error) {
    const cause = value.cause === undefined ? '' : `, because ${String(show(value.cause))}`;
    return forTerminal(`${value.name}: ${value.message}${cause}`);
  }
  return typeof value === 'string' ? forTerminal(value) : value;
};

/**
 * Writes one JSON object a line.
 * @param write takes one line without its newline
 */
export const createLog = (level: LogLevel, now: () => number, write: (line: string) => void): Log => {
  const from = levels.indexOf(level);
  const at =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (levels.indexOf(own) < from) return;
      const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, show(value)]));
      write(
        JSON.stringify({
          at: new Date(now()).toISOString(),
          level: own,
          message: forTerminal(message),
          ...shown,
        }),
      );
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
