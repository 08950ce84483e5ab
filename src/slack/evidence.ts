import { named } from '../domain/decide.ts';
import type { LedgerRecord } from '../domain/facts.ts';
import { answerWords, type Report, type ReportedGrant, type Result, reportOf } from '../domain/report.ts';
import { grantsCsv, resultsCsv } from '../domain/report-csv.ts';
import type { Request } from '../domain/request.ts';
import { endsForSlack, forFallback, forTerminal, nameForSlack } from '../domain/text.ts';
import {
  type Block,
  bold,
  bullets,
  counted,
  header,
  leaf,
  line,
  type Message,
  moment,
  richText,
  small,
} from './blocks.ts';
import type { TextFile } from './files.ts';
import { limits } from './limits.ts';
import { nextSteps } from './next-steps.ts';
import { plural, sentenceOf } from './words.ts';

/** Where there are more grants than a message shows, only so many of each result; the others are in a file. */
const someShown = 10;

const mostCalls = 5;

/** Commands that a message shows, and their length together; more of them are a file. */
const mostCommands = 5;
const mostCommandText = 2_000;

export interface Evidence {
  readonly message: Message;
  readonly files: readonly TextFile[];
}

/** The card of this request shows only a part of what it takes away. */
export const isLong = ({ asked }: Request): boolean => asked.impact.grants.length > limits.grantsOnCard;

/** All that a request takes away. */
export const wholeList = ({ id, asked }: Request): TextFile => ({
  name: `${id}-grants.csv`,
  text: grantsCsv(id, asked.impact.grants),
});

/** On one line, whatever was typed: in a record no reason may look like a line of ours. */
const told = (label: string, words: string) => line(bold(`${label}: `), leaf(nameForSlack(words, 1_500)));

const at = (label: string, who: string, time: string) =>
  line(bold(`${label}: `), leaf(`${who}, `), moment(Date.parse(time)));

const listed = (title: string, grants: readonly ReportedGrant[], most: number): Block[] => {
  if (grants.length === 0) return [];
  const items = grants
    .slice(0, most)
    .map(({ words, cloud }) =>
      cloud === undefined
        ? endsForSlack(words, 150)
        : `${endsForSlack(words, 150)} (${nameForSlack(answerWords(cloud), 150)})`,
    );
  const rest = grants.length - items.length;
  return [
    richText(line(bold(`${title}: ${plural(grants.length, 'grant')}`)), bullets(items)),
    ...(rest > 0 ? [small(`… and ${rest} more, in the file`)] : []),
  ];
};

/** Texts to be copied one by one; nothing is made out of what stands in them. */
const toCopy = (texts: readonly string[]): Block => ({
  type: 'rich_text',
  elements: texts.map((text) => ({
    type: 'rich_text_preformatted',
    elements: [{ type: 'text', text }],
  })),
});

const byHand =
  'If it hit the wrong person: the bot has no right to grant anything, but somebody who has it can give this back by hand.';

/** The commands that give back what is gone, or may be; with a comment line each that says what it is. */
const restoreLines = (grants: readonly ReportedGrant[]): readonly (readonly [string, string])[] =>
  grants.flatMap(({ words, result, restore }) =>
    restore === undefined || result === 'present'
      ? []
      : [[`# ${forTerminal(words)}`, forTerminal(restore, 8_000)] as const],
  );

const restoring = ({ id, grants }: Report): { blocks: Block[]; files: TextFile[] } => {
  const lines = restoreLines(grants);
  const commands = lines.map(([, command]) => command);
  if (commands.length === 0) return { blocks: [], files: [] };
  if (commands.length <= mostCommands && commands.join('\n').length <= mostCommandText) {
    return { blocks: [richText(line(leaf(byHand))), toCopy([commands.join('\n')])], files: [] };
  }
  const name = `${id}-restore.sh.txt`;
  const text = [`# ${id}: ${byHand}`, ...lines.flat(), ''].join('\n');
  return {
    blocks: [richText(line(leaf(`${byHand} The ${plural(commands.length, 'command')} for it: ${name}`)))],
    files: [{ name, text }],
  };
};

const goingOn = (report: Report): Block[] => {
  const commands = nextSteps(report);
  return commands.length === 0
    ? []
    : [richText(line(bold('To go on, paste one of these'))), toCopy(commands)];
};

const calledLine = ({ words, startedAt, cloud }: Report['calls'][number]) => {
  const answer = cloud === undefined ? '' : ` (${nameForSlack(answerWords(cloud), 300)})`;
  return at('Called', `${endsForSlack(words, limits.title)}${answer}`, startedAt);
};

const summary = (report: Report): Block =>
  richText(
    line(bold(report.end?.words ?? report.state)),
    told('What', endsForSlack(report.title, limits.title)),
    at('Asked by', named(report.askedBy), report.askedAt),
    told('Reason', report.reason),
    ...(report.incident === undefined ? [] : [told('Incident', report.incident)]),
    ...report.approvals.map(({ at: time, by }) => at('Approved by', by ? named(by) : 'rule', time)),
    ...report.calls.slice(0, mostCalls).map(calledLine),
    ...(report.calls.length > mostCalls
      ? [line(leaf(`… and ${plural(report.calls.length - mostCalls, 'more call')}`))]
      : []),
    ...(report.end === undefined ? [] : [at('Ended', report.state.replace('_', ' '), report.end.at)]),
  );

/** What an incident record needs of a request that has ended, in one message; what is too long for it in files. */
const renderEvidence = (report: Report): Evidence => {
  const { id, grants, ledger } = report;
  const many = grants.length > limits.grantsOnCard;
  const having = (title: string, result: Result) =>
    listed(
      title,
      grants.filter((grant) => grant.result === result),
      many ? someShown : limits.grantsOnCard,
    );
  const restore = restoring(report);
  const blocks = [
    header(`${id} · evidence`),
    summary(report),
    ...having('Still there', 'present'),
    ...having('Not proven', 'unproven'),
    ...having('Removed, proven gone', 'gone'),
    ...counted('What remains', report.residual, 10),
    ...(report.consolesUntil === undefined
      ? []
      : [
          richText(
            line(
              leaf('Console sessions that were open have all ended by '),
              moment(Date.parse(report.consolesUntil)),
            ),
          ),
        ]),
    ...goingOn(report),
    ...restore.blocks,
    small(`Ledger ${ledger.seq}:${ledger.hash}`),
  ];
  return {
    message: {
      text: forFallback(`${id}: ${report.end?.words ?? report.state} Ledger ${ledger.seq}:${ledger.hash}`),
      blocks,
    },
    files: [...(many ? [{ name: `${id}-results.csv`, text: resultsCsv(id, grants) }] : []), ...restore.files],
  };
};

/**
 * The evidence of a request as it was right after the fact with this sequence number. Undefined where nothing was
 * executed or it goes on: then there is nothing to give evidence of.
 * @param stream all facts of the request
 */
export const evidenceAt = (stream: readonly LedgerRecord[], seq: number): Evidence | undefined => {
  const report = reportOf(
    stream.filter((record) => record.seq <= seq),
    sentenceOf,
  );
  return report?.end === undefined || report.calls.length === 0 ? undefined : renderEvidence(report);
};
