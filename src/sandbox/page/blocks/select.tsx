import type { types } from '@slack/bolt';
import { useContext, useState } from 'preact/hooks';
import type { FieldValue } from '../surface.ts';
import { Names } from '../surface.ts';
import { useChoice } from './choice.tsx';
import { Combobox } from './combobox.tsx';
import { type Item, itemsUnder, matching, offeredItems } from './items.ts';
import { fieldProps, type Seat } from './seat.ts';
import { noResults, type Offer, useSuggestions } from './suggestions.ts';

type SelectElement = types.Select | types.MultiSelect;

const named = (names: Readonly<Record<string, string>>, sign: string): Item[] =>
  Object.entries(names).map(([value, name]) => ({ value, text: name.startsWith(sign) ? name : sign + name }));

/** What a menu can offer without asking the app. */
const ownItems = (element: SelectElement, names: { users: Item[]; channels: Item[] }): Item[] => {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return offeredItems(element);
    case 'external_select':
    case 'multi_external_select':
      return [];
    case 'users_select':
    case 'multi_users_select':
      return names.users;
    case 'channels_select':
    case 'multi_channels_select':
    case 'conversations_select':
    case 'multi_conversations_select':
      return names.channels;
  }
};

const mostOf = (element: SelectElement): number => {
  switch (element.type) {
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return element.max_selected_items ?? Number.POSITIVE_INFINITY;
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return 1;
  }
};

const useOffer = (
  seat: Seat,
  element: SelectElement,
  own: readonly Item[],
  query: string | undefined,
): Offer => {
  const isExternal = element.type === 'external_select' || element.type === 'multi_external_select';
  // Slack asks from the third character on, if the app says nothing.
  const minimum = isExternal ? (element.min_query_length ?? 3) : 0;
  const asked = useSuggestions(seat, element.action_id ?? '', isExternal ? query : undefined, minimum);
  if (isExternal) return asked;
  const items = matching(own, query ?? '');
  return items.length === 0 ? { items, status: noResults } : { items };
};

/** A menu of any kind: of options, of what the app suggests, of people, of channels; for one or for several. */
export const SelectMenu = ({ seat, element }: { seat: Seat; element: SelectElement }) => {
  const names = useContext(Names);
  const [query, setQuery] = useState<string>();
  const own = ownItems(element, { users: named(names.users, ''), channels: named(names.channels, '#') });
  const offer = useOffer(seat, element, own, query);
  const isMany = element.type.startsWith('multi_');
  const nameOf = (id: string): string => own.find(({ value }) => value === id)?.text ?? id;
  const { chosen, choose, below } = useChoice<readonly Item[]>(seat, element, {
    initial: itemsUnder(element, 'initial_', nameOf),
    read: (value) => itemsUnder(value, 'selected_', nameOf),
    write: (items): FieldValue => (isMany ? items.map(({ value }) => value) : (items[0]?.value ?? null)),
  });
  const placeholder = element.placeholder?.text ?? 'Choose';
  return (
    <div class="element">
      <Combobox
        field={fieldProps(seat, placeholder)}
        placeholder={placeholder}
        offer={offer}
        chosen={chosen}
        isMany={isMany}
        most={mostOf(element)}
        canClear={seat.isField}
        query={query}
        onQuery={setQuery}
        onChoose={(items) => void choose(items)}
      />
      {below}
    </div>
  );
};
