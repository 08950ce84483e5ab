import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../domain/ports.ts';

/** Bolt's logger on ours. Only warnings and errors: at lower levels it prints bodies and response URLs. */
export const boltLogger = (log: Log): Logger => {
  const text = (parts: readonly unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 1000);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.warn(`Slack: ${text(parts)}`),
    error: (...parts) => log.error(`Slack: ${text(parts)}`),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
};
