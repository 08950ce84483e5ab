import type { KnownPerson } from '../domain/ports.ts';
import { type Export, reportOf } from '../domain/report.ts';
import { exportMarkdown } from '../domain/report-markdown.ts';
import { isHiddenFrom, type Summary } from '../domain/summary.ts';
import { clip, forFallback, oneLine } from '../domain/text.ts';
import { section } from './blocks.ts';
import type { Desk, Reply } from './desk.ts';
import { shareFiles, type TextFile } from './files.ts';
import { say } from './refuse.ts';
import { slackFault } from './slack-fault.ts';
import { plural, sentenceOf } from './words.ts';

/** Requests in one export; of an incident with more there are the newest. */
const mostRequests = 100;

type Needs = Pick<Desk, 'ledger' | 'clock' | 'client' | 'log'>;

interface Found {
  readonly of: string;
  readonly summaries: readonly Summary[];
  readonly more: boolean;
}

/** One request by its number, or all of an incident, as far as this reader may know of them; oldest first. */
const find = async (
  { ledger }: Needs,
  { person }: KnownPerson,
  wanted: string,
): Promise<Found | undefined> => {
  const one = ledger.summary(wanted.toUpperCase());
  if (one !== undefined && !isHiddenFrom(one, person.email)) {
    return { of: one.id, summaries: [one], more: false };
  }
  const incident = wanted.toLowerCase();
  const found = await ledger.list(
    (summary) => summary.incident?.toLowerCase() === incident && !isHiddenFrom(summary, person.email),
    mostRequests + 1,
  );
  const [newest] = found;
  if (newest?.incident === undefined) return undefined;
  const summaries = found.slice(0, mostRequests).reverse();
  return { of: newest.incident, summaries, more: found.length > mostRequests };
};

const gather = async (desk: Needs, found: Found): Promise<Export> => {
  const requests: Export['requests'] = [];
  for (const { id } of found.summaries) {
    const report = reportOf(await desk.ledger.ofRequest(id), sentenceOf);
    if (report !== undefined) requests.push(report);
  }
  return {
    format: 'portcullis-export',
    version: 1,
    exportedAt: new Date(desk.clock.now()).toISOString(),
    of: found.of,
    more: found.more,
    requests,
  };
};

const filesOf = (whole: Export): readonly TextFile[] => {
  const name = whole.of.replace(/[^\w.-]/g, '_');
  return [
    { name: `${name}.md`, text: exportMarkdown(whole) },
    { name: `${name}.json`, text: `${JSON.stringify(whole, undefined, 2)}\n` },
  ];
};

/** Why the files are not there, for the person who asked for them. */
const whyNot = (error: unknown): string => {
  const { kind, code } = slackFault(error);
  if (code === 'missing_scope') {
    return 'The app may not send files yet: an administrator has to install it again, with the scope files:write.';
  }
  if (kind === 'channel') return `Slack does not let me write to you directly (${code}).`;
  return `Slack did not take the export just now (${code}). Please try again in a minute.`;
};

/** Sends what is known of a request or incident to the asker's direct messages, and nobody else's. */
export const onExport = async (
  desk: Needs,
  reader: KnownPerson,
  argument: string,
  reply: Reply,
): Promise<void> => {
  const wanted = oneLine(argument);
  const found = wanted === '' ? undefined : await find(desk, reader, wanted);
  if (found === undefined) {
    return say(
      reply,
      `There is no request or incident "${clip(wanted, 70)}" to export. Try: export R-000001, or export INC-42.`,
    );
  }
  const { user } = reader.person;
  const count = plural(found.summaries.length, 'request');
  await say(reply, `I am preparing the export of ${found.of}: ${count}.`);
  const whole = await gather(desk, found);
  const words = `Export of ${found.of}: ${count}, to be read (Markdown) and for programs (JSON).${found.more ? ' There are more; these are the newest.' : ''}`;
  try {
    const message = { text: forFallback(words), blocks: [section(words)], parse: 'none' } as const;
    const { channel } = await desk.client.chat.postMessage({ channel: user, ...message });
    if (channel === undefined) throw new Error('Slack did not say where the direct messages are');
    await shareFiles(desk.client, { channel }, filesOf(whole));
  } catch (error) {
    desk.log.warn('An export could not be sent', { of: found.of, user, code: slackFault(error).code });
    return say(reply, `The export of ${found.of} could not be sent. ${whyNot(error)}`);
  }
  desk.log.info('An export was sent', { of: found.of, user, requests: found.summaries.length });
  return say(reply, `The export of ${found.of} is in your direct messages with me: ${count}.`);
};
