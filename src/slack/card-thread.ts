import type { FactOf, LedgerRecord } from '../domain/facts.ts';
import { mayTellRequester } from '../domain/notices.ts';
import type { Ledger, Log } from '../domain/ports.ts';
import { type Request, stateOf } from '../domain/request.ts';
import { forFallback, forSlack } from '../domain/text.ts';
import { leaf, line, type Message, richText, section } from './blocks.ts';
import type { Standing } from './card-place.ts';
import { evidenceAt, isLong, wholeList } from './evidence.ts';
import type { FilePlace, TextFile } from './files.ts';
import { limits } from './limits.ts';
import type { Post, Poster } from './poster.ts';
import { createRecorder } from './recorder.ts';
import { type SlackFault, slackFault } from './slack-fault.ts';
import { createStubborn } from './stubborn.ts';
import { sentenceOf } from './words.ts';

/** What is told at one time: facts up to `upTo`, in one message, with files for what is too long for it. */
interface Telling {
  readonly upTo: number;
  readonly message?: Message;
  /** The facts by their names, where Slack refuses the message. */
  readonly plainly: string;
  readonly files: readonly TextFile[];
  /** It tells how it ended, or that the access came back: its requester learns that also where there is no thread. */
  readonly ends: boolean;
}

/** Where something was told. */
interface Posted extends FilePlace {
  /** The message; absent where there are only files. */
  readonly ts?: string;
}

/** Tries after which people are told that there is no file, instead of waiting for ever. */
const mostTries = 5;

/** Facts that are told in the card's thread. */
const isTold = ({ fact }: LedgerRecord): boolean =>
  !['requested', 'card_posted', 'notified', 'refused', 'refusals_counted'].includes(fact.fact);

/** Facts after which there may be evidence to give. */
const isResult = ({ fact }: LedgerRecord): boolean =>
  ['succeeded', 'unverified', 'partly_failed', 'failed', 'halted'].includes(fact.fact);

const mostFacts = 20;

/** Cut as it is shown, because what deceives gets longer when it is made visible. */
const sentence = ({ fact }: LedgerRecord): string => forSlack(sentenceOf(fact), limits.sectionText);

/** As many of the facts as one message holds: always at least one; a result stands at the end. */
const fitting = (records: readonly LedgerRecord[]): readonly LedgerRecord[] => {
  let length = 0;
  const end = records.findIndex((record, index) => {
    length += sentence(record).length;
    return index > 0 && (isResult(record) || index >= mostFacts || length > limits.sectionText);
  });
  return end === -1 ? records : records.slice(0, end);
};

const isForRequester = ({ end }: Request, { fact }: LedgerRecord): boolean =>
  end?.fact.fact === fact.fact || fact.fact === 'came_back';

const factsTelling = (request: Request, records: readonly LedgerRecord[], upTo: number): Telling => {
  const { id } = request;
  const sentences = records.map(sentence);
  return {
    upTo,
    message: {
      text: forFallback(`${id}: ${sentences.join(' ')}`, limits.sectionText),
      blocks: [richText(...sentences.map((one) => line(leaf(one))))],
    },
    plainly: `${id}: ${records.map(({ fact }) => fact.fact).join(', ')}. See the ledger.`,
    files: [],
    ends: records.some((record) => isForRequester(request, record)),
  };
};

interface CardThreadOptions {
  readonly ledger: Pick<Ledger, 'ofRequest' | 'append'>;
  readonly poster: Poster;
  readonly log: Log;
}

/** Tells in the thread of a card what happened to its request; where there is no thread, its requester. */
export const createCardThread = ({ ledger, poster, log }: CardThreadOptions) => {
  /** Messages whose files are still on their way, and how often that was tried. */
  const waiting = new Map<string, { readonly place: FilePlace; readonly tries: number }>();
  const recorder = createRecorder<FactOf<'notified'>>(ledger);
  /** What is told next of each request. */
  const stubborn = createStubborn();

  /** What comes next; undefined when nothing of this is told. */
  const nextTelling = async (
    request: Request,
    records: readonly LedgerRecord[],
  ): Promise<Telling | undefined> => {
    /** The card has its place: the whole list belongs below it. */
    const isPlace = ({ fact }: LedgerRecord): boolean => fact.fact === 'card_posted' && isLong(request);
    const matter = records.filter((record) => isTold(record) || isPlace(record));
    const [first] = matter;
    if (first === undefined) return undefined;
    const { seq: upTo } = first;
    if (isPlace(first)) return { upTo, plainly: '', files: [wholeList(request)], ends: false };
    if (isResult(first)) {
      const evidence = evidenceAt(await ledger.ofRequest(request.id), upTo);
      const { plainly, ends } = factsTelling(request, [first], upTo);
      if (evidence) return { upTo, plainly, ends, ...evidence };
    }
    const place = matter.findIndex(isPlace);
    const told = fitting(place === -1 ? matter : matter.slice(0, place));
    const isAll = told.length === matter.length;
    const last = isAll ? records.at(-1) : told.at(-1);
    return factsTelling(request, told, last?.seq ?? upTo);
  };

  /** Posts; a refusal is logged, everything else thrown. @returns where it stands */
  const tryPost = async (
    id: string,
    channel: string,
    post: Post,
    signal: AbortSignal,
    faultOf: (error: unknown) => SlackFault = slackFault,
  ): Promise<Posted | undefined> => {
    try {
      const posted = await poster.post(channel, post, signal);
      return { ...posted, ...(post.thread !== undefined && { thread: post.thread }) };
    } catch (error) {
      const { kind, code } = faultOf(error);
      if (kind === 'later' || kind === 'token') throw error;
      log.warn('What happened to a request could not be told', { id, channel, code });
      return undefined;
    }
  };

  const postIn = async (
    id: string,
    { channel, thread }: FilePlace,
    { message, plainly }: Telling,
    signal: AbortSignal,
  ): Promise<Posted | undefined> => {
    const below = thread !== undefined && { thread };
    if (message === undefined) return { channel, ...below };
    const whole = { ...message, ...below };
    const posted =
      (await tryPost(id, channel, whole, signal, (error) => stubborn.faultOf(id, error))) ??
      (await tryPost(id, channel, { text: plainly, ...below }, signal));
    stubborn.over(id);
    return posted;
  };

  /** Shows the files; where Slack does not take them, says so instead. */
  const share = async (
    id: string,
    place: FilePlace,
    { files }: Telling,
    tries: number,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      await poster.share(place, files, signal);
    } catch (error) {
      const { kind, code } = slackFault(error);
      // An app that was installed before it had files must go on telling without them.
      const isFinal = code === 'missing_scope' || (kind === 'later' && tries >= mostTries);
      if (!isFinal && (kind === 'later' || kind === 'token')) throw error;
      const remedy = code === 'missing_scope' ? ': install the app again, with the scope files:write' : '';
      log.error(`Files could not be shown in Slack${remedy}`, { id, channel: place.channel, code });
      const names = files.map(({ name }) => name).join(', ');
      const words = `Slack did not take ${names} (${code}). /revocations export ${id} has the same.`;
      const { channel, thread } = place;
      const post = {
        text: forFallback(words),
        blocks: [section(words)],
        ...(thread !== undefined && { thread }),
      };
      await tryPost(id, channel, post, signal);
    }
  };

  /** Where there is no thread its requester gets the result, and it is on record, so that they are not told twice. */
  const tellRequester = async (
    request: Request,
    telling: Telling,
    signal: AbortSignal,
  ): Promise<Posted | undefined> => {
    const { id } = request;
    const { user } = request.asked.by;
    const state = stateOf(request);
    const before = await recorder.settle(id);
    if (before?.state === state) return before;
    const posted = await postIn(id, { channel: user }, telling, signal);
    if (posted?.ts === undefined) return posted;
    const { channel, ts } = posted;
    await recorder.record(id, { fact: 'notified', user, why: 'outcome', state, channel, ts });
    return posted;
  };

  return {
    /**
     * @param card undefined when there is none, or it was deleted
     * @returns the sequence number of the last fact that was told; undefined when there was nothing to tell
     */
    async tell(
      request: Request,
      card: Standing | undefined,
      records: readonly LedgerRecord[],
      signal: AbortSignal,
    ): Promise<number | undefined> {
      const { id } = request;
      const telling = await nextTelling(request, records);
      if (telling === undefined) return undefined;
      const key = `${id} ${telling.upTo}`;
      const { tries, place: before } = waiting.get(key) ?? { tries: 0 };
      const place =
        before ??
        (card && (await postIn(id, { channel: card.channel, thread: card.ts }, telling, signal))) ??
        (telling.ends && mayTellRequester(request)
          ? await tellRequester(request, telling, signal)
          : undefined);
      if (place !== undefined && telling.files.length > 0) {
        waiting.set(key, { place, tries: tries + 1 });
        await share(id, place, telling, tries + 1, signal);
        waiting.delete(key);
      }
      return telling.upTo;
    },
  };
};
