import { refuseRetry } from '../domain/again.ts';
import type { Refusal } from '../domain/decide.ts';
import type { Kind } from '../domain/kind.ts';
import { CloudFault, type KnownPerson } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import type { Act } from '../workflow/act.ts';
import { load, unknownRequest } from '../workflow/amend.ts';
import { admitRequester, assessTarget } from '../workflow/assess.ts';
import { kindNamed } from '../workflow/needs.ts';
import { viewClicked } from './click-answer.ts';
import { type Desk, openView, showView, whileShown } from './desk.ts';
import { showReview } from './form-submission.ts';
import type { Click } from './payloads.ts';
import { recordRefusal } from './refuse.ts';
import { loadingView, noticeView } from './views.ts';

/** Who may retry this request, or why not. */
const admitRetry = async (desk: Desk, request: Request, user: string): Promise<KnownPerson | Refusal> => {
  const admitted = await admitRequester(desk, user);
  if ('code' in admitted) return admitted;
  const refused = refuseRetry(request, admitted);
  return refused?.result === 'refused' ? refused.refusal : admitted;
};

/** Reads what is still there of the target and shows the review of a new request for it. */
const review = async (
  desk: Desk,
  kind: Kind,
  request: Request,
  click: Click,
  view: string,
  requester: KnownPerson,
): Promise<void> => {
  const { target, reason, incident, askedIn: before } = request.asked;
  // Whoever clicked in a direct message or in a view is in no channel: it goes to that of the first request.
  const notice = async (...words: string[]): Promise<void> => {
    await showView(desk, view, noticeView(kind.title, words));
  };
  const askedIn = click.channel?.id === request.card?.channel ? (click.channel?.id ?? before) : before;
  try {
    const [assessed, place] = await Promise.all([
      assessTarget(desk, kind, target, requester.person),
      desk.channels.place(askedIn),
    ]);
    if (assessed.result === 'refused') {
      const gone = assessed.refusal.code === 'nothing_to_revoke';
      const words = gone ? `Already gone: nothing is left of ${request.id}. ` : '';
      return notice(`${words}${assessed.refusal.words}`);
    }
    const draft = desk.drafts.open({ user: requester.person.user, kind: kind.name, askedIn, ...place, view });
    await showReview(desk, kind, view, draft, {
      assessed: assessed.assessed,
      reason,
      ...(incident !== undefined && { incident }),
      retries: request.id,
    });
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const words = `The cloud could not be read, so nothing is known of what would go: ${error.message}`;
    await notice(words, 'Nothing was done. Please click Retry again.');
  }
};

/**
 * A new request for what is still there begins with a review, like any other: whoever clicked is its requester, and
 * everything starts afresh.
 * @returns what the clicker is told, when it is not shown in a view
 */
export const onRetry = async (
  desk: Desk,
  click: Click,
  id: string,
  act: Act,
): Promise<string | undefined> => {
  const request = await load(desk.ledger, id);
  if (request === undefined) return unknownRequest(id).words;
  const kind = kindNamed(desk.kinds, request.asked.kind);
  const how = viewClicked(click) === undefined ? 'open' : 'push';
  const opened = await openView(desk, click.trigger_id, loadingView(kind.title), how);
  if ('unopened' in opened) return opened.unopened;
  const { view } = opened;
  await whileShown(desk, view, kind.title, async () => {
    const admitted = await admitRetry(desk, request, act.user);
    if (!('code' in admitted)) return review(desk, kind, request, click, view, admitted);
    await showView(desk, view, noticeView(kind.title, [admitted.words]));
    return recordRefusal(desk, {
      user: act.user,
      via: act.via,
      tried: 'retry',
      refusal: admitted,
      request: id,
    });
  });
  return undefined;
};
