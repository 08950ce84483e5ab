import type { Core } from './core.ts';
import type { Reply } from './delivery.ts';
import { clientFaults } from './inputs.ts';
import { isObject, type JsonObject } from './json.ts';
import { readView } from './methods/views.ts';
import type { OpenView } from './modals.ts';
import { payloadBase } from './payloads.ts';
import type { PersonaContext } from './persona-context.ts';
import { CannotDo, Refused } from './refused.ts';

export interface SubmitResult {
  /** What the person sees; `trouble`: the modal stays with "We had some trouble connecting. Try again?". */
  readonly outcome: 'closed' | 'errors' | 'updated' | 'pushed' | 'cleared' | 'trouble';
  /** block_id → words beside the field. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Who objected: the Slack client itself (the app heard nothing), or the app. */
  readonly by?: 'client' | 'app';
  /** Why there was trouble, for the test's reader; a person would not see it. */
  readonly why?: string;
}

const trouble = (core: Core, why: string): SubmitResult => {
  core.troubles.push(`We had some trouble connecting. Try again? (${why})`);
  core.changed();
  return { outcome: 'trouble', why };
};

const fieldErrors = (open: OpenView, errors: unknown): Record<string, string> | undefined => {
  if (!isObject(errors) || Object.keys(errors).length === 0) return undefined;
  const inputs = open.view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const words: Record<string, string> = {};
  for (const [blockId, text] of Object.entries(errors)) {
    if (!inputs.includes(blockId) || typeof text !== 'string' || text === '') return undefined;
    words[blockId] = text;
  }
  return words;
};

const carryOut = ({ core, user }: PersonaContext, open: OpenView, answer: JsonObject): SubmitResult => {
  const { modals } = core;
  switch (answer.response_action) {
    case 'errors': {
      const errors = fieldErrors(open, answer.errors);
      if (errors === undefined) return trouble(core, 'errors must name input blocks of the view');
      return { outcome: 'errors', errors, by: 'app' };
    }
    case 'update':
      modals.update(open, readView(answer.view, 'modal'));
      return { outcome: 'updated' };
    case 'push':
      modals.push(user.id, readView(answer.view, 'modal'));
      return { outcome: 'pushed' };
    case 'clear':
      modals.clear(user.id);
      return { outcome: 'cleared' };
    default:
      return trouble(core, `unexpected answer ${JSON.stringify(answer)}`);
  }
};

const read = (context: PersonaContext, open: OpenView, reply: Reply): SubmitResult => {
  const { core, user } = context;
  if (reply.outcome === 'status') return trouble(core, `status ${reply.status}`);
  if (reply.outcome !== 'ok') return trouble(core, reply.outcome);
  if (!core.modals.stack(user.id).includes(open)) return { outcome: 'closed' };
  if (reply.body === undefined) {
    core.modals.pop(user.id, true);
    return { outcome: 'closed' };
  }
  if (!isObject(reply.body)) return trouble(core, 'the answer is no JSON object');
  try {
    return carryOut(context, open, reply.body);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return trouble(core, `${fault.code} ${JSON.stringify(fault.extra)}`);
  }
};

/** Presses the submit button. What the client checks itself is checked before the app hears of it. */
export const submitView = async (
  context: PersonaContext,
  open: OpenView,
  times = 1,
): Promise<SubmitResult> => {
  const { core, dispatcher, user } = context;
  const { view } = open;
  if (view.submit === null) throw new CannotDo(`the view ${view.callback_id} has no submit button`);
  const errors = clientFaults(view.blocks, view.state.values);
  if (Object.keys(errors).length > 0) return { outcome: 'errors', errors, by: 'client' };
  const reply = await dispatcher.interact(
    {
      type: 'interactive',
      answerable: true,
      payload: {
        type: 'view_submission',
        ...payloadBase(core, user),
        trigger_id: core.triggers.mint(user.id, view.id),
        view,
        response_urls: [],
      },
    },
    times,
  );
  return read(context, open, reply);
};

/** Closes the top view (Cancel), or the whole modal (the x in the corner). Told to the app with notify_on_close. */
export const closeView = async (
  { core, dispatcher, user }: PersonaContext,
  everything: boolean,
): Promise<void> => {
  const stack = core.modals.stack(user.id);
  const open = everything ? stack[0] : stack.at(-1);
  if (open === undefined) throw new CannotDo(`${user.realName} has no modal open`);
  if (everything) core.modals.clear(user.id);
  else core.modals.pop(user.id, true);
  if (!open.view.notify_on_close) return;
  const view = { ...open.view, state: { values: {} } };
  await dispatcher.interact({
    type: 'interactive',
    answerable: false,
    payload: { type: 'view_closed', ...payloadBase(core, user), view, is_cleared: everything },
  });
};
