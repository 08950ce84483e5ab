import { CloudFault } from '../domain/ports.ts';
import type { Act } from '../workflow/act.ts';
import { approve } from '../workflow/approve.ts';
import { cancel } from '../workflow/cancel.ts';
import { check } from '../workflow/check.ts';
import { answerClick, type Said } from './click-answer.ts';
import { concludeClick } from './conclude-click.ts';
import { onDeny } from './deny-dialog.ts';
import type { Desk, Reply } from './desk.ts';
import { onOpen } from './open-request.ts';
import type { Click } from './payloads.ts';
import { openVerb, stampIn, type Verb, verbs } from './request-buttons.ts';
import { onRetry } from './retry.ts';

/** The buttons about a request by their action ids, wherever they stand. */
export const requestButtons = [...verbs, openVerb] as const;
type RequestButton = (typeof requestButtons)[number];

const actOf = (tried: RequestButton, { user, actions, message, view }: Click): Act => {
  const [action] = actions;
  return {
    user: user.id,
    via: {
      ...(action?.action_ts && { actionTs: action.action_ts }),
      ...(message && { messageTs: message.ts }),
      ...(view && { viewId: view.id }),
    },
    ...((tried === 'approve' || tried === 'deny') && { shown: stampIn(action?.block_id ?? '') }),
  };
};

const checkAgain = async (desk: Desk, id: string, act: Act): Promise<Said> => {
  try {
    return await concludeClick(desk, 'check', id, act, await check(desk, id, act));
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const words = `The cloud could not be asked, so nothing new is known of ${id}: ${error.message} Please try again later.`;
    return { words, isStale: false };
  }
};

/** @returns what the clicker is told; undefined when they see it in a view that was opened */
const carryOut = async (
  desk: Desk,
  tried: Verb,
  click: Click,
  id: string,
  act: Act,
): Promise<Said | undefined> => {
  switch (tried) {
    case 'approve':
      return concludeClick(desk, tried, id, act, await approve(desk, id, act));
    case 'cancel':
      return concludeClick(desk, tried, id, act, await cancel(desk, id, act));
    case 'deny':
      return onDeny(desk, click, id, act);
    case 'check':
      return checkAgain(desk, id, act);
    case 'retry': {
      const words = await onRetry(desk, click, id, act);
      return words === undefined ? undefined : { words, isStale: false };
    }
    default:
      return tried satisfies never;
  }
};

/** A button about a request was clicked. What is decided on is the stored request, never what was shown. */
export const onRequestButton = async (
  desk: Desk,
  tried: RequestButton,
  click: Click,
  reply: Reply,
): Promise<void> => {
  const id = click.actions[0]?.value ?? '';
  if (tried === 'open') {
    const words = await onOpen(desk, click, id);
    if (words !== undefined) await answerClick(desk, click, id, reply, { words, isStale: false });
    return;
  }
  await answerClick(desk, click, id, reply, await carryOut(desk, tried, click, id, actOf(tried, click)));
};
