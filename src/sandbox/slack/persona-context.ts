import type { Core } from './core.ts';
import type { Dispatcher } from './dispatcher.ts';
import { CannotDo } from './refused.ts';
import { type Channel, findChannel, type User } from './workspace.ts';

/** What every part of a persona works with. */
export interface PersonaContext {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  readonly user: User;
  /** Options that the app offered to this person, by view, block and action. */
  readonly offers: Map<string, Record<string, unknown>[]>;
}

/** Whether a person can look at a channel: members, and for public channels every full member of the workspace. */
const canSee = (channel: Channel, user: User): boolean => {
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
