import type { types } from '@slack/bolt';
import { Fault } from './fault.tsx';
import { fieldProps, type Seat } from './seat.ts';
import { useTyped } from './typed.ts';

type TextElement = types.PlainTextInput | types.NumberInput | types.EmailInput | types.URLInput;

/** What a phone's keyboard should offer; the workspace itself checks what was typed. */
const keyboards = {
  plain_text_input: 'text',
  number_input: 'decimal',
  email_text_input: 'email',
  url_text_input: 'url',
} as const;

const Counter = ({
  length,
  min = 0,
  max,
}: {
  length: number;
  min?: number | undefined;
  max?: number | undefined;
}) => {
  if (length > 0 && length < min) return <span class="counter">At least {min} characters</span>;
  return max === undefined ? null : <span class="counter">{max - length} left</span>;
};

/** A field for typed text: of one line or of several, for numbers, addresses and the like. */
export const TextField = ({ seat, element }: { seat: Seat; element: TextElement }) => {
  const { field, text, type, write, commit, fault } = useTyped(
    seat,
    element.action_id ?? '',
    element.initial_value ?? '',
  );
  const plain = element.type === 'plain_text_input' ? element : undefined;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? [];
  const onInput = ({ currentTarget }: { currentTarget: { value: string } }): void => {
    type(currentTarget.value);
    if (triggers.includes('on_character_entered')) void write();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing || plain?.multiline) return;
    void (triggers.includes('on_enter_pressed') ? write() : commit());
  };
  const props = {
    ...fieldProps(seat, element.placeholder?.text ?? 'Text'),
    class: 'field',
    value: text,
    ...(element.placeholder && { placeholder: element.placeholder.text }),
    ...(plain?.max_length !== undefined && { maxLength: plain.max_length }),
    autoComplete: 'off',
    onInput,
    onKeyDown,
    onBlur: () => void commit(),
  } as const;
  return (
    <div class="element">
      {plain?.multiline ? (
        <textarea {...props} ref={field} rows={4} />
      ) : (
        <input {...props} ref={field} type="text" inputMode={keyboards[element.type]} />
      )}
      {plain && <Counter length={text.length} min={plain.min_length} max={plain.max_length} />}
      <Fault words={fault} />
    </div>
  );
};
