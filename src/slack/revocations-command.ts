import type { LedgerRecord } from '../domain/facts.ts';
import type { Kind } from '../domain/kind.ts';
import type { KnownPerson } from '../domain/ports.ts';
import { fold, hasComeBack, stateOf } from '../domain/request.ts';
import { isHiddenFrom, type Summary } from '../domain/summary.ts';
import { clip, forFallback, oneLine } from '../domain/text.ts';
import {
  type Block,
  bold,
  bullets,
  header,
  leaf,
  line,
  type Message,
  moment,
  passage,
  richText,
  section,
  small,
} from './blocks.ts';
import type { Desk, Reply } from './desk.ts';
import { onExport } from './export.ts';
import { limits } from './limits.ts';
import type { Command } from './payloads.ts';
import { onPolicy } from './policy-command.ts';
import { admitReader } from './readers.ts';
import { recordRefusal, say } from './refuse.ts';
import { listMatching, search } from './search.ts';
import { plural, sentenceOf, standingWords } from './words.ts';

export const revocationsCommand = {
  name: '/revocations',
  description: 'See revocations, their life and their proof',
  usage:
    'list [mine|waiting|running|failed] | show R-000001 | search TEXT | export R-000001 or INC-42 | policy [KIND NAME] | help',
} as const;

type Filter = (summary: Summary, user: string) => boolean;

const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>(
  Object.entries({
    all: () => true,
    mine: (summary, user) => summary.requester === user,
    waiting: (summary) => summary.progress.state === 'requested',
    running: ({ progress: { state } }) =>
      state === 'approved' || state === 'executing' || state === 'verifying',
    failed: ({ progress: { state }, proven }) =>
      proven?.back === true ||
      state === 'failed' ||
      state === 'partly_failed' ||
      state === 'unverified' ||
      state === 'halted',
  }),
);

const sentence = (words: string): Message => ({ text: forFallback(words), blocks: [section(words)] });

const list = async (desk: Desk, reader: KnownPerson, filter: string): Promise<Message> => {
  const chosen = filters.get(filter);
  if (chosen === undefined) {
    return sentence(`There is no list "${filter}". Try: ${[...filters.keys()].join(', ')}.`);
  }
  return listMatching(desk, reader, `Revocations: ${filter}`, (summary) =>
    chosen(summary, reader.person.user),
  );
};

const life = (records: readonly LedgerRecord[]): Block[] => {
  const shown = records.filter(({ fact: { fact } }) => !['cursor', 'card_posted', 'notified'].includes(fact));
  const most = limits.messageBlocks - 5;
  const blocks = shown
    .slice(-most)
    .map((record) =>
      richText(line(moment(record.at), leaf(` #${record.seq} `), passage(sentenceOf(record.fact)))),
    );
  return shown.length > most
    ? [small(`… ${plural(shown.length - most, 'earlier fact')} left out`), ...blocks]
    : blocks;
};

const noSuch = (id: string): Message =>
  sentence(`There is no request ${clip(id, 20)}. Try ${revocationsCommand.name} list.`);

const whichOne = (example: string): Message =>
  sentence(`Please say which one: ${revocationsCommand.name} ${example}`);

/** The whole life of one request. For the affected person, one that is not final is not there. */
const show = async (desk: Desk, reader: KnownPerson, typed: string): Promise<Message> => {
  const id = typed.toUpperCase();
  const summary = desk.ledger.summary(id);
  if (summary === undefined || isHiddenFrom(summary, reader.person.email)) return noSuch(id);
  const records = await desk.ledger.ofRequest(id);
  const request = fold(records);
  if (request === undefined) return noSuch(id);
  return {
    text: forFallback(oneLine(`${id} ${stateOf(request)}: ${request.asked.impact.title}`), 1000),
    blocks: [
      header(`${id} · ${standingWords(stateOf(request), hasComeBack(request))}`),
      richText(line(bold(request.asked.impact.title)), bullets(request.asked.impact.lines)),
      ...life(records),
      small(`Digest ${request.asked.digest}`),
    ],
  };
};

const help = (kinds: readonly Kind[]): Message => ({
  text: 'How to use Portcullis',
  blocks: [
    header('Portcullis: take access away, with a second pair of eyes'),
    richText(
      bullets([
        ...kinds.map((kind) => `${kind.command.name} ${kind.command.usage}: ${kind.command.description}`),
        `${revocationsCommand.name} ${revocationsCommand.usage}: ${revocationsCommand.description}`,
      ]),
    ),
    small('Each command opens a form; nothing is called before you have seen what will go and confirmed it.'),
  ],
});

/** `/revocations list | show | search | export | policy | help`, answered to the asker only. */
export const onRevocationsCommand = async (desk: Desk, command: Command, reply: Reply): Promise<void> => {
  const reader = await admitReader(desk, command.user_id);
  if ('code' in reader) {
    await say(reply, reader.words);
    const tried = revocationsCommand.name;
    return recordRefusal(desk, { user: command.user_id, via: {}, tried, refusal: reader });
  }
  const text = command.text.trim();
  const [verb = 'help', argument = ''] = text.split(/\s+/);
  switch (verb.toLowerCase()) {
    case 'list':
      return reply(await list(desk, reader, argument.toLowerCase() || 'all'));
    case 'show':
      return reply(argument === '' ? whichOne('show R-000001') : await show(desk, reader, argument));
    case 'search':
      return reply(await search(desk, reader, text.slice(verb.length)));
    case 'export':
      return argument === ''
        ? reply(whichOne('export R-000001 (or export INC-42)'))
        : onExport(desk, reader, argument, reply);
    case 'policy':
      return reply(await onPolicy(desk, reader, text.slice(verb.length)));
    case 'help':
    case '':
      return reply(help(desk.kinds));
    default: {
      const { blocks = [], ...message } = help(desk.kinds);
      return reply({ ...message, blocks: [section(`I do not know "${verb}".`), ...blocks] });
    }
  }
};
