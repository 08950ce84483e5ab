import type { types } from '@slack/bolt';
import { PressButton } from './button.tsx';
import { DateField } from './date-field.tsx';
import { Picture } from './image.tsx';
import { Marks } from './marks.tsx';
import { Overflow } from './overflow.tsx';
import type { Seat } from './seat.ts';
import { SelectMenu } from './select.tsx';
import { TextField } from './text-field.tsx';

/** Everything that can stand in an input, in a row of actions or at the right of a section. */
type AnyElement =
  | types.InputBlock['element']
  | types.ActionsBlock['elements'][number]
  | NonNullable<types.SectionBlock['accessory']>;

/** An element, by its type. */
export const Element = ({ seat, element }: { seat: Seat; element: AnyElement }) => {
  switch (element.type) {
    case 'button':
      return <PressButton seat={seat} element={element} />;
    case 'overflow':
      return <Overflow seat={seat} element={element} />;
    case 'image':
      return <Picture image={element} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <Marks seat={seat} element={element} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <DateField seat={seat} element={element} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextField seat={seat} element={element} />;
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return <SelectMenu seat={seat} element={element} />;
    case 'file_input':
    case 'rich_text_input':
    case 'workflow_button':
      return <p class="not-here">{element.type}: not in the sandbox</p>;
  }
};
