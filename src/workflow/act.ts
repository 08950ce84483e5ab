import type { Clicker } from '../domain/decide.ts';
import type { Via } from '../domain/facts.ts';
import { atTheClick, type Needs } from './needs.ts';

/** One act of one person: repeated deliveries of it are one act. */
export interface Act {
  readonly user: string;
  readonly via: Via;
  /** The stamp of the request as it was shown to them; undefined when they acted on nothing shown. */
  readonly shown?: string;
}

export const onceOf = (verb: string, id: string, act: Act): string =>
  [verb, id, act.user, act.via.actionTs ?? act.via.viewId ?? ''].join('/');

/** Who acted, as fresh as a click needs it. */
export const clickerOf = async (needs: Pick<Needs, 'people'>, act: Act): Promise<Clicker> => ({
  who: await needs.people.who(act.user, atTheClick),
  via: act.via,
  ...(act.shown !== undefined && { shown: act.shown }),
});
