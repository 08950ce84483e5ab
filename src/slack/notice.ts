import { approvalWords } from '../domain/approval-words.ts';
import { named } from '../domain/decide.ts';
import { listWords } from '../domain/list-words.ts';
import type { Due } from '../domain/notices.ts';
import { type Request, stateOf } from '../domain/request.ts';
import { endsForSlack, forFallback, nameForSlack, oneLine } from '../domain/text.ts';
import { type Block, bold, labelled, leaf, line, type Message, moment, richText } from './blocks.ts';
import { noticeRow } from './request-buttons.ts';
import { sentenceOf, stateWords } from './words.ts';

/** What somebody who gets a direct message may do, as far as it matters for its words and buttons. */
export interface NoticeReader {
  readonly mayDecide: boolean;
  readonly mayAsk: boolean;
}

/** Characters of a title and of a reason in a direct message: the rest is behind `open`. */
const mostOfTitle = 300;
const mostOfReason = 500;

type Part = Parameters<typeof richText>[number];

const compose = (words: string, parts: readonly Part[], buttons: readonly Block[]): Message => ({
  text: forFallback(oneLine(words), 800),
  blocks: [richText(line(bold(words)), ...parts), ...buttons],
});

const titleOf = ({ asked }: Request): string => endsForSlack(asked.impact.title, mostOfTitle);

const why = (label: string, reason: string): Part => labelled(label, nameForSlack(reason, mostOfReason));

/** How a request was decided and by whom: a sentence that can go on. */
const decision = (request: Request): string => {
  const { id, end, approvals } = request;
  switch (end?.fact.fact) {
    case 'denied':
    case 'cancelled':
      return `${id} was ${end.fact.fact} by ${named(end.fact.by)}`;
    case 'expired':
      return `${id} has expired`;
    default: {
      const approvers = approvals.flatMap(({ by }) => (by ? [named(by)] : []));
      return approvers.length === 0
        ? `${id} is ${stateWords[stateOf(request)]}`
        : `${id} was approved by ${listWords(approvers, 'and')}`;
    }
  }
};

const openings = {
  asked: (id: string) => `${id} needs your decision`,
  reminded: (id: string) => `Reminder: ${id} still needs your decision`,
  escalated: (id: string) => `${id} is not decided yet`,
} as const;

const expiry = (request: Request): Part =>
  line(leaf(`${approvalWords(request)} Expires `), moment(request.asked.approveBefore));

const asking = (request: Request, reason: keyof typeof openings, reader: NoticeReader): Message => {
  const { id, asked } = request;
  const onlyLooks = line(leaf('You can look at it; its approvers decide.'));
  return compose(
    `${openings[reason](id)}: ${titleOf(request)}`,
    [
      labelled('Asked by', named(asked.by)),
      why('Reason', asked.reason),
      expiry(request),
      ...(reader.mayDecide ? [] : [onlyLooks]),
    ],
    [noticeRow(request)],
  );
};

/** The other approvers hear of a denial, because one person alone must not be able to keep a revocation from all. */
const denial = (request: Request, { mayAsk }: NoticeReader): Message => {
  const { asked, end } = request;
  return compose(
    `${decision(request)}: ${titleOf(request)}`,
    [
      ...(end?.fact.fact === 'denied' ? [why('Why', end.fact.reason)] : []),
      labelled('Asked by', named(asked.by)),
      why('Reason', asked.reason),
    ],
    [noticeRow(request, mayAsk ? ['retry'] : [])],
  );
};

/** For the requester: what others decided, and how it ended. */
const outcome = (request: Request): Message => {
  const { id, end } = request;
  const state = stateOf(request);
  const buttons = [noticeRow(request)];
  switch (state) {
    case 'requested':
      return compose(
        `An approval of ${id} does not count any more: ${titleOf(request)}`,
        [expiry(request)],
        buttons,
      );
    case 'approved':
    case 'executing':
    case 'verifying':
      return compose(`${decision(request)} and is being executed: ${titleOf(request)}`, [], buttons);
    case 'denied':
      return compose(
        `${decision(request)}: ${titleOf(request)}`,
        end?.fact.fact === 'denied' ? [why('Why', end.fact.reason)] : [],
        buttons,
      );
    default: {
      const words = `${id} · ${stateWords[state]}: ${titleOf(request)}`;
      return compose(words, end === undefined ? [] : [line(leaf(sentenceOf(end.fact)))], buttons);
    }
  }
};

/** In place of a message whose button is not needed any more. */
const closed = (request: Request): Message => {
  const words = `${decision(request)}. You need not do anything.`;
  return { text: forFallback(oneLine(words)), blocks: [richText(line(leaf(words)))] };
};

/** A direct message about a request as it is now: few words first, the rest is behind `open`. */
export const renderNotice = (request: Request, reason: Due['why'], reader: NoticeReader): Message => {
  switch (reason) {
    case 'asked':
    case 'reminded':
    case 'escalated':
      return asking(request, reason, reader);
    case 'denied':
      return denial(request, reader);
    case 'outcome':
      return outcome(request);
    case 'decided':
      return closed(request);
    default:
      return reason satisfies never;
  }
};
