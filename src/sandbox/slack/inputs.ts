import { type Block, elementsOf } from './blocks/block.ts';
import { memberOf } from './blocks/state.ts';
import type { StateValue, StateValues } from './blocks/view.ts';
import { isObject, type JsonObject } from './json.ts';
import { CannotDo } from './refused.ts';

/** What a person can put into an input: typed text, an option or its value, ids, or nothing. */
export type InputValue = string | number | JsonObject | readonly (string | JsonObject)[] | null;

export interface FoundInput {
  readonly block: Block;
  readonly element: JsonObject;
  readonly actionId: string;
}

/**
 * The input of a block: the one with this action_id, else the first. Throws CannotDo with the blocks that are there.
 */
export const inputOf = (blocks: readonly Block[], blockId: string, wanted?: string): FoundInput => {
  const block = blocks.find((one) => one.block_id === blockId);
  const inputs = block === undefined ? [] : elementsOf(block).filter((one) => memberOf(one) !== undefined);
  const element = inputs.find((one) => wanted === undefined || one.action_id === wanted);
  if (block === undefined || element === undefined) {
    const there = blocks.map((one) => one.block_id).join(', ');
    throw new CannotDo(`there is no input ${blockId}; the blocks: ${there}`);
  }
  return { block, element, actionId: String(element.action_id) };
};

const chosen = (value: string | JsonObject, options: readonly JsonObject[]): JsonObject => {
  const wanted = isObject(value) ? value.value : value;
  const found = options.find((one) => one.value === wanted);
  if (found === undefined) {
    const there = options.map((one) => String(one.value)).join(', ');
    throw new CannotDo(`the option ${String(wanted)} is not offered; offered: ${there || 'none'}`);
  }
  return found;
};

const listOf = (value: InputValue): readonly (string | JsonObject)[] => {
  if (value === null) return [];
  if (typeof value === 'string' || isObject(value)) return [value];
  if (typeof value === 'number') throw new CannotDo('a list was expected');
  return value;
};

/**
 * The state value for what a person enters. Throws CannotDo for what the client would not let them enter.
 * @param options what is offered by a menu, checkboxes or radio buttons
 */
export const entered = (
  element: JsonObject,
  value: InputValue,
  options: readonly JsonObject[],
): StateValue => {
  const type = String(element.type);
  const member = memberOf(element);
  if (member === undefined) throw new CannotDo(`${type} takes no value`);
  const set = (content: unknown): StateValue => ({ type, [member]: content });
  if (member === 'selected_options') return set(listOf(value).map((one) => chosen(one, options)));
  if (Array.isArray(value) || /^(multi_|file_input)/.test(type)) return set([...listOf(value)]);
  if (value === null) return set(null);
  if (member === 'selected_option') {
    if (typeof value !== 'string' && !isObject(value)) throw new CannotDo('an option was expected');
    return set(chosen(value, options));
  }
  if (type.endsWith('_input') && typeof value === 'string') {
    const max = typeof element.max_length === 'number' ? element.max_length : 3000;
    if (value.length > max) throw new CannotDo(`the field takes no more than ${max} characters`);
    return set(value === '' ? null : value);
  }
  return set(value);
};

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const formFault = (element: JsonObject, text: string): string | undefined => {
  if (typeof element.min_length === 'number' && text.length < element.min_length) {
    return `Please enter at least ${element.min_length} characters`;
  }
  if (element.type === 'email_text_input' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) {
    return 'Please enter a valid email address';
  }
  if (element.type === 'url_text_input' && !/^https?:\/\/\S+$/.test(text)) return 'Please enter a valid URL';
  if (element.type !== 'number_input') return undefined;
  if (!(element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(text)) {
    return 'Please enter a valid number';
  }
  const tooSmall = typeof element.min_value === 'string' && Number(text) < Number(element.min_value);
  const tooBig = typeof element.max_value === 'string' && Number(text) > Number(element.max_value);
  return tooSmall || tooBig ? 'Please enter a number within the range' : undefined;
};

/** What the client holds against a form before it tells the app: block_id → words. */
export const clientFaults = (blocks: readonly Block[], values: StateValues): Record<string, string> => {
  const faults: Record<string, string> = {};
  for (const block of blocks.filter((one) => one.type === 'input')) {
    for (const element of elementsOf(block)) {
      const value = values[block.block_id]?.[String(element.action_id)]?.[memberOf(element) ?? ''];
      const fault = typeof value === 'string' && value !== '' ? formFault(element, value) : undefined;
      if (isEmpty(value) && block.optional !== true)
        faults[block.block_id] = 'Please complete this required field.';
      else if (fault !== undefined) faults[block.block_id] = fault;
    }
  }
  return faults;
};
