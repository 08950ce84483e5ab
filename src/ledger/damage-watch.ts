import type { Log } from '../domain/ports.ts';
import type { JournalDamage } from './faults.ts';

/** Keeps the first damage that is found while a ledger is open. */
export interface DamageWatch {
  readonly found: (damage: JournalDamage) => void;
  readonly words: () => string | undefined;
  /** Resolves with it; never, when there is none. */
  readonly first: Promise<JournalDamage>;
}

export const createDamageWatch = (log: Log): DamageWatch => {
  let known: JournalDamage | undefined;
  let tell: ((damage: JournalDamage) => void) | undefined;
  const first = new Promise<JournalDamage>((resolve) => {
    tell = resolve;
  });
  return {
    found: (damage) => {
      if (known !== undefined) return;
      known = damage;
      log.error(damage.message, { line: damage.line });
      tell?.(damage);
    },
    words: () => known?.message,
    first,
  };
};
