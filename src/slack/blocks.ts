import type { types } from '@slack/bolt';
import { endsForSlack, forSlack, nameForSlack } from '../domain/text.ts';
import { limits } from './limits.ts';

export type Block = types.KnownBlock;
type Leaf = types.RichTextElement;
type RichPart = types.RichTextBlockElement;

/** Text that Slack shows as it is: nothing in it is parsed, whoever wrote it. */
export const plain = (text: string, max: number = limits.sectionText): types.PlainTextElement => ({
  type: 'plain_text',
  text: forSlack(text, max) || ' ',
  emoji: false,
});

type Style = { bold?: boolean; italic?: boolean; code?: boolean };

/** Text with its own line breaks: sentences of ours. */
export const passage = (text: string, style?: Style): Leaf => ({
  type: 'text',
  text: forSlack(text) || ' ',
  ...(style && { style }),
});

/** Of blanks in a row one is left: many would push what follows onto a line that looks like ours. */
const folded = (text: string): string => text.replace(/[\t\n\r\p{Zs}]+/gu, ' ');

/** Text on one line, so that no name and no reason can pass for a line of ours. */
export const leaf = (text: string, style?: Style): Leaf => passage(folded(text), style);

export const bold = (text: string): Leaf => leaf(text, { bold: true });

/** An address of Slack's own, to be followed. */
export const link = (address: string): Leaf => ({ type: 'link', url: address });

/** A moment in the reader's own time zone. */
export const moment = (ms: number): Leaf => ({
  type: 'date',
  timestamp: Math.floor(ms / 1000),
  format: '{date_short_pretty} at {time_secs}',
  fallback: utc(ms),
});

/** A moment as text that every reader understands the same way. */
export const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export const line = (...leaves: Leaf[]): RichPart => ({ type: 'rich_text_section', elements: leaves });

export const bullets = (items: readonly string[]): RichPart => ({
  type: 'rich_text_list',
  style: 'bullet',
  elements: items.map((item) => ({ type: 'rich_text_section', elements: [leaf(item)] })),
});

export const richText = (...parts: RichPart[]): Block => ({ type: 'rich_text', elements: parts });

/** Label and value on one line: `Asked by Alice (U1)`. */
export const labelled = (label: string, value: string): RichPart => line(bold(`${label}: `), leaf(value));

export const section = (text: string): Block => ({ type: 'section', text: plain(folded(text)) });

export const small = (text: string): Block => ({ type: 'context', elements: [plain(folded(text))] });

export const header = (text: string): Block => ({
  type: 'header',
  text: plain(nameForSlack(text, 150), 150),
});

/** A list with its count: at most `most` items, and in words how many more there are. */
export const counted = (title: string, items: readonly string[], most: number): Block[] => {
  if (items.length === 0) return [];
  // Cut after what deceives was made visible, because that makes a text longer.
  const shown = items.slice(0, most).map((item) => endsForSlack(item, 300));
  const rest = items.length - shown.length;
  const blocks: Block[] = [];
  for (let at = 0; at < shown.length; at += 8) {
    const part = bullets(shown.slice(at, at + 8));
    blocks.push(at === 0 ? richText(line(bold(title)), part) : richText(part));
  }
  if (rest > 0) blocks.push(small(`… and ${rest} more`));
  return blocks;
};

/** One of the things that a menu offers. */
export const option = (value: string, words: string): types.PlainTextOption => ({
  text: plain(endsForSlack(words, limits.optionText)),
  value,
});

interface Confirm {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
}

export const button = (
  action: string,
  words: string,
  value: string,
  options: { style?: 'primary' | 'danger'; confirm?: Confirm } = {},
): types.Button => ({
  type: 'button',
  action_id: action,
  text: plain(words, 75),
  value,
  accessibility_label: `${words} ${value}`.slice(0, 75),
  ...(options.style && { style: options.style }),
  ...(options.confirm && {
    confirm: {
      title: plain(options.confirm.title, limits.confirmTitle),
      text: plain(folded(options.confirm.text), limits.confirmText),
      confirm: plain(options.confirm.yes, 30),
      deny: plain(options.confirm.no, 30),
      ...(options.style && { style: options.style }),
    },
  }),
});

export interface Message {
  /** Read instead of the blocks by screen readers and shown in notifications; mrkdwn-escaped already. */
  readonly text: string;
  readonly blocks?: Block[];
}
