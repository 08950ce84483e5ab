import { setImmediate } from 'node:timers/promises';
import type { Clock, Log, LogFields } from '../../src/domain/ports.ts';

export interface FakeClock extends Clock {
  /** Lengths of all sleeps so far, in milliseconds. */
  readonly slept: number[];
  advance(ms: number): void;
}

/** A clock that does not wait: a sleep ends as soon as everything else has come to rest, and `now` moves on. */
export function fakeClock(
  start = Date.UTC(2026, 2, 14, 15, 9, 26),
  onSleep?: () => Promise<void>,
): FakeClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance(ms) {
      now += ms;
    },
    async sleep(ms) {
      slept.push(ms);
      const until = now + ms;
      await setImmediate();
      now = Math.max(now, until);
      await onSleep?.();
    },
  };
}

export interface Line {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines. */
export function recordingLog(): Log & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const keep =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
