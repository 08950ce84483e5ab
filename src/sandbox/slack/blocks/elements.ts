import {
  all,
  byType,
  type Check,
  flag,
  list,
  may,
  need,
  oneOf,
  pattern,
  rule,
  shape,
  text,
  whole,
} from './checks.ts';
import { initialIsOffered, markedOption, option, optionGroup, optionsOrGroups } from './options.ts';
import { richTextElements } from './rich-text.ts';
import { anyText, confirm, plain } from './texts.ts';

const many = Number.MAX_SAFE_INTEGER;
const id = may(text(255));
const placeholder = may(plain(150));
const focus = may(flag);
const common = { action_id: id, confirm: may(confirm), focus_on_load: focus };
const menu = { ...common, placeholder };
const atMost = { max_selected_items: may(whole(1, many)) };
const ids = may(list(text(255), many));
const options = { options: may(list(option, 100)), option_groups: may(list(optionGroup, 100)) };
const conversations = {
  default_to_current_conversation: may(flag),
  filter: may(
    shape({
      include: may(list(oneOf('im', 'mpim', 'private', 'public'), 4)),
      exclude_external_shared_channels: may(flag),
      exclude_bot_users: may(flag),
    }),
  ),
};
const typed = {
  action_id: id,
  placeholder,
  focus_on_load: focus,
  dispatch_action_config: may(
    shape({ trigger_actions_on: may(list(oneOf('on_enter_pressed', 'on_character_entered'), 2)) }),
  ),
};
const date = may(pattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a valid date'));
const time = may(pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a valid time'));

/** An initial value must itself satisfy the input's limits. */
const initialFits = rule((element) => {
  const { initial_value: value, min_length: min, max_length: max } = element;
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    return 'failed to match all allowed schemas';
  if (typeof value !== 'string') return undefined;
  if (typeof max === 'number' && value.length > max) return `must be less than ${max + 1} characters`;
  return typeof min === 'number' && value.length < min
    ? `must be more than ${min - 1} characters`
    : undefined;
});

export const image: Check = all(
  shape({
    image_url: may(text(3000)),
    slack_file: may(shape({ id: may(text(255)), url: may(text(3000)) })),
    alt_text: need(text(2000)),
  }),
  rule((value) =>
    (value.image_url === undefined) === (value.slack_file === undefined)
      ? 'failed to match all allowed schemas'
      : undefined,
  ),
);

const choices = {
  static_select: all(
    shape({ ...menu, ...options, initial_option: may(option) }),
    optionsOrGroups,
    initialIsOffered,
  ),
  external_select: shape({ ...menu, min_query_length: may(whole(0, many)), initial_option: may(option) }),
  users_select: shape({ ...menu, initial_user: id }),
  conversations_select: shape({
    ...menu,
    ...conversations,
    initial_conversation: id,
    response_url_enabled: may(flag),
  }),
  channels_select: shape({ ...menu, initial_channel: id, response_url_enabled: may(flag) }),
  multi_static_select: all(
    shape({ ...menu, ...options, ...atMost, initial_options: may(list(option, 100)) }),
    optionsOrGroups,
    initialIsOffered,
  ),
  multi_external_select: shape({
    ...menu,
    ...atMost,
    min_query_length: may(whole(0, many)),
    initial_options: may(list(option, 100)),
  }),
  multi_users_select: shape({ ...menu, ...atMost, initial_users: ids }),
  multi_conversations_select: shape({ ...menu, ...atMost, ...conversations, initial_conversations: ids }),
  multi_channels_select: shape({ ...menu, ...atMost, initial_channels: ids }),
  checkboxes: all(
    shape({ ...common, options: need(list(markedOption, 10)), initial_options: may(list(markedOption, 10)) }),
    initialIsOffered,
  ),
  radio_buttons: all(
    shape({ ...common, options: need(list(markedOption, 10)), initial_option: may(markedOption) }),
    initialIsOffered,
  ),
  datepicker: shape({ ...menu, initial_date: date }),
  timepicker: shape({ ...menu, initial_time: time, timezone: may(text(255)) }),
  datetimepicker: shape({ ...common, initial_date_time: may(whole(1_000_000_000, 9_999_999_999)) }),
};

const button = shape({
  action_id: id,
  text: need(plain(75)),
  value: may(text(2000)),
  url: may(text(3000)),
  style: may(oneOf('primary', 'danger')),
  confirm: may(confirm),
  accessibility_label: may(text(75)),
});

const overflow = shape({ action_id: id, options: need(list(option, 5)), confirm: may(confirm) });

/** Elements of an actions block. */
export const actionElement: Check = byType({ ...choices, button, overflow });

/** What may stand at the right of a section. */
export const accessory: Check = byType({ ...choices, button, overflow, image });

/** Elements of a context block. */
export const contextElement: Check = byType({ image, plain_text: plain(3000), mrkdwn: anyText(3000) });

const numberText = may(pattern(/^-?\d+(\.\d+)?$/, 'must be a valid number'));

/** The element of an input block. */
export const inputElement: Check = byType({
  ...choices,
  plain_text_input: all(
    shape({
      ...typed,
      multiline: may(flag),
      initial_value: may(text(3000, 0)),
      min_length: may(whole(0, 3000)),
      max_length: may(whole(1, 3000)),
    }),
    initialFits,
  ),
  number_input: shape({
    ...typed,
    is_decimal_allowed: need(flag),
    initial_value: numberText,
    min_value: numberText,
    max_value: numberText,
  }),
  email_text_input: shape({ ...typed, initial_value: may(text(3000, 0)) }),
  url_text_input: shape({ ...typed, initial_value: may(text(3000, 0)) }),
  rich_text_input: shape({
    ...typed,
    initial_value: may(byType({ rich_text: shape({ block_id: id, elements: richTextElements }) })),
    min_lines: may(whole(1, 100)),
    max_lines: may(whole(1, 100)),
  }),
  file_input: shape({
    action_id: id,
    filetypes: may(list(text(255), many)),
    max_files: may(whole(1, 10)),
  }),
});
