import type { ShownPrincipal } from '../../wire.ts';
import { Grants } from './grants.tsx';
import { Sessions } from './sessions.tsx';

const ownGrants = { one: 'grant', many: 'grants' };
const groupGrants = { one: 'grant through groups', many: 'grants through groups' };

const Names = ({ title, names, none }: { title: string; names: readonly string[]; none: string }) => (
  <>
    <h4>{title}</h4>
    {names.length === 0 ? (
      <p class="cloud-none">{none}</p>
    ) : (
      <ul class="cloud-names">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    )}
  </>
);

const User = ({ user }: { user: ShownPrincipal }) => (
  <>
    <dl class="cloud-facts">
      <dt>Name</dt>
      <dd>{user.displayName}</dd>
      <dt>User name</dt>
      <dd>{user.name}</dd>
      <dt>Sign-in</dt>
      <dd>{user.enabled ? 'Enabled' : 'Disabled'}</dd>
    </dl>
    <Grants title="Grants" noun={ownGrants} grants={user.grants} none="No grant of their own." />
    <Grants
      title="Through groups"
      noun={groupGrants}
      grants={user.throughGroups}
      none="No grant through a group."
    />
    <Names title="Groups" names={user.memberships} none="In no group." />
    <Sessions sessions={user.sessions} />
  </>
);

const Group = ({ group }: { group: ShownPrincipal }) => (
  <>
    <dl class="cloud-facts">
      <dt>Group</dt>
      <dd>{group.name}</dd>
    </dl>
    <Grants title="Grants" noun={ownGrants} grants={group.grants} none="The group has no grant." />
    <Names title="Members" names={group.memberships} none="The group has no members." />
  </>
);

/** One user or group with everything that they can do now. */
export const Principal = ({ principal }: { principal: ShownPrincipal }) => {
  switch (principal.type) {
    case 'USER':
      return <User user={principal} />;
    case 'GROUP':
      return <Group group={principal} />;
  }
};
