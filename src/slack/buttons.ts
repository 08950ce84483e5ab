import { CloudFault } from '../domain/ports.ts';
import { grantsNamed, stateOf } from '../domain/request.ts';
import type { Act } from '../workflow/act.ts';
import { type Amended, load } from '../workflow/amend.ts';
import { approve } from '../workflow/approve.ts';
import { cancel } from '../workflow/cancel.ts';
import { check } from '../workflow/check.ts';
import { deny } from '../workflow/deny.ts';
import { renderCard } from './card.ts';
import { type Desk, openView, type Reply, showView, tooSlow } from './desk.ts';
import { readForm } from './form.ts';
import type { FormAnswer } from './form-submission.ts';
import type { Click, Submission } from './payloads.ts';
import { recordRefusal, say } from './refuse.ts';
import { onRetry } from './retry.ts';
import { slackFault } from './slack-fault.ts';
import { denyView, noticeView } from './views.ts';
import { few, plural } from './words.ts';

/** The buttons of a card by their action ids. */
export const cardButtons = ['approve', 'deny', 'cancel', 'check', 'retry'] as const;
type CardButton = (typeof cardButtons)[number];

const actOf = (click: Click): Act => ({
  user: click.user.id,
  via: {
    ...(click.actions[0]?.action_ts && { actionTs: click.actions[0].action_ts }),
    ...(click.message && { messageTs: click.message.ts }),
    ...(click.view && { viewId: click.view.id }),
  },
});

/** What a check has shown. */
const checkedWords = ({ request, facts }: Amended & { result: 'appended' }): string => {
  if (stateOf(request) === 'succeeded') return `${request.id} is proven gone now: it has succeeded.`;
  const proofs = facts.flatMap((fact) => (fact.fact === 'proof' ? [fact] : []));
  const remaining = grantsNamed(
    request,
    proofs.flatMap((proof) => proof.remaining),
  );
  const said = proofs.flatMap(({ words }) => words ?? []);
  return [
    `${plural(remaining.length, 'grant')} of ${request.id} still there: ${few(remaining)}.`,
    ...said,
    'Check again later, or retry.',
  ].join(' ');
};

type Decided = Exclude<CardButton, 'retry'>;

const doneWords = (tried: Decided, amended: Amended & { result: 'appended' }): string => {
  const { request } = amended;
  switch (tried) {
    case 'approve': {
      const missing = request.progress.needed - request.progress.given.length;
      return stateOf(request) === 'requested'
        ? `You approved ${request.id}. ${plural(missing, 'more approval')} needed.`
        : `You approved ${request.id}. It is being executed; the result will be in the card's thread.`;
    }
    case 'deny':
      return `You denied ${request.id}. Nothing was called.`;
    case 'cancel':
      return `You cancelled ${request.id}. Nothing was called.`;
    case 'check':
      return checkedWords(amended);
    default:
      return tried satisfies never;
  }
};

/** What came of a verb, in words for the person who clicked, and on record when it was refused. */
const conclude = async (
  desk: Desk,
  tried: Decided,
  id: string,
  act: Act,
  amended: Amended,
): Promise<string> => {
  switch (amended.result) {
    case 'appended':
      return doneWords(tried, amended);
    case 'already':
      return `This click was worked on already. See /revocations show ${id}.`;
    case 'refused': {
      const { refusal, request } = amended;
      await recordRefusal(desk, {
        user: act.user,
        via: act.via,
        tried,
        refusal,
        ...(request !== undefined && { request: request.id }),
      });
      return refusal.words;
    }
    default:
      return amended satisfies never;
  }
};

const checkAgain = async (desk: Desk, id: string, act: Act): Promise<string> => {
  try {
    return await conclude(desk, 'check', id, act, await check(desk, id, act));
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    return `The cloud could not be asked, so nothing new is known of ${id}: ${error.message} Please try again later.`;
  }
};

const answer = async (
  desk: Desk,
  tried: CardButton,
  click: Click,
  id: string,
): Promise<string | undefined> => {
  const act = actOf(click);
  switch (tried) {
    case 'approve':
      return conclude(desk, tried, id, act, await approve(desk, id, act));
    case 'cancel':
      return conclude(desk, tried, id, act, await cancel(desk, id, act));
    case 'deny': {
      const opened = await openView(desk, click.trigger_id, denyView(id.slice(0, 12)));
      return opened === undefined ? tooSlow : undefined;
    }
    case 'check':
      return checkAgain(desk, id, act);
    case 'retry':
      return onRetry(desk, click, id, act);
    default:
      return tried satisfies never;
  }
};

/**
 * A crash between a post and its record leaves a second card that nobody keeps up to date. Whoever clicks on it is
 * answered as always, and it is brought up to date then, so that no button stays live on it.
 */
const mendStray = async (desk: Desk, { channel, message }: Click, id: string): Promise<void> => {
  if (!channel || !message) return;
  const request = await load(desk.ledger, id);
  if (request?.card === undefined || request.card.ts === message.ts) return;
  try {
    await desk.client.chat.update({ channel: channel.id, ts: message.ts, ...renderCard(request) });
  } catch (error) {
    desk.log.warn('A stray card could not be brought up to date', { id, code: slackFault(error).code });
  }
};

/** A button of a card was clicked. What is decided on is the stored request, never what the message shows. */
export const onCardButton = async (
  desk: Desk,
  tried: CardButton,
  click: Click,
  reply: Reply,
): Promise<void> => {
  const id = click.actions[0]?.value ?? '';
  const words = await answer(desk, tried, click, id);
  if (words !== undefined) await say(reply, words);
  await mendStray(desk, click, id);
};

/** The reason for a denial was submitted. */
export const onDenySubmission = (desk: Desk, submission: Submission): FormAnswer => {
  const { view, user } = submission;
  const id = view.private_metadata;
  const { reason } = readForm(view.state ?? { values: {} });
  if (!reason || reason.length > 1000) {
    return {
      ack: { response_action: 'errors', errors: { reason: 'Please say why, in 1 to 1000 characters.' } },
    };
  }
  const act: Act = { user: user.id, via: { viewId: view.id } };
  return {
    ack: { response_action: 'update', view: noticeView(`Deny ${id}`, ['Recording …']) },
    after: async () => {
      const words = await conclude(desk, 'deny', id, act, await deny(desk, id, act, reason));
      await showView(desk, view.id, noticeView(`Deny ${id}`, [words]));
    },
  };
};
