import type { types } from '@slack/bolt';
import type { Ids, Log } from '../domain/ports.ts';
import type { ExecuteNeeds } from '../workflow/execute.ts';
import type { Refusals } from '../workflow/refusals.ts';
import type { Submission, Submitted } from '../workflow/submit.ts';
import type { Message } from './blocks.ts';
import type { Channels } from './channels.ts';
import type { WebClient } from './clients.ts';
import type { Drafts } from './drafts.ts';
import { slackFault } from './slack-fault.ts';

/** Answers the person who acted, and nobody else. Never throws: an answer that cannot be given is logged. */
export type Reply = (message: Message) => Promise<void>;

/** What the handlers of commands, forms and buttons need. */
export interface Desk extends ExecuteNeeds {
  readonly ids: Ids;
  readonly client: WebClient;
  readonly drafts: Drafts;
  readonly channels: Channels;
  readonly refusals: Refusals;
  readonly submit: (submission: Submission) => Promise<Submitted>;
}

/**
 * Replaces a view that is open; a view that its user has closed meanwhile is no trouble.
 * @returns whether the view shows it now
 */
export const showView = async (
  desk: { readonly client: WebClient; readonly log: Log },
  viewId: string,
  view: types.ModalView,
  hash?: string,
): Promise<boolean> => {
  try {
    await desk.client.views.update({ view_id: viewId, view, ...(hash !== undefined && { hash }) });
    return true;
  } catch (error) {
    const fault = slackFault(error);
    if (fault.kind !== 'gone') desk.log.warn('A view could not be shown', { code: fault.code });
    return false;
  }
};

/**
 * Opens a view with a trigger, which lives 3 s.
 * @returns the view's id; undefined when Slack did not open it
 */
export const openView = async (
  desk: { readonly client: WebClient; readonly log: Log },
  trigger: string,
  view: types.ModalView,
): Promise<string | undefined> => {
  try {
    const opened = await desk.client.views.open({ trigger_id: trigger, view });
    return opened.view?.id;
  } catch (error) {
    desk.log.warn('A view could not be opened', { code: slackFault(error).code });
    return undefined;
  }
};

/** Said when a trigger ran out before the view could be opened. */
export const tooSlow = 'Slack did not open the form in time. Nothing was done; please try again.';
