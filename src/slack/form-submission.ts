import type { types } from '@slack/bolt';
import type { Kind } from '../domain/kind.ts';
import { CloudFault } from '../domain/ports.ts';
import { admitRequester, assess } from '../workflow/assess.ts';
import { plain } from './blocks.ts';
import { type Desk, showView } from './desk.ts';
import type { Draft } from './drafts.ts';
import { contextOf, formView, readForm, textErrors, valuesOf, withDefaults } from './form.ts';
import { limits } from './limits.ts';
import type { Click, Submission, Suggestion } from './payloads.ts';
import { recordRefusal } from './refuse.ts';
import { loadingView, noticeView, reviewView } from './views.ts';

/** The answer to a submitted view, and the work that goes on after it. */
export interface FormAnswer {
  readonly ack:
    | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
    | { readonly response_action: 'update'; readonly view: types.ModalView };
  readonly after?: () => Promise<void>;
}

export const lostDraft = (kind: Kind): types.ModalView =>
  noticeView(kind.title, [
    'The bot was restarted, or this form is older than 30 minutes; nothing was done. Please open the form again:',
    kind.command.name,
  ]);

/** Says what would be lost: reads the cloud, then shows the review, a refusal, or the form with what is wrong. */
const review = async (desk: Desk, kind: Kind, draft: Draft, submission: Submission): Promise<void> => {
  const { view, user } = submission;
  const filled = readForm(view.state ?? { values: {} });
  const show = (next: types.ModalView) => showView(desk, view.id, next);
  const admitted = await admitRequester(desk, user.id);
  if ('code' in admitted) {
    await show(noticeView(kind.title, [admitted.words]));
    return recordRefusal(desk, {
      user: user.id,
      via: { viewId: view.id },
      tried: kind.command.name,
      refusal: admitted,
    });
  }
  try {
    const assessed = await assess(desk, kind, valuesOf(kind, filled), user.id);
    switch (assessed.result) {
      case 'wrong':
        await show(formView(kind, draft.id, filled, Object.values(assessed.errors)));
        return;
      case 'refused':
        await show(noticeView(kind.title, [assessed.refusal.words]));
        return;
      case 'assessed': {
        const reviewed = desk.drafts.put({
          ...draft,
          reviewed: {
            assessed: assessed.assessed,
            reason: filled.reason ?? '',
            ...(filled.incident && { incident: filled.incident }),
          },
        });
        await show(reviewView(kind, reviewed, assessed.assessed, filled.reason ?? ''));
        return;
      }
      default:
        return assessed satisfies never;
    }
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const words = `The cloud could not be read, so nothing is known of what would go: ${error.message}`;
    await show(formView(kind, draft.id, filled, [words, 'Nothing was done. Please try again.']));
  }
};

/** A filled-in form was submitted: checks the texts at once, reads the cloud after the acknowledgement. */
export const onFormSubmission = (desk: Desk, kind: Kind, submission: Submission): FormAnswer => {
  const { view, user } = submission;
  const errors = textErrors(readForm(view.state ?? { values: {} }));
  if (Object.keys(errors).length > 0) return { ack: { response_action: 'errors', errors } };
  const draft = desk.drafts.get(view.private_metadata, user.id);
  if (draft === undefined) return { ack: { response_action: 'update', view: lostDraft(kind) } };
  return {
    ack: { response_action: 'update', view: loadingView(kind.title) },
    after: () => review(desk, kind, draft, submission),
  };
};

/** A field was changed on which others depend: the form is drawn again. */
export const onFieldChange = async (desk: Desk, kind: Kind, click: Click): Promise<void> => {
  const { view } = click;
  if (view === undefined) return;
  const filled = withDefaults(kind, readForm(view.state ?? { values: {} }));
  const changed = click.actions[0]?.action_id.split(':')[0];
  const stale = kind.fields.filter(
    (field) => field.type === 'lookup' && field.within.some((id) => id === changed),
  );
  const options = Object.fromEntries(
    Object.entries(filled.options).filter(([id]) => !stale.some((field) => field.id === id)),
  );
  await showView(desk, view.id, formView(kind, view.private_metadata, { ...filled, options }, []), view.hash);
};

/** Type-ahead. A look-up that cannot be made answers with no options; the reason is logged. */
export const onSuggestion = async (
  desk: Desk,
  kind: Kind,
  suggestion: Suggestion,
): Promise<types.PlainTextOption[]> => {
  const field = kind.fields.find((candidate) => candidate.id === suggestion.block_id);
  if (field?.type !== 'lookup') return [];
  const admitted = await admitRequester(desk, suggestion.user.id);
  if ('code' in admitted) return [];
  const context = contextOf(field, suggestion.action_id);
  const { choices } = await desk.directory.suggest(field.lookup, context, suggestion.value, limits.options);
  return choices.map((choice) => ({
    text: plain(choice.words, limits.optionText),
    value: choice.id,
    ...(choice.detail !== undefined && { description: plain(choice.detail, limits.optionText) }),
  }));
};
