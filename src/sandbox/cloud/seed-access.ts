/** Account name, description, status; the first is the management account. */
export const seedAccounts: readonly (readonly [
  name: string,
  description: string,
  status: 'active' | 'suspended' | 'pending_closure',
])[] = [
  ['meridian-root', 'Management account', 'active'],
  ['prod-core', 'Shared production services', 'active'],
  ['prod-payments', 'Card data, in scope for audits', 'active'],
  ['prod-storefront', 'Web shop', 'active'],
  ['staging', 'Pre-production of everything', 'active'],
  ['dev-shared', 'Development', 'active'],
  ['data-lake', 'Raw and curated data', 'active'],
  ['ml-research', 'ModelArts training', 'active'],
  ['security-audit', 'Logs and evidence', 'active'],
  ['network-hub', 'Transit and DNS', 'active'],
  ['sandbox-lab', 'Experiments, emptied on Fridays', 'active'],
  ['legacy-erp', 'Old ERP, being closed', 'suspended'],
];

/** Permission set name, description and session duration. */
export const seedPermissionSets: readonly (readonly [name: string, description: string, duration: string])[] =
  [
    ['AdministratorAccess', 'Everything', 'PT1H'],
    ['PowerUser', 'Everything but identity', 'PT4H'],
    ['ReadOnlyAccess', 'Look, do not touch', 'PT12H'],
    ['SecurityAudit', 'Logs, policies and findings', 'PT2H'],
    ['BillingViewer', 'Bills and budgets', 'PT8H'],
    ['NetworkOperator', 'VPC, VPN and DNS', 'PT6H'],
    ['DatabaseOperator', 'RDS and GaussDB', 'PT3H'],
    ['DataScientist', 'ModelArts, OBS and DLI', 'PT10H'],
    ['SupportTickets', 'Service tickets only', 'PT5H'],
  ];

/** Grants of the story's people, by user name, account name and permission set name. */
export const seedUserGrants: readonly (readonly [userName: string, account: string, set: string])[] = [
  ['mallory.finch', 'prod-payments', 'AdministratorAccess'],
  ['mallory.finch', 'prod-payments', 'DatabaseOperator'],
  ['mallory.finch', 'prod-core', 'PowerUser'],
  ['mallory.finch', 'prod-core', 'ReadOnlyAccess'],
  ['mallory.finch', 'data-lake', 'DataScientist'],
  ['trent.osei', 'prod-storefront', 'PowerUser'],
  ['trent.osei', 'dev-shared', 'ReadOnlyAccess'],
  ['alice', 'security-audit', 'SecurityAudit'],
  ['bob', 'meridian-root', 'AdministratorAccess'],
  ['carol', 'security-audit', 'SecurityAudit'],
  ['carol', 'prod-core', 'SecurityAudit'],
  ['dmitri.volkov', 'legacy-erp', 'AdministratorAccess'],
];

/** Grants of groups. `data-science` repeats one of mallory.finch's own, which is residual access. */
export const seedGroupGrants: readonly (readonly [group: string, account: string, set: string])[] = [
  ['platform-admins', 'prod-core', 'AdministratorAccess'],
  ['platform-admins', 'staging', 'AdministratorAccess'],
  ['platform-admins', 'dev-shared', 'AdministratorAccess'],
  ['data-science', 'data-lake', 'DataScientist'],
  ['data-science', 'ml-research', 'DataScientist'],
  ['data-science', 'sandbox-lab', 'PowerUser'],
  ['night-shift', 'prod-core', 'SupportTickets'],
  ['night-shift', 'prod-storefront', 'SupportTickets'],
  ['security-auditors', 'prod-core', 'SecurityAudit'],
  ['security-auditors', 'prod-payments', 'SecurityAudit'],
  ['security-auditors', 'security-audit', 'ReadOnlyAccess'],
  ['network-operators', 'network-hub', 'NetworkOperator'],
  ['network-operators', 'prod-core', 'NetworkOperator'],
  ['developers', 'dev-shared', 'PowerUser'],
  ['developers', 'staging', 'ReadOnlyAccess'],
  ['contractors', 'dev-shared', 'SupportTickets'],
  ['legacy-migration', 'legacy-erp', 'DatabaseOperator'],
];

/** People without a grant of their own beyond the tables above. */
export const withoutOrdinaryGrants: readonly string[] = [
  ...new Set(seedUserGrants.map(([userName]) => userName)),
  'lobby.kiosk',
];
