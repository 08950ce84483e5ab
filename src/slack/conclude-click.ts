import { approvalWords } from '../domain/approval-words.ts';
import { grantsNamed, stateOf } from '../domain/request.ts';
import type { Act } from '../workflow/act.ts';
import type { Amended } from '../workflow/amend.ts';
import type { Said } from './click-answer.ts';
import type { Desk } from './desk.ts';
import { recordRefusal } from './refuse.ts';
import type { Verb } from './request-buttons.ts';
import { few, plural } from './words.ts';

/** Refusals that tell the clicker that they acted on something old. */
const staleCodes: readonly string[] = ['outdated', 'already_decided', 'expired'];

/** What a check has shown. */
const checkedWords = ({ request, facts }: Amended & { result: 'appended' }): string => {
  if (stateOf(request) === 'succeeded') return `${request.id} is proven gone now: it has succeeded.`;
  const proofs = facts.flatMap((fact) => (fact.fact === 'proof' ? [fact] : []));
  const remaining = grantsNamed(
    request,
    proofs.flatMap((proof) => proof.remaining),
  );
  const said = proofs.flatMap(({ words }) => words ?? []);
  return [
    `${plural(remaining.length, 'grant')} of ${request.id} still there: ${few(remaining)}.`,
    ...said,
    'Check again later, or retry.',
  ].join(' ');
};

type Decided = Exclude<Verb, 'retry'>;

const doneWords = (tried: Decided, amended: Amended & { result: 'appended' }): string => {
  const { request } = amended;
  switch (tried) {
    case 'approve':
      return stateOf(request) === 'requested'
        ? `You approved ${request.id}. ${approvalWords(request)}`
        : `You approved ${request.id}. It is being executed; the result will be in the card's thread.`;
    case 'deny':
      return `You denied ${request.id}. Nothing was called.`;
    case 'cancel':
      return `You cancelled ${request.id}. Nothing was called.`;
    case 'check':
      return checkedWords(amended);
    default:
      return tried satisfies never;
  }
};

/** What came of a verb, in words for the person who clicked, and on record when it was refused. */
export const concludeClick = async (
  desk: Desk,
  tried: Decided,
  id: string,
  act: Act,
  amended: Amended,
): Promise<Said> => {
  switch (amended.result) {
    case 'appended':
      return { words: doneWords(tried, amended), isStale: false };
    case 'already':
      return { words: `This click was worked on already. See /revocations show ${id}.`, isStale: false };
    case 'refused': {
      const { refusal, request } = amended;
      await recordRefusal(desk, {
        user: act.user,
        via: act.via,
        tried,
        refusal,
        ...(request !== undefined && { request: request.id }),
      });
      return { words: refusal.words, isStale: staleCodes.includes(refusal.code) };
    }
    default:
      return amended satisfies never;
  }
};
