import { isObject, type JsonObject } from './json.ts';

const inline = new Set(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']);

const leafWords = (value: JsonObject): string | undefined => {
  const { type } = value;
  if (type === 'user') return `@${String(value.user_id)}`;
  if (type === 'usergroup') return `@${String(value.usergroup_id)}`;
  if (type === 'channel') return `#${String(value.channel_id)}`;
  if (type === 'broadcast') return `@${String(value.range)}`;
  if (type === 'emoji') return `:${String(value.name)}:`;
  if (type === 'date') return String(value.fallback ?? value.timestamp);
  if (type === 'link' && value.text === undefined) return String(value.url);
  return typeof value.text === 'string' ? value.text : undefined;
};

const words = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(words).filter(Boolean).join('\n');
  if (!isObject(value)) return '';
  const leaf = leafWords(value);
  if (leaf !== undefined) return leaf;
  if (Array.isArray(value.elements) && inline.has(String(value.type)))
    return value.elements.map(words).join('');
  return words([
    value.title,
    value.label,
    value.text,
    value.fields,
    value.element,
    value.elements,
    value.accessory,
  ]);
};

/** What a person reads in a message or view: all text of its blocks (else its `text`), without markup. */
export const visibleText = (shown: {
  text?: unknown;
  title?: unknown;
  blocks: readonly unknown[];
}): string => {
  const read = words([shown.title, shown.blocks]);
  return read === '' && typeof shown.text === 'string' ? shown.text : read;
};
