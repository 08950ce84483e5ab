import type { types } from '@slack/bolt';
import { ruleWords } from '../domain/approval-words.ts';
import type { Kind } from '../domain/kind.ts';
import { endsForSlack } from '../domain/text.ts';
import type { Assessed } from '../workflow/assess.ts';
import {
  type Block,
  bold,
  bullets,
  counted,
  labelled,
  leaf,
  line,
  link,
  plain,
  richText,
  section,
  small,
} from './blocks.ts';
import type { Draft } from './drafts.ts';
import { limits } from './limits.ts';
import { approvalsOfOthers, plural, stateWords } from './words.ts';

/** A view without a submit button: something is being read, or there is nothing to submit. */
export const noticeView = (title: string, paragraphs: readonly string[]): types.ModalView => ({
  type: 'modal',
  callback_id: 'notice',
  title: plain(title, limits.viewTitle),
  close: plain('Close', 24),
  blocks: paragraphs.map(section),
});

export const loadingView = (title: string): types.ModalView => noticeView(title, ['Reading the cloud …']);

const confirmation = (words: string): Block => ({
  type: 'input',
  block_id: 'confirmation',
  label: plain(`Type ${words} to confirm`, 150),
  element: { type: 'plain_text_input', action_id: 'confirmation', max_length: 150 },
});

const approvalBlocks = ({ verdict, groupNames }: Assessed): Block[] =>
  verdict.approvals === 0
    ? [section('No second approver is needed: it is executed at once.')]
    : [
        section(
          `${approvalsOfOthers(verdict.approvals)} needed, ${ruleWords(verdict.from, verdict.approvals, groupNames)}, because ${verdict.because.join('; ')}.`,
        ),
      ];

/** What is wrong with asking for this at all, before anything else. */
const warningBlocks = ({ warnings }: Assessed): Block[] =>
  warnings.map((warning) => richText(line(bold(`Careful: ${warning}`))));

const alongsideBlocks = ({ alongside }: Assessed, links: ReadonlyMap<string, string>): Block[] =>
  alongside.length === 0
    ? []
    : [
        richText(
          line(bold('Already under way for the same user, group or project:')),
          ...alongside.map(({ id, progress, title }) => {
            const address = links.get(id);
            const words = `${id} (${stateWords[progress.state]}): ${title} `;
            return line(leaf(words), ...(address === undefined ? [] : [link(address)]));
          }),
        ),
      ];

/**
 * What exactly will go, what will stay, and what submitting does.
 * @param links addresses of the cards of other requests that are under way, by request id
 */
export const reviewView = (
  kind: Kind,
  draft: Draft,
  { assessed, reason, retries }: NonNullable<Draft['reviewed']>,
  links: ReadonlyMap<string, string>,
): types.ModalView => {
  const { impact, verdict } = assessed;
  const grants = impact.grants.map((grant) => grant.words);
  return {
    type: 'modal',
    callback_id: `${kind.name}/review`,
    private_metadata: draft.turn ?? draft.id,
    title: plain(kind.title, limits.viewTitle),
    submit: plain(verdict.approvals === 0 ? 'Revoke' : 'Request approval', 24),
    close: plain('Cancel', 24),
    blocks: [
      ...warningBlocks(assessed),
      richText(
        line(bold(endsForSlack(impact.title, limits.title))),
        bullets(impact.lines),
        labelled('Reason', reason),
        ...(retries === undefined ? [] : [labelled('Retries', retries)]),
      ),
      ...counted(`${plural(grants.length, 'grant')} will be removed`, grants, limits.grantsShown),
      ...counted('What remains', [...impact.residual], 20),
      ...alongsideBlocks(assessed, links),
      ...approvalBlocks(assessed),
      ...(draft.notice === undefined ? [] : [small(draft.notice)]),
      ...(impact.confirm === undefined ? [] : [confirmation(impact.confirm)]),
    ],
  };
};

/**
 * Asks an approver why not. `private_metadata` only says which request is meant, and the stamp of what they were
 * shown of it; the submission is checked anew.
 * @param again why it could not be recorded just now, and the reason that was typed
 */
export const denyView = (
  id: string,
  shown: string,
  again?: { readonly why: string; readonly reason: string },
): types.ModalView => ({
  type: 'modal',
  callback_id: 'deny',
  private_metadata: `${id} ${shown}`,
  title: plain(`Deny ${id}`, limits.viewTitle),
  submit: plain('Deny', 24),
  close: plain('Back', 24),
  blocks: [
    ...(again === undefined ? [] : [section(again.why)]),
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      hint: plain('The requester and the record get it.', 150),
      element: {
        type: 'plain_text_input',
        action_id: 'reason',
        multiline: true,
        min_length: 1,
        max_length: 1000,
        ...(again !== undefined && { initial_value: again.reason }),
      },
    },
  ],
});
