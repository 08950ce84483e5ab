import type { Item } from './items.ts';
import { PlainText } from './text.tsx';

interface ChipsProps {
  readonly items: readonly Item[];
  readonly onRemove: (item: Item) => void;
}

/** What was chosen so far, each to be taken out again. */
export const Chips = ({ items, onRemove }: ChipsProps) =>
  items.length === 0 ? null : (
    <ul class="chips">
      {items.map((item) => (
        <li key={item.value} class="chip">
          <span class="chip-text">
            <PlainText text={item.text} />
          </span>
          <button
            type="button"
            class="quiet-button"
            aria-label={`Remove ${item.text}`}
            onClick={() => onRemove(item)}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </li>
      ))}
    </ul>
  );
