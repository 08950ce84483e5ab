import type { Person } from './facts.ts';
import { answerWords, type Export, type Report, type ReportedGrant, type Result } from './report.ts';
import { calledName, forMarkdown, forMarkdownBlock } from './text.ts';

const resultWords: Readonly<Record<Result, string>> = {
  gone: 'gone',
  present: 'still there',
  unproven: 'not proven',
  back: 'came back',
  untouched: 'not touched',
};

const person = ({ name, user, email }: Person): string =>
  forMarkdown(`${calledName(name)} (${user}${email === undefined ? '' : `, ${email}`})`);

const grantLine = ({ key, words, result, cloud }: ReportedGrant): string =>
  `- ${resultWords[result]}: ${forMarkdown(words)}, key ${forMarkdown(key)}${cloud ? ` (${forMarkdown(answerWords(cloud))})` : ''}`;

/** A part with a heading of its own; left out when it is empty. */
const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];

const approvalLine = ({ at, by }: Report['approvals'][number]): string =>
  `- Approved ${by === undefined ? 'by rule' : `by ${person(by)}`} at ${at}`;

/** For all that may be gone. */
const mayBeGone: readonly Result[] = ['gone', 'unproven'];

const restoring = ({ grants }: Report): readonly string[] => {
  const commands = grants.flatMap(({ result, restore }) =>
    restore !== undefined && mayBeGone.includes(result) ? [restore] : [],
  );
  if (commands.length === 0) return [];
  return part('To give it back by hand', [
    'The bot itself has no right to grant. Somebody who has can use these commands:',
    '',
    forMarkdownBlock(commands),
  ]);
};

const requestPart = (report: Report): readonly string[] => [
  `## ${report.id}: ${report.state.replace('_', ' ')}`,
  '',
  `- What: ${forMarkdown(report.title)} (kind ${forMarkdown(report.kind)})`,
  ...report.lines.map((line) => `- Target: ${forMarkdown(line)}`),
  `- Asked by ${person(report.askedBy)} at ${report.askedAt}`,
  `- Reason: ${forMarkdown(report.reason)}`,
  ...(report.incident === undefined ? [] : [`- Incident: ${forMarkdown(report.incident)}`]),
  ...(report.retries === undefined ? [] : [`- Retries: ${forMarkdown(report.retries)}`]),
  ...report.approvals.map(approvalLine),
  ...(report.end === undefined ? [] : [`- Ended at ${report.end.at}: ${forMarkdown(report.end.words)}`]),
  `- Digest of what was approved: ${forMarkdown(report.digest)}`,
  `- Ledger: ${report.ledger.seq}:${forMarkdown(report.ledger.hash)}`,
  '',
  ...part(`Grants: ${report.grants.length}`, report.grants.map(grantLine)),
  ...part(
    'Calls to the cloud',
    report.calls.map(
      ({ words, starts, startedAt, cloud }) =>
        `- ${forMarkdown(words)}, started ${starts === 1 ? 'once' : `${starts} times`}, last at ${startedAt}${cloud ? `: ${forMarkdown(answerWords(cloud))}` : ''}`,
    ),
  ),
  ...part('What remains', [
    ...report.residual.map((words) => `- ${forMarkdown(words)}`),
    ...(report.consolesUntil === undefined
      ? []
      : [`- Console sessions that were open have all ended by ${report.consolesUntil}`]),
  ]),
  ...part(
    'New since the approval',
    report.newSince.map(({ key, words }) => `- ${forMarkdown(words)}, key ${forMarkdown(key)}`),
  ),
  ...restoring(report),
  ...part(
    'What happened',
    report.facts.map(({ seq, at, words }) => `- ${at} #${seq} ${forMarkdown(words)}`),
  ),
];

/** The same as the JSON of an export, to be read by people. Foreign text stands in code spans only. */
export const exportMarkdown = ({ of, exportedAt, more, requests }: Export): string =>
  [
    `# Revocations: ${forMarkdown(of)}`,
    '',
    `Exported at ${exportedAt} by Portcullis, ${requests.length === 1 ? '1 request' : `${requests.length} requests`}.`,
    ...(more ? ['', 'There are more; these are the newest.'] : []),
    '',
    ...requests.flatMap(requestPart),
  ].join('\n');
