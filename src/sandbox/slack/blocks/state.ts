import type { JsonObject } from '../json.ts';
import { type Block, elementsOf } from './block.ts';
import { offered } from './options.ts';
import type { StateValue, StateValues } from './view.ts';

/** Member of the state value that holds the choice, and the element's member for the value at first. */
const holders: Record<string, { member: string; initial: string; empty: unknown }> = {
  plain_text_input: { member: 'value', initial: 'initial_value', empty: null },
  number_input: { member: 'value', initial: 'initial_value', empty: null },
  email_text_input: { member: 'value', initial: 'initial_value', empty: null },
  url_text_input: { member: 'value', initial: 'initial_value', empty: null },
  rich_text_input: { member: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: { member: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { member: 'selected_option', initial: 'initial_option', empty: null },
  radio_buttons: { member: 'selected_option', initial: 'initial_option', empty: null },
  users_select: { member: 'selected_user', initial: 'initial_user', empty: null },
  conversations_select: { member: 'selected_conversation', initial: 'initial_conversation', empty: null },
  channels_select: { member: 'selected_channel', initial: 'initial_channel', empty: null },
  multi_static_select: { member: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { member: 'selected_options', initial: 'initial_options', empty: [] },
  multi_users_select: { member: 'selected_users', initial: 'initial_users', empty: [] },
  multi_conversations_select: {
    member: 'selected_conversations',
    initial: 'initial_conversations',
    empty: [],
  },
  multi_channels_select: { member: 'selected_channels', initial: 'initial_channels', empty: [] },
  checkboxes: { member: 'selected_options', initial: 'initial_options', empty: [] },
  datepicker: { member: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { member: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { member: 'selected_date_time', initial: 'initial_date_time', empty: null },
  file_input: { member: 'files', initial: 'none', empty: [] },
};

/** Member of an element's state that holds its value (`value`, `selected_option`, ...); undefined for buttons. */
export const memberOf = (element: JsonObject): string | undefined => holders[String(element.type)]?.member;

const initialValue = (element: JsonObject): StateValue | undefined => {
  const holder = holders[String(element.type)];
  if (holder === undefined) return undefined;
  return { type: String(element.type), [holder.member]: element[holder.initial] ?? holder.empty };
};

const stillOffered = (element: JsonObject, value: StateValue): boolean => {
  if (element.type !== 'static_select' && element.type !== 'radio_buttons') return true;
  const chosen = value.selected_option;
  return (
    chosen === null || offered(element).some((option) => JSON.stringify(option) === JSON.stringify(chosen))
  );
};

/**
 * The inputs' values of a list of blocks: what was typed before is kept where block_id, action_id and type are
 * unchanged; everything else starts from the element's initial value.
 */
export const stateFor = (blocks: readonly Block[], before: StateValues = {}): StateValues => {
  const values: StateValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const initial = initialValue(element);
      if (initial === undefined) continue;
      const actionId = String(element.action_id);
      const kept = before[block.block_id]?.[actionId];
      const keep = kept !== undefined && kept.type === initial.type && stillOffered(element, kept);
      values[block.block_id] = { ...values[block.block_id], [actionId]: keep ? kept : initial };
    }
  }
  return values;
};
