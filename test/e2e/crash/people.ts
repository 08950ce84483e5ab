import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerRecord } from '../../../src/domain/facts.ts';
import { approves, askAssignment, askProfile, type Story } from '../../support/e2e.ts';

/** What people want of the bot: everything of Mallory's with a second person's yes, or one grant of Trent's by rule. */
export type Wish = 'profile' | 'assignment';

/** Bob and Carol, who are told before Bob approves. */
const approvers = 2;
/** ms for a request to come to its end; a profile's proof alone takes 30 readings after a lost answer. */
const patience = 30_000;

/**
 * People who want something and do what is left to do for it, whatever became of the bot meanwhile: whoever got no
 * answer and finds nothing on record asks again. Resolves when the request has ended and was read once more.
 * @param early takes what somebody was told though it is not on disk
 */
export const pursue = async (
  story: Story,
  wish: Wish,
  journal: () => readonly LedgerRecord[],
  early: (told: string) => void,
): Promise<void> => {
  const all = (...words: readonly string[]) => journal().filter(({ fact }) => words.includes(fact.fact));
  const comes = async (what: string, condition: () => boolean): Promise<void> => {
    const until = Date.now() + patience;
    while (!condition()) {
      if (Date.now() > until) throw new Error(`the request does not come to ${what}`);
      await sleep(20);
    }
  };
  const ask = async (): Promise<string> => {
    // What an earlier bot showed is still on the screen.
    if (story.alice.depth() > 0) await story.alice.close({ all: true });
    const told = await (wish === 'profile' ? askProfile(story) : askAssignment(story));
    if (!all('requested').some((record) => record.id === told)) early(told);
    return told;
  };
  await story.slack.whenConnected(patience);
  const id = all('requested')[0]?.id ?? (await ask());
  const isApproved = () => all('approved').length > 0;
  const isKnown = () => all('card_posted').length > 0 && all('notified').length >= approvers;
  await comes('its approvers', () => isKnown() || isApproved());
  if (!isApproved()) {
    const told = await approves(story, story.bob, id);
    if (!isApproved()) early(told);
  }
  await comes('its end', () => all('stayed_gone', 'came_back').length > 0);
};
