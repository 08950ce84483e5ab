import type { types } from '@slack/bolt';
import type { Request } from '../domain/request.ts';
import { bullets, plain, richText, section } from './blocks.ts';
import { details, essentials } from './card.ts';
import { limits } from './limits.ts';
import { buttonRow, type Verb } from './request-buttons.ts';

/** The callback id of the view behind `open`. */
export const requestCallback = 'request';

/**
 * A request as it is now, for one reader.
 * @param verbs what this reader can do with it now
 * @param said what came of their last click
 */
export const requestView = (
  request: Request,
  verbs: readonly Verb[],
  said: string | undefined,
): types.ModalView => {
  const { lines } = request.asked.impact;
  return {
    type: 'modal',
    callback_id: requestCallback,
    title: plain(request.id, limits.viewTitle),
    close: plain('Close', 24),
    blocks: [
      ...(said === undefined ? [] : [section(said)]),
      ...essentials(request),
      ...buttonRow(request, verbs),
      ...(lines.length === 0 ? [] : [richText(bullets(lines))]),
      ...details(request, limits.grantsShown),
    ],
  };
};
