import type { types } from '@slack/bolt';
import type { Kind } from '../domain/kind.ts';
import { CloudFault } from '../domain/ports.ts';
import { load } from '../workflow/amend.ts';
import { type Assessed, admitRequester, assess } from '../workflow/assess.ts';
import { hastyPeople } from '../workflow/hasty-people.ts';
import { option, plain } from './blocks.ts';
import { type Desk, showView } from './desk.ts';
import type { Draft } from './drafts.ts';
import { contextOf, formView, noteValue, readForm, textErrors, valuesOf, withDefaults } from './form.ts';
import { limits } from './limits.ts';
import type { Click, Submission, Suggestion } from './payloads.ts';
import { recordRefusal } from './refuse.ts';
import { slackFault } from './slack-fault.ts';
import { loadingView, noticeView, reviewView } from './views.ts';

/** The answer to a submitted view, and the work that goes on after it. */
export interface FormAnswer {
  readonly ack:
    | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
    | { readonly response_action: 'update'; readonly view: types.ModalView };
  readonly after?: () => Promise<void>;
}

/** What this view was opened for; undefined when that is not known (any more) of this person, view and kind. */
export const draftOf = (
  desk: Pick<Desk, 'drafts'>,
  kind: Kind,
  { view, user }: { readonly view: { id: string; private_metadata: string }; readonly user: { id: string } },
): Draft | undefined =>
  desk.drafts.get(view.private_metadata, { user: user.id, view: view.id, kind: kind.name });

/** What a form says above its fields, however often it is drawn again. */
const notesOf = (draft: Draft | undefined): string[] => (draft?.notice === undefined ? [] : [draft.notice]);

export const lostDraft = (kind: Kind): types.ModalView =>
  noticeView(kind.title, [
    'The bot was restarted, this form is older than 30 minutes, or it was submitted once more since; nothing was done. Please open the form again:',
    kind.command.name,
  ]);

/** Where the cards of these requests stand, by their ids; one that has no card yet is left out. */
const linksTo = async (desk: Desk, requests: Assessed['alongside']): Promise<ReadonlyMap<string, string>> => {
  const links = new Map<string, string>();
  for (const { id } of requests) {
    const card = (await load(desk.ledger, id))?.card;
    if (card === undefined) continue;
    try {
      const { permalink } = await desk.client.chat.getPermalink({
        channel: card.channel,
        message_ts: card.ts,
      });
      if (permalink !== undefined) links.set(id, permalink);
    } catch (error) {
      desk.log.warn('A link to a card could not be had', { id, code: slackFault(error).code });
    }
  }
  return links;
};

/** Keeps what is reviewed with the draft, and shows it: what is submitted then is always what is shown. */
export const showReview = async (
  desk: Desk,
  kind: Kind,
  viewId: string,
  draft: Draft,
  reviewed: NonNullable<Draft['reviewed']>,
): Promise<void> => {
  const links = await linksTo(desk, reviewed.assessed.alongside);
  if (desk.drafts.isOvertaken(draft)) return;
  const kept = desk.drafts.put({ ...draft, reviewed });
  await showView(desk, viewId, reviewView(kind, kept, reviewed, links), {
    isOvertaken: () => desk.drafts.isOvertaken(kept),
  });
};

/** Says what would be lost: reads the cloud, then shows the review, a refusal, or the form with what is wrong. */
const review = async (desk: Desk, kind: Kind, draft: Draft, submission: Submission): Promise<void> => {
  const { view, user } = submission;
  const filled = readForm(view.state ?? { values: {} });
  const isOvertaken = () => desk.drafts.isOvertaken(draft);
  const show = (next: types.ModalView) => showView(desk, view.id, next, { isOvertaken });
  const admitted = await admitRequester(desk, user.id);
  if ('code' in admitted) {
    // Whoever could not be asked about may be asked about soon: they should not have to fill it in again.
    const again = admitted.code === 'could_not_ask';
    const words = [...notesOf(draft), admitted.words];
    await show(again ? formView(kind, draft.id, filled, words) : noticeView(kind.title, [admitted.words]));
    return recordRefusal(desk, {
      user: user.id,
      via: { viewId: view.id },
      tried: kind.command.name,
      refusal: admitted,
    });
  }
  try {
    const assessed = await assess(desk, kind, valuesOf(kind, filled), admitted.person);
    switch (assessed.result) {
      case 'wrong':
        await show(formView(kind, draft.id, filled, [...notesOf(draft), ...Object.values(assessed.errors)]));
        return;
      case 'refused':
        await show(noticeView(kind.title, [assessed.refusal.words]));
        return;
      case 'assessed':
        await showReview(desk, kind, view.id, draft, {
          assessed: assessed.assessed,
          reason: filled.reason ?? '',
          ...(filled.incident && { incident: filled.incident }),
        });
        return;
      default:
        return assessed satisfies never;
    }
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const words = `The cloud could not be read, so nothing is known of what would go: ${error.message}`;
    await show(
      formView(kind, draft.id, filled, [...notesOf(draft), words, 'Nothing was done. Please try again.']),
    );
  }
};

/** A filled-in form was submitted: checks the texts at once, reads the cloud after the acknowledgement. */
export const onFormSubmission = (desk: Desk, kind: Kind, submission: Submission): FormAnswer => {
  const { view } = submission;
  const errors = textErrors(readForm(view.state ?? { values: {} }));
  if (Object.keys(errors).length > 0) return { ack: { response_action: 'errors', errors } };
  const known = draftOf(desk, kind, submission);
  if (known === undefined) return { ack: { response_action: 'update', view: lostDraft(kind) } };
  const draft = desk.drafts.submitted(known);
  return {
    ack: { response_action: 'update', view: loadingView(kind.title) },
    after: () => review(desk, kind, draft, submission),
  };
};

/** Whether what can be chosen in a field follows from the other one, also by way of a third. */
const dependsOn = (kind: Kind, id: string, other: string | undefined): boolean => {
  const field = kind.fields.find((candidate) => candidate.id === id);
  if (field?.type !== 'lookup') return false;
  return field.within.some((within) => within === other || dependsOn(kind, within, other));
};

/** A field was changed on which others depend: the form is drawn again. */
export const onFieldChange = async (desk: Desk, kind: Kind, click: Click): Promise<void> => {
  const { view } = click;
  if (view === undefined) return;
  const filled = withDefaults(kind, readForm(view.state ?? { values: {} }));
  const changed = click.actions[0]?.action_id.split(':')[0];
  const options = Object.fromEntries(
    Object.entries(filled.options).filter(([id]) => !dependsOn(kind, id, changed)),
  );
  const notes = notesOf(draftOf(desk, kind, { view, user: click.user }));
  await showView(desk, view.id, formView(kind, view.private_metadata, { ...filled, options }, notes), {
    hash: view.hash,
  });
};

/** A menu holds options only, so what people must know of it is one more: chosen, it counts as nothing. */
const noteOption = (words: string, index: number): types.PlainTextOption => option(noteValue(index), words);

/** Slack has so long (ms) to tell who types: with the look-up after it, a menu must have its answer within 3 s. */
const askingTime = 700;

const nobodyKnown = 'Slack could not be asked who you are just now. Please type again.';

/** Type-ahead: what matches, and below it what people must know of the answer. */
export const onSuggestion = async (
  desk: Desk,
  kind: Kind,
  suggestion: Suggestion,
): Promise<types.PlainTextOption[]> => {
  const field = kind.fields.find((candidate) => candidate.id === suggestion.block_id);
  if (field?.type !== 'lookup') return [];
  const people = hastyPeople(desk.people, desk.clock, desk.clock.now() + askingTime);
  const admitted = await admitRequester({ ...desk, people }, suggestion.user.id);
  if ('code' in admitted) return admitted.code === 'could_not_ask' ? [noteOption(nobodyKnown, 0)] : [];
  const context = contextOf(field, suggestion.action_id);
  try {
    const found = await desk.directory.suggest(field.lookup, context, suggestion.value, limits.options);
    const notes = (found.notes ?? []).map(noteOption);
    const options = found.choices.slice(0, limits.options - notes.length).map((choice) => ({
      ...option(choice.id, choice.words),
      ...(choice.detail !== undefined && { description: plain(choice.detail, limits.optionText) }),
    }));
    return [...options, ...notes];
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    desk.log.warn('A look-up for a form could not be made', { lookup: field.lookup, error });
    return [noteOption('The cloud could not be asked just now. Try again, or type an id.', 0)];
  }
};
