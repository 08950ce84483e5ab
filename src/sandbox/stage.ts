import type { Sandbox } from './sandbox.ts';
import type { InputValue } from './slack/inputs.ts';
import type { Persona } from './slack/persona.ts';
import { SEED } from './slack/seed.ts';
import { visibleText } from './slack/visible-text.ts';
import type { StoredMessage } from './slack/workspace.ts';

/** Something in a story was not as it should be. */
class StoryBroken extends Error {
  override readonly name = 'StoryBroken';
}

/** Real ms for anything that a story waits for. */
const patience = 20_000;

const incident = SEED.channels.incident;

/** Folds what is shown to one line, for the transcript. */
const folded = (text: string, max = 400): string => {
  const line = text.replace(/\s*\n\s*/g, ' / ');
  return line.length > max ? `${line.slice(0, max)}…` : line;
};

/** Takes a line of the transcript; `who` is the id of the person who acts in it. */
export type Tell = (line: string, who?: string) => void;

/**
 * The people and the places of a story, with the steps that they take in it, told line by line.
 * @param beat is waited for before each step, so that people can follow
 */
export const createStage = (
  sandbox: Sandbox,
  tell: Tell,
  beat: () => Promise<void> = () => Promise.resolve(),
) => {
  const { slack, cloud } = sandbox;

  const says = (who: string, what: string): void => tell(`${who.padEnd(12)} ${folded(what)}`);

  const does = async (persona: Persona, what: string): Promise<void> => {
    tell(`${nameOf(persona).padEnd(12)} ${folded(what)}`, persona.user.id);
    await beat();
  };

  /** Checks that something holds, and tells it. */
  const holds = (what: string, truth: boolean): void => {
    if (!truth) throw new StoryBroken(`This did not hold: ${what}`);
    tell(`${''.padEnd(12)} ✓ ${what}`);
  };

  const nameOf = (persona: Persona): string => persona.user.realName.split(' ')[0] ?? persona.user.id;

  const view = (persona: Persona, callback: string) =>
    slack.until(
      `the view "${callback}" of ${nameOf(persona)}`,
      () => {
        const open = persona.view();
        return open?.callback_id === callback ? open : undefined;
      },
      patience,
    );

  const card = (id: string, state: string): Promise<StoredMessage> =>
    slack.until(
      `the card of ${id} to be ${state}`,
      () => slack.channel(incident).posts.find((post) => post.text.startsWith(`${id} ${state}`)),
      patience,
    );

  /** Fills a field; where others depend on it, waits until the app has drawn the form again. */
  const fill = async (persona: Persona, block: string, value: InputValue): Promise<void> => {
    const before = persona.view();
    await persona.fill(block, value);
    if (before?.blocks.some((one) => one.block_id === block && one.dispatch_action === true) !== true) return;
    const redrawn = () => persona.view()?.hash !== before.hash;
    await slack.until(`the form of ${nameOf(persona)} to be drawn again`, redrawn, patience);
  };

  return {
    sandbox,
    slack,
    cloud,
    tell,
    says,
    holds,
    view,
    card,
    chapter: (title: string) => tell(`\n== ${title}`),
    incident,

    async types(persona: Persona, text: string): Promise<void> {
      await does(persona, `types ${text}`);
      const result = await persona.command(incident, text);
      holds('the command is acknowledged', result.outcome === 'ok');
    },

    /** Types into a menu and takes the only entry with these words. */
    async picks(persona: Persona, block: string, text: string, words: string): Promise<void> {
      const offered = await persona.suggest(block, text);
      const option = offered.find((candidate) => JSON.stringify(candidate).includes(words));
      await does(persona, `types "${text}" into ${block}: ${offered.length} offered, takes "${words}"`);
      if (option === undefined) throw new StoryBroken(`"${words}" is not offered for "${text}" in ${block}`);
      await fill(persona, block, option);
    },

    async fills(persona: Persona, block: string, value: string): Promise<void> {
      await does(persona, `fills ${block}: ${value}`);
      await fill(persona, block, value);
    },

    /** Submits the form and reads the review. */
    async reviews(persona: Persona, kind: string): Promise<string> {
      await does(persona, 'asks for the review');
      await persona.submit();
      const shown = await view(persona, `${kind}/review`);
      const text = visibleText(shown);
      says('the review', text);
      return text;
    },

    async submits(persona: Persona): Promise<string> {
      await does(persona, 'submits');
      const result = await persona.submit();
      if (result.outcome === 'errors') {
        const words = Object.values(result.errors ?? {}).join(' ');
        says('Slack', `shows beside the field: ${words}`);
        return words;
      }
      const text = visibleText(persona.view() ?? { blocks: [] });
      says('the view', text);
      return text;
    },

    /** Clicks a button of a card; resolves with what only the clicker is told. */
    async clicks(persona: Persona, id: string, state: string, button: string): Promise<string> {
      const shown = await card(id, state);
      const before = persona.ephemerals().length;
      await does(persona, `clicks ${button} on ${id}`);
      await persona.click(incident, shown.ts, button);
      const told = await slack.until(
        `an answer to ${nameOf(persona)}`,
        () => persona.ephemerals()[before],
        patience,
      );
      says('(only them)', visibleText(told));
      return visibleText(told);
    },

    /** What the newest ephemeral message to this person says, once it contains the words. */
    async hears(persona: Persona, words: string): Promise<string> {
      const told = await slack.until(
        `an answer with "${words}" to ${nameOf(persona)}`,
        () => persona.ephemerals().findLast((one) => visibleText(one).includes(words)),
        patience,
      );
      says('(only them)', visibleText(told));
      return visibleText(told);
    },

    /** The text of the card's thread, once it contains the words. */
    async thread(id: string, words: string): Promise<string> {
      const read = () => {
        const channel = slack.channel(incident);
        const parent = channel.posts.find((post) => post.text.startsWith(`${id} `));
        return parent === undefined ? '' : channel.thread(parent.ts).map(visibleText).join('\n');
      };
      const text = await slack.until(
        `"${words}" in the thread of ${id}`,
        () => (read().includes(words) ? read() : undefined),
        patience,
      );
      says('the thread', text);
      return text;
    },

    /** All audit posts as text, once they contain all of the words. */
    async audit(...words: readonly string[]): Promise<string> {
      const read = () => slack.channel(SEED.channels.audit).messages.map(visibleText).join('\n');
      return slack.until(
        `${words.join(', ')} in the audit channel`,
        () => (words.every((word) => read().includes(word)) ? read() : undefined),
        patience,
      );
    },

    changesOf: (operation: string) => cloud.calls.changes().filter((call) => call.operation === operation),
  };
};
export type Stage = ReturnType<typeof createStage>;
