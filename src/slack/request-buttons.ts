import { mayRetry } from '../domain/again.ts';
import { coveredImpact, type Request, stampOf, stateOf } from '../domain/request.ts';
import { endsForSlack } from '../domain/text.ts';
import { type Block, button } from './blocks.ts';
import { limits } from './limits.ts';
import { plural } from './words.ts';

/** What can be done with a request, by the action ids of the buttons. */
export const verbs = ['approve', 'deny', 'cancel', 'check', 'retry'] as const;
export type Verb = (typeof verbs)[number];

/** The button that shows a request as it is now. */
export const openVerb = 'open';

/** Before the stamp of what was shown, in the block id of the buttons that decide on it. */
const decideMark = 'decide:';
/** Block id of the buttons of a direct message. */
const noticeMark = 'notice';

/** The stamp of what was shown above these buttons; empty where they are older than stamps. */
export const stampIn = (blockId: string): string =>
  blockId.startsWith(decideMark) ? blockId.slice(decideMark.length) : '';

export const isOfNotice = (blockId: string): boolean => blockId === noticeMark;

const buttonFor = (verb: Verb, request: Request) => {
  const { id, asked } = request;
  const count = plural(coveredImpact(request).grants.length, 'grant');
  switch (verb) {
    case 'approve':
      return button(verb, 'Approve', id, {
        style: 'danger',
        confirm: {
          title: `Approve ${id}?`,
          text: `${count} will be removed. ${endsForSlack(asked.impact.title, limits.titleConfirmed)}. This cannot be undone by the bot.`,
          yes: 'Approve',
          no: 'Back',
        },
      });
    case 'deny':
      return button(verb, 'Deny', id);
    case 'cancel':
      return button(verb, 'Cancel', id, {
        confirm: {
          title: `Cancel ${id}?`,
          text: `The request for ${count} is taken back.`,
          yes: 'Cancel it',
          no: 'Back',
        },
      });
    case 'check':
      return button(verb, 'Check again', id);
    case 'retry':
      return button(verb, 'Retry', id);
    default:
      return verb satisfies never;
  }
};

/** These buttons in one row, which remembers what they stand for. */
export const buttonRow = (request: Request, row: readonly Verb[]): Block[] => {
  const decides = row.some((verb) => verb === 'approve' || verb === 'deny' || verb === 'cancel');
  const elements = row.map((verb) => buttonFor(verb, request));
  const mark = decides && { block_id: `${decideMark}${stampOf(request)}` };
  return elements.length === 0 ? [] : [{ type: 'actions', elements, ...mark }];
};

/** What somebody can do with the request, on the card that is there for all. Once decided it has no live buttons. */
export const verbsOnCard = (request: Request): readonly Verb[] => {
  const state = stateOf(request);
  if (state === 'requested') return ['approve', 'deny', 'cancel'];
  if (state === 'denied') return [];
  return [
    ...(state === 'unverified' ? (['check'] as const) : []),
    ...(mayRetry(request) ? (['retry'] as const) : []),
  ];
};

/** The buttons of a direct message: to look at the request as it is now, and perhaps to ask anew. */
export const noticeRow = (request: Request, row: readonly 'retry'[] = []): Block => ({
  type: 'actions',
  block_id: noticeMark,
  elements: [
    button(openVerb, 'Open', request.id, { style: 'primary' }),
    ...row.map((verb) => buttonFor(verb, request)),
  ],
});
