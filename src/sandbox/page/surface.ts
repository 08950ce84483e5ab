import { createContext } from 'preact';
import type { StateValue } from '../slack/blocks/view.ts';
import type { Answer, Choice, SlackScene } from '../wire.ts';

/** What a field can be set to: typed text, the value of an option, several of them, or nothing. */
export type FieldValue = string | number | readonly string[] | null;

/** Where blocks stand, as far as their elements need to know it. */
export interface Surface {
  /** Presses a button, or chooses in a menu that is no form field. The confirm dialog was answered before. */
  press(blockId: string, actionId: string, value?: FieldValue): Promise<Answer>;
  /** Sets a form field. */
  fill(blockId: string, value: FieldValue): Promise<Answer>;
  /** Asks the app for the choices of a menu. */
  suggest(blockId: string, actionId: string, text: string): Promise<readonly Choice[]>;
  /** What the workspace holds for a field; undefined where blocks have no state. */
  valueOf(blockId: string, actionId: string): StateValue | undefined;
  /** Words beside a field. */
  errorOf(blockId: string): string | undefined;
}

/** What ids are called, and where links lead; for everything that shows text of Slack's. */
export const Names = createContext<SlackScene['names']>({ users: {}, groups: {}, channels: {} });

/** Follows a link. Links into the workspace stay in the page; no other one is ever opened. */
export const FollowLink = createContext<(url: string) => void>(() => undefined);
