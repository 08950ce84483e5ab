import { type App, RespondError, type RespondFn } from '@slack/bolt';
import type { Kind } from '../domain/kind.ts';
import type { Message } from './blocks.ts';
import { onRequestButton, requestButtons } from './buttons.ts';
import { viewClicked } from './click-answer.ts';
import { onDenySubmission } from './deny-dialog.ts';
import { type Desk, type Reply, showView, sorry } from './desk.ts';
import { type FormAnswer, onFieldChange, onFormSubmission, onSuggestion } from './form-submission.ts';
import { Click, Command, HomeOpened, Submission, Suggestion } from './payloads.ts';
import { say } from './refuse.ts';
import { onReviewSubmission } from './review-submission.ts';
import { onRevocationsCommand, revocationsCommand } from './revocations-command.ts';
import { onRevokeCommand } from './revoke-command.ts';
import { noticeView } from './views.ts';
import type { Work } from './work.ts';

const noSuchButton = `This button does nothing in this version of the bot. See ${revocationsCommand.name} help.`;

/**
 * @param respond missing where Slack gives no address to answer to, as in App Home: there it is a direct message, and
 * so it is, in plain words, where Slack does not take it at that address
 */
export const replyBy = (
  { client, log }: Pick<Desk, 'client' | 'log'>,
  user: string,
  respond: RespondFn | undefined,
): Reply => {
  const tell = async (message: Message): Promise<void> => {
    await client.chat.postMessage({ channel: user, parse: 'none', ...message });
  };
  const answer = async (message: Message): Promise<void> => {
    if (respond === undefined) return tell(message);
    try {
      await respond({ response_type: 'ephemeral', replace_original: false, parse: 'none', ...message });
    } catch (error) {
      // Anything else may have arrived.
      if (!(error instanceof RespondError)) throw error;
      log.warn('An answer was refused, so a direct message takes its place', { error });
      await tell({ text: message.text });
    }
  };
  return async (message) => {
    try {
      await answer(message);
    } catch (error) {
      log.warn('A person could not be answered', { error });
    }
  };
};

/** Registers every command, form, look-up and button. Each acknowledges first and works afterwards. */
export const listen = (app: App, desk: Desk, work: Work): void => {
  const { log } = desk;

  const onCommand = (name: string, handle: (command: Command, reply: Reply) => Promise<void>): void => {
    app.command(name, async ({ ack, body, respond }) => {
      await ack();
      const reply = replyBy(desk, body.user_id, respond);
      work.begin(
        name,
        body.user_id,
        () => handle(Command.parse(body), reply),
        (error) => say(reply, sorry(error)),
      );
    });
  };

  const onView = (
    callback: string,
    title: string,
    handle: (submission: Submission) => Promise<FormAnswer>,
  ): void => {
    app.view(callback, async ({ ack, body }) => {
      let answer: FormAnswer;
      try {
        answer = await handle(Submission.parse(body));
      } catch (error) {
        log.error('A submission went wrong', { callback, error });
        await ack({ response_action: 'update', view: noticeView(title, [sorry(error)]) });
        return;
      }
      await ack(answer.ack);
      const { after } = answer;
      if (after === undefined) return;
      work.begin(callback, body.user.id, after, async (error) => {
        await showView(desk, body.view.id, noticeView(title, [sorry(error)]));
      });
    });
  };

  const onKind = (kind: Kind): void => {
    onCommand(kind.command.name, (command, reply) => onRevokeCommand(desk, kind, command, reply));
    onView(kind.name, kind.title, async (submission) => onFormSubmission(desk, kind, submission));
    onView(`${kind.name}/review`, kind.title, (submission) => onReviewSubmission(desk, kind, submission));
  };

  const kindOf = (callback: string): Kind | undefined => desk.kinds.find((kind) => kind.name === callback);

  for (const kind of desk.kinds) onKind(kind);
  onCommand(revocationsCommand.name, (command, reply) => onRevocationsCommand(desk, command, reply));
  onView('deny', 'Deny', async (submission) => onDenySubmission(desk, submission));

  app.options(/.*/, async ({ ack, body }) => {
    try {
      const suggestion = Suggestion.parse(body);
      const kind = kindOf(suggestion.view.callback_id);
      await ack({ options: kind === undefined ? [] : await onSuggestion(desk, kind, suggestion) });
    } catch (error) {
      log.warn('A look-up for a form went wrong', { error });
      await ack({ options: [] });
    }
  });

  app.event('app_home_opened', async ({ body }) => {
    const { user, tab } = HomeOpened.parse(body).event;
    if (tab === 'home') await desk.homes.opened(user);
  });

  for (const name of requestButtons) {
    app.action(name, async ({ ack, body, respond }) => {
      await ack();
      const reply = replyBy(desk, body.user.id, respond);
      work.begin(
        name,
        body.user.id,
        () => onRequestButton(desk, name, Click.parse(body), reply),
        async (error) => {
          const click = Click.safeParse(body).data;
          const view = click && viewClicked(click);
          if (view === undefined) return say(reply, sorry(error));
          await showView(desk, view, noticeView('Portcullis', [sorry(error)]));
        },
      );
    });
  }

  const others = {
    type: 'block_actions',
    action_id: new RegExp(`^(?!(?:${requestButtons.join('|')})$)`),
  } as const;
  app.action(others, async ({ ack, body, respond }) => {
    await ack();
    const reply = replyBy(desk, body.user.id, respond);
    work.begin(
      'field',
      body.user.id,
      async () => {
        const click = Click.parse(body);
        const kind = kindOf(click.view?.callback_id ?? '');
        if (kind) await onFieldChange(desk, kind, click);
        else await say(reply, noSuchButton);
      },
      async () => undefined,
    );
  });
};
