import type { Request } from '../domain/request.ts';
import { load } from '../workflow/amend.ts';
import { renderCard } from './card.ts';
import type { Desk, Reply } from './desk.ts';
import { showRequest } from './open-request.ts';
import type { Click } from './payloads.ts';
import { say } from './refuse.ts';
import { isOfNotice } from './request-buttons.ts';
import { requestCallback } from './request-view.ts';
import { slackFault } from './slack-fault.ts';

/** What came of a click, for the person who clicked. */
export interface Said {
  readonly words: string;
  /** They acted on something that is not so any more. */
  readonly isStale: boolean;
}

/** The view of a request in which a click was made; undefined when it was made on a message. */
export const viewClicked = ({ view }: Click): string | undefined =>
  view?.callback_id === requestCallback ? view.id : undefined;

/**
 * Draws a card anew, and again while it changes meanwhile: its follower may have shown something newer before this
 * reached Slack.
 */
const redraw = async (
  desk: Desk,
  { channel, ts }: { readonly channel: string; readonly ts: string },
  first: Request,
): Promise<void> => {
  let shown = '';
  let request: Request | undefined = first;
  while (request !== undefined && JSON.stringify(renderCard(request)) !== shown) {
    const card = renderCard(request);
    await desk.client.chat.update({ channel, ts, ...card });
    shown = JSON.stringify(card);
    request = await load(desk.ledger, request.id);
  }
};

/**
 * Brings the card that was clicked up to date where nobody else does: one that its follower does not know of, because
 * of a crash between post and record, and one whose buttons looked live to the person who clicked.
 */
const mend = async (desk: Desk, click: Click, id: string, isStale: boolean): Promise<void> => {
  const { channel, message, actions } = click;
  if (!channel || !message || isOfNotice(actions[0]?.block_id ?? '')) return;
  const request = await load(desk.ledger, id);
  if (request?.card === undefined) return;
  if (request.card.ts === message.ts && !isStale) return;
  try {
    await redraw(desk, { channel: channel.id, ts: message.ts }, request);
  } catch (error) {
    desk.log.warn('A card could not be brought up to date at a click', { id, code: slackFault(error).code });
  }
};

/** Tells the person who clicked what came of it, and nobody else: where they clicked, with the request as it is now. */
export const answerClick = async (
  desk: Desk,
  click: Click,
  id: string,
  reply: Reply,
  said: Said | undefined,
): Promise<void> => {
  const view = viewClicked(click);
  if (view !== undefined) {
    if (said !== undefined) await showRequest(desk, { view, id, user: click.user.id, said: said.words });
    return;
  }
  if (said !== undefined) await say(reply, said.words);
  await mend(desk, click, id, said?.isStale === true);
};
