import { refuseCheck, refuseRetry } from '../domain/again.ts';
import { admitDecider, decideCancel, type Refusal } from '../domain/decide.ts';
import type { KnownPerson } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { isHiddenFrom } from '../domain/summary.ts';
import { load, unknownRequest } from '../workflow/amend.ts';
import { whileLooking } from '../workflow/needs.ts';
import { mayAsk, mayDecide } from '../workflow/roles.ts';
import { type Desk, openView, showView, whileShown } from './desk.ts';
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

const titleOf = (id: string): string => id.slice(0, 20) || 'Request';

/** A view that Slack does not take now stays with those that are kept up to date, and so is due. */
const showNotice = async (
  desk: Desk,
  { view, id, said }: OpenView,
  words: string,
  once: boolean,
): Promise<void> => {
  const notice = noticeView(titleOf(id), [...(said ? [said] : []), words]);
  if ((await showView(desk, view, notice, { once })) !== 'not now') desk.openViews.closed(view);
};

/** For the affected person, a request that is not final is not there. */
const showTo = async (desk: Desk, open: OpenView, reader: KnownPerson, once: boolean): Promise<void> => {
  const { view, id, said } = open;
  const summary = desk.ledger.summary(id);
  const request =
    summary === undefined || isHiddenFrom(summary, reader.person.email)
      ? undefined
      : await load(desk.ledger, id);
  if (request === undefined) return showNotice(desk, open, unknownRequest(id).words, once);
  const verbs = await verbsFor(desk, request, reader);
  const result = await showView(desk, view, requestView(request, verbs, said), { once });
  if (result === 'shown') desk.openViews.shown(open, request);
  else if (result !== 'not now') desk.openViews.closed(view);
};

/**
 * Shows a request as it is now in a view that its reader acted on.
 * @returns why they may not see it, when they may not; they are told
 */
export const showRequest = async (desk: Desk, open: OpenView): Promise<Refusal | undefined> => {
  const reader = await admitReader(desk, open.user);
  if ('code' in reader) {
    await showNotice(desk, open, reader.words, false);
    return reader;
  }
  await showTo(desk, open, reader, false);
  return undefined;
};

/**
 * Shows a request that has changed to somebody who did nothing, which is why no refusal goes on record here. As long as
 * Slack cannot be asked about them or does not take their view, it stays as it is and is due.
 */
export const redrawRequest = async (desk: Desk, open: OpenView): Promise<void> => {
  const reader = await admitReader(desk, open.user);
  if (!('code' in reader)) return showTo(desk, open, reader, true);
  if (reader.code !== 'could_not_ask') await showNotice(desk, open, reader.words, true);
};

/**
 * `open` was clicked, on a direct message or in App Home.
 * @returns what the clicker is told, when it is not shown in a view
 */
export const onOpen = async (desk: Desk, click: Click, id: string): Promise<string | undefined> => {
  const user = click.user.id;
  const opened = await openView(desk, click.trigger_id, noticeView(titleOf(id), ['Looking it up …']));
  if ('unopened' in opened) return opened.unopened;
  const { view } = opened;
  await whileShown(desk, view, titleOf(id), async () => {
    const refusal = await showRequest(desk, { view, id, user });
    if (refusal) await recordRefusal(desk, { user, via: { viewId: view }, tried: 'open', refusal });
  });
  return undefined;
};
