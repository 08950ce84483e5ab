import { refuseCheck, refuseRetry } from '../domain/again.ts';
import { admitDecider, decideCancel } from '../domain/decide.ts';
import type { KnownPerson } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { isHiddenFrom } from '../domain/summary.ts';
import { load, unknownRequest } from '../workflow/amend.ts';
import { whileLooking } from '../workflow/needs.ts';
import { mayAsk, mayDecide } from '../workflow/roles.ts';
import { type Desk, openView, showView } from './desk.ts';
import type { OpenView } from './open-views.ts';
import type { Click } from './payloads.ts';
import { admitReader } from './readers.ts';
import { recordRefusal } from './refuse.ts';
import type { Verb } from './request-buttons.ts';
import { requestView } from './request-view.ts';
import { noticeView } from './views.ts';

/**
 * What this reader can do with the request now. Every click is checked anew, so an old answer does no harm, nor does
 * none: in need nobody looks in vain for a button.
 */
const verbsFor = async (desk: Desk, request: Request, reader: KnownPerson): Promise<readonly Verb[]> => {
  const { user } = reader.person;
  const clicker = { who: reader, via: {} };
  const now = desk.clock.now();
  const decides = (['approve', 'deny'] as const).filter(
    (verb) => !('barred' in admitDecider(request, clicker, verb, now)),
  );
  const cancels = decideCancel(request, clicker).result === 'facts';
  const checks = refuseCheck(request, reader) === undefined;
  const retries = refuseRetry(request, reader) === undefined;
  const isDecider = decides.length > 0 && (await mayDecide(desk, request, user, whileLooking)) !== 'no';
  const isRequester = (checks || retries) && (await mayAsk(desk, user, whileLooking)) !== 'no';
  return [
    ...(isDecider ? decides : []),
    ...(cancels ? (['cancel'] as const) : []),
    ...(isRequester && checks ? (['check'] as const) : []),
    ...(isRequester && retries ? (['retry'] as const) : []),
  ];
};

/** Shows a request as it is now in a view that is open. For the affected person, one that is not final is not there. */
export const showRequest = async (desk: Desk, { view, id, user, said }: OpenView): Promise<void> => {
  const notice = async (words: string): Promise<void> => {
    desk.openViews.closed(view);
    const title = id.slice(0, 20) || 'Request';
    await showView(desk, view, noticeView(title, [...(said ? [said] : []), words]));
  };
  const reader = await admitReader(desk, user);
  if ('code' in reader) {
    await notice(reader.words);
    // What they clicked was refused already, on the same grounds.
    if (said !== undefined) return;
    return recordRefusal(desk, { user, via: { viewId: view }, tried: 'open', refusal: reader });
  }
  const summary = desk.ledger.summary(id);
  const request =
    summary === undefined || isHiddenFrom(summary, reader.person.email)
      ? undefined
      : await load(desk.ledger, id);
  if (request === undefined) return notice(unknownRequest(id).words);
  const isShown = await showView(
    desk,
    view,
    requestView(request, await verbsFor(desk, request, reader), said),
  );
  if (isShown) desk.openViews.shown({ view, id, user, said }, request);
  else desk.openViews.closed(view);
};

/** `open` was clicked, on a direct message or in App Home. @returns whether Slack opened the view in time */
export const onOpen = async (desk: Desk, click: Click, id: string): Promise<boolean> => {
  const title = id.slice(0, 20) || 'Request';
  const view = await openView(desk, click.trigger_id, noticeView(title, ['Looking it up …']));
  if (view === undefined) return false;
  await showRequest(desk, { view, id, user: click.user.id });
  return true;
};
