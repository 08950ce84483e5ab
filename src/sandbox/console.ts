import { createInterface } from 'node:readline';
import { forTerminal } from '../domain/text.ts';
import type { Sandbox } from './sandbox.ts';
import type { Persona } from './slack/persona.ts';
import { SEED } from './slack/seed.ts';
import { visibleText } from './slack/visible-text.ts';
import { playStory } from './story.ts';

const { incident, audit } = SEED.channels;

const personas: Readonly<Record<string, string>> = {
  alice: SEED.users.alice,
  bob: SEED.users.bob,
  carol: SEED.users.carol,
  oscar: SEED.users.oscar,
  grace: SEED.users.grace,
};

/** What can be typed, with what it does. */
export const guide = `What to do next: play all roles yourself, line by line.

  alice /revoke-profile finch INC-42 "Laptop stolen"   type a slash command in #inc-042
  alice pick principal finch      type into a menu of the open form, and take what it offers
  alice fill reason Laptop stolen fill a field of the open form
  alice submit                    Review, then Revoke or Request approval
  bob approve R-000001            a button of a card: approve, deny, cancel
  alice /revocations list         also: show R-000001, help

  channel    what #inc-042 shows       audit    what #security-audit shows
  cloud      the calls that changed something
  restart    stop and start the bot    quit

Alice may ask; Bob and Carol approve; Oscar may do neither; Grace is a guest.
Let it play by itself: npm run sandbox -- --play
`;

type Tell = (line: string) => void;

const indented = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `    ${forTerminal(line)}`)
    .join('\n');

const showChannel = (sandbox: Sandbox, channel: string, tell: Tell): void => {
  const { messages } = sandbox.slack.channel(channel);
  for (const message of messages.slice(-15)) {
    tell(`${message.thread_ts === undefined ? '' : '  in a thread: '}${forTerminal(message.text, 200)}`);
    tell(indented(visibleText(message)));
  }
};

const pick = async (persona: Persona, block: string, text: string, tell: Tell): Promise<void> => {
  const offered = await persona.suggest(block, text);
  const [first] = offered;
  for (const option of offered.slice(0, 10)) tell(indented(visibleText({ blocks: [option] })));
  if (first === undefined) return tell(`Nothing matches "${text}".`);
  if (offered.length > 1) tell('The first one is taken; type more to choose another.');
  await persona.fill(block, first);
};

const act = async (
  sandbox: Sandbox,
  persona: Persona,
  words: readonly string[],
  tell: Tell,
): Promise<void> => {
  const [verb = '', first = '', ...rest] = words;
  const text = rest.join(' ');
  if (verb.startsWith('/')) {
    await persona.command(incident, words.join(' '));
    return;
  }
  switch (verb) {
    case 'pick':
      return pick(persona, first, text, tell);
    case 'fill':
      return persona.fill(first, text);
    case 'submit': {
      const { outcome, errors } = await persona.submit();
      return tell(
        [outcome, ...Object.entries(errors ?? {}).map(([field, why]) => `${field}: ${why}`)].join('; '),
      );
    }
    case 'approve':
    case 'deny':
    case 'cancel': {
      const card = sandbox.slack.channel(incident).posts.find((post) => post.text.startsWith(`${first} `));
      if (card === undefined) return tell(`There is no card of "${first}" in #inc-042.`);
      await persona.click(incident, card.ts, verb);
      return;
    }
    default:
      return tell(`I do not know "${verb}". Type help.`);
  }
};

const carryOut = async (sandbox: Sandbox, line: string, tell: Tell): Promise<void> => {
  const [first = '', ...rest] = line.trim().split(/\s+/);
  const user = personas[first];
  if (user !== undefined) return act(sandbox, sandbox.slack.as(user), rest, tell);
  switch (first) {
    case '':
      return;
    case 'channel':
      return showChannel(sandbox, incident, tell);
    case 'audit':
      return showChannel(sandbox, audit, tell);
    case 'cloud':
      for (const call of sandbox.cloud.calls.changes()) {
        tell(
          `    ${call.operation} ${call.method} ${call.path} → ${call.status ?? 'no answer'} (${call.requestId})`,
        );
      }
      return;
    case 'restart':
      await sandbox.stopBot();
      await sandbox.startBot();
      return tell('The bot was stopped and started; the ledger stayed.');
    case 'play':
      return playStory(sandbox, tell);
    default:
      return tell(guide);
  }
};

/** Tells what one person newly sees: an answer to them alone, or another view. */
const watch = (sandbox: Sandbox, tell: Tell): (() => void) => {
  const seen = new Map<string, string>();
  let answers = sandbox.slack.workspace.ephemerals.length;
  return sandbox.slack.onChange(() => {
    const { ephemerals } = sandbox.slack.workspace;
    for (const one of ephemerals.slice(answers)) tell(`  (only you)\n${indented(visibleText(one))}`);
    answers = ephemerals.length;
    for (const [name, id] of Object.entries(personas)) {
      const view = sandbox.slack.as(id).view();
      if (view?.hash === seen.get(name)) continue;
      seen.set(name, String(view?.hash));
      if (view) tell(`  ${name} sees\n${indented(visibleText(view))}`);
    }
  });
};

/** A line for each act of each persona, until `quit`. Resolves when it was typed. */
export const runConsole = (sandbox: Sandbox, tell: Tell): Promise<void> =>
  new Promise((resolve) => {
    const unwatch = watch(sandbox, tell);
    const lines = createInterface({ input: process.stdin });
    let last: Promise<void> = Promise.resolve();
    lines.on('line', (line) => {
      if (line.trim() === 'quit') {
        unwatch();
        lines.close();
        resolve();
        return;
      }
      last = last
        .then(() => carryOut(sandbox, line, tell))
        .catch((error: unknown) => {
          tell(error instanceof Error ? error.message : String(error));
        });
    });
  });
