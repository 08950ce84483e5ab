import { named } from '../domain/decide.ts';
import type { KnownPerson } from '../domain/ports.ts';
import { isHiddenFrom, type Summary } from '../domain/summary.ts';
import { clip, endsForSlack, forFallback, oneLine } from '../domain/text.ts';
import { bold, header, leaf, line, type Message, moment, richText, section, small } from './blocks.ts';
import type { Desk } from './desk.ts';
import { limits } from './limits.ts';
import { unescaped } from './slash-text.ts';
import { standingWords } from './words.ts';

const mostShown = 20;

const summaryLine = (summary: Summary) =>
  richText(
    line(
      bold(`${summary.id} · ${standingWords(summary.progress.state, summary.proven?.back === true)}`),
      leaf(
        ` ${endsForSlack(summary.title, limits.titleListed)}, asked by ${named({ name: summary.requesterName, user: summary.requester })} `,
      ),
      moment(summary.requestedAt),
    ),
  );

/** The newest requests that match and that this reader may know of, below a title. */
export const listMatching = async (
  { ledger }: Pick<Desk, 'ledger'>,
  { person }: KnownPerson,
  title: string,
  match: (summary: Summary) => boolean,
): Promise<Message> => {
  const found = await ledger.list(
    (summary) => !isHiddenFrom(summary, person.email) && match(summary),
    mostShown + 1,
  );
  if (found.length === 0) return { text: 'No revocations.', blocks: [section('No revocations here.')] };
  const shown = found.slice(0, mostShown);
  const more = found.length > mostShown;
  return {
    text: forFallback(
      shown
        .map(({ id, progress, proven }) => `${id} ${progress.state}${proven?.back ? ', came back' : ''}`)
        .join(', '),
    ),
    blocks: [
      header(title),
      ...shown.map(summaryLine),
      ...(more ? [small(`There are more. Only the newest ${mostShown} are shown.`)] : []),
    ],
  };
};

/** What somebody typed, without Slack's escapes; of a mention its id, by which people are known here. */
const typed = (text: string): string =>
  unescaped(oneLine(text).replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, '$1'));

/** What is searched, as it is shown in lists; each by itself, so that no text is found across two of them. */
const searched = (summary: Summary): readonly string[] => [
  summary.id,
  summary.title,
  summary.requester,
  summary.requesterName,
  summary.incident ?? '',
  summary.kind,
];

/** Finds a text literally, ignoring case. */
export const search = async (
  desk: Pick<Desk, 'ledger'>,
  reader: KnownPerson,
  text: string,
): Promise<Message> => {
  const wanted = typed(text);
  if (wanted === '') {
    const words =
      'Say what to look for: a part of a number, title, requester, incident or kind. Case does not matter.';
    return { text: words, blocks: [section(words)] };
  }
  const needle = wanted.toLowerCase();
  return listMatching(desk, reader, `Revocations with "${clip(wanted, 100)}"`, (summary) =>
    searched(summary).some((part) => oneLine(part).toLowerCase().includes(needle)),
  );
};
