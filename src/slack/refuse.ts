import type { Refusal } from '../domain/decide.ts';
import type { Person, Via } from '../domain/facts.ts';
import { forFallback } from '../domain/text.ts';
import { whileLooking } from '../workflow/needs.ts';
import { hasNoRole } from '../workflow/roles.ts';
import { section } from './blocks.ts';
import type { Desk, Reply } from './desk.ts';

/** Words for one person, as they are. */
export const say = (reply: Reply, words: string): Promise<void> =>
  reply({ text: forFallback(words), blocks: [section(words)] });

/** Somebody as a fact names them, also when Slack cannot be asked. */
const personOf = async (desk: Pick<Desk, 'people'>, user: string): Promise<Person> => {
  const who = await desk.people.who(user, whileLooking);
  return who === 'could not ask' ? { team: 'unknown', user, name: user } : who.person;
};

/** Whether they may neither ask nor approve, whatever they were refused: with one role they are refused what takes the other. */
const isOutsider = async (
  desk: Pick<Desk, 'people' | 'policy'>,
  user: string,
  { code }: Refusal,
): Promise<boolean> => code === 'not_a_member' || hasNoRole(desk, user);

/** Puts a refusal on record; the person is told by the caller. */
export const recordRefusal = async (
  desk: Pick<Desk, 'people' | 'policy' | 'refusals'>,
  refused: { user: string; via: Via; tried: string; refusal: Refusal; request?: string },
): Promise<void> => {
  const { user, via, tried, refusal, request } = refused;
  await desk.refusals.note({
    by: await personOf(desk, user),
    via,
    tried,
    refusal,
    ...(request !== undefined && { request }),
    outsider: await isOutsider(desk, user, refusal),
  });
};
