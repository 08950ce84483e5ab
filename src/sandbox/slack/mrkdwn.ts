import { isObject, textOf } from './json.ts';

/** A `<...>` that Slack would bring to life. */
export interface LiveSequence {
  kind: 'user' | 'channel' | 'usergroup' | 'broadcast' | 'date' | 'link';
  /** The id, range or address it points at. */
  target: string;
  /** What stands between the brackets. */
  raw: string;
}

const forms: readonly [LiveSequence['kind'], RegExp][] = [
  ['user', /^@([UW][A-Z0-9]+)(?:\|.*)?$/s],
  ['channel', /^#([CG][A-Z0-9]+)(?:\|.*)?$/s],
  ['usergroup', /^!subteam\^(S[A-Z0-9]+)(?:\|.*)?$/s],
  ['broadcast', /^!(here|channel|everyone)(?:\|.*)?$/s],
  ['date', /^!date\^(\d+)\^.+$/s],
  ['link', /^((?:https?:\/\/|mailto:)[^|]+)(?:\|.*)?$/s],
];

const leafTargets: Record<string, [LiveSequence['kind'], string]> = {
  user: ['user', 'user_id'],
  channel: ['channel', 'channel_id'],
  usergroup: ['usergroup', 'usergroup_id'],
  broadcast: ['broadcast', 'range'],
  date: ['date', 'timestamp'],
  link: ['link', 'url'],
};

/** The sequences of a mrkdwn text that are live; escaped ones (`&lt;!channel&gt;`) are not. */
export const liveSequences = (text: string): LiveSequence[] =>
  [...text.matchAll(/<([^<>]+)>/g)].flatMap(([, raw = '']) => {
    for (const [kind, form] of forms) {
      const target = form.exec(raw)?.[1];
      if (target !== undefined) return [{ kind, target, raw }];
    }
    return [];
  });

/**
 * Everything live in blocks: mrkdwn texts and the leaves of rich text. Text in plain_text objects and in
 * `text` leaves is never parsed.
 */
export const liveInBlocks = (value: unknown): LiveSequence[] => {
  if (Array.isArray(value)) return value.flatMap((item) => liveInBlocks(item));
  if (!isObject(value)) return [];
  if (value.type === 'mrkdwn') return liveSequences(textOf(value.text));
  const leaf = leafTargets[textOf(value.type)];
  const target = leaf === undefined ? undefined : value[leaf[1]];
  if (leaf !== undefined && (typeof target === 'string' || typeof target === 'number')) {
    return [{ kind: leaf[0], target: String(target), raw: textOf(value.text) }];
  }
  return Object.values(value).flatMap((item) => liveInBlocks(item));
};

/** Slack's escaping of what a person typed: exactly these three characters, in this order. */
export const escapeTyped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Bare addresses of a message's `text` become links, as Slack stores them (unless `parse: none`). */
export const linkAddresses = (text: string): string =>
  text
    .split(/(<[^<>]*>)/)
    .map((part) => (part.startsWith('<') ? part : part.replace(/https?:\/\/[^\s<>|]+/g, '<$&>')))
    .join('');
