import type { StateValues } from './blocks/view.ts';
import type { Core } from './core.ts';
import type { Dispatcher } from './dispatcher.ts';
import { CannotDo } from './refused.ts';
import { type Channel, findChannel, type User } from './workspace.ts';

/** What every part of a persona works with. */
export interface PersonaContext {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  readonly user: User;
  /** Options that the app offered to this person, by `offersKey`. */
  readonly offers: Map<string, Record<string, unknown>[]>;
  /** What this person has entered on messages, by the message's time stamp. */
  readonly typed: Map<string, StateValues>;
}

/** @param place id of the view, or time stamp of the message */
export const offersKey = (place: string, blockId: string, actionId: string): string =>
  `${place}/${blockId}/${actionId}`;

/** Whether a person can look at a channel: members, and for public channels every full member of the workspace. */
export const canSee = (channel: Channel, user: User): boolean => {
  const isFull = !user.isRestricted && !user.isUltraRestricted && !user.isStranger && !user.deleted;
  return channel.members.includes(user.id) || (channel.kind === 'public' && isFull);
};

/** A channel this person can look at. Throws CannotDo. */
export const channelFor = ({ core, user }: PersonaContext, idOrName: string): Channel => {
  const channel = findChannel(core.workspace, idOrName);
  if (channel === undefined) throw new CannotDo(`there is no channel ${idOrName}`);
  if (!canSee(channel, user)) throw new CannotDo(`${user.realName} cannot see ${idOrName}`);
  return channel;
};
