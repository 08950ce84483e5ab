import type { Item } from './items.ts';
import type { Naming } from './seat.ts';
import { PlainText } from './text.tsx';

interface ListboxProps {
  readonly id: string;
  readonly name: Naming;
  readonly items: readonly Item[];
  readonly active: number;
  readonly isMany: boolean;
  readonly isChosen: (item: Item) => boolean;
  readonly onPick: (item: Item) => void;
}

/** The id of an option, by which the combobox names the active one. */
export const optionId = (listboxId: string, index: number): string => `${listboxId}-${index}`;

/** Runs of items that stand under the same heading. */
const runs = (items: readonly Item[]) => {
  const found: { group: string | undefined; items: { item: Item; index: number }[] }[] = [];
  for (const [index, item] of items.entries()) {
    const last = found.at(-1);
    if (last !== undefined && last.group === item.group) last.items.push({ item, index });
    else found.push({ group: item.group, items: [{ item, index }] });
  }
  return found;
};

/** Pressing a mouse button must not take the focus out of the combobox. */
const keepFocus = (event: MouseEvent): void => event.preventDefault();

/** The options under a combobox. The focus stays in the combobox, which handles the keys. */
export const Listbox = ({ id, name, items, active, isMany, isChosen, onPick }: ListboxProps) => {
  const option = ({ item, index }: { item: Item; index: number }) => (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles the keys
    <div
      key={item.value}
      id={optionId(id, index)}
      class={index === active ? 'option active' : 'option'}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen(item)}
      onClick={() => onPick(item)}
    >
      <span class="option-text">
        <PlainText text={item.text} />
      </span>
      {item.description !== undefined && <span class="option-description">{item.description}</span>}
    </div>
  );
  return (
    <div
      id={id}
      class="listbox"
      role="listbox"
      tabIndex={-1}
      aria-label={name['aria-label']}
      aria-labelledby={name['aria-labelledby']}
      aria-multiselectable={isMany}
      hidden={items.length === 0}
      onMouseDown={keepFocus}
    >
      {runs(items).map((run) =>
        run.group === undefined ? (
          run.items.map(option)
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not fieldsets
          <div key={run.group} role="group" aria-label={run.group}>
            <div class="option-group" aria-hidden="true">
              {run.group}
            </div>
            {run.items.map(option)}
          </div>
        ),
      )}
    </div>
  );
};
