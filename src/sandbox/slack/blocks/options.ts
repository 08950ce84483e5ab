import { isObject, objectsOf } from '../json.ts';
import { type Check, list, may, need, rule, shape, text } from './checks.ts';
import { anyText, plain } from './texts.ts';

const optionOf = (label: Check): Check =>
  shape({
    text: need(label),
    value: need(text(150)),
    description: may(label),
    url: may(text(3000)),
  });

/** An option of a select or overflow menu: plain text of 75, value of 150. */
export const option = optionOf(plain(75));

/** An option of checkboxes and radio buttons, where mrkdwn is allowed. */
export const markedOption = optionOf(anyText(75));

export const optionGroup: Check = shape({ label: need(plain(75)), options: need(list(option, 100)) });

/** The options and the groups' options of an element or an answer. */
export const offered = (element: Record<string, unknown>): Record<string, unknown>[] => [
  ...objectsOf(element.options),
  ...objectsOf(element.option_groups).flatMap((group) => objectsOf(group.options)),
];

/** Exactly one of `options` and `option_groups`. */
export const optionsOrGroups: Check = rule((element) => {
  if (element.options === undefined && element.option_groups === undefined) {
    return 'missing required field: options';
  }
  return element.options !== undefined && element.option_groups !== undefined
    ? 'failed to match all allowed schemas'
    : undefined;
});

const key = (value: unknown): unknown =>
  isObject(value) && isObject(value.text) ? JSON.stringify([value.text.text, value.value]) : undefined;

/** What is chosen at first must be among what is offered. */
export const initialIsOffered: Check = rule((element) => {
  const keys = new Set(offered(element).map(key));
  const initial = element.initial_option === undefined ? [] : [element.initial_option];
  const chosen = [...initial, ...objectsOf(element.initial_options)];
  return chosen.every((one) => keys.has(key(one))) ? undefined : 'failed to match all allowed schemas';
});
