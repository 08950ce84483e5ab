/** How much of something the sandbox does. Among methods, a key ending in `.*` stands for a whole family. */
export interface Coverage {
  readonly state: 'supported' | 'partial' | 'missing';
  readonly note: string;
}

const supported = (note: string): Coverage => ({ state: 'supported', note });
const partial = (note: string): Coverage => ({ state: 'partial', note });
const missing = (note: string): Coverage => ({ state: 'missing', note });

const family = (prefix: string, names: string, note: string): [string, Coverage][] =>
  names.split(' ').map((name) => [`${prefix}.${name}`, missing(note)]);

const answered: [string, Coverage][] = [
  ['api.test', supported('echoes its arguments; fails on request')],
  ['apps.connections.open', supported('single-use ticket, good for 60 s')],
  ['auth.test', supported('one installation, one workspace')],
  ['blocks.validate', partial('fault texts are those of the chat methods; one kind of constraint')],
  ['bookmarks.add', supported('links only, as in Slack')],
  ['chat.delete', supported('a parent with replies leaves a tombstone')],
  ['chat.getPermalink', supported('replies carry their thread')],
  ['chat.postEphemeral', supported('only to members of a channel the bot is in')],
  [
    'chat.postMessage',
    partial(
      'link_names, reply_broadcast, unfurling and markdown rendering have no effect; no block total limit',
    ),
  ],
  ['chat.update', supported('blocks that are left out stay')],
  ['conversations.history', supported('needs membership and the history scope of the kind')],
  ['conversations.info', supported('public and private channels, direct messages')],
  ['conversations.join', supported('public channels')],
  ['conversations.list', partial('no group direct messages')],
  ['conversations.members', supported('paged by cursor')],
  ['conversations.open', partial('direct messages with one person; no group direct messages')],
  ['conversations.replies', supported('takes the time stamp of the parent or of a reply')],
  ['files.completeUploadExternal', partial('shared at once, where Slack shares some time later')],
  ['files.getUploadURLExternal', supported('the upload must have the announced length')],
  ['pins.add', supported('100 a channel')],
  ['reactions.add', partial('any well-formed name is an emoji')],
  ['usergroups.list', supported('disabled groups on request')],
  ['usergroups.users.list', supported('disabled groups on request')],
  ['users.info', supported('e-mail only with users:read.email, never of strangers')],
  ['views.open', partial('a modal that is open is replaced without a view_closed')],
  ['views.publish', supported('per person, with hash')],
  ['views.push', supported('stack of three, trigger of that modal')],
  ['views.update', supported('by view_id or external_id, with hash')],
];

const unused = 'the bot does not call it';

/** Every method that the vendor's client knows, and how the sandbox answers it. */
export const coverage: Readonly<Record<string, Coverage>> = Object.fromEntries([
  ...answered,
  ...[
    'admin',
    'agents',
    'apps.manifest',
    'assistant',
    'calls',
    'canvases',
    'dnd',
    'files.remote',
    'functions',
  ]
    .concat(['oauth', 'openid', 'reminders', 'search', 'slackLists', 'stars', 'team', 'workflows'])
    .map((name): [string, Coverage] => [`${name}.*`, missing(unused)]),
  ...family('apps', 'event.authorizations.list uninstall user.connection.update', unused),
  ...family('auth', 'revoke teams.list', unused),
  ...family('bookmarks', 'edit list remove', unused),
  ...family('bots', 'info', unused),
  ...family(
    'chat',
    'appendStream deleteScheduledMessage meMessage scheduleMessage scheduledMessages.list',
    unused,
  ),
  ...family('chat', 'startStream stopStream unfurl', unused),
  ...family(
    'conversations',
    'acceptSharedInvite approveSharedInvite archive canvases.create close create',
    unused,
  ),
  ...family(
    'conversations',
    'declineSharedInvite externalInvitePermissions.set invite inviteShared kick',
    unused,
  ),
  ...family('conversations', 'leave listConnectInvites mark rename requestSharedInvite.approve', unused),
  ...family('conversations', 'requestSharedInvite.deny requestSharedInvite.list setPurpose setTopic', unused),
  ...family('conversations', 'unarchive', unused),
  ...family('dialog', 'open', 'superseded by views'),
  ...family('emoji', 'list', unused),
  ...family('entity', 'presentDetails', unused),
  ...family('files', 'comments.delete delete info list revokePublicURL sharedPublicURL', unused),
  ...family('migration', 'exchange', unused),
  ...family('pins', 'list remove', unused),
  ...family('reactions', 'get list remove', unused),
  ...family('rtm', 'connect', 'superseded by Socket Mode'),
  ...family('tooling', 'tokens.rotate', unused),
  ...family('usergroups', 'create disable enable update users.update', unused),
  ...family(
    'users',
    'conversations deletePhoto discoverableContacts.lookup getPresence identity list',
    unused,
  ),
  ...family('users', 'lookupByEmail profile.get profile.set setPhoto setPresence', unused),
]);
