import type { types } from '@slack/bolt';
import { useChoice } from './choice.tsx';
import { type Item, itemsOf, itemsUnder } from './items.ts';
import { naming, type Seat } from './seat.ts';
import { AnyText } from './text.tsx';

interface MarkProps {
  readonly type: 'checkbox' | 'radio';
  readonly name: string;
  readonly option: types.Option;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

const Mark = ({ type, name, option, isChosen, onToggle }: MarkProps) => (
  <label class="mark">
    <input type={type} name={name} checked={isChosen} onChange={onToggle} />
    <span class="mark-words">
      <AnyText of={option.text} />
      {option.description && (
        <span class="option-description">
          <AnyText of={option.description} />
        </span>
      )}
    </span>
  </label>
);

/** Radio buttons and checkboxes, with what is said about each. */
export const Marks = ({ seat, element }: { seat: Seat; element: types.RadioButtons | types.Checkboxes }) => {
  const isRadio = element.type === 'radio_buttons';
  const { chosen, choose, below } = useChoice<readonly Item[]>(seat, element, {
    initial: itemsUnder(element, 'initial_', String),
    read: (value) => itemsUnder(value, 'selected_', String),
    write: (items) => (isRadio ? (items[0]?.value ?? null) : items.map(({ value }) => value)),
  });
  const isChosen = (option: types.Option): boolean => chosen.some(({ value }) => value === option.value);
  const toggle = (option: types.Option) => (): void => {
    const offered = itemsOf(element.options);
    const wanted = isRadio ? [option] : element.options.filter((one) => isChosen(one) !== (one === option));
    void choose(offered.filter(({ value }) => wanted.some((one) => one.value === value)));
  };
  return (
    <div class="element">
      <div
        class="marks"
        id={seat.controlId}
        role={isRadio ? 'radiogroup' : 'group'}
        {...naming(seat, isRadio ? 'Choose one' : 'Choose')}
      >
        {element.options.map((option) => (
          <Mark
            key={option.value}
            type={isRadio ? 'radio' : 'checkbox'}
            name={seat.controlId}
            option={option}
            isChosen={isChosen(option)}
            onToggle={toggle(option)}
          />
        ))}
      </div>
      {below}
    </div>
  );
};
