import type { Block } from './blocks/block.ts';
import { type Check, type Inspection, list, may, rule, shape } from './blocks/checks.ts';
import { offered, option, optionGroup } from './blocks/options.ts';
import { faultText } from './blocks/view-check.ts';
import { inputOf } from './inputs.ts';
import { copyOf, type JsonObject, textOf } from './json.ts';
import { wireMessage } from './messages.ts';
import type { OpenView } from './modals.ts';
import { payloadBase } from './payloads.ts';
import { messageFor } from './persona-actions.ts';
import { channelFor, offersKey, type PersonaContext } from './persona-context.ts';
import { CannotDo } from './refused.ts';

/** At most 100 options (reference 2.5). */
const answer: Check = shape({
  options: may(list(option, 100, 0)),
  option_groups: may(list(optionGroup, 100, 0)),
});
const oneOfBoth: Check = rule((value) =>
  (value.options === undefined) === (value.option_groups === undefined)
    ? 'failed to match all allowed schemas'
    : undefined,
);

const answerFaults = (body: unknown): string[] => {
  const inspection: Inspection = { surface: 'modal', faults: [] };
  answer(body, '', inspection);
  oneOfBoth(body, '', inspection);
  return inspection.faults.map(faultText);
};

/** Where a menu stands: its blocks, and how the payload names the place. */
export interface MenuPlace {
  /** Id of the view, or time stamp of the message. */
  readonly id: string;
  readonly blocks: readonly Block[];
  readonly payload: JsonObject;
}

/** A view as a place of menus: the payload's state is as old as the last open or update. */
export const viewPlace = (open: OpenView): MenuPlace => {
  const view = copyOf(open.view);
  view.state.values = copyOf(open.known);
  return {
    id: view.id,
    blocks: view.blocks,
    payload: { container: { type: 'view', view_id: view.id }, view },
  };
};

/** A message as a place of menus. */
export const messagePlace = (context: PersonaContext, place: string, ts: string): MenuPlace => {
  const message = messageFor(context, place, ts);
  const { id, name } = channelFor(context, place);
  const container = {
    type: 'message',
    message_ts: ts,
    channel_id: id,
    is_ephemeral: message.ephemeral_to !== undefined,
  };
  return {
    id: ts,
    blocks: message.blocks,
    payload: { container, channel: { id, name }, message: wireMessage(context.core, message, true) },
  };
};

/**
 * Types into a menu and reads what it offers. An external one asks the app, from min_query_length characters on.
 * A bad answer shows an empty menu.
 * @param wanted action_id, when a block has several menus
 */
export const suggestOptions = async (
  { core, dispatcher, user, offers }: PersonaContext,
  place: MenuPlace,
  blockId: string,
  text: string,
  wanted?: string,
): Promise<JsonObject[]> => {
  const { element, actionId } = inputOf(place.blocks, blockId, wanted);
  const type = String(element.type);
  if (!type.endsWith('external_select')) {
    if (!type.endsWith('static_select')) throw new CannotDo(`${blockId} is no menu with options`);
    const typed = text.toLowerCase();
    return offered(element).filter((one) => JSON.stringify(one.text).toLowerCase().includes(typed));
  }
  const minimum = typeof element.min_query_length === 'number' ? element.min_query_length : 3;
  if (text.length < minimum) return [];
  const reply = await dispatcher.interact({
    type: 'interactive',
    answerable: true,
    payload: {
      type: 'block_suggestion',
      ...payloadBase(core, user),
      ...place.payload,
      action_id: actionId,
      block_id: blockId,
      value: text,
    },
  });
  const faults = reply.outcome === 'ok' ? answerFaults(reply.body) : [`outcome ${reply.outcome}`];
  if (faults.length > 0 || reply.outcome !== 'ok') {
    core.troubles.push(`the menu ${blockId} shows no results: ${faults.join('; ')}`);
    core.changed();
    return [];
  }
  const found = offered(Object(reply.body));
  const key = offersKey(place.id, blockId, actionId);
  offers.set(key, [...(offers.get(key) ?? []), ...found]);
  return found.filter((one) => textOf(one.value) !== '');
};
