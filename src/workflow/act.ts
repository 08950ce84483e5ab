import type { Clicker } from '../domain/decide.ts';
import type { Via } from '../domain/facts.ts';
import type { Answer, Role } from '../domain/ports.ts';
import { atTheClick, type Needs } from './needs.ts';

/** One act of one person: repeated deliveries of it are one act. */
export interface Act {
  readonly user: string;
  readonly via: Via;
}

export const onceOf = (verb: string, id: string, act: Act): string =>
  [verb, id, act.user, act.via.actionTs ?? act.via.viewId ?? ''].join('/');

/** Who acted, and whether they hold a role, as fresh as a click needs it. The role is asked only of members. */
export const ask = async (
  needs: Pick<Needs, 'people'>,
  act: Act,
  role: Role,
): Promise<{ clicker: Clicker; answer: Answer }> => {
  const who = await needs.people.who(act.user, atTheClick);
  const clicker = { who, via: act.via };
  if (who === 'could not ask' || who.standing !== 'full member') return { clicker, answer: 'no' };
  return { clicker, answer: await needs.people.has(role, act.user, atTheClick) };
};
