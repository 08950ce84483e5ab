import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Field, FormValues, Kind } from '../domain/kind.ts';
import { clip } from '../domain/text.ts';
import { type Block, option, plain, section, small } from './blocks.ts';
import { limits } from './limits.ts';

/** A chosen option, as Slack keeps it in a view's state. */
const Option = z.object({
  text: z.object({ text: z.string() }).loose(),
  value: z.string(),
});

const FieldState = z.object({ value: z.string().nullish(), selected_option: Option.nullish() });

/** `view.state` as Slack sends it: block id, action id, value. */
export const ViewState = z.object({
  values: z.record(z.string(), z.record(z.string(), FieldState)),
});
export type ViewState = z.infer<typeof ViewState>;

const noteStart = 'note:';

/** The value of an option that only tells something. No cloud id begins like it. */
export const noteValue = (index: number): string => `${noteStart}${index}`;

/** Slack takes no empty value back, and a note names nothing: both count as nothing chosen. */
const isEmpty = (value: string): boolean => value === '' || value.startsWith(noteStart);

/** What is in a form: the chosen options by field, and the two texts. */
export interface Filled {
  readonly options: Readonly<Record<string, { readonly value: string; readonly words: string }>>;
  readonly reason?: string;
  readonly incident?: string;
}

/** Reads the state of a form; empty fields are left out. */
export const readForm = (state: ViewState): Filled => {
  const options: Record<string, { value: string; words: string }> = {};
  const texts: Record<string, string> = {};
  for (const [block, actions] of Object.entries(state.values)) {
    for (const field of Object.values(actions)) {
      const chosen = field.selected_option;
      if (chosen && !isEmpty(chosen.value)) options[block] = { value: chosen.value, words: chosen.text.text };
      if (field.value) texts[block] = field.value;
    }
  }
  return {
    options,
    ...(texts.reason !== undefined && { reason: texts.reason.trim() }),
    ...(texts.incident !== undefined && { incident: texts.incident.trim() }),
  };
};

const isShown = (field: Field, filled: Filled): boolean =>
  field.onlyWhen === undefined || filled.options[field.onlyWhen.field]?.value === field.onlyWhen.value;

/** The values that the kind aims with: only of fields that are shown. */
export const valuesOf = (kind: Kind, filled: Filled): FormValues =>
  Object.fromEntries(
    kind.fields
      .filter((field) => isShown(field, filled))
      .flatMap((field) => {
        const chosen = filled.options[field.id];
        return chosen === undefined ? [] : [[field.id, chosen.value]];
      }),
  );

/**
 * The context of a look-up stands in its action id (`account:USER:<id>`), because a suggestion request does not
 * carry the other fields' values; it also resets the field when the context changes.
 */
const actionId = (field: Field, filled: Filled): string => {
  if (field.type !== 'lookup') return field.id;
  return [field.id, ...field.within.map((id) => filled.options[id]?.value ?? '')].join(':').slice(0, 255);
};

/** The look-up's context out of an action id. */
export const contextOf = (field: Field & { type: 'lookup' }, action: string): Record<string, string> => {
  const [, ...values] = action.split(':');
  return Object.fromEntries(field.within.map((id, index) => [id, values[index] ?? '']));
};

/** Other fields depend on this one, so choosing it redraws the form. */
const isWatched = (kind: Kind, field: Field): boolean =>
  kind.fields.some(
    (other) =>
      other.onlyWhen?.field === field.id || (other.type === 'lookup' && other.within.includes(field.id)),
  );

const element = (field: Field, filled: Filled): types.InputBlock['element'] => {
  const chosen = filled.options[field.id];
  if (field.type === 'choice') {
    // Only an option that is offered may be the initial one, or Slack refuses the whole view.
    const known = field.options.find((one) => one.value === chosen?.value);
    return {
      type: 'static_select',
      action_id: actionId(field, filled),
      options: field.options.map((one) => option(one.value, one.words)),
      ...(known && { initial_option: option(known.value, known.words) }),
    };
  }
  const fits = chosen !== undefined && chosen.value !== '' && chosen.value.length <= limits.optionValue;
  return {
    type: 'external_select',
    action_id: actionId(field, filled),
    min_query_length: 0,
    placeholder: plain('Type to search', 150),
    ...(fits && { initial_option: option(chosen.value, chosen.words) }),
  };
};

const fieldBlock = (kind: Kind, field: Field, filled: Filled): Block => ({
  type: 'input',
  block_id: field.id,
  label: plain(field.label, 150),
  ...(field.hint !== undefined && { hint: plain(field.hint, 150) }),
  dispatch_action: isWatched(kind, field),
  element: element(field, filled),
});

/** Why the access is taken, and where this is worked on. */
const textBlocks = (filled: Filled): Block[] => [
  {
    type: 'input',
    block_id: 'reason',
    label: plain('Reason'),
    hint: plain('For the approver and the record.', 150),
    element: {
      type: 'plain_text_input',
      action_id: 'reason',
      multiline: true,
      min_length: 1,
      max_length: 1000,
      ...(filled.reason && { initial_value: clip(filled.reason, 1000) }),
    },
  },
  {
    type: 'input',
    block_id: 'incident',
    label: plain('Incident'),
    optional: true,
    element: {
      type: 'plain_text_input',
      action_id: 'incident',
      max_length: 64,
      placeholder: plain('INC-42'),
      ...(filled.incident && { initial_value: filled.incident.slice(0, 64) }),
    },
  },
];

/** Fields that have a sensible first value get it, so that a phone needs fewer taps. */
export const withDefaults = (kind: Kind, filled: Filled): Filled => {
  const options = { ...filled.options };
  for (const field of kind.fields) {
    const first = field.type === 'choice' ? field.options[0] : undefined;
    if (first && options[field.id] === undefined)
      options[field.id] = { value: first.value, words: first.words };
  }
  return { ...filled, options };
};

/** The form of a kind, drawn from its fields. `notes` are said above the fields. */
export const formView = (
  kind: Kind,
  draft: string,
  filled: Filled,
  notes: readonly string[],
): types.ModalView => ({
  type: 'modal',
  callback_id: kind.name,
  private_metadata: draft,
  title: plain(kind.title, limits.viewTitle),
  submit: plain('Review', 24),
  close: plain('Cancel', 24),
  blocks: [
    small(kind.about),
    ...notes.map(section),
    ...kind.fields.filter((field) => isShown(field, filled)).map((field) => fieldBlock(kind, field, filled)),
    ...textBlocks(filled),
  ],
});

/** What is wrong with the two texts, by block id. */
export const textErrors = (filled: Filled): Record<string, string> => {
  const errors: Record<string, string> = {};
  const { reason, incident } = filled;
  if (!reason) errors.reason = 'Please say why, in 1 to 1000 characters.';
  else if (reason.length > 1000) errors.reason = 'Please use at most 1000 characters.';
  if (incident && !/^[\w.-]{1,64}$/.test(incident)) {
    errors.incident = 'Letters, digits, dots, hyphens and underscores only, at most 64, such as INC-42.';
  }
  return errors;
};
