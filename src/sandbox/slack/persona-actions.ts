import { type Block, elementsOf } from './blocks/block.ts';
import { offered } from './blocks/options.ts';
import { memberOf, stateFor } from './blocks/state.ts';
import type { StateValue } from './blocks/view.ts';
import type { Core } from './core.ts';
import type { Reply } from './delivery.ts';
import { entered, type InputValue, inputOf } from './inputs.ts';
import { isObject, type JsonObject, objectsOf } from './json.ts';
import { wireMessage } from './messages.ts';
import type { OpenView } from './modals.ts';
import { payloadBase } from './payloads.ts';
import { channelFor, offersKey, type PersonaContext } from './persona-context.ts';
import { CannotDo } from './refused.ts';
import type { StoredMessage } from './workspace.ts';

export interface ClickOptions {
  /** Deliver the same click this often (Slack's network, not the person, repeats it). */
  readonly times?: number;
  /** Answer to the element's confirm dialog; true when left out. */
  readonly confirm?: boolean;
  /** Which of several buttons with this action_id: its value. For menus and fields: what is chosen or entered. */
  readonly value?: InputValue;
  /** Which block, when the action_id stands in several. */
  readonly blockId?: string;
}

/** `cancelled`: the person said no in the confirm dialog, and the app heard nothing. */
export interface ActionResult {
  readonly outcome: 'ok' | 'timeout' | 'error' | 'cancelled';
}

const outcomeOf = (core: Core, reply: Reply): ActionResult => {
  if (reply.outcome === 'ok') return { outcome: 'ok' };
  if (reply.outcome === 'timeout') {
    core.troubles.push('Operation timed out. Apps need to respond within 3 seconds.');
    return { outcome: 'timeout' };
  }
  core.troubles.push(
    reply.outcome === 'status'
      ? `This app responded with Status Code ${reply.status}`
      : 'The app is not connected.',
  );
  return { outcome: 'error' };
};

interface Found {
  readonly block: Block;
  readonly element: JsonObject;
}

const findElement = (blocks: readonly Block[], actionId: string, options: ClickOptions): Found => {
  const all = blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element })));
  const fits = all.filter(
    ({ block, element }) =>
      element.action_id === actionId &&
      (options.blockId === undefined || block.block_id === options.blockId) &&
      (options.value === undefined || element.type !== 'button' || element.value === options.value),
  );
  const [found] = fits;
  if (found === undefined) {
    const there = all.map(({ element }) => String(element.action_id)).join(', ');
    throw new CannotDo(
      `there is nothing with the action_id ${actionId} to click; there are: ${there || 'none'}`,
    );
  }
  return found;
};

const actionOf = (
  core: Core,
  { block, element }: Found,
  state: StateValue | undefined,
  asked: boolean,
): JsonObject => {
  const { type, action_id, value, text, confirm } = element;
  const button = type === 'button' ? { text, ...(value === undefined ? {} : { value }) } : {};
  const { type: _type, ...content } = state ?? { type };
  return {
    type,
    block_id: block.block_id,
    action_id,
    action_ts: core.mint.ts(),
    ...button,
    ...content,
    ...(asked && confirm !== undefined ? { confirm } : {}),
  };
};

const stateOfClick = (
  { offers }: PersonaContext,
  place: string,
  { block, element }: Found,
  options: ClickOptions,
): StateValue | undefined => {
  if (element.type === 'button') return undefined;
  if (options.value === undefined) throw new CannotDo(`choose an option of ${String(element.action_id)}`);
  if (element.type === 'overflow') {
    const option = offered(element).find((one) => one.value === options.value);
    if (option === undefined)
      throw new CannotDo(`the option ${JSON.stringify(options.value)} is not offered`);
    return { type: 'overflow', selected_option: option };
  }
  return entered(element, options.value, choicesOf(offers, place, block, element));
};

/** All options of an element: its own, those that the app has offered here, and the one chosen at first. */
const choicesOf = (
  offers: PersonaContext['offers'],
  place: string,
  block: Block,
  element: JsonObject,
): JsonObject[] => [
  ...offered(element),
  ...(offers.get(offersKey(place, block.block_id, String(element.action_id))) ?? []),
  ...(isObject(element.initial_option) ? [element.initial_option] : []),
  ...objectsOf(element.initial_options),
];

export const messageFor = (context: PersonaContext, place: string, ts: string): StoredMessage => {
  const { core, user } = context;
  const channel = channelFor(context, place);
  const message =
    core.workspace.ephemerals.find((one) => one.ts === ts && one.ephemeral_to === user.id) ??
    channel.messages.find((one) => one.ts === ts);
  if (message === undefined) throw new CannotDo(`${user.realName} sees no message ${ts} in ${place}`);
  return message;
};

/** Clicks something on a message. The payload has a response_url; ephemeral messages are not in it. */
export const clickMessage = async (
  context: PersonaContext,
  place: string,
  ts: string,
  actionId: string,
  options: ClickOptions,
): Promise<ActionResult> => {
  const { core, dispatcher, user } = context;
  const message = messageFor(context, place, ts);
  const found = findElement(message.blocks, actionId, options);
  const state = stateOfClick(context, ts, found, options);
  if (found.element.confirm !== undefined && options.confirm === false) return { outcome: 'cancelled' };
  if (state !== undefined) enter(context, ts, found, state);
  const channel = channelFor(context, place);
  const isEphemeral = message.ephemeral_to !== undefined;
  const thread = message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts };
  const responsePath = core.responseUrls.mint({
    userId: user.id,
    channelId: channel.id,
    originalTs: ts,
    ...(message.thread_ts === undefined ? {} : { threadTs: message.thread_ts }),
  });
  const reply = await dispatcher.interact(
    {
      type: 'interactive',
      answerable: true,
      payload: {
        type: 'block_actions',
        ...payloadBase(core, user),
        container: {
          type: 'message',
          message_ts: ts,
          channel_id: channel.id,
          is_ephemeral: isEphemeral,
          ...thread,
        },
        channel: { id: channel.id, name: channel.kind === 'private' ? 'privategroup' : channel.name },
        ...(isEphemeral ? {} : { message: wireMessage(core, message, true) }),
        state: { values: stateFor(message.blocks, context.typed.get(ts)) },
        trigger_id: core.triggers.mint(user.id),
        response_url: `${core.baseUrl()}${responsePath}`,
        actions: [actionOf(core, found, state, true)],
      },
    },
    options.times,
  );
  return outcomeOf(core, reply);
};

const sendViewAction = async (
  { core, dispatcher, user }: PersonaContext,
  open: OpenView,
  action: JsonObject,
  times: number | undefined,
): Promise<ActionResult> => {
  const { view } = open;
  const reply = await dispatcher.interact(
    {
      type: 'interactive',
      answerable: true,
      payload: {
        type: 'block_actions',
        ...payloadBase(core, user),
        container: { type: 'view', view_id: view.id },
        view,
        trigger_id: core.triggers.mint(user.id, view.type === 'modal' ? view.id : undefined),
        actions: [action],
      },
    },
    times,
  );
  return outcomeOf(core, reply);
};

/** Presses a button or chooses from a menu in a modal or on the Home tab. */
export const pressInView = async (
  context: PersonaContext,
  open: OpenView,
  actionId: string,
  options: ClickOptions,
): Promise<ActionResult> => {
  const found = findElement(open.view.blocks, actionId, options);
  const state = stateOfClick(context, open.view.id, found, options);
  if (found.element.confirm !== undefined && options.confirm === false) return { outcome: 'cancelled' };
  if (state !== undefined && memberOf(found.element) !== undefined) setState(open, found, state);
  return sendViewAction(context, open, actionOf(context.core, found, state, true), options.times);
};

const setState = (open: OpenView, { block, element }: Found, state: StateValue): void => {
  const { values } = open.view.state;
  values[block.block_id] = { ...values[block.block_id], [String(element.action_id)]: state };
};

/** Sets an input; tells the app at once where the block asks for it (`dispatch_action`, or no input block). */
export const fillInput = async (
  context: PersonaContext,
  open: OpenView,
  found: Found,
  value: InputValue,
): Promise<void> => {
  const { block, element } = found;
  const state = entered(element, value, choicesOf(context.offers, open.view.id, block, element));
  setState(open, found, state);
  context.core.changed();
  if (block.type === 'input' && block.dispatch_action !== true) return;
  await sendViewAction(context, open, actionOf(context.core, found, state, false), undefined);
};

const enter = (context: PersonaContext, ts: string, { block, element }: Found, state: StateValue): void => {
  if (memberOf(element) === undefined) return;
  const values = context.typed.get(ts) ?? {};
  values[block.block_id] = { ...values[block.block_id], [String(element.action_id)]: state };
  context.typed.set(ts, values);
};

/** Sets a field of a message: the app hears of it with the next click, or at once with `dispatch_action`. */
export const fillOnMessage = async (
  context: PersonaContext,
  place: string,
  ts: string,
  blockId: string,
  value: InputValue,
): Promise<void> => {
  const { blocks } = messageFor(context, place, ts);
  const { block, element, actionId } = inputOf(blocks, blockId);
  if (block.dispatch_action === true) {
    await clickMessage(context, place, ts, actionId, { blockId, value });
    return;
  }
  const state = entered(element, value, choicesOf(context.offers, ts, block, element));
  enter(context, ts, { block, element }, state);
};
