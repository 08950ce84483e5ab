import { nameToEmoji } from 'gemoji';

/** The character of a short name such as `wave`; undefined for names that are not known. */
export const emojiOf = (name: string): string | undefined =>
  Object.hasOwn(nameToEmoji, name) ? nameToEmoji[name] : undefined;

/** Text with its `:short_names:` as characters; unknown ones stay as they are. */
export const withEmoji = (text: string): string =>
  text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiOf(name) ?? whole);
