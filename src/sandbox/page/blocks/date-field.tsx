import type { types } from '@slack/bolt';
import { useEffect, useRef } from 'preact/hooks';
import type { StateValue } from '../../slack/blocks/view.ts';
import type { FieldValue } from '../surface.ts';
import { useChoice } from './choice.tsx';
import { fieldProps, type Seat } from './seat.ts';

type DateElement = types.Datepicker | types.Timepicker | types.DateTimepicker;

/** A moment as the browser's own field writes it, in the reader's zone. */
const localText = (seconds: unknown): string => {
  if (typeof seconds !== 'number') return '';
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const formOf = (element: DateElement) => {
  switch (element.type) {
    case 'datepicker':
      return {
        type: 'date' as const,
        min: '1900-01-01',
        name: element.placeholder?.text ?? 'Date',
        initial: textOf(element.initial_date),
        read: (value: StateValue) => textOf(value.selected_date),
        write: (text: string): FieldValue => text,
      };
    case 'timepicker':
      return {
        type: 'time' as const,
        name: element.placeholder?.text ?? 'Time',
        initial: textOf(element.initial_time),
        read: (value: StateValue) => textOf(value.selected_time),
        write: (text: string): FieldValue => text,
      };
    case 'datetimepicker':
      return {
        type: 'datetime-local' as const,
        min: '1900-01-01T00:00',
        name: 'Date and time',
        initial: localText(element.initial_date_time),
        read: (value: StateValue) => localText(value.selected_date_time),
        write: (text: string): FieldValue => Math.floor(new Date(text).getTime() / 1000),
      };
  }
};

/** A date, a time or both, in the browser's own field. */
export const DateField = ({ seat, element }: { seat: Seat; element: DateElement }) => {
  const { type, min, name, initial, read, write } = { min: undefined, ...formOf(element) };
  const { chosen, choose, below } = useChoice(seat, element, {
    initial,
    read,
    write: (text) => (text === '' ? null : write(text)),
  });
  const field = useRef<HTMLInputElement>(null);
  /** A field is not written into while somebody types in it: half a date would be lost. */
  const show = (): void => {
    if (field.current !== null) field.current.value = chosen;
  };
  useEffect(() => {
    if (field.current !== document.activeElement) show();
  }, [chosen]);
  // While a year is typed, the field holds the years 2, 20 and 202: they are not meant.
  const onChange = async ({ currentTarget }: { currentTarget: HTMLInputElement }): Promise<void> => {
    const { value, validity } = currentTarget;
    if (validity.valid && !(await choose(value))) show();
  };
  return (
    <div class="element">
      <input
        {...fieldProps(seat, name)}
        ref={field}
        class="field date-field"
        type={type}
        min={min}
        onChange={(event) => void onChange(event)}
        onBlur={show}
      />
      {below}
    </div>
  );
};
