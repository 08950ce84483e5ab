import { admit, answerOf, type Refusal } from '../domain/decide.ts';
import { everyApprover } from '../domain/policy.ts';
import type { KnownPerson } from '../domain/ports.ts';
import { type Needs, whileLooking } from '../workflow/needs.ts';

/** Whether somebody may look at revocations: requesters, approvers, and those who are told of what waits too long. */
export const admitReader = async (
  { people, policy }: Pick<Needs, 'people' | 'policy'>,
  user: string,
): Promise<KnownPerson | Refusal> => {
  const who = admit(await people.who(user, whileLooking));
  if ('code' in who) return who;
  const names = [...policy.requesters, ...everyApprover(policy), ...policy.escalateTo];
  const answer = answerOf(await people.seats(user, names, whileLooking));
  switch (answer) {
    case 'yes':
      return who;
    case 'could not ask':
      return {
        code: 'could_not_ask',
        words: 'Slack could not be asked just now whether you may see this. Please try again in a minute.',
      };
    case 'no':
      return {
        code: 'not_a_requester',
        words: 'Only those who may ask for or approve revocations can see them.',
      };
    default:
      return answer satisfies never;
  }
};
