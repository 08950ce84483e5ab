import { isObject, objectsOf, textOf } from '../../slack/json.ts';

/** One of the things that a menu offers. */
export interface Item {
  readonly value: string;
  readonly text: string;
  readonly description?: string;
  readonly group?: string;
}

const wordsOf = (text: unknown): string => (isObject(text) ? textOf(text.text) : '');

const itemOf = (option: Record<string, unknown>, group?: string): Item => ({
  value: textOf(option.value),
  text: wordsOf(option.text),
  ...(option.description !== undefined && { description: wordsOf(option.description) }),
  ...(group !== undefined && { group }),
});

/** The items of a list of Slack's options. */
export const itemsOf = (options: unknown): Item[] => objectsOf(options).map((option) => itemOf(option));

/** What a menu offers by itself, in its groups. */
export const offeredItems = (element: object): Item[] => {
  const { options, option_groups: groups }: { options?: unknown; option_groups?: unknown } = element;
  const grouped = objectsOf(groups).flatMap((group) =>
    objectsOf(group.options).map((option) => itemOf(option, wordsOf(group.label))),
  );
  return [...itemsOf(options), ...grouped];
};

/** Items whose words hold what was typed. */
export const matching = (items: readonly Item[], typed: string): Item[] => {
  const wanted = typed.trim().toLowerCase();
  return items.filter(({ text, description = '' }) =>
    `${text} ${description}`.toLowerCase().includes(wanted),
  );
};

/**
 * What is chosen, out of `selected_option`, `selected_users`, `initial_channel` and the like.
 * @param nameOf what an id is called
 */
export const itemsUnder = (
  holder: object,
  prefix: 'selected_' | 'initial_',
  nameOf: (id: string) => string,
): Item[] => {
  const held: unknown = Object.entries(holder).find(([member]) => member.startsWith(prefix))?.[1];
  return (Array.isArray(held) ? held : [held]).flatMap((one: unknown) => {
    if (typeof one === 'string') return [{ value: one, text: nameOf(one) }];
    return isObject(one) ? [itemOf(one)] : [];
  });
};
