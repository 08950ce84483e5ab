import type { types } from '@slack/bolt';
import { named, type Refusal } from '../domain/decide.ts';
import type { Kind } from '../domain/kind.ts';
import type { Summary } from '../domain/summary.ts';
import { endsForSlack } from '../domain/text.ts';
import {
  type Block,
  bold,
  bullets,
  button,
  header,
  leaf,
  line,
  moment,
  richText,
  section,
  small,
} from './blocks.ts';
import { limits } from './limits.ts';
import { standingWords } from './words.ts';

/** One request in a list of the Home. */
export interface Listed {
  readonly summary: Summary;
  /** Until when it waits for approval, ms since the epoch; only where that is so. */
  readonly approveBefore?: number;
}

/** What somebody sees in their App Home. */
export interface HomeContents {
  readonly waiting: readonly Listed[];
  /** There may be more that wait than are shown. */
  readonly moreWaiting: boolean;
  readonly mine: readonly Listed[];
  readonly running: readonly Listed[];
  readonly recent: readonly Listed[];
}

const entry = ({ summary, approveBefore }: Listed): Block[] => [
  richText(
    line(bold(`${summary.id} · ${standingWords(summary.progress.state, summary.proven?.back === true)}`)),
    line(leaf(endsForSlack(summary.title, limits.titleListed))),
    line(
      leaf(`${named({ name: summary.requesterName, user: summary.requester })}, `),
      moment(summary.requestedAt),
      ...(approveBefore === undefined ? [] : [leaf('. Expires '), moment(approveBefore)]),
    ),
  ),
  { type: 'actions', elements: [button('open', 'Open', summary.id)] },
];

const list = (title: string, entries: readonly Listed[], nothing?: string): Block[] => {
  if (entries.length === 0) return nothing === undefined ? [] : [header(title), section(nothing)];
  return [header(title), ...entries.flatMap(entry)];
};

const commands = (kinds: readonly Kind[]): Block[] => [
  { type: 'divider' },
  richText(
    line(bold('Take access away')),
    bullets(kinds.map(({ command }) => `${command.name}: ${command.description}`)),
  ),
  small('/revocations list, show, search, export and policy answer only to you.'),
];

/** For somebody who may see revocations: what waits for them first. */
export const homeView = (contents: HomeContents, kinds: readonly Kind[]): types.HomeView => ({
  type: 'home',
  callback_id: 'home',
  blocks: [
    ...list('Waiting for you', contents.waiting, 'Nothing waits for you.'),
    ...(contents.moreWaiting ? [small('More may be waiting for you: /revocations list waiting')] : []),
    ...list('Your requests', contents.mine),
    ...list('Running', contents.running),
    ...list('Recent', contents.recent),
    ...commands(kinds),
  ],
});

/** For everybody else: what this is, and why they see nothing of it. */
export const closedHome = ({ words }: Refusal): types.HomeView => ({
  type: 'home',
  callback_id: 'home',
  blocks: [
    header('Portcullis'),
    section('Takes access away on Huawei Cloud, with a second pair of eyes and proof.'),
    section(words),
  ],
});
