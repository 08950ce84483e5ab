import { type Block, storedBlocks } from './blocks/block.ts';
import { faultText, messageFaults } from './blocks/view-check.ts';
import type { Core } from './core.ts';
import { isObject, type JsonObject, objectsOf, parseJson } from './json.ts';
import { linkAddresses } from './mrkdwn.ts';
import { Refused } from './refused.ts';
import { SEED } from './seed.ts';
import type { Channel, MessageMetadata, StoredMessage } from './workspace.ts';

/** Characters after which chat.postMessage cuts `text`. */
const MAX_TEXT = 40_000;
/** Bytes of metadata; Slack's limit is not published. */
const MAX_METADATA = 16_000;
const BLOCKS_ONLY_TEXT = "This content can't be displayed.";

/** What a message says, checked and in stored form. */
export interface Content {
  readonly text: string;
  readonly blocks: Block[] | undefined;
  readonly attachments: JsonObject[] | undefined;
  readonly truncated: boolean;
}

/** An argument that may be a JSON value or its text. `undefined` when the text is no JSON. */
export const jsonArgument = (value: unknown): unknown =>
  typeof value === 'string' ? parseJson(value) : value;

/** Blocks of an argument, checked. Throws Refused invalid_blocks_format or invalid_blocks with every fault. */
const readBlocks = (argument: unknown, core: Core): Block[] | undefined => {
  if (argument === undefined || argument === null || argument === '') return undefined;
  const value = jsonArgument(argument);
  if (value === undefined) throw new Refused('invalid_blocks_format');
  if (Array.isArray(value) && value.length === 0) return [];
  const errors = messageFaults(value, '/blocks').map(faultText);
  if (errors.length > 0) {
    const messages = errors.map((error) => `[ERROR] ${error}`);
    throw new Refused('invalid_blocks', { errors, response_metadata: { messages } });
  }
  return storedBlocks(value, () => core.mint.id('b'));
};

/**
 * Reads text, blocks and attachments of a message body. Throws Refused no_text when there is nothing to show.
 * @param body arguments of a chat method, body of a response_url or of an acknowledgement
 */
export const readContent = (body: JsonObject, core: Core): Content => {
  const blocks = readBlocks(body.blocks, core);
  const attachments = body.attachments === undefined ? undefined : objectsOf(jsonArgument(body.attachments));
  if ((attachments?.length ?? 0) > 100) throw new Refused('too_many_attachments');
  const given = typeof body.text === 'string' ? body.text : '';
  const empty = (blocks?.length ?? 0) === 0 && (attachments?.length ?? 0) === 0;
  if (given.trim() === '' && empty) throw new Refused('no_text');
  const linked = body.parse === 'none' ? given : linkAddresses(given);
  const text = given === '' ? BLOCKS_ONLY_TEXT : linked.slice(0, MAX_TEXT);
  return { text, blocks, attachments, truncated: given.length > MAX_TEXT };
};

/** Message metadata of an argument; `undefined` when absent, `null` when it asks for removal (`{}`). */
export const readMetadata = (argument: unknown): MessageMetadata | null | undefined => {
  if (argument === undefined) return undefined;
  const value = jsonArgument(argument);
  if (!isObject(value)) throw new Refused('invalid_metadata_format');
  if (Object.keys(value).length === 0) return null;
  const { event_type, event_payload } = value;
  if (typeof event_type !== 'string' || event_type === '' || !isObject(event_payload)) {
    throw new Refused('invalid_metadata_schema');
  }
  if (Object.values(event_payload).some((member) => isObject(member)))
    throw new Refused('invalid_metadata_schema');
  if (JSON.stringify(value).length > MAX_METADATA) throw new Refused('metadata_too_large');
  return { event_type, event_payload };
};

/** A message by the app, not yet stored anywhere. */
export const appMessage = (
  core: Core,
  channel: Channel,
  content: Content,
  thread?: string,
): StoredMessage => ({
  type: 'message',
  channel: channel.id,
  ts: core.mint.ts(),
  user: SEED.users.bot,
  text: content.text,
  blocks: content.blocks ?? [],
  attachments: content.attachments ?? [],
  team: core.workspace.teamId,
  bot_id: SEED.bot,
  app_id: SEED.app,
  reactions: [],
  files: [],
  ...(thread === undefined ? {} : { thread_ts: thread }),
});

/** A line by Slackbot that only one person sees. */
export const slackbotSays = (core: Core, channel: Channel, userId: string, text: string): StoredMessage => {
  const message: StoredMessage = {
    type: 'message',
    channel: channel.id,
    ts: core.mint.ts(),
    user: 'USLACKBOT',
    text,
    blocks: [],
    attachments: [],
    team: core.workspace.teamId,
    reactions: [],
    files: [],
    ephemeral_to: userId,
  };
  core.workspace.ephemerals.push(message);
  core.troubles.push(text);
  core.changed();
  return message;
};

/** A message as the Web API and payloads show it. */
export const wireMessage = (core: Core, message: StoredMessage, withMetadata: boolean): JsonObject => {
  const { channel, ephemeral_to: _who, metadata, files, reactions, attachments, ...rest } = message;
  const replies = core.workspace.channels
    .get(channel)
    ?.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
  return {
    ...rest,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(reactions.length === 0
      ? {}
      : { reactions: reactions.map((one) => ({ ...one, count: one.users.length })) }),
    ...(files.length === 0 ? {} : { files: files.map((id) => ({ id })) }),
    ...(metadata === undefined || !withMetadata ? {} : { metadata }),
    ...(replies === undefined || replies.length === 0
      ? {}
      : { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts }),
    ...(message.bot_id === undefined
      ? {}
      : {
          bot_profile: {
            id: SEED.bot,
            app_id: SEED.app,
            name: 'Portcullis',
            deleted: false,
            team_id: SEED.team,
          },
        }),
  };
};
