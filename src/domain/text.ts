/**
 * Foreign text (names, reasons, cloud errors) on its way to people: one function per sink. Nothing is dropped
 * silently; what could deceive is shown as `\u{202e}`.
 */

// Control and format characters (zero-width, bidirectional, tags), line separators, and what shows nothing:
// fillers, variation selectors and the empty Braille pattern.
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const reveal = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Cuts visibly: the result has at most `max` UTF-16 units and never half a character. */
export const clip = (text: string, max: number): string => {
  if (text.length <= max) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > max - 1) break;
    kept += character;
  }
  return `${kept}…`;
};

/** For a rich_text leaf or a plain_text object with `emoji: false`; newlines stay. */
export const forSlack = (text: string, max = 3000): string =>
  clip(
    text
      .replace(/\r\n?/g, '\n')
      .replace(deceptive, (c) => (c === '\n' || c === '\t' ? c : reveal(c)))
      .replace(loneSurrogates, '\u{fffd}'),
    max,
  );

/** Newlines and tabs are folded into blanks, so that no name can pass for a line of its own. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A bracket before what looks like the id of somebody in Slack: in capitals, or with a digit, as no word of a name is. */
const idInBrackets = /[(\uff08](?=\s*(?:[UW][A-Z0-9]{6,}|[UWuw](?=[A-Za-z0-9]*\d)[A-Za-z0-9]{6,}))/g;

/** What somebody calls themselves, on one line. Ids in brackets are ours to say: in a name they would be another's. */
export const calledName = (name: string): string => oneLine(name).replace(idInBrackets, reveal);

/** Whether an id of the cloud may stand in a text: a long word with a digit. */
const mayHoldId = (text: string): boolean =>
  text.match(/[A-Za-z0-9-]{16,}/g)?.some((word) => /\d/.test(word)) ?? false;

/** A bracket with what stands on its inner side, up to the next one. */
const brackets = /[(\uff08](?=([^()\uff08\uff09]*))|[)\uff09](?<=([^()\uff08\uff09]*).)/g;

/**
 * What somebody or something is called in the cloud, where its own id follows in brackets: no other one stands in them. A
 * name that stands in those brackets itself does not end them behind another's id.
 */
export const cloudName = (name: string): string =>
  name.replace(brackets, (bracket, after?: string, before?: string) =>
    mayHoldId(after ?? before ?? '') ? reveal(bracket) : bracket,
  );

/** A name in a single line of Slack text. */
export const nameForSlack = (text: string, max = 150): string => forSlack(oneLine(text), max);

/**
 * A name in a single line of Slack text, cut in the middle: an id or user name at the end tells one from another, however
 * long what somebody wrote before it is.
 */
export const endsForSlack = (text: string, max: number): string => {
  const shown = nameForSlack(text, Number.POSITIVE_INFINITY);
  if (shown.length <= max) return shown;
  const half = Math.floor((max - 1) / 2);
  const head = shown.slice(0, half).replace(/[\ud800-\udbff]$/, '');
  const tail = shown.slice(-half).replace(/^[\udc00-\udfff]/, '');
  return `${head}…${tail}`;
};

/** For a message's `text`, which Slack parses as mrkdwn: only `& < >` can begin something live there. */
export const forFallback = (text: string, max = 3000): string =>
  clip(forSlack(text, max), max).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** For a terminal or a log: one line, no control characters. */
export const forTerminal = (text: string, max = 1000): string => nameForSlack(text, max);

/** Folded to one line, with what deceives made visible: for files that other programs read. */
const forFile = (text: string, max: number): string => forSlack(oneLine(text), max);

/** What a spreadsheet program takes for the beginning of a formula, also in its wide form. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** A cell of a CSV file, quoted: it begins no formula and ends neither its cell nor its line. */
export const forCsv = (text: string, max = 32_000): string => {
  const cell = forFile(text, max);
  return `"${formula.test(cell) ? "'" : ''}${cell.replace(/"/g, '""')}"`;
};

/** Backticks that enclose the text: more than it has anywhere in a row, and at least `least`. */
const fenceFor = (text: string, least: number): string =>
  '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));

/**
 * For Markdown: a code span, in which no dialect makes anything out of what somebody wrote: no link, picture,
 * heading or HTML. To be put after words of ours, and not into a table.
 */
export const forMarkdown = (text: string, max = 32_000): string => {
  const inner = forFile(text, max);
  if (inner === '') return '` `';
  const fence = fenceFor(inner, 1);
  const blank = /^`|`$/.test(inner) ? ' ' : '';
  return `${fence}${blank}${inner}${blank}${fence}`;
};

/** For Markdown: lines to be copied, each one line and nothing but text. */
export const forMarkdownBlock = (lines: readonly string[]): string => {
  const inner = lines.map((line) => forFile(line, 32_000)).join('\n');
  const fence = fenceFor(inner, 3);
  return `${fence}text\n${inner}\n${fence}`;
};
