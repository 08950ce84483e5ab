import type { z } from 'zod';
import type { Fact, Identity, LedgerRecord, Person } from './facts.ts';
import type { InForce } from './in-force.ts';
import type { Summary } from './summary.ts';

/** Time as a part: real in `main.ts`, driven by hand in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Source of unguessable ids (drafts, instances). */
export interface Ids {
  random(): string;
}

/** One line of the log; `fields` never hold a secret, because secrets are wrapped where they are read. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, unknown>>;

export type CloudService = 'identitycenter' | 'identitystore' | 'organizations' | 'modelarts' | 'iam' | 'sts';

/** One signed call. `answer` says what must come back; anything else is a fault. */
export interface CloudRequest<A> {
  readonly service: CloudService;
  /** Account whose credentials sign the call; the configured ones when left out. */
  readonly account?: string;
  /** Region of a regional service; the configured one when left out. */
  readonly region?: string;
  /** Sent as `X-Project-Id` (regional services with project scope). */
  readonly project?: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path segments, each of `[A-Za-z0-9-]+`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly answer: z.ZodType<A>;
  /** `read` may be repeated at will; `change` is repeated only when it surely was not accepted. */
  readonly effect: 'read' | 'change';
  /** Part of an execution, which goes before what people look up. */
  readonly executes?: true;
}

export interface CloudAnswer<A> {
  readonly body: A;
  readonly status: number;
  /** The cloud's id of the HTTP exchange, when it sent one. */
  readonly requestId?: string;
}

/**
 * How a call went wrong.
 * `refused`: an answer came and said no. `not-reached`: surely nothing was accepted.
 * `too-late`: the call may have been accepted, no usable answer came. `unexpected-answer`: an answer came in
 * a form nobody agreed on, so what happened is unknown.
 */
export type CloudFaultFamily = 'refused' | 'not-reached' | 'too-late' | 'unexpected-answer';

/** The one error that `Cloud.call` throws. Its text and fields are safe to show. */
export class CloudFault extends Error {
  override readonly name = 'CloudFault';
  readonly family: CloudFaultFamily;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** True when trying the same call later can help. */
  readonly retryable: boolean;
  /** When the client can ask again (ms since the epoch), where it knows: after a 401, when an access key may be used. */
  readonly againAt: number | undefined;

  constructor(
    family: CloudFaultFamily,
    message: string,
    details: {
      status?: number | undefined;
      code?: string | undefined;
      requestId?: string | undefined;
      retryable: boolean;
      againAt?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.family = family;
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.retryable = details.retryable;
    this.againAt = details.againAt;
  }
}

/** The shared signed client of all Huawei Cloud services. */
export interface Cloud {
  /** @throws {CloudFault} for everything that is not the agreed answer. */
  call<A>(request: CloudRequest<A>): Promise<CloudAnswer<A>>;
}

/** `R-000001` and so on, counting up; `bot` is the stream of facts that belong to no request; `new` asks for an id. */
type Stream = string;

export type Appended =
  | { readonly result: 'appended'; readonly id: Stream; readonly seq: number; readonly version: number }
  /** Somebody else appended first; `version` is the present one. Nothing was written. */
  | { readonly result: 'conflict'; readonly id: Stream; readonly version: number }
  /** `once` was used before, by the append of this `seq` in this `id`. Nothing was written. */
  | { readonly result: 'already'; readonly id: Stream; readonly seq: number };

export interface Lease {
  /** False when the lease had run out or was taken over. */
  renew(ms: number): Promise<boolean>;
  release(): Promise<void>;
}

/** The list of all facts: the only truth. All appends are on disk when the promise resolves. */
export interface Ledger {
  /**
   * Appends `facts` to one stream, all or none.
   * @param stream a request's id, `new` for a new request (the ledger gives the id), or `bot`
   * @param expectedVersion number of facts the stream must have now; `null` = any (only for `bot`, cards and cursors)
   * @throws {LedgerFault} when it cannot be written; nothing was appended then
   */
  append(
    stream: Stream,
    expectedVersion: number | null,
    facts: readonly Fact[],
    options?: { readonly once?: string },
  ): Promise<Appended>;
  /** Records with `seq > afterSeq`, in order, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<readonly LedgerRecord[]>;
  /** All facts of one stream in order; empty when there is none. */
  ofRequest(id: Stream): Promise<readonly LedgerRecord[]>;
  /** Ids of requests with work left (`isWork`), oldest first. */
  open(): readonly string[];
  summary(id: string): Summary | undefined;
  /** Summaries, newest first; `match` is asked for each. */
  list(match: (summary: Summary) => boolean, limit: number): Promise<readonly Summary[]>;
  /** Requests that succeeded at `since` (ms since the epoch) or later, in the order of their successes. */
  succeededSince(since: number): readonly Summary[];
  /** What the bot's own facts say that holds now. */
  inForce(): InForce;
  head(): { readonly seq: number; readonly hash: string };
  /** Sequence number up to which the named follower has worked; 0 at first. */
  cursor(name: string): number;
  /** Remembers a follower's position; checkpointed, so it may fall back after an unclean stop. */
  moveCursor(name: string, seq: number): Promise<void>;
  /** A promise not to do the same work twice at a time; null when another holder has it. Only spares work. */
  lease(name: string, ms: number): Promise<Lease | null>;
  /** Calls `wake` after each append; returns the way to stop that. */
  subscribe(wake: () => void): () => void;
  /** Undefined while appends are possible, else why not. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/** Appending was not possible. Says in words what to do. */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault';
}

/** What a form field is looked up in. */
export type Lookup =
  | 'principal'
  | 'group-of-user'
  | 'account'
  | 'permission-set'
  | 'project'
  | 'modelarts-user';

/** One thing that can be chosen: its bare cloud id and the words that tell it from others. */
export interface Choice {
  readonly id: string;
  readonly words: string;
  readonly detail?: string;
}

export interface Choices {
  readonly choices: readonly Choice[];
  /** More matched than were asked for. */
  readonly more: boolean;
  /** What people must know of this answer, in sentences of at most 75 characters: old, not whole, keep typing. */
  readonly notes?: readonly string[];
}

/** Values of the fields that a look-up depends on: `{ principal_type: 'USER' }`. */
export type LookupContext = Readonly<Record<string, string>>;

export interface Instance {
  readonly instanceId: string;
  readonly identityStoreId: string;
  /** Region of the identity store's host; calls go to the configured one when left out. */
  readonly region?: string;
}

export interface DirectoryUser extends Identity {
  readonly displayName: string;
  readonly enabled: boolean;
}
export interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
}
export interface Named {
  readonly id: string;
  readonly name: string;
}
export interface PermissionSet extends Named {
  /** ISO 8601 duration for which a console session lives on, such as `PT8H`. */
  readonly sessionDuration?: string;
}
export interface Project extends Named {
  readonly region: string;
}

/**
 * Cached look-ups in the cloud. A question by exact id always goes to the cloud and answers `undefined` only when
 * the cloud said that there is no such thing.
 * All methods throw {@link CloudFault} when the cloud could not be asked.
 */
export interface Directory {
  instance(): Promise<Instance>;
  /** Type-ahead: what matches `text`, at most `limit`. */
  suggest(lookup: Lookup, context: LookupContext, text: string, limit: number): Promise<Choices>;
  /** Everything that `text` names exactly (id, e-mail, user name, name), or else by a part of the name: of many, some. */
  resolve(lookup: Lookup, context: LookupContext, text: string): Promise<readonly Choice[]>;
  user(id: string): Promise<DirectoryUser | undefined>;
  group(id: string): Promise<DirectoryGroup | undefined>;
  account(id: string): Promise<Named | undefined>;
  /** `name (id)` for people, from the cache if it is there; the bare id when it has no name. Never fails. */
  wordsFor(what: 'account' | 'permission-set', id: string): Promise<string>;
  permissionSet(id: string): Promise<PermissionSet | undefined>;
  /** A configured ModelArts project. */
  project(id: string): Promise<Project | undefined>;
  /** A user of the account that owns the ModelArts projects. */
  iamUser(id: string): Promise<Identity | undefined>;
  groupsOf(userId: string): Promise<readonly DirectoryGroup[]>;
  /** The group's members; `unknown` when they could not be counted. */
  membersOf(groupId: string): Promise<readonly Identity[] | 'unknown'>;
}

/** An answer about a person that may not be had just now. "Could not ask" is never taken for a yes. */
export type Answer = 'yes' | 'no' | 'could not ask';

/** What somebody is in this workspace, where Slack knows nobody by some ids. Only full members may do anything. */
export type Standing = 'full member' | 'guest' | 'bot' | 'stranger' | 'deactivated' | 'unknown to Slack';

export interface KnownPerson {
  readonly person: Person;
  readonly standing: Standing;
  /** False only when Slack says that the e-mail is not confirmed. */
  readonly emailConfirmed: boolean;
}

/** Which of some Slack ids somebody is or is a member of, and which of them Slack could not be asked about. */
export interface Seats {
  readonly held: readonly string[];
  readonly unknown: readonly string[];
}

/** Somebody with the ids of theirs, out of those that were asked for. */
export interface SeatedPerson extends KnownPerson {
  readonly seats: readonly string[];
}

/** The people of the workspace. Ids are of users and user groups; `maxAge` (ms): how old an answer may be. */
export interface People {
  who(user: string, maxAge: number): Promise<KnownPerson | 'could not ask'>;
  seats(user: string, ids: readonly string[], maxAge: number): Promise<Seats>;
  /** Slack ids of the members of a user group. */
  members(group: string, maxAge: number): Promise<readonly string[] | 'could not ask'>;
  /** Everybody behind these ids, each once, with e-mails as far as known. */
  behind(ids: readonly string[], maxAge: number): Promise<readonly SeatedPerson[] | 'could not ask'>;
  /**
   * The same people, for their e-mails only. Who belongs to them is as young as asked for; what is told of each may be an
   * hour old, and a day while Slack cannot be asked, so it does not show who has left.
   */
  staff(ids: readonly string[], maxAge: number): Promise<readonly Person[] | 'could not ask'>;
  /** What people call a user group (`@approvers`); undefined when Slack does not tell. */
  groupName(group: string): Promise<string | undefined>;
}
