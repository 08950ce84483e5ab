import { approvalWords, membersWords } from '../domain/approval-words.ts';
import { named } from '../domain/decide.ts';
import type { Grant } from '../domain/facts.ts';
import { hasComeBack, type Request, stateOf } from '../domain/request.ts';
import { endsForSlack, forFallback, oneLine } from '../domain/text.ts';
import {
  type Block,
  bold,
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
import { buttonRow, verbsOnCard } from './request-buttons.ts';
import { cloudIds, plural, sentenceOf, standingWords } from './words.ts';

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

const because = ({ asked }: Request): Block[] =>
  asked.because.length === 0
    ? []
    : [small(`A second person is needed, because ${asked.because.join('; ')}.${membersWords(asked)}`)];

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

/** The few words that come first: what is asked, by whom and why, and where it stands. */
export const essentials = (request: Request): Block[] => {
  const { id, asked } = request;
  return [
    header(`${id} · ${standingWords(stateOf(request), hasComeBack(request))}`),
    richText(
      line(bold(endsForSlack(asked.impact.title, limits.title))),
      labelled('Asked by', named(asked.by)),
      labelled('Reason', asked.reason),
      ...(asked.incident === undefined ? [] : [labelled('Incident', asked.incident)]),
      ...(asked.retries === undefined ? [] : [labelled('Retries', asked.retries)]),
      line(leaf(approvalWords(request))),
    ),
    ...results(request),
    ...deadline(request),
  ];
};

/**
 * What stands behind it.
 * @param most grants that are listed; the rest is counted
 */
export const details = (request: Request, most: number): Block[] => {
  const { asked, grew } = request;
  const words = (grants: readonly Grant[]): readonly string[] => grants.map((grant) => grant.words);
  const { grants, residual } = asked.impact;
  return [
    ...because(request),
    ...(asked.warnings ?? []).map((warning) => small(`Warning to the requester: ${warning}`)),
    ...counted(`${plural(grants.length, 'grant')} in this revocation`, words(grants), most),
    ...counted('New since it was asked', words(grew), 10),
    ...counted('What remains', residual, 10),
  ];
};

/** Renders the card of a request as it is now. Pure, so an unchanged request gives an unchanged card. */
export const renderCard = (request: Request): Card => {
  const { id, asked } = request;
  const state = stateOf(request);
  const blocks: Block[] = [
    ...essentials(request),
    ...buttonRow(request, verbsOnCard(request)),
    ...details(request, limits.grantsOnCard),
  ];
  const ending = request.end ? endings(request).join(' ') : approvalWords(request);
  return {
    text: forFallback(
      oneLine(
        `${id} ${state}: ${endsForSlack(asked.impact.title, limits.titleConfirmed)}. ${ending} Asked by ${named(asked.by)}.`,
      ),
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
