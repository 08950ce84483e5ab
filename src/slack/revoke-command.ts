import type { Kind } from '../domain/kind.ts';
import { CloudFault } from '../domain/ports.ts';
import { admitRequester } from '../workflow/assess.ts';
import { type Desk, openView, type Reply, showView, whileShown } from './desk.ts';
import { fillFrom } from './fill.ts';
import { formView, withDefaults } from './form.ts';
import type { Command } from './payloads.ts';
import { recordRefusal, say } from './refuse.ts';
import { parseSlashText } from './slash-text.ts';
import { loadingView } from './views.ts';

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
    return 'unopened' in opened ? say(reply, opened.unopened) : desk.drafts.opened(draft.id, opened.view);
  }
  const opened = await openView(desk, command.trigger_id, loadingView(kind.title));
  if ('unopened' in opened) return say(reply, opened.unopened);
  const { view } = opened;
  desk.drafts.opened(draft.id, view);
  return whileShown(desk, view, kind.title, async () => {
    try {
      const found = await fillFrom(desk, kind, kind.spoken, typed.spoken, empty);
      await showView(desk, view, formView(kind, draft.id, found.filled, [...notes, ...found.notes]));
    } catch (error) {
      if (!(error instanceof CloudFault)) throw error;
      const words = `The cloud could not be asked for "${typed.spoken.join(' ')}": ${error.message}`;
      await showView(desk, view, formView(kind, draft.id, empty, [...notes, words]));
    }
  });
};
