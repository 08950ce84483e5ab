import { emojiOf } from './blocks/emoji.ts';

/** A piece of a mrkdwn text, as Slack shows it. */
export type Token =
  | { readonly kind: 'text' | 'code' | 'code-block'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly inside: readonly Token[] }
  | { readonly kind: 'user' | 'channel' | 'usergroup'; readonly id: string; readonly raw: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | {
      readonly kind: 'date';
      readonly timestamp: number;
      readonly format: string;
      readonly url: string;
      readonly fallback: string;
    }
  | { readonly kind: 'emoji'; readonly name: string; readonly character: string };

const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

const decode = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => characters[entity] ?? entity);

const linkOf = (url: string, label = ''): Token => ({
  kind: 'link',
  url: decode(url),
  label: decode(label === '' ? url : label),
});

type Read = (parts: readonly (string | undefined)[]) => Token;

/** What stands between `<` and `>`, by its form; anything else is text. */
const forms: readonly (readonly [RegExp, Read])[] = [
  [/^@([UW][A-Z0-9]+)(?:\|.*)?$/s, ([raw = '', id = '']) => ({ kind: 'user', id, raw: decode(`<${raw}>`) })],
  [
    /^#([CG][A-Z0-9]+)(?:\|.*)?$/s,
    ([raw = '', id = '']) => ({ kind: 'channel', id, raw: decode(`<${raw}>`) }),
  ],
  [
    /^!subteam\^(S[A-Z0-9]+)(?:\|.*)?$/s,
    ([raw = '', id = '']) => ({ kind: 'usergroup', id, raw: decode(`<${raw}>`) }),
  ],
  [/^!(here|channel|everyone)(?:\|.*)?$/s, ([, range = '']) => ({ kind: 'broadcast', range })],
  [/^((?:https?:\/\/|mailto:)[^|]+)(?:\|(.*))?$/s, ([, url = '', label]) => linkOf(url, label)],
  [
    /^!date\^(\d+)\^(?=.)([^^|]*)(?:\^([^|]*))?(?:\|(.*))?$/s,
    ([, timestamp, format = '', url = '', fallback = '']) => ({
      kind: 'date',
      timestamp: Number(timestamp),
      format: decode(format),
      url: decode(url),
      fallback: decode(fallback),
    }),
  ],
];

const sequenceOf = (source: string): Token | undefined => {
  for (const [form, read] of forms) {
    const parts = form.exec(source.slice(1, -1));
    if (parts !== null) return read(parts);
  }
  return undefined;
};

const emojiToken = (source: string): Token | undefined => {
  const name = source.slice(1, -1);
  const character = emojiOf(name);
  return character === undefined ? undefined : { kind: 'emoji', name, character };
};

const bareUrl =
  /(?<![\p{L}\p{N}])https?:\/\/(?:(?!&[lg]t;)[^\s<>|`\uFFFC])*(?!&[lg]t;)[^\s<>|`\uFFFC.,;:!?)'"*_~]/gu;

interface Parsed {
  readonly text: string;
  /** As long as `text`; what is a whole of its own is covered, so that no mark is looked for in it. */
  readonly mask: string;
  readonly wholes: ReadonlyMap<number, { readonly end: number; readonly token: Token }>;
}

/**
 * Finds what is a whole of its own. Sequences come first, so that no backtick inside one can hide it; code that
 * covers a whole sequence takes it in.
 */
const wholesOf = (text: string, verbatim: boolean): Parsed => {
  const wholes = new Map<number, { end: number; token: Token }>();
  let mask = text;
  const take = (pattern: RegExp, read: (source: string) => Token | undefined): void => {
    for (const { 0: found, index } of mask.matchAll(pattern)) {
      const end = index + found.length;
      const token = read(text.slice(index, end));
      if (token === undefined) continue;
      wholes.set(index, { end, token });
      mask = `${mask.slice(0, index)}${'\uFFFC'.repeat(found.length)}${mask.slice(end)}`;
    }
  };
  take(/<[^<>]+>/g, sequenceOf);
  take(/```[^`][\s\S]*?```/g, (source) => ({
    kind: 'code-block',
    text: decode(source.slice(3, -3).replace(/^\n|\n$/g, '')),
  }));
  take(/(?<![\p{L}\p{N}`])`[^`\n]+`(?![\p{L}\p{N}`])/gu, (source) => ({
    kind: 'code',
    text: decode(source.slice(1, -1)),
  }));
  if (!verbatim) take(bareUrl, (source) => linkOf(source));
  take(/:[a-z0-9_+-]+:/g, emojiToken);
  return { text, mask, wholes };
};

/** A mark counts at the edges of words and within one line. */
const marks: Readonly<Record<string, readonly ['bold' | 'italic' | 'strike', RegExp]>> = {
  '*': ['bold', /(?<![\p{L}\p{N}*])\*(?!\s)[^*\n]+(?<!\s)\*(?![\p{L}\p{N}*])/uy],
  _: ['italic', /(?<![\p{L}\p{N}_])_(?!\s)[^_\n]+(?<!\s)_(?![\p{L}\p{N}_])/uy],
  '~': ['strike', /(?<![\p{L}\p{N}~])~(?!\s)[^~\n]+(?<!\s)~(?![\p{L}\p{N}~])/uy],
};

const markAt = (mask: string, at: number, to: number) => {
  const mark = marks[mask.charAt(at)];
  if (mark === undefined) return undefined;
  const [kind, pattern] = mark;
  pattern.lastIndex = at;
  const end = at + (pattern.exec(mask)?.[0].length ?? 0);
  return end > at && end <= to ? { kind, end } : undefined;
};

const inline = (parsed: Parsed, from: number, to: number): Token[] => {
  const tokens: Token[] = [];
  let plainFrom = from;
  let at = from;
  const push = (end: number, ...next: Token[]): void => {
    if (plainFrom < at) tokens.push({ kind: 'text', text: decode(parsed.text.slice(plainFrom, at)) });
    tokens.push(...next);
    plainFrom = at = end;
  };
  while (at < to) {
    const whole = parsed.wholes.get(at);
    const mark = whole === undefined ? markAt(parsed.mask, at, to) : undefined;
    if (whole !== undefined) push(whole.end, whole.token);
    else if (mark !== undefined)
      push(mark.end, { kind: mark.kind, inside: inline(parsed, at + 1, mark.end - 1) });
    else at += 1;
  }
  push(to);
  return tokens;
};

const isBlock = (token: Token | undefined): boolean =>
  token?.kind === 'quote' || token?.kind === 'code-block';

/**
 * Reads a mrkdwn text the way Slack does. What would be live in Slack (mentions, links, dates) is a token of its
 * own; everything that is not understood is text.
 * @param verbatim bare addresses stay text
 */
export const parseMrkdwn = (text: string, verbatim = false): readonly Token[] => {
  const parsed = wholesOf(text, verbatim);
  const tokens: Token[] = [];
  let quote: Token[] | undefined;
  let from = 0;
  for (const line of parsed.mask.split('\n')) {
    const to = from + line.length;
    const [sign] = /^(?:&gt;|>) ?/.exec(line) ?? [];
    const inside = inline(parsed, from + (sign?.length ?? 0), to);
    if (sign !== undefined && quote !== undefined) {
      quote.push({ kind: 'break' }, ...inside);
    } else {
      if (from > 0) tokens.push({ kind: 'break' });
      quote = sign === undefined ? undefined : inside;
      tokens.push(...(quote === undefined ? inside : [{ kind: 'quote' as const, inside: quote }]));
    }
    from = to + 1;
  }
  return tokens.filter(
    (token, index) => token.kind !== 'break' || !(isBlock(tokens[index - 1]) || isBlock(tokens[index + 1])),
  );
};
