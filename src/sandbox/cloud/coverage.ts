/** How far the local cloud emulates an operation of the real one. */
export interface Coverage {
  readonly level: 'supported' | 'partial' | 'missing';
  readonly note: string;
}

const supported = (note = ''): Coverage => ({ level: 'supported', note });
const partial = (note: string): Coverage => ({ level: 'partial', note });
const missing = (note: string): Coverage => ({ level: 'missing', note });

/** Every operation that the bot or its operators may meet, by `service:operation`. */
export const coverage: Readonly<Record<string, Coverage>> = {
  'identitycenter:ListInstances': supported(),
  'identitycenter:DescribeRegisteredRegions': supported(),
  'identitycenter:GetIdentityCenterServiceStatus': partial('always ENABLED'),
  'identitycenter:ListIdentityStoreAssociation': partial('always the built-in user pool, never SCIM'),
  'identitycenter:ListPermissionSets': partial('the name filter is exact; the real one is not documented'),
  'identitycenter:DescribePermissionSet': supported(),
  'identitycenter:ListPermissionSetsProvisionedToAccount': partial('provisioned means assigned'),
  'identitycenter:ListAccountsForProvisionedPermissionSet': partial('provisioned means assigned'),
  'identitycenter:ListAccountAssignments': supported(),
  'identitycenter:ListAccountAssignmentsForPrincipal': supported('an unknown principal is a 400'),
  'identitycenter:DescribeAccountAssignmentDeletionStatus': supported(),
  'identitycenter:ListAccountAssignmentDeletionStatus': supported(),
  'identitycenter:DescribeAccountAssignmentCreationStatus': supported(),
  'identitycenter:ListAccountAssignmentCreationStatus': supported(),
  'identitycenter:DeleteAccountAssignment': supported('asynchronous by the given clock'),
  'identitycenter:CreateAccountAssignment': partial('takes effect at once'),
  'identitycenter:DisassociateProfile': supported('an unknown principal is a 404'),
  'identitycenter:ListApplicationAssignmentsForPrincipal': missing('there are no applications'),
  'identitystore:ListUsers': partial('user_name is the only filter'),
  'identitystore:DescribeUser': supported(),
  'identitystore:DescribeUsers': partial('at most 100 ids; the real maximum is not documented'),
  'identitystore:GetUserId': partial('by user_name only; nobody has an external id'),
  'identitystore:DisableUser': supported('at once or after a while, and written back when switched'),
  'identitystore:EnableUser': supported(),
  'identitystore:ListGroups': supported(),
  'identitystore:DescribeGroup': supported(),
  'identitystore:DescribeGroups': partial('at most 100 ids; the real maximum is not documented'),
  'identitystore:GetGroupId': partial('by display_name only; no group has an external id'),
  'identitystore:ListGroupMembershipsForMember': supported(),
  'identitystore:ListGroupMemberships': supported(),
  'identitystore:IsMemberInGroups': supported(),
  'identitystore:GetGroupMembershipId': supported(),
  'identitystore:DeleteGroupMembership': supported('an unknown one is a 404 or a 400'),
  'identitystore:ListSessions': supported(),
  'identitystore:BatchDeleteSessions': supported('the maximum, and ended sessions, as switched'),
  'identitystore:GetIdentityStoreSummary': supported(),
  'identitystore:ListMfaDevicesForUser': missing('the bot leaves devices alone'),
  'identitystore:DeleteMfaDevice': missing('would weaken the login'),
  'organizations:ListAccounts': partial('all accounts stand directly under the root'),
  'organizations:DescribeAccount': supported(),
  'organizations:DescribeOrganization': supported(),
  'modelarts:GetAuthorizations': partial('the management key reads every project'),
  'modelarts:DeleteAuthorizations': partial('the management key changes every project'),
  'modelarts:CreateAuthorization': partial('agencies and credentials are not checked'),
  'modelarts:CreateAgency': missing('agencies are names only'),
  'modelarts:GetAuthMode': missing('the mode has no effect here'),
  'iam:KeystoneListUsers': partial('the management key sees every account'),
  'iam:ListUsersV5': partial('the management key sees every account; there are no IAM groups'),
  'iam:KeystoneListProjects': partial('the management key sees every account'),
  'iam:KeystoneListAuthProjects': partial('the management key sees every account'),
  'iam:KeystoneListAuthDomains': supported(),
  'sts:GetCallerIdentity': supported(),
  'sts:AssumeAgency': missing('one temporary key is given at start instead'),
  'sts:DecodeAuthorizationMessage': missing('the encoded text here holds nothing'),
};

/**
 * Where the table and the routes disagree, in words; empty when they do not.
 * @param operations `service:operation` of every route
 */
export const coverageGaps = (
  operations: readonly string[],
  table: Readonly<Record<string, Coverage>>,
): readonly string[] => [
  ...operations
    .filter((name) => table[name] === undefined || table[name].level === 'missing')
    .map((name) => `${name} has a route, but the table does not say so`),
  ...Object.entries(table)
    .filter(([name, { level }]) => level !== 'missing' && !operations.includes(name))
    .map(([name]) => `${name} is in the table, but has no route`),
  ...Object.entries(table)
    .filter(([, { level, note }]) => level !== 'supported' && note === '')
    .map(([name]) => `${name} needs a note`),
];
