import { z } from 'zod';
import { ApproverRule } from './approvers.ts';
import { State } from './state.ts';

/** A person in Slack, as they were at that moment. `email` is absent when Slack did not tell it. */
export const Person = z.object({
  team: z.string(),
  user: z.string(),
  name: z.string(),
  email: z.string().optional(),
});
export type Person = z.infer<typeof Person>;

/** Somebody in a user group; the name is absent when Slack did not tell it. */
const Member = z.object({ user: z.string(), name: z.string().optional() });
export type Member = z.infer<typeof Member>;

/** Where in Slack a person acted: the ids by which the act can be found again. */
export const Via = z.object({
  actionTs: z.string().optional(),
  messageTs: z.string().optional(),
  viewId: z.string().optional(),
});
export type Via = z.infer<typeof Via>;

/** One atomic piece of access. `key` is stable and made of cloud ids; `words` is what people are shown. */
export const Grant = z.object({
  key: z.string(),
  words: z.string(),
  /** The KooCLI command by which somebody with the right to grant gives it back by hand. */
  restore: z.string().optional(),
});
export type Grant = z.infer<typeof Grant>;

/** What a revocation is aimed at, in the kind's own fields (cloud ids). */
export const Target = z.record(z.string(), z.string());
export type Target = z.infer<typeof Target>;

/** The human behind a cloud user: by these a Slack account is recognised as the affected person. */
export const Identity = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().exactOptional(),
  emails: z.array(z.string()).readonly(),
});
export type Identity = z.infer<typeof Identity>;

/** What a revocation will remove and what it will not, read from the cloud and put into words. */
export const Impact = z.object({
  /** One line that names the revocation: "all access of Mallory Finch (mallory.finch)". */
  title: z.string(),
  /** The principal or project with its id, and what else identifies the target, line by line. */
  lines: z.array(z.string()).readonly(),
  /** Ids and names of the target itself, by which it may be protected. */
  names: z.array(z.string()).readonly(),
  grants: z.array(Grant).readonly(),
  /** Residual access, one sentence each. */
  residual: z.array(z.string()).readonly(),
  /** How long (ms) a console session that was open before the revocation may live on after it. */
  consoleLife: z.number().int().positive().optional(),
  /** People behind the target. `unknown` when the members of a group could not be counted. */
  people: z.union([z.array(Identity).readonly(), z.literal('unknown')]),
  /** What the requester must type to confirm, where the damage is widest. */
  confirm: z.string().optional(),
});
export type Impact = z.infer<typeof Impact>;

const requested = z.object({
  fact: z.literal('requested'),
  by: Person,
  via: Via,
  kind: z.string(),
  target: Target,
  impact: Impact,
  digest: z.string(),
  /** Requests with the same principal are executed one at a time. */
  principal: z.string(),
  /** The affected person, when the target is one human. */
  affected: Identity.optional(),
  reason: z.string(),
  incident: z.string().optional(),
  /** The earlier request of which this one takes what is still there. */
  retries: z.string().optional(),
  approvals: z.number().int(),
  /** From whom the approvals must come. Absent in old facts: from any approver. */
  from: ApproverRule.optional(),
  /** What people call the user groups in that rule, by their ids. */
  groupNames: z.record(z.string(), z.string()).optional(),
  /** What the requester was warned of before asking, as sentences. */
  warnings: z.array(z.string()).readonly().optional(),
  /** The rules that led to this number of approvals, with their inputs, as sentences. */
  because: z.array(z.string()).readonly(),
  approveBefore: z.number(),
  /** Where the card goes, and where the command was typed. */
  channel: z.string(),
  askedIn: z.string(),
});

const approved = z.object({
  fact: z.literal('approved'),
  digest: z.string(),
  /** Absent when the request went on by rule. */
  by: Person.optional(),
  via: Via.optional(),
  /** For which of the rule's people and groups the approver stands. Absent in old facts: for any. */
  seats: z.array(z.string()).readonly().optional(),
  rule: z.string().optional(),
  startBefore: z.number(),
});

const stepOutcome = z.object({
  fact: z.literal('step_outcome'),
  step: z.string(),
  outcome: z.enum(['accepted', 'refused', 'unknown']),
  /** `refused` but worth another start once the cloud can be reached and the grant is still there. */
  again: z.boolean().optional(),
  job: z.string().optional(),
  status: z.number().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  cloudRequest: z.string().optional(),
  /** After a 401: when an access key may be used again, ms since the epoch. */
  againAt: z.number().optional(),
});

const proof = z.object({
  fact: z.literal('proof'),
  step: z.string(),
  result: z.enum(['gone', 'present', 'late']),
  /** Keys of approved grants that are still listed. */
  remaining: z.array(z.string()).readonly(),
  /** Grants that are listed now but were not in the approved impact. */
  since: z.array(Grant).readonly(),
  /** Nothing could be read after the call, which the cloud surely did not accept: what was there counts as still there. */
  unread: z.boolean().optional(),
  words: z.string().optional(),
  /** Who asked for this reading, when it was not the bot's own. */
  by: Person.optional(),
  via: Via.optional(),
});

const ended = { words: z.string() };

/** Something that happened. Immutable; the ledger is the list of all of them. */
export const Fact = z.discriminatedUnion('fact', [
  requested,
  approved,
  z.object({ fact: z.literal('approval_void'), user: z.string(), words: z.string() }),
  z.object({ fact: z.literal('denied'), by: Person, via: Via, reason: z.string() }),
  z.object({ fact: z.literal('cancelled'), by: Person, via: Via }),
  z.object({ fact: z.literal('expired'), window: z.enum(['approval', 'execution']), words: z.string() }),
  z.object({ fact: z.literal('impact_grew'), added: z.array(Grant).readonly() }),
  z.object({ fact: z.literal('halted'), ...ended }),
  z.object({
    fact: z.literal('step_started'),
    step: z.string(),
    attempt: z.number().int(),
    words: z.string(),
  }),
  stepOutcome,
  proof,
  z.object({ fact: z.literal('succeeded'), alreadyGone: z.boolean(), ...ended }),
  z.object({ fact: z.literal('unverified'), ...ended }),
  z.object({ fact: z.literal('partly_failed'), ...ended }),
  z.object({ fact: z.literal('failed'), ...ended }),
  /** Read once more, this long (ms) after the success: none of the approved grants is listed. */
  z.object({ fact: z.literal('stayed_gone'), after: z.number().int() }),
  /** Read once more after the success: these approved grants are listed again. */
  z.object({ fact: z.literal('came_back'), grants: z.array(Grant).readonly() }),
  z.object({
    fact: z.literal('refused'),
    by: Person,
    via: Via,
    /** What they tried: a command or a button's name. */
    tried: z.string(),
    code: z.string(),
    words: z.string(),
  }),
  /** Further refusals of somebody; where they tried several things, or for several reasons, it says just that. */
  z.object({
    fact: z.literal('refusals_counted'),
    user: z.string(),
    name: z.string(),
    tried: z.string(),
    code: z.string(),
    count: z.number().int(),
  }),
  z.object({
    fact: z.literal('started'),
    version: z.string(),
    policy: z.string(),
    /** Resolved members of APPROVERS; absent when Slack could not be asked. */
    approvers: z.array(z.string()).readonly().optional(),
  }),
  /** Who is in a user group that the policy names, told when it was first read and at each change since. */
  z.object({
    fact: z.literal('group_changed'),
    group: z.string(),
    name: z.string().optional(),
    /** Nothing was known of the group before: whoever is added was a member already. */
    first: z.boolean(),
    added: z.array(Member).readonly(),
    removed: z.array(Member).readonly(),
  }),
  /** The bot was started with another policy than before; `settings` is all of it, by the names of the environment. */
  z.object({
    fact: z.literal('policy_changed'),
    policy: z.string(),
    settings: z.record(z.string(), z.string()),
    changes: z.array(z.string()).readonly(),
  }),
  z.object({ fact: z.literal('stopped'), words: z.string() }),
  z.object({ fact: z.literal('anchor'), words: z.string() }),
  z.object({ fact: z.literal('recovered'), words: z.string() }),
  /** The cloud rejected an access key, which therefore rests; told once for each rest. */
  z.object({ fact: z.literal('key_rejected'), words: z.string() }),
  z.object({ fact: z.literal('key_accepted'), words: z.string() }),
  /** A direct message about a request was sent to a person, or (`decided`) brought up to date for the last time. */
  z.object({
    fact: z.literal('notified'),
    user: z.string(),
    why: z.enum(['asked', 'reminded', 'escalated', 'decided', 'denied', 'outcome']),
    /** The state that the message tells. */
    state: State,
    channel: z.string(),
    ts: z.string(),
  }),
  z.object({ fact: z.literal('card_posted'), channel: z.string(), ts: z.string() }),
  z.object({ fact: z.literal('cursor'), name: z.string(), at: z.number().int() }),
]);
export type Fact = z.infer<typeof Fact>;
type FactWord = Fact['fact'];
export type FactOf<W extends FactWord> = Extract<Fact, { fact: W }>;

/** One line of the ledger. `hash` chains it to `prev`, keyed by the audit key whose id is `key`. */
export const LedgerRecord = z.object({
  v: z.literal(1),
  seq: z.number().int().positive(),
  /** Milliseconds since the epoch, never before the previous record's. */
  at: z.number().int(),
  /** `R-000001` or `bot`. */
  id: z.string(),
  /** Number of facts in this stream, this one included. */
  version: z.number().int().positive(),
  once: z.string().optional(),
  /** How many facts of the same append follow this one; left out on its last. They stand or fall together. */
  more: z.number().int().positive().optional(),
  fact: Fact,
  key: z.string(),
  prev: z.string(),
  hash: z.string(),
});
export type LedgerRecord = z.infer<typeof LedgerRecord>;
