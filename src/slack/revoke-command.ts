import type { Kind } from '../domain/kind.ts';
import { CloudFault } from '../domain/ports.ts';
import { admitRequester } from '../workflow/assess.ts';
import { whileLooking } from '../workflow/needs.ts';
import { type Desk, openView, type Reply, showView, tooSlow } from './desk.ts';
import { type Filled, formView, withDefaults } from './form.ts';
import type { Command } from './payloads.ts';
import { recordRefusal, say } from './refuse.ts';
import { parseSlashText } from './slash-text.ts';
import { loadingView } from './views.ts';

/** `@U0123` was typed: the cloud user is looked up by that person's e-mail. */
const searchable = async (desk: Desk, text: string): Promise<string> => {
  const mention = /^@([UW][A-Z0-9]+)$/.exec(text)?.[1];
  if (mention === undefined) return text;
  const who = await desk.people.who(mention, whileLooking);
  return who === 'could not ask' ? text : (who.person.email ?? text);
};

/** Fills the form as far as the text names one thing each; what is ambiguous or unknown stays empty and is said. */
const fillFrom = async (
  desk: Desk,
  kind: Kind,
  spoken: readonly string[],
  filled: Filled,
): Promise<{ filled: Filled; notes: string[] }> => {
  const notes: string[] = [];
  let now = filled;
  for (const [index, id] of kind.spoken.entries()) {
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
      const what = found.length === 0 ? 'Nothing matches' : `${found.length} match`;
      notes.push(`${field.label}: ${what} "${typed}". Please choose from the list.`);
    }
  }
  return { filled: now, notes };
};

/** A revocation's slash command: from what was typed to a form, filled as far as it is clear. */
export const onRevokeCommand = async (
  desk: Desk,
  kind: Kind,
  command: Command,
  reply: Reply,
): Promise<void> => {
  const { user_id: user, channel_id: askedIn } = command;
  const [admitted, place] = await Promise.all([admitRequester(desk, user), desk.channels.place(askedIn)]);
  if ('code' in admitted) {
    await say(reply, admitted.words);
    return recordRefusal(desk, { user, via: {}, tried: kind.command.name, refusal: admitted });
  }
  const draft = desk.drafts.open({
    user,
    kind: kind.name,
    askedIn,
    channel: place.channel,
    ...(place.notice !== undefined && { notice: place.notice }),
  });
  const notes = place.notice === undefined ? [] : [place.notice];
  const typed = parseSlashText(command.text, kind.spoken.length);
  const empty = withDefaults(kind, {
    options: {},
    ...(typed.reason !== undefined && { reason: typed.reason }),
    ...(typed.incident !== undefined && { incident: typed.incident }),
  });
  if (typed.spoken.length === 0) {
    const opened = await openView(desk, command.trigger_id, formView(kind, draft.id, empty, notes));
    return opened === undefined ? say(reply, tooSlow) : desk.drafts.opened(draft.id, opened);
  }
  const opened = await openView(desk, command.trigger_id, loadingView(kind.title));
  if (opened === undefined) return say(reply, tooSlow);
  desk.drafts.opened(draft.id, opened);
  try {
    const found = await fillFrom(desk, kind, typed.spoken, empty);
    await showView(desk, opened, formView(kind, draft.id, found.filled, [...notes, ...found.notes]));
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const words = `The cloud could not be asked for "${typed.spoken.join(' ')}": ${error.message}`;
    await showView(desk, opened, formView(kind, draft.id, empty, [...notes, words]));
  }
};
