import { hexOf, uuidOf } from './ids.ts';
import type { Assignment, Authorization, Organisation, PrincipalType, Session } from './organisation.ts';
import {
  seedAccounts,
  seedGroupGrants,
  seedPermissionSets,
  seedUserGrants,
  withoutOrdinaryGrants,
} from './seed-access.ts';
import { seedAgencyEntries, seedIamUsers, seedProjects } from './seed-modelarts.ts';
import { seedGroups, seedPeople } from './seed-people.ts';

const hour = 3_600_000;
/** 2025-03-03T09:00:00Z: when the organisation was set up. */
const founded = 1_740_992_400_000;

const userId = (userName: string): string => uuidOf(`user:${userName}`);
const groupId = (name: string): string => uuidOf(`group:${name}`);
const accountId = (name: string): string => hexOf(`account:${name}`, 32);
const permissionSetId = (name: string): string => hexOf(`permission-set:${name}`, 32);
const projectId = (key: string): string => hexOf(`project:${key}`, 32);
const iamUserId = (account: string, name: string): string => hexOf(`iam-user:${account}:${name}`, 32);

const assignment = (type: PrincipalType, principal: string, account: string, set: string): Assignment => ({
  account_id: accountId(account),
  permission_set_id: permissionSetId(set),
  principal_id: principal,
  principal_type: type,
});

/** Two everyday grants for everybody else, spread over accounts and permission sets by the person's place in the list. */
const ordinaryGrants = (): Assignment[] => {
  const places = ['dev-shared', 'staging', 'sandbox-lab', 'prod-storefront', 'data-lake'];
  const sets = ['ReadOnlyAccess', 'PowerUser', 'BillingViewer', 'SupportTickets', 'DataScientist'];
  return seedPeople
    .filter(({ userName }) => !withoutOrdinaryGrants.includes(userName))
    .flatMap(({ userName }, index) =>
      [0, 1].slice(0, index % 3 === 0 ? 1 : 2).map((turn) => {
        const account = places[(index + turn * 2) % places.length] ?? 'dev-shared';
        const set = sets[(index * 2 + turn) % sets.length] ?? 'ReadOnlyAccess';
        return assignment('USER', userId(userName), account, set);
      }),
    );
};

const authorizations = (): Authorization[] => {
  const owner = new Map(seedProjects.map(([key, , , account]) => [key, account]));
  const agencies = seedAgencyEntries.map(([project, userName], index): Authorization => {
    const account = owner.get(project) ?? '';
    return {
      project_id: projectId(project),
      user_id: iamUserId(account, userName),
      user_name: userName,
      user_type: 'iam',
      type: 'agency',
      content: 'modelarts_agency',
      create_time: founded + (index + 1) * 26 * hour,
    };
  });
  return [
    ...agencies,
    {
      project_id: projectId('research'),
      user_id: 'all-users',
      user_name: 'all-users',
      user_type: 'all-users',
      type: 'agency',
      content: 'ma_agency_everyone',
      create_time: founded + 300 * hour,
    },
    {
      project_id: projectId('vision'),
      user_name: 'federated-partner',
      user_type: 'federate',
      type: 'agency',
      content: 'ma_agency_partner',
      create_time: founded + 340 * hour,
    },
    {
      project_id: projectId('forecast'),
      user_id: iamUserId('data-lake', 'forecast-batch'),
      user_name: 'forecast-batch',
      type: 'credential',
      content: 'AKSEEDFORECAST000001',
      secret_key: 'NotASecretOnlyALocalExample0000000000001',
      create_time: founded + 400 * hour,
    },
  ];
};

const sessions = (now: number): Session[] =>
  ['mallory.finch', 'mallory.finch', 'trent.osei', 'bob', 'wang.fang'].map((userName, index) => ({
    session_id: uuidOf(`session:${userName}:${index}`),
    user_id: userId(userName),
    creation_time: now - (index + 1) * hour,
    session_not_valid_after: now + (8 - index) * hour,
    ip_address: `203.0.113.${10 + index}`,
    user_agent: index % 2 === 0 ? 'Mozilla/5.0 (X11; Linux x86_64)' : 'Mozilla/5.0 (Macintosh)',
  }));

/**
 * A believable company, the same every time but for its portal sessions, which are live around `now`.
 * @param now milliseconds since the epoch
 */
export const seedOrganisation = (now: number): Organisation => ({
  instance: {
    instance_id: `ins-${hexOf('instance:meridian', 16)}`,
    identity_store_id: `d-${hexOf('identity-store:meridian', 10)}`,
    alias: 'meridian',
    region: 'cn-north-4',
  },
  managementAccountId: accountId('meridian-root'),
  users: seedPeople.map((person, index) => {
    const { userName, given, family, title, department, email, disabled } = person;
    const chinese = /\p{Script=Han}/u.test(family);
    return {
      user_id: userId(userName),
      user_name: userName,
      display_name: chinese ? `${family}${given}` : `${given} ${family}`,
      enabled: disabled !== true,
      emails:
        email === null
          ? []
          : [
              {
                value: email ?? `${userName}@example.com`,
                type: 'Work',
                primary: true,
                verification_status: 'VERIFIED',
              },
            ],
      name: { family_name: family, given_name: given },
      title,
      enterprise: { department, employee_number: String(1000 + index) },
      created_at: founded + index * hour,
      updated_at: founded + index * hour,
    };
  }),
  groups: seedGroups.map(([name, description], index) => ({
    group_id: groupId(name),
    display_name: name,
    description,
    created_at: founded + index * hour,
  })),
  memberships: seedGroups.flatMap(([name, , members]) =>
    members.map((userName) => ({
      membership_id: uuidOf(`membership:${name}:${userName}`),
      group_id: groupId(name),
      user_id: userId(userName),
    })),
  ),
  accounts: seedAccounts.map(([name, description, status], index) => ({
    id: accountId(name),
    name,
    description,
    join_method: index % 4 === 3 ? 'invited' : 'created',
    status,
    joined_at: new Date(founded + index * 24 * hour).toISOString(),
  })),
  permissionSets: seedPermissionSets.map(([name, description, duration], index) => ({
    permission_set_id: permissionSetId(name),
    name,
    description,
    session_duration: duration,
    created_date: founded + index * hour,
  })),
  assignments: [
    ...seedUserGrants.map(([userName, account, set]) => assignment('USER', userId(userName), account, set)),
    ...seedGroupGrants.map(([name, account, set]) => assignment('GROUP', groupId(name), account, set)),
    ...ordinaryGrants(),
  ],
  sessions: sessions(now),
  projects: seedProjects.map(([key, name, region, account, description]) => ({
    id: projectId(key),
    name,
    region,
    account_id: accountId(account),
    description,
  })),
  iamUsers: seedIamUsers.map(([name, account]) => ({
    id: iamUserId(account, name),
    name,
    domain_id: accountId(account),
    enabled: true,
  })),
  authorizations: authorizations(),
  deletions: [],
  creations: [],
  disassociations: [],
  storeChanges: [],
});
