import type { Call } from './call-log.ts';

/**
 * How the local cloud behaves where the documentation is silent or wide, and what goes wrong in it.
 * Every switch may be changed between any two calls.
 */
export interface CloudSwitches {
  /** Actions the caller does not have, such as `IdentityCenter:accountAssignment:delete`: 403. */
  readonly deniedActions: Set<string>;
  /** Deletion of an assignment that is not there: refused with 404 or 409, or accepted and FAILED afterwards. */
  missingAssignment: '404' | 'failed-status' | '409';
  /** Milliseconds from the accepted deletion of an assignment to its end; IN_PROGRESS and listed until then. */
  deletionDelayMs: number;
  /** When set, every deletion accepted from now on ends as FAILED with this reason. */
  failDeletions: string | undefined;
  /** Ids of accounts in which every deletion accepted from now on ends as FAILED. */
  readonly failDeletionsInAccounts: Set<string>;
  /** Milliseconds from the 200 of a profile removal to its effect on the listings. */
  disassociateDelayMs: number;
  /** Milliseconds from the 200 for ending sessions, disabling a user or taking a membership to its effect. */
  identityStoreDelayMs: number;
  /** An external identity provider writes memberships and the enabled flag back as soon as they were taken. */
  writtenBack: boolean;
  /** Most session ids that may be ended in one call; more are a 400. The real maximum is not documented. */
  sessionBatchMost: number;
  /** What ending sessions makes of one that has ended already: passes it over, or refuses the whole call. */
  endedSession: 'ignored' | 404 | 400;
  /** Status for deleting a group membership that is not there. */
  missingMembership: 404 | 400;
  /** Empty answers carry `content-length: 0`, or else are sent chunked, without a length. */
  emptyBodyContentLength: boolean;
  /** How the last page of Identity Center and identity store lists says that it is the last. */
  nextMarkerEnd: null | 'missing' | '';
  /** Most rows a page of a list with markers holds, whatever `limit` asks: short pages that are not the last. */
  shortPages: number | null;
  /** Prefix of Identity Center's error codes: the present one or the one of 2024. */
  codePrefix: 'IIC' | 'IdentityCenter';
  /** Status for deleting the ModelArts authorization of a user who has none. */
  modelartsMissingUser: 404 | 400;
  /** What `offset` of the ModelArts list counts. */
  modelartsOffset: 'page' | 'element';
  /** What the ModelArts delete makes of `user_id=all-users`: the entry of that name only, a refusal, or all entries. */
  modelartsAllUsers: 'only-entry' | 'error' | 'all';
  /** What it makes of a missing or empty `user_id`; `all` is the worst case and the default. */
  modelartsOmittedUser: 'all' | 'error';
  /** How `user_name` filters the identity store's users. Fuzzy is "contains", ignoring case. */
  userNameMatch: 'exact' | 'fuzzy';
  /** Adds fields that nobody knows to every JSON object of every answer. */
  extraFields: boolean;
  /** Real milliseconds between acting and answering. */
  latencyMs: number;
  /** Every connection is reset before anything is looked at. */
  outage: boolean;
  /** Calls per second and operation, by the cloud's own clock, above which 429 is answered; null: no limit. */
  ratePerSecond: number | null;
  /** Faults to come: the first that matches and has times left is used up by one. */
  readonly faults: Fault[];
}

/** Something that goes wrong for `times` calls, after path, signature and rate were accepted. */
export interface Fault {
  /** Which calls; `status` is not known yet. */
  match(call: PendingCall): boolean;
  times: number;
  readonly act: FaultAct;
}

/** What is known of a call when a fault is looked for. */
export type PendingCall = Pick<
  Call,
  'at' | 'service' | 'operation' | 'method' | 'path' | 'query' | 'body' | 'effect'
>;

export type FaultAct =
  /** Answers this instead of acting. `body` is sent as JSON, or as it is when it is a string. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  /** Resets the connection without acting. */
  | { readonly kind: 'cut-before' }
  /** Acts, then resets the connection: a lost answer. */
  | { readonly kind: 'cut-after' }
  /** Acts or not (default not), and never answers. */
  | { readonly kind: 'hang'; readonly acts?: boolean }
  /** Acts or not (default not), and answers 200 with a page that is not JSON. */
  | { readonly kind: 'garbage'; readonly acts?: boolean };

/** Present behaviour as far as it is known; the worst case where it is not. */
export const defaultSwitches = (): CloudSwitches => ({
  deniedActions: new Set(),
  missingAssignment: '404',
  deletionDelayMs: 1_000,
  failDeletions: undefined,
  failDeletionsInAccounts: new Set(),
  disassociateDelayMs: 0,
  identityStoreDelayMs: 0,
  writtenBack: false,
  sessionBatchMost: 100,
  endedSession: 'ignored',
  missingMembership: 404,
  emptyBodyContentLength: true,
  nextMarkerEnd: null,
  shortPages: null,
  codePrefix: 'IIC',
  modelartsMissingUser: 404,
  modelartsOffset: 'page',
  modelartsAllUsers: 'only-entry',
  modelartsOmittedUser: 'all',
  userNameMatch: 'exact',
  extraFields: false,
  latencyMs: 0,
  outage: false,
  ratePerSecond: null,
  faults: [],
});

/** Uses up one turn of the first fault that matches. */
export const takeFault = (faults: readonly Fault[], call: PendingCall): FaultAct | undefined => {
  const fault = faults.find((one) => one.times > 0 && one.match(call));
  if (fault === undefined) return undefined;
  fault.times -= 1;
  return fault.act;
};
