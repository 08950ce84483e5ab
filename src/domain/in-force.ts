import { z } from 'zod';
import type { Fact } from './facts.ts';

/**
 * Members of a user group by their Slack ids, with the time (ms since the epoch) from which each is known to be in it
 * without a break; 0 for those who were there when the group was first read.
 */
export const Roster = z.record(z.string(), z.number());
export type Roster = z.infer<typeof Roster>;

/** What the bot's own facts say that holds now: the policy in force, and who is in the groups that it names. */
export const InForce = z.object({
  policy: z.object({ digest: z.string(), settings: z.record(z.string(), z.string()) }).optional(),
  rosters: z.record(z.string(), Roster),
});
export type InForce = z.infer<typeof InForce>;

export const nothingInForce: InForce = { rosters: {} };

/**
 * What holds after one more of the bot's own facts.
 * @param at time of the fact
 */
export const inForceAfter = (before: InForce, fact: Fact, at: number): InForce => {
  switch (fact.fact) {
    case 'policy_changed':
      return { ...before, policy: { digest: fact.policy, settings: fact.settings } };
    case 'group_changed': {
      const gone = new Set(fact.removed.map(({ user }) => user));
      const stay = Object.entries(before.rosters[fact.group] ?? {}).filter(([user]) => !gone.has(user));
      const joined = fact.added.map(({ user }) => [user, fact.first ? 0 : at] as const);
      return {
        ...before,
        rosters: { ...before.rosters, [fact.group]: Object.fromEntries([...joined, ...stay]) },
      };
    }
    default:
      return before;
  }
};
