import { mayRetry } from '../domain/again.ts';
import { approvalWords } from '../domain/approval-words.ts';
import { named } from '../domain/decide.ts';
import { hasComeBack, type Request, stateOf } from '../domain/request.ts';
import { forFallback, oneLine } from '../domain/text.ts';
import {
  type Block,
  bold,
  button,
  counted,
  header,
  labelled,
  leaf,
  line,
  moment,
  richText,
  section,
  small,
} from './blocks.ts';
import { limits } from './limits.ts';
import { cloudIds, plural, sentenceOf, stateWords } from './words.ts';

/** A request's card: where it stands, what goes, and the buttons that are live now. */
export interface Card {
  readonly text: string;
  readonly blocks: Block[];
  readonly metadata: {
    readonly event_type: string;
    readonly event_payload: { readonly id: string; readonly state: string };
  };
}

const deadline = (request: Request): Block[] => {
  if (stateOf(request) !== 'requested') return [];
  return [richText(line(leaf('Expires without approval: '), moment(request.asked.approveBefore)))];
};

const because = (request: Request): Block[] => {
  const { asked } = request;
  const group =
    asked.affected === undefined && asked.approvals > 0
      ? ' Members of the target may approve, except the requester.'
      : '';
  return asked.because.length === 0
    ? []
    : [small(`A second person is needed, because ${asked.because.join('; ')}.${group}`)];
};

const decisions = (request: Request) => {
  const { id, asked } = request;
  const count = plural(asked.impact.grants.length, 'grant');
  const approve = button('approve', 'Approve', id, {
    style: 'danger',
    confirm: {
      title: `Approve ${id}?`,
      text: `${count} will be removed. ${asked.impact.title}. This cannot be undone by the bot.`,
      yes: 'Approve',
      no: 'Back',
    },
  });
  const cancel = button('cancel', 'Cancel', id, {
    confirm: {
      title: `Cancel ${id}?`,
      text: `The request for ${count} is taken back.`,
      yes: 'Cancel it',
      no: 'Back',
    },
  });
  return [approve, button('deny', 'Deny', id), cancel];
};

/** What can be done with the request now. */
const buttons = (request: Request): Block[] => {
  const { id } = request;
  const state = stateOf(request);
  const elements = [
    ...(state === 'requested' ? decisions(request) : []),
    ...(state === 'unverified' ? [button('check', 'Check again', id)] : []),
    ...(mayRetry(request) ? [button('retry', 'Retry', id)] : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
};

/** How it ended, and what the last reading after that showed. */
const endings = ({ end, rechecked }: Request): readonly string[] =>
  [end?.fact, rechecked?.fact].flatMap((fact) => (fact === undefined ? [] : [sentenceOf(fact)]));

const results = (request: Request): Block[] => {
  const said = endings(request);
  const end = said.length > 0 ? [richText(...said.map((words) => line(bold(words))))] : [];
  const ids = [...request.steps.values()].flatMap(({ outcome }) => (outcome ? [cloudIds(outcome)] : []));
  const known = ids.filter((text) => text !== '');
  return [...end, ...(known.length > 0 ? [small(`Cloud: ${known.join(' | ')}`)] : [])];
};

/** Renders the card of a request as it is now. Pure, so an unchanged request gives an unchanged card. */
export const renderCard = (request: Request): Card => {
  const { id, asked } = request;
  const state = stateOf(request);
  const grants = asked.impact.grants.map((grant) => grant.words);
  const blocks: Block[] = [
    header(`${id} · ${stateWords[state]}${hasComeBack(request) ? ', but it came back' : ''}`),
    richText(
      line(bold(asked.impact.title)),
      labelled('Asked by', named(asked.by)),
      labelled('Reason', asked.reason),
      ...(asked.incident === undefined ? [] : [labelled('Incident', asked.incident)]),
      ...(asked.retries === undefined ? [] : [labelled('Retries', asked.retries)]),
      line(leaf(approvalWords(request))),
    ),
    ...results(request),
    ...deadline(request),
    ...buttons(request),
    ...because(request),
    ...(asked.warnings ?? []).map((warning) => small(`Note: ${warning}`)),
    ...counted(`${plural(grants.length, 'grant')} in this revocation`, grants, limits.grantsOnCard),
    ...counted(
      'New since it was asked',
      request.grew.map((grant) => grant.words),
      10,
    ),
    ...counted('What remains', [...asked.impact.residual], 10),
  ];
  const ending = request.end ? endings(request).join(' ') : approvalWords(request);
  return {
    text: forFallback(
      oneLine(`${id} ${state}: ${asked.impact.title}. ${ending} Asked by ${named(asked.by)}.`),
      800,
    ),
    blocks: blocks.slice(0, limits.messageBlocks),
    metadata: { event_type: 'portcullis_request', event_payload: { id, state } },
  };
};

/** In place of a card that Slack refuses: its text, and the buttons that are live. */
export const plainCard = ({ text, blocks, metadata }: Card): Card => ({
  text,
  blocks: [section(text), ...blocks.filter((block) => block.type === 'actions')],
  metadata,
});
