import type { types } from '@slack/bolt';
import { type Clock, type Ids, LedgerFault, type Log } from '../domain/ports.ts';
import type { ExecuteNeeds } from '../workflow/execute.ts';
import type { Refusals } from '../workflow/refusals.ts';
import type { Submission, Submitted } from '../workflow/submit.ts';
import type { Message } from './blocks.ts';
import type { Channels } from './channels.ts';
import type { WebClient } from './clients.ts';
import type { Drafts } from './drafts.ts';
import type { Homes } from './home.ts';
import type { OpenViews } from './open-views.ts';
import { lacksScope, type SlackFault, slackFault } from './slack-fault.ts';
import { noticeView } from './views.ts';

/** Answers the person who acted, and nobody else. Never throws: an answer that cannot be given is logged. */
export type Reply = (message: Message) => Promise<void>;

/** What the handlers of commands, forms and buttons need. */
export interface Desk extends ExecuteNeeds {
  readonly ids: Ids;
  readonly client: WebClient;
  readonly drafts: Drafts;
  readonly channels: Channels;
  readonly refusals: Refusals;
  readonly homes: Pick<Homes, 'opened'>;
  readonly openViews: Pick<OpenViews, 'shown' | 'closed'>;
  readonly submit: (submission: Submission) => Promise<Submitted>;
}

interface Showing {
  readonly client: WebClient;
  readonly log: Log;
  readonly clock: Clock;
}

/** Tries to show an answer; unlike opening a view, showing one has no deadline. */
const mostTries = 3;
/** Longest wait (ms) for Slack between two of them: nobody looks at a loading view for longer. */
const mostWait = 10_000;

/** What became of a view: `not now`, when another try later may show it. */
type Shown = 'shown' | 'gone' | 'refused' | 'not now';

const updateView = async (
  { client, log, clock }: Showing,
  args: { readonly view_id: string; readonly view: types.ModalView; readonly hash?: string },
  most: number,
  isOvertaken: () => boolean,
): Promise<Shown> => {
  for (let tries = 1; ; tries += 1) {
    if (isOvertaken()) return 'gone';
    try {
      await client.views.update(args);
      return 'shown';
    } catch (error) {
      const { kind, code, waitMs } = slackFault(error);
      if (kind === 'gone') return 'gone';
      log.warn('A view could not be shown', { code, tries });
      if (kind !== 'later') return 'refused';
      if (tries >= most) return 'not now';
      await clock.sleep(Math.min(mostWait, Math.max(waitMs, 500 * tries)));
    }
  }
};

/** Shown in place of a view that Slack refuses, so that nobody waits in front of a loading one. */
const unshown = 'This could not be shown here. See /revocations list for what was recorded, or try again.';

interface HowToShow {
  /** Of the form that is redrawn: the view is left alone if it is another one by now. */
  readonly hash?: string | undefined;
  /** One try, where somebody else sees to the next. */
  readonly once?: boolean;
  /** Whether something newer is to be shown in its place by now. */
  readonly isOvertaken?: () => boolean;
}

/** Replaces a view that is open; a view that its user has closed meanwhile is no trouble. */
export const showView = async (
  desk: Showing,
  viewId: string,
  view: types.ModalView,
  { hash, once = false, isOvertaken = () => false }: HowToShow = {},
): Promise<Shown> => {
  // A redrawn form is out of date after a first try, and its user goes on with what is there.
  const most = once || hash !== undefined ? 1 : mostTries;
  const show = (shown: types.ModalView) =>
    updateView(
      desk,
      { view_id: viewId, view: shown, ...(hash !== undefined && { hash }) },
      most,
      isOvertaken,
    );
  const result = await show(view);
  if (result === 'refused' && hash === undefined) await show(noticeView(view.title.text, [unshown]));
  return result;
};

/** What a person is told when something of ours went wrong. What was recorded stays true, and `show` tells it. */
export const sorry = (error: unknown): string =>
  error instanceof LedgerFault
    ? `The ledger cannot be used, so nothing was executed or recorded by this: ${error.message}`
    : 'Something went wrong on our side, and it is in the log. See /revocations list for what was recorded.';

/** Does what the reader of this view waits for. Where that goes wrong it is said there, because there they look. */
export const whileShown = async (
  desk: Showing,
  viewId: string,
  title: string,
  job: () => Promise<void>,
): Promise<void> => {
  try {
    await job();
  } catch (error) {
    desk.log.error('What a view was opened for went wrong', { error });
    await showView(desk, viewId, noticeView(title, [sorry(error)]));
  }
};

/** A view that was opened, or what whoever clicked is told instead. */
type Opened = { readonly view: string } | { readonly unopened: string };

const unopened = (fault: SlackFault): string => {
  if (lacksScope(fault))
    return 'Slack does not allow the bot to open the form. Nothing was done; please tell whoever runs the bot to reinstall the app with the scopes of its manifest.yml.';
  const { kind } = fault;
  switch (kind) {
    case 'token':
      return 'Slack does not accept the bot any more, so nothing can be shown or done here. Nothing was done; please tell whoever runs the bot.';
    case 'gone':
    case 'later':
      return 'Slack did not open the form in time. Nothing was done; please try again.';
    case 'channel':
    case 'content':
      return 'Slack refused to open the form. Nothing was done; why is in the log of the bot.';
    default:
      return kind satisfies never;
  }
};

/**
 * Opens a view with a trigger, which lives 3 s.
 * @param how `push`: on top of the view in which the click was made
 */
export const openView = async (
  desk: { readonly client: WebClient; readonly log: Log },
  trigger: string,
  view: types.ModalView,
  how: 'open' | 'push' = 'open',
): Promise<Opened> => {
  try {
    const args = { trigger_id: trigger, view };
    const opened = await (how === 'push' ? desk.client.views.push(args) : desk.client.views.open(args));
    if (opened.view?.id === undefined) throw new Error('Slack did not name the view');
    return { view: opened.view.id };
  } catch (error) {
    const fault = slackFault(error);
    desk.log.warn('A view could not be opened', { code: fault.code });
    return { unopened: unopened(fault) };
  }
};
