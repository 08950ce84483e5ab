import type { Field, Kind } from '../domain/kind.ts';
import { whileLooking } from '../workflow/needs.ts';
import type { Desk } from './desk.ts';
import type { Filled } from './form.ts';

/** Above this it tells nobody more how many match. */
const mostCounted = 50;

/**
 * Why what was typed names nothing.
 * @param open a field on which the look-up depends and that is empty; then it tells nothing that nothing was found
 */
const whyEmpty = (typed: string, found: number, open: Field | undefined): string => {
  if (found === 0 && open) return `"${typed}" can only be looked up when "${open.label}" is chosen.`;
  const count = found > mostCounted ? 'Many' : found;
  return `${found === 0 ? 'Nothing matches' : `${count} match`} "${typed}". Please choose from the list.`;
};

/** `@U0123` was typed: the cloud user is looked up by that person's e-mail. */
const searchable = async (desk: Pick<Desk, 'people'>, text: string): Promise<string> => {
  const mention = /^@([UW][A-Z0-9]+)$/.exec(text)?.[1];
  if (mention === undefined) return text;
  const who = await desk.people.who(mention, whileLooking);
  return who === 'could not ask' ? text : (who.person.email ?? text);
};

/**
 * Fills the form as far as the text names one thing each; what is ambiguous or unknown stays empty and is said.
 * @param ids the look-up fields that the words name, in their order
 * @throws {CloudFault} when the cloud could not be asked
 */
export const fillFrom = async (
  desk: Pick<Desk, 'people' | 'directory'>,
  kind: Kind,
  ids: readonly string[],
  spoken: readonly string[],
  filled: Filled,
): Promise<{ filled: Filled; notes: string[] }> => {
  const notes: string[] = [];
  let now = filled;
  for (const [index, id] of ids.entries()) {
    const field = kind.fields.find((candidate) => candidate.id === id);
    const typed = spoken[index];
    if (field?.type !== 'lookup' || typed === undefined) continue;
    const text = await searchable(desk, typed);
    const context = Object.fromEntries(field.within.map((key) => [key, now.options[key]?.value ?? '']));
    const found = await desk.directory.resolve(field.lookup, context, text);
    const [only] = found;
    if (found.length === 1 && only) {
      now = { ...now, options: { ...now.options, [id]: { value: only.id, words: only.words } } };
    } else {
      const open = kind.fields.find((one) => field.within.includes(one.id) && !now.options[one.id]);
      notes.push(`${field.label}: ${whyEmpty(typed, found.length, open)}`);
    }
  }
  return { filled: now, notes };
};
