import type { Mint } from './mint.ts';
import { Refused } from './refused.ts';

/** Milliseconds a trigger can be exchanged for a view (reference: 3 s, one use). */
const TRIGGER_LIFE_MS = 3_000;

interface Trigger {
  readonly userId: string;
  /** The modal it came from, if any; `views.push` needs it. */
  readonly viewId: string | undefined;
  readonly expiresAt: number;
  used: boolean;
}

export interface Triggers {
  mint(userId: string, viewId?: string): string;
  /** Uses a trigger up. Throws Refused: invalid_, expired_ or exchanged_trigger_id. */
  exchange(id: string): { userId: string; viewId: string | undefined };
}

export const createTriggers = (now: () => number, mint: Mint): Triggers => {
  const known = new Map<string, Trigger>();
  return {
    mint: (userId, viewId) => {
      const id = mint.trigger();
      known.set(id, { userId, viewId, expiresAt: now() + TRIGGER_LIFE_MS, used: false });
      return id;
    },
    exchange: (id) => {
      const trigger = known.get(id);
      if (trigger === undefined) throw new Refused('invalid_trigger_id');
      if (trigger.used) throw new Refused('exchanged_trigger_id');
      if (now() > trigger.expiresAt) throw new Refused('expired_trigger_id');
      trigger.used = true;
      return { userId: trigger.userId, viewId: trigger.viewId };
    },
  };
};
