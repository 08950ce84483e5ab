import type { Channel, User, UserGroup, Workspace } from './workspace.ts';

/** Fixed ids of the sandbox's workspace. The credentials are made up and open nothing. */
export const SEED = {
  team: 'T0ACME0001',
  otherTeam: 'T0OTHER001',
  app: 'A0PORTCULL',
  otherApp: 'A0ELSEWHER',
  bot: 'B0PORTCULL',
  botToken: 'xoxb-sandbox-not-a-real-token',
  appToken: 'xapp-1-A0PORTCULL-1-sandbox-not-a-real-token',
  signingSecret: 'sandbox-signing-secret-not-real',
  users: {
    alice: 'U0ALICE001',
    bob: 'U0BOB00001',
    carol: 'U0CAROL001',
    oscar: 'U0OSCAR001',
    grace: 'U0GRACE001',
    mallory: 'U0MALLORY1',
    sven: 'U0STRANGER',
    bot: 'U0PORTBOT1',
  },
  groups: { responders: 'S0RESPOND1', approvers: 'S0APPROVE1' },
  channels: {
    incident: 'C0INC04201',
    audit: 'C0AUDIT001',
    general: 'C0GENERAL1',
    secret: 'C0SECRET01',
    archived: 'C0OLDINC01',
    shared: 'C0SHARED01',
  },
} as const;

const member = (id: string, name: string, realName: string, over: Partial<User> = {}): User => ({
  id,
  teamId: SEED.team,
  name,
  realName,
  email: `${name}@example.com`,
  isRestricted: false,
  isUltraRestricted: false,
  isBot: false,
  isStranger: false,
  deleted: false,
  ...over,
});

const room = (id: string, name: string, members: string[], over: Partial<Channel> = {}): Channel => ({
  id,
  name,
  kind: 'public',
  isArchived: false,
  isGeneral: false,
  isExtShared: false,
  members,
  messages: [],
  pins: [],
  bookmarks: [],
  ...over,
});

const group = (id: string, handle: string, name: string, users: string[]): UserGroup => ({
  id,
  handle,
  name,
  users,
  disabled: false,
});

const byId = <T extends { readonly id: string }>(items: T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));

/** A fresh workspace `Acme`: people, groups and channels for every story; no message yet. */
export const seedWorkspace = (): Workspace => {
  const { alice, bob, carol, oscar, grace, mallory, sven, bot } = SEED.users;
  const people = [alice, bob, carol, oscar, mallory];
  return {
    teamId: SEED.team,
    teamName: 'Acme',
    domain: 'acme-sandbox',
    users: byId([
      member(alice, 'alice', 'Alice Moreau'),
      member(bob, 'bob', 'Bob Lindqvist'),
      member(carol, 'carol', 'Carol Adeyemi'),
      member(oscar, 'oscar', 'Oscar Lind'),
      member(grace, 'grace', 'Grace Guest', { isRestricted: true }),
      member(mallory, 'mallory', 'Mallory Finch'),
      member(sven, 'sven', 'Sven Stranger', {
        teamId: SEED.otherTeam,
        email: 'sven@other.example',
        isStranger: true,
      }),
      member(bot, 'portcullis', 'Portcullis', { email: '', isBot: true }),
    ]),
    userGroups: byId([
      group(SEED.groups.responders, 'responders', 'Incident responders', [alice, bob]),
      group(SEED.groups.approvers, 'approvers', 'Revocation approvers', [bob, carol]),
    ]),
    channels: byId([
      room(SEED.channels.incident, 'inc-042', [...people, grace, bot]),
      room(SEED.channels.audit, 'security-audit', [...people, bot]),
      room(SEED.channels.general, 'general', people, { isGeneral: true }),
      room(SEED.channels.secret, 'secret-room', [alice, bob], { kind: 'private' }),
      room(SEED.channels.archived, 'inc-001', [alice, bob, bot], { isArchived: true }),
      room(SEED.channels.shared, 'with-partner', [...people, sven, bot], { isExtShared: true }),
    ]),
    ephemerals: [],
    files: new Map(),
  };
};
