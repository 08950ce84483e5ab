import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Chips } from './chips.tsx';
import type { Item } from './items.ts';
import { Listbox, optionId } from './listbox.tsx';
import { usePopup } from './popup.ts';
import type { FieldProps } from './seat.ts';
import type { Offer } from './suggestions.ts';

interface ComboboxProps {
  readonly field: FieldProps;
  readonly placeholder: string;
  readonly offer: Offer;
  readonly chosen: readonly Item[];
  readonly isMany: boolean;
  /** How many can be chosen. */
  readonly most: number;
  readonly canClear: boolean;
  /** What was typed; undefined while the list is closed. */
  readonly query: string | undefined;
  readonly onQuery: (query: string | undefined) => void;
  readonly onChoose: (items: readonly Item[]) => void;
}

/** A menu that filters while one types: the ARIA combobox with a listbox, for one thing or for several. */
export const Combobox = (props: ComboboxProps) => {
  const { field, placeholder, offer, chosen, isMany, most, canClear, query, onQuery, onChoose } = props;
  const { items } = offer;
  const listId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [moved, setMoved] = useState<number>();
  const isOpen = query !== undefined;
  usePopup(isOpen, frame, popup);
  useEffect(() => setMoved(undefined), [query]);

  const isChosen = (item: Item): boolean => chosen.some(({ value }) => value === item.value);
  const atFirst = query ? 0 : items.findIndex(isChosen);
  const active = Math.min(moved ?? atFirst, items.length - 1);
  const activeId = isOpen && active >= 0 ? optionId(listId, active) : undefined;
  useEffect(() => {
    if (activeId !== undefined) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  const pick = (item: Item): void => {
    onQuery(isMany ? '' : undefined);
    if (!isMany) onChoose([item]);
    else if (isChosen(item)) onChoose(chosen.filter(({ value }) => value !== item.value));
    else if (chosen.length < most) onChoose([...chosen, item]);
  };
  const remove = (item: Item): void => {
    input.current?.focus();
    onChoose(chosen.filter(({ value }) => value !== item.value));
  };
  const move = (to: number): void => {
    if (!isOpen) onQuery('');
    else if (items.length > 0) setMoved((to + items.length) % items.length);
  };

  const item = items[active];
  const last = chosen.at(-1);
  const keys = new Map<string, () => void>([
    ['ArrowDown', () => move(active + 1)],
    ['ArrowUp', () => move(Math.max(active, 0) - 1)],
    ['Enter', () => (isOpen ? item && pick(item) : onQuery(''))],
  ]);
  if (isOpen) {
    keys.set('Home', () => move(0));
    keys.set('End', () => move(-1));
    keys.set('Escape', () => onQuery(undefined));
  }
  if (isMany && !query && last !== undefined) keys.set('Backspace', () => remove(last));
  const onKeyDown = (event: KeyboardEvent): void => {
    const does = keys.get(event.key);
    if (does === undefined || event.isComposing) return;
    // The first Escape closes the list, and only the next one is for the dialog around it.
    event.preventDefault();
    event.stopPropagation();
    does();
  };

  const [only] = isMany ? [] : chosen;
  const onInput = ({ currentTarget, data }: InputEvent & { currentTarget: HTMLInputElement }): void =>
    onQuery(isOpen || only === undefined ? currentTarget.value : (data ?? ''));
  const isFull = isMany && chosen.length >= most;
  const status = offer.status ?? (isFull ? `No more than ${most} can be chosen` : undefined);
  return (
    <div ref={frame} class="combobox">
      {isMany && <Chips items={chosen} onRemove={remove} />}
      <input
        {...field}
        ref={input}
        type="text"
        role="combobox"
        autoComplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={activeId}
        placeholder={only?.text ?? placeholder}
        value={query ?? only?.text ?? ''}
        onInput={onInput}
        onKeyDown={onKeyDown}
        onClick={() => isOpen || onQuery('')}
        onFocus={() => input.current?.select()}
        onBlur={() => onQuery(undefined)}
      />
      {canClear && chosen.length > 0 && (
        <button
          type="button"
          class="quiet-button"
          id={`${listId}-clear`}
          aria-label="Clear"
          aria-labelledby={`${listId}-clear ${field['aria-labelledby'] ?? field.id}`}
          onClick={() => {
            input.current?.focus();
            onChoose([]);
          }}
        >
          <span aria-hidden="true">✕</span>
        </button>
      )}
      <span class="combobox-arrow" aria-hidden="true" />
      <div ref={popup} class="popup" popover="manual">
        <Listbox
          id={listId}
          name={field}
          items={items}
          active={isOpen ? active : -1}
          isMany={isMany}
          isChosen={isChosen}
          onPick={pick}
        />
        <p class="popup-status" role="status" hidden={status === undefined}>
          {isOpen ? status : ''}
        </p>
      </div>
    </div>
  );
};
