import type { Call } from '../cloud/call-log.ts';
import type { LocalCloud } from '../cloud/local-cloud.ts';
import type { Assignment, Authorization, Organisation, PrincipalType } from '../cloud/organisation.ts';
import type { CloudScene, Look, ShownCall, ShownGrant, ShownPrincipal, ShownProject } from '../wire.ts';

/** Calls that travel; the log itself keeps all of them. */
const mostCalls = 200;

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name.localeCompare(other.name, 'en');

const principalsOf = ({ users, groups }: Organisation): CloudScene['principals'] => [
  ...users
    .map(({ user_id: id, user_name: name, display_name: displayName }) => ({
      type: 'USER' as const,
      id,
      name,
      displayName,
    }))
    .toSorted(byName),
  ...groups
    .map(({ group_id: id, display_name: name }) => ({ type: 'GROUP' as const, id, name, displayName: name }))
    .toSorted(byName),
];

const grantsOf = (organisation: Organisation, type: PrincipalType, id: string): ShownGrant[] => {
  const { accounts, permissionSets, assignments } = organisation;
  const shown = ({ account_id, permission_set_id }: Assignment): ShownGrant => ({
    key: [type, id, account_id, permission_set_id].join('/'),
    account: accounts.find((account) => account.id === account_id)?.name ?? account_id,
    permissionSet:
      permissionSets.find((set) => set.permission_set_id === permission_set_id)?.name ?? permission_set_id,
  });
  return assignments.filter((row) => row.principal_type === type && row.principal_id === id).map(shown);
};

const shownUser = (organisation: Organisation, id: string): ShownPrincipal | null => {
  const { users, groups, memberships, sessions } = organisation;
  const user = users.find((one) => one.user_id === id);
  if (user === undefined) return null;
  const mine = groups.filter(({ group_id }) =>
    memberships.some((one) => one.user_id === id && one.group_id === group_id),
  );
  return {
    type: 'USER',
    id,
    name: user.user_name,
    displayName: user.display_name,
    enabled: user.enabled,
    grants: grantsOf(organisation, 'USER', id),
    throughGroups: mine.flatMap(({ group_id, display_name: group }) =>
      grantsOf(organisation, 'GROUP', group_id).map((grant) => ({ ...grant, group })),
    ),
    memberships: mine.map(({ display_name }) => display_name),
    sessions: sessions
      .filter((one) => one.user_id === id)
      .map((one) => ({
        id: one.session_id,
        since: one.creation_time,
        until: one.session_not_valid_after,
        address: one.ip_address,
        agent: one.user_agent,
      })),
  };
};

const shownGroup = (organisation: Organisation, id: string): ShownPrincipal | null => {
  const { users, groups, memberships } = organisation;
  const group = groups.find((one) => one.group_id === id);
  if (group === undefined) return null;
  const members = memberships.filter((one) => one.group_id === id).map(({ user_id }) => user_id);
  return {
    type: 'GROUP',
    id,
    name: group.display_name,
    displayName: group.display_name,
    enabled: true,
    grants: grantsOf(organisation, 'GROUP', id),
    throughGroups: [],
    memberships: members.map((member) => users.find((one) => one.user_id === member)?.user_name ?? member),
    sessions: [],
  };
};

const shownPrincipal = (organisation: Organisation, principal: Look['principal']): ShownPrincipal | null => {
  switch (principal?.type) {
    case undefined:
      return null;
    case 'USER':
      return shownUser(organisation, principal.id);
    case 'GROUP':
      return shownGroup(organisation, principal.id);
  }
};

/** How somebody is authorized. Of a key nothing is told but that it is one: not even its id. */
const throughOf = ({ type, content }: Authorization): string =>
  type === 'agency' ? `agency ${content}` : 'access key';

const projectsOf = ({ projects, accounts, authorizations }: Organisation): ShownProject[] =>
  projects.map(({ id, name, account_id }) => ({
    id,
    name,
    account: accounts.find((account) => account.id === account_id)?.name ?? account_id,
    entries: authorizations
      .filter((row) => row.project_id === id)
      .map((row) => ({
        key: [id, row.user_id ?? 'federated', row.user_name].join('/'),
        user: row.user_name,
        through: throughOf(row),
      })),
  }));

const shownCall = (call: Call, number: number): ShownCall => ({
  number,
  at: call.at,
  method: call.method,
  path: call.path,
  operation: call.operation,
  status: call.status,
  ...(call.code === undefined ? {} : { code: call.code }),
  durationMs: call.durationMs,
  changes: call.effect === 'change',
  requestId: call.requestId,
});

/** The local cloud as a window shows it now. It only reads, and no secret of the cloud is in it. */
export const cloudScene = (cloud: LocalCloud, principal: Look['principal']): CloudScene => {
  const { organisation, calls } = cloud;
  const first = Math.max(0, calls.all.length - mostCalls);
  return {
    principals: principalsOf(organisation),
    principal: shownPrincipal(organisation, principal),
    projects: projectsOf(organisation),
    calls: calls.all.slice(first).map((call, index) => shownCall(call, first + index + 1)),
    callCount: calls.all.length,
  };
};
