import { readFile } from 'node:fs/promises';
import { wordsOf } from '../ledger/faults.ts';
import { WrongUsage } from './place.ts';

/** What an audit post shows of the ledger as it stood then: its last line and that line's hash. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
  /** Where it was given: `--anchor`, or file and line. */
  readonly from: string;
  /** Nobody gave it: the bot itself wrote it down, beside the journal. */
  readonly isCheckpoint?: true;
}

const anchorForm = 'SEQ:HASH as at the end of an audit post: a number, a colon, 64 hexadecimal digits';

const alone = /^(\d{1,15}):([0-9a-f]{64})$/;

/**
 * The line with which the bot ends an audit post. Nothing that people wrote can look like it, because in a post they
 * never have a line of their own.
 */
const trail = /^(?:May be a repeat: [\w ]+\. )?(?:[#\w, -]+: Slack refused [\w ;]+\. )?after #\d+ · (\S+)$/;

const likeTrail = /after #\d+ ·/;

const anchorInLine = (line: string, from: string): Anchor | undefined => {
  const [, seq, hash] = alone.exec(trail.exec(line)?.[1] ?? line) ?? [];
  return hash === undefined ? undefined : { seq: Number(seq), hash, from };
};

/**
 * What people write in a message has a text or a link of its own in JSON. The trail of a post is a text of another type.
 */
const leafsOfPeople: ReadonlySet<unknown> = new Set(['text', 'link']);

/**
 * The texts in JSON that the bot may have written: a channel also has messages of people, and what is attached to one
 * comes from somewhere else.
 */
function* textsOfBot(value: unknown, isOfPeople = false): Generator<string> {
  if (typeof value === 'string' && !isOfPeople) yield value;
  if (typeof value !== 'object' || value === null) return;
  const type = 'type' in value ? value.type : undefined;
  const areOfPeople = type === 'message' ? !('bot_id' in value) : isOfPeople || leafsOfPeople.has(type);
  for (const [key, held] of Object.entries(value))
    yield* textsOfBot(held, areOfPeople || key === 'attachments');
}

/** The lines of texts in JSON, the form in which channels are exported; undefined for anything else. */
const linesInJson = (json: string): readonly string[] | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  return [...textsOfBot(parsed)].flatMap((text) => text.split('\n'));
};

interface Line {
  readonly line: string;
  readonly from: string;
}

const linesIn = (text: string, name: string): readonly Line[] =>
  linesInJson(text)?.map((line) => ({ line, from: name })) ??
  text.split('\n').flatMap((written, index) => {
    const from = `${name}, line ${index + 1}`;
    return (linesInJson(written) ?? [written]).map((line) => ({ line, from }));
  });

/** What a text has of anchors. */
export interface Pasted {
  readonly anchors: readonly Anchor[];
  /** Where something looks like the end of an audit post, but is not one. */
  readonly unread: readonly string[];
}

/** The anchors in audit posts that were pasted or exported, and in lines that are nothing but an anchor. */
export const anchorsIn = (text: string, name: string): Pasted => {
  const anchors: Anchor[] = [];
  const unread: string[] = [];
  for (const { line, from } of linesIn(text, name)) {
    const anchor = anchorInLine(line.trim(), from);
    if (anchor !== undefined) anchors.push(anchor);
    else if (likeTrail.test(line)) unread.push(from);
  }
  return { anchors, unread };
};

/** @throws {WrongUsage} when the text is not one anchor and nothing else */
export const anchorOf = (text: string): Anchor => {
  const anchor = anchorInLine(text.trim(), '--anchor');
  if (anchor !== undefined) return anchor;
  // The text is not repeated: nobody knows what was pasted here by mistake.
  throw new WrongUsage(`an --anchor has another form. It should be: ${anchorForm}`);
};

/** @throws {WrongUsage} when the file cannot be read, or has no anchor, which would look like a verified one */
export const anchorsOfFile = async (path: string): Promise<Pasted> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`the file of --anchors cannot be read (${wordsOf(error)})`);
  });
  const pasted = anchorsIn(text, path);
  if (pasted.anchors.length > 0) return pasted;
  throw new WrongUsage(`${path} has no anchor in it. It should have: ${anchorForm}`);
};
