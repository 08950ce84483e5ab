import type { Act } from '../workflow/act.ts';
import { deny, refuseDenial } from '../workflow/deny.ts';
import { hastyPeople } from '../workflow/hasty-people.ts';
import { type Said, viewClicked } from './click-answer.ts';
import { concludeClick } from './conclude-click.ts';
import { type Desk, openView, showView } from './desk.ts';
import { readForm } from './form.ts';
import type { FormAnswer } from './form-submission.ts';
import { showRequest } from './open-request.ts';
import type { Click, Submission } from './payloads.ts';
import { denyView, noticeView } from './views.ts';

/** Slack has so long (ms) to tell who clicked, because the dialog must be open within 3 s. */
const askingTime = 1_500;

/** `deny` was clicked: asks for the reason, unless it is plain already that it would be typed in vain. */
export const onDeny = async (desk: Desk, click: Click, id: string, act: Act): Promise<Said | undefined> => {
  const people = hastyPeople(desk.people, desk.clock, desk.clock.now() + askingTime);
  const refused = await refuseDenial({ ...desk, people }, id, act);
  if (refused !== undefined) return concludeClick(desk, 'deny', id, act, refused);
  const below = viewClicked(click);
  const dialog = denyView(id, act.shown ?? '');
  const opened = await openView(desk, click.trigger_id, dialog, below === undefined ? 'open' : 'push');
  return 'unopened' in opened ? { words: opened.unopened, isStale: false } : undefined;
};

/** The reason for a denial was submitted. Everything is checked anew. */
export const onDenySubmission = (desk: Desk, submission: Submission): FormAnswer => {
  const { view, user } = submission;
  const [id = '', shown = ''] = view.private_metadata.split(' ');
  const { reason } = readForm(view.state ?? { values: {} });
  if (!reason || reason.length > 1000) {
    return {
      ack: { response_action: 'errors', errors: { reason: 'Please say why, in 1 to 1000 characters.' } },
    };
  }
  const act: Act = { user: user.id, via: { viewId: view.id }, shown };
  return {
    ack: { response_action: 'update', view: noticeView(`Deny ${id}`, ['Recording …']) },
    after: async () => {
      const amended = await deny(desk, id, act, reason);
      const { words } = await concludeClick(desk, 'deny', id, act, amended);
      if (amended.result === 'refused' && amended.refusal.code === 'could_not_ask') {
        await showView(desk, view.id, denyView(id, shown, { why: words, reason }));
        return;
      }
      await showView(desk, view.id, noticeView(`Deny ${id}`, [words]));
      if (view.previous_view_id)
        await showRequest(desk, { view: view.previous_view_id, id, user: user.id, said: words });
    },
  };
};
