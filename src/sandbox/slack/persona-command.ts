import type { Reply } from './delivery.ts';
import { isObject } from './json.ts';
import { appMessage, slackbotSays } from './messages.ts';
import { escapeTyped } from './mrkdwn.ts';
import { channelName, VERIFICATION_TOKEN } from './payloads.ts';
import { channelFor, type PersonaContext } from './persona-context.ts';
import { CannotDo, Refused } from './refused.ts';
import { respond } from './responses.ts';
import { SEED } from './seed.ts';
import { type Channel, findChannel, type StoredMessage, type Workspace } from './workspace.ts';

/** `refused`: Slack itself said no, and the app heard nothing; `error`: the app answered with an error. */
export interface CommandResult {
  readonly outcome: 'ok' | 'timeout' | 'dispatch_failed' | 'error' | 'refused';
  /** What the acknowledgement, or Slackbot, showed. */
  readonly response?: StoredMessage;
}

/** Mentions, channels and addresses in a typed text, as `should_escape: true` sends them (reference 2.1). */
const encodeTyped = (workspace: Workspace, text: string): string =>
  text
    .split(/(https?:\/\/\S+|[@#][\w.-]+)/)
    .map((part) => {
      if (/^https?:/.test(part)) return `<${part}>`;
      const name = part.slice(1);
      if (part.startsWith('@')) {
        const user = [...workspace.users.values()].find((one) => one.name === name);
        if (user !== undefined) return `<@${user.id}|${user.name}>`;
        const group = [...workspace.userGroups.values()].find((one) => one.handle === name);
        if (group !== undefined) return `<!subteam^${group.id}|@${group.handle}>`;
      }
      if (part.startsWith('#')) {
        const channel = findChannel(workspace, part);
        if (channel !== undefined) return `<#${channel.id}|${channel.kind === 'public' ? channel.name : ''}>`;
      }
      return escapeTyped(part);
    })
    .join('');

const answered = (context: PersonaContext, channel: Channel, line: string, reply: Reply): CommandResult => {
  const { core, user } = context;
  const [command = ''] = line.split(' ');
  const say = (text: string) => slackbotSays(core, channel, user.id, text);
  if (reply.outcome === 'timeout') {
    const advice = 'Please try again or contact the app developer.';
    return {
      outcome: 'timeout',
      response: say(`${command} failed because the app did not respond. ${advice}`),
    };
  }
  if (reply.outcome === 'unreachable') {
    return {
      outcome: 'dispatch_failed',
      response: say(`${command} failed with the error "dispatch_failed"`),
    };
  }
  if (reply.outcome === 'status') {
    const text = `${command} failed with the error "http_service_error" (${reply.status})`;
    return { outcome: 'error', response: say(text) };
  }
  if (reply.body === undefined) return { outcome: 'ok' };
  const body = isObject(reply.body) ? reply.body : { text: typeof reply.body === 'string' ? reply.body : '' };
  try {
    if (body.response_type === 'in_channel') {
      const typed = appMessage(core, channel, { text: line, blocks: [], attachments: [], truncated: false });
      const { bot_id: _bot, app_id: _app, ...own } = typed;
      channel.messages.push({ ...own, user: user.id });
    }
    const response = respond(core, { userId: user.id, channelId: channel.id }, body);
    return response === undefined ? { outcome: 'ok' } : { outcome: 'ok', response };
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return { outcome: 'error', response: say(`${command} failed with the error "${fault.code}"`) };
  }
};

/** Types a slash command into a channel's message field. */
export const typeCommand = async (
  context: PersonaContext,
  place: string,
  line: string,
): Promise<CommandResult> => {
  const { core, dispatcher, user } = context;
  const channel = channelFor(context, place);
  if (channel.isArchived) throw new CannotDo(`${place} is archived: there is no message field`);
  if (!channel.members.includes(user.id)) throw new CannotDo(`${user.realName} is not a member of ${place}`);
  const [name = '', ...rest] = line.split(' ');
  const command = core.manifest.features.slash_commands.find((one) => one.command === name);
  if (command === undefined || user.isStranger || user.deleted) {
    const text = `${name} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`;
    return { outcome: 'refused', response: slackbotSays(core, channel, user.id, text) };
  }
  const typed = rest.join(' ');
  const responsePath = core.responseUrls.mint({ userId: user.id, channelId: channel.id });
  const reply = await dispatcher.interact({
    type: 'slash_commands',
    answerable: true,
    payload: {
      token: VERIFICATION_TOKEN,
      team_id: core.workspace.teamId,
      team_domain: core.workspace.domain,
      is_enterprise_install: 'false',
      channel_id: channel.id,
      channel_name: channelName(channel),
      user_id: user.id,
      user_name: user.name,
      command: name,
      text: command.should_escape ? encodeTyped(core.workspace, typed) : escapeTyped(typed),
      api_app_id: SEED.app,
      response_url: `${core.baseUrl()}${responsePath}`,
      trigger_id: core.triggers.mint(user.id),
    },
  });
  return answered(context, channel, line, reply);
};

/** A message of the person's own, which the app can neither edit nor delete. */
export const postAsPerson = (context: PersonaContext, place: string, text: string): StoredMessage => {
  const { core, user } = context;
  const channel = channelFor(context, place);
  const content = { text: escapeTyped(text), blocks: [], attachments: [], truncated: false };
  const { bot_id: _bot, app_id: _app, ...own } = appMessage(core, channel, content);
  const message: StoredMessage = { ...own, user: user.id };
  channel.messages.push(message);
  core.changed();
  return message;
};
