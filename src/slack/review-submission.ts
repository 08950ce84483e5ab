import type { Kind } from '../domain/kind.ts';
import { load } from '../workflow/amend.ts';
import type { Submitted } from '../workflow/submit.ts';
import { section } from './blocks.ts';
import type { Desk } from './desk.ts';
import type { Draft } from './drafts.ts';
import { draftOf, type FormAnswer, lostDraft } from './form-submission.ts';
import type { Submission } from './payloads.ts';
import { recordRefusal } from './refuse.ts';
import { noticeView, reviewView } from './views.ts';
import { approvalsOfOthers } from './words.ts';

const where = ({ notice, reviewed }: Draft): string => {
  const channel = reviewed?.retries === undefined ? 'where you asked for it' : `of ${reviewed.retries}`;
  return notice ?? `The card is in the channel ${channel}.`;
};

const typedWords = (submission: Submission): string | undefined =>
  Object.values(submission.view.state?.values.confirmation ?? {})[0]?.value ?? undefined;

/** The same review, to be submitted once more. Addresses of cards are left out, because Slack would have to be asked for them. */
const again = (
  kind: Kind,
  draft: Draft,
  reviewed: NonNullable<Draft['reviewed']>,
  why: string,
): FormAnswer['ack'] => {
  const view = reviewView(kind, draft, reviewed, new Map());
  return { response_action: 'update', view: { ...view, blocks: [section(why), ...view.blocks] } };
};

const answerTo = (
  kind: Kind,
  draft: Draft,
  reviewed: NonNullable<Draft['reviewed']>,
  submitted: Submitted,
): FormAnswer['ack'] => {
  const done = (...paragraphs: string[]): FormAnswer['ack'] => ({
    response_action: 'update',
    view: noticeView(kind.title, paragraphs),
  });
  switch (submitted.result) {
    case 'requested':
      return submitted.verdict.approvals === 0
        ? done(`${submitted.id} is being executed now.`, where(draft))
        : done(`${submitted.id} waits for ${approvalsOfOthers(submitted.verdict.approvals)}.`, where(draft));
    case 'already':
      return done(already(submitted.id), where(draft));
    case 'mistyped':
      return {
        response_action: 'errors',
        errors: { confirmation: `That is not it. Type exactly: ${submitted.expected}` },
      };
    case 'refused':
      return submitted.refusal.code === 'could_not_ask'
        ? again(kind, draft, reviewed, submitted.refusal.words)
        : done(submitted.refusal.words);
    default:
      return submitted satisfies never;
  }
};

/** Of somebody's newest requests so many are looked through for the one that a view led to. */
const mostLookedAt = 10;

/** The request that this very view led to before a restart, which took the draft and perhaps the answer with it. */
const submittedBefore = async (
  { ledger }: Pick<Desk, 'ledger'>,
  kind: Kind,
  { view, user }: Submission,
): Promise<string | undefined> => {
  const own = await ledger.list(
    (summary) => summary.requester === user.id && summary.kind === kind.name,
    mostLookedAt,
  );
  for (const { id } of own) {
    if ((await load(ledger, id))?.asked.via.viewId === view.id) return id;
  }
  return undefined;
};

const already = (id: string): string => `This was submitted already as ${id}.`;

/**
 * The final submission: on disk before it is acknowledged, so that the view never promises what is not there.
 * @throws {LedgerFault} when the ledger cannot be written
 */
export const onReviewSubmission = async (
  desk: Desk,
  kind: Kind,
  submission: Submission,
): Promise<FormAnswer> => {
  const { view, user } = submission;
  const draft = draftOf(desk, kind, submission);
  if (draft?.reviewed === undefined) {
    const id = await submittedBefore(desk, kind, submission);
    const said = id === undefined ? lostDraft(kind) : noticeView(kind.title, [already(id)]);
    return { ack: { response_action: 'update', view: said } };
  }
  const { assessed, reason, incident, retries } = draft.reviewed;
  const confirmation = typedWords(submission);
  const submitted = await desk.submit({
    draft: draft.id,
    user: user.id,
    via: { viewId: view.id },
    assessed,
    reason,
    ...(incident !== undefined && { incident }),
    ...(retries !== undefined && { retries }),
    ...(confirmation !== undefined && { confirmation }),
    channel: draft.channel,
    askedIn: draft.askedIn,
  });
  const ack = answerTo(kind, draft, draft.reviewed, submitted);
  if (submitted.result !== 'refused') return { ack };
  const { refusal } = submitted;
  return {
    ack,
    after: () =>
      recordRefusal(desk, { user: user.id, via: { viewId: view.id }, tried: kind.command.name, refusal }),
  };
};
