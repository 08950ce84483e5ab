/**
 * The state of the local cloud, held in the wire's own words and spelling, so that an answer copies a row
 * instead of translating it. Times are milliseconds since the epoch. All of it may be changed while running.
 */
export interface Organisation {
  readonly instance: Instance;
  /** The account whose keys sign the calls; it is also one of `accounts`. */
  readonly managementAccountId: string;
  readonly users: User[];
  readonly groups: Group[];
  readonly memberships: Membership[];
  readonly accounts: Account[];
  readonly permissionSets: PermissionSet[];
  readonly assignments: Assignment[];
  readonly sessions: Session[];
  readonly projects: Project[];
  readonly iamUsers: IamUser[];
  readonly authorizations: Authorization[];
  /** Every deletion that was ever accepted, running or done, oldest first. */
  readonly deletions: AssignmentJob[];
  readonly creations: AssignmentJob[];
  /** Profile removals that answered 200 but have not taken effect yet. */
  readonly disassociations: Disassociation[];
  /** Changes of the identity store that answered 200 but have not taken effect yet. */
  readonly storeChanges: StoreChange[];
}

interface Instance {
  readonly instance_id: string;
  readonly identity_store_id: string;
  readonly alias: string;
  readonly region: string;
}

export interface User {
  readonly user_id: string;
  user_name: string;
  display_name: string;
  enabled: boolean;
  emails: Email[];
  name: { family_name: string; given_name: string };
  title: string;
  enterprise: { department: string; employee_number: string };
  created_at: number;
  updated_at: number;
}

interface Email {
  readonly value: string;
  readonly type: string;
  readonly primary: boolean;
  readonly verification_status: 'VERIFIED' | 'NOT_VERIFIED';
}

export interface Group {
  readonly group_id: string;
  display_name: string;
  description: string;
  created_at: number;
}

export interface Membership {
  readonly membership_id: string;
  readonly group_id: string;
  readonly user_id: string;
}

export interface Account {
  readonly id: string;
  name: string;
  description: string;
  join_method: 'invited' | 'created';
  status: 'active' | 'suspended' | 'pending_closure';
  /** RFC 3339. */
  joined_at: string;
}

export interface PermissionSet {
  readonly permission_set_id: string;
  name: string;
  description: string;
  /** ISO 8601 duration, `PT1H` to `PT12H`. */
  session_duration: string;
  created_date: number;
}

export type PrincipalType = 'USER' | 'GROUP';

export interface Assignment {
  readonly account_id: string;
  readonly permission_set_id: string;
  readonly principal_id: string;
  readonly principal_type: PrincipalType;
}

/** A live session of the access portal. */
export interface Session {
  readonly session_id: string;
  readonly user_id: string;
  readonly creation_time: number;
  readonly session_not_valid_after: number;
  readonly ip_address: string;
  readonly user_agent: string;
}

/** A project of one region in one member account; ModelArts authorizations belong to a project. */
export interface Project {
  readonly id: string;
  name: string;
  readonly region: string;
  readonly account_id: string;
  description: string;
}

interface IamUser {
  /** The same id in IAM v3 (`id`), IAM v5 (`user_id`) and ModelArts (`user_id`). */
  readonly id: string;
  name: string;
  readonly domain_id: string;
  enabled: boolean;
}

export interface Authorization {
  readonly project_id: string;
  /** Missing for a federated user. */
  readonly user_id?: string;
  readonly user_name: string;
  readonly user_type?: 'iam' | 'federate' | 'federation-group' | 'grant' | 'all-users';
  readonly type: 'agency' | 'credential';
  readonly content: string;
  readonly secret_key?: string;
  readonly create_time: number;
}

/** An accepted creation or deletion of one assignment. It has no timer: it is done once `doneAt` has passed. */
export interface AssignmentJob {
  readonly request_id: string;
  readonly created_date: number;
  readonly assignment: Assignment;
  readonly doneAt: number;
  /** Set when the job will end as FAILED. */
  readonly failure_reason?: string;
  /** True once the effect has been applied to `assignments`. */
  settled: boolean;
}

interface Disassociation {
  readonly doneAt: number;
  readonly assignments: readonly Assignment[];
}

interface StoreChange {
  readonly doneAt: number;
  readonly apply: () => void;
}

/** Both name the same grant. */
export const sameAssignment = (one: Assignment, other: Assignment): boolean =>
  one.account_id === other.account_id &&
  one.permission_set_id === other.permission_set_id &&
  one.principal_id === other.principal_id &&
  one.principal_type === other.principal_type;

/** Takes the matching elements out of a live list. */
export const removeWhere = <T>(list: T[], match: (item: T) => boolean): void => {
  for (let index = list.length - 1; index >= 0; index -= 1) {
    const item = list[index];
    if (item !== undefined && match(item)) list.splice(index, 1);
  }
};

/** Applies everything whose time has come. Called before each answer, so no timer is needed. */
export const settle = (organisation: Organisation, now: number): void => {
  for (const job of organisation.deletions) {
    if (job.settled || job.doneAt > now) continue;
    job.settled = true;
    if (job.failure_reason === undefined)
      removeWhere(organisation.assignments, (row) => sameAssignment(row, job.assignment));
  }
  for (const due of organisation.disassociations.filter((one) => one.doneAt <= now)) {
    removeWhere(organisation.assignments, (row) => due.assignments.some((gone) => sameAssignment(row, gone)));
  }
  removeWhere(organisation.disassociations, (one) => one.doneAt <= now);
  for (const due of organisation.storeChanges.filter((one) => one.doneAt <= now)) due.apply();
  removeWhere(organisation.storeChanges, (one) => one.doneAt <= now);
};
