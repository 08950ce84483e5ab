import type { LocalSlack } from '../slack/local-slack.ts';
import { canSee } from '../slack/persona-context.ts';
import { SEED } from '../slack/seed.ts';
import {
  type Channel,
  dmOf,
  type StoredFile,
  type StoredMessage,
  type User,
  type Workspace,
} from '../slack/workspace.ts';
import type { Place, ShownFile, ShownMessage, ShownPerson, SlackScene } from '../wire.ts';

/** Messages of a channel that a window shows; older ones are there no more than in a client that was not scrolled. */
const newest = 300;

/** Characters of a file that a window shows. */
const fileLength = 200_000;

const { alice, bob, carol, oscar, grace } = SEED.users;

const roles: ReadonlyMap<string, string> = new Map([
  [alice, 'requester'],
  [bob, 'approver 1'],
  [carol, 'approver 2'],
  [oscar, 'outsider'],
  [grace, 'guest'],
]);

/** The person who is played under this handle; Alice, when nobody is. */
export const personaNamed = ({ workspace }: LocalSlack, handle: string): string =>
  [...roles.keys()].find((id) => workspace.users.get(id)?.name === handle) ?? alice;

const shownFile = ({ id, name, content }: StoredFile): ShownFile => {
  const text = content?.toString('utf8').replace(/^\ufeff/, '') ?? '';
  return { id, name, text: text.slice(0, fileLength), leftOut: Math.max(0, text.length - fileLength) };
};

const shownMessage = ({ files }: Workspace, message: StoredMessage): ShownMessage => ({
  ts: message.ts,
  user: message.user,
  isApp: message.bot_id !== undefined,
  text: message.text,
  blocks: message.blocks,
  files: message.files.flatMap((id) => files.get(id) ?? []).map(shownFile),
  edited: message.edited !== undefined,
  onlyYou: message.ephemeral_to !== undefined,
  ...(message.thread_ts !== undefined && message.thread_ts !== message.ts && { thread: message.thread_ts }),
  ...(message.metadata && { metadata: message.metadata }),
});

const place = (slack: LocalSlack, channel: Channel, user: User): Place => {
  const own = slack.workspace.ephemerals.filter(
    (one) => one.channel === channel.id && one.ephemeral_to === user.id,
  );
  const all = [...channel.messages, ...own].toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
  return {
    id: channel.id,
    name: channel.kind === 'im' ? 'Portcullis' : channel.name,
    kind: channel.kind,
    isArchived: channel.isArchived,
    isMember: channel.members.includes(user.id),
    isShared: channel.isExtShared,
    messages: all.slice(-newest).map((message) => shownMessage(slack.workspace, message)),
  };
};

const places = (slack: LocalSlack, user: User): Place[] => {
  const channels = [...slack.workspace.channels.values()].filter(
    (channel) => channel.kind !== 'im' && canSee(channel, user),
  );
  const direct = dmOf(slack.workspace, user.id, SEED.users.bot);
  return [...channels, ...(direct ? [direct] : [])].map((channel) => place(slack, channel, user));
};

const named = <T extends { readonly id: string }>(
  items: ReadonlyMap<string, T>,
  name: (item: T) => string,
): Record<string, string> => Object.fromEntries([...items.values()].map((item) => [item.id, name(item)]));

const personas = (slack: LocalSlack): ShownPerson[] =>
  [...roles].flatMap(([id, role]) => {
    const user = slack.workspace.users.get(id);
    return user === undefined ? [] : [{ id, name: user.realName, handle: user.name, role }];
  });

/**
 * The workspace as one person sees it now.
 * @throws CannotDo when there is no such person
 */
export const slackScene = (slack: LocalSlack, userId: string): SlackScene => {
  const persona = slack.as(userId);
  const { workspace, manifest } = slack;
  return {
    me: userId,
    workspace: workspace.teamName,
    domain: workspace.domain,
    personas: personas(slack),
    names: {
      users: { ...named(workspace.users, (user) => user.realName), USLACKBOT: 'Slackbot' },
      groups: named(workspace.userGroups, (group) => group.handle),
      channels: named(workspace.channels, (channel) => channel.name),
    },
    commands: manifest.features.slash_commands.map(({ command, description, usage_hint = '' }) => ({
      command,
      description,
      hint: usage_hint,
    })),
    places: places(slack, persona.user),
    modal: persona.view() ?? null,
    depth: persona.depth(),
    home: persona.home() ?? null,
    homeEnabled: manifest.features.app_home.home_tab_enabled,
  };
};
