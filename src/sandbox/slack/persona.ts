import type { View } from './blocks/view.ts';
import { messageAt, openDm } from './channels.ts';
import type { Core } from './core.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type InputValue, inputOf } from './inputs.ts';
import { copyOf, type JsonObject } from './json.ts';
import { removeMessage } from './methods/chat.ts';
import type { OpenView } from './modals.ts';
import {
  type ActionResult,
  type ClickOptions,
  clickMessage,
  fillInput,
  fillOnMessage,
  pressInView,
} from './persona-actions.ts';
import { type CommandResult, postAsPerson, typeCommand } from './persona-command.ts';
import { channelFor, type PersonaContext } from './persona-context.ts';
import { closeView, type SubmitResult, submitView } from './persona-modal.ts';
import { messagePlace, suggestOptions, viewPlace } from './persona-suggest.ts';
import { CannotDo } from './refused.ts';
import { SEED } from './seed.ts';
import { dmOf, findChannel, type StoredMessage, type User } from './workspace.ts';

/**
 * What a person can do in the Slack client. What the client itself prevents (a required field left empty, an
 * option that is not offered, a channel they cannot see) is prevented here too: by `errors` or by throwing CannotDo.
 */
export interface Persona {
  readonly user: User;
  /** Types a whole command line into a channel (id, name or `#name`). Mentions are typed as `@name`. */
  command(channel: string, text: string): Promise<CommandResult>;
  /** Messages that only this person sees, oldest first. */
  ephemerals(channel?: string): StoredMessage[];
  /** A copy of the top view of the open modal. */
  view(): View | undefined;
  /** Views in the open modal; 0 when none is open. */
  depth(): number;
  /** A copy of the published Home view. */
  home(): View | undefined;
  /** Types into a menu of the top view; the options it then offers. */
  suggest(blockId: string, text: string, actionId?: string): Promise<JsonObject[]>;
  /** The same on the Home tab. */
  suggestHome(blockId: string, text: string, actionId?: string): Promise<JsonObject[]>;
  /** The same on a message. */
  suggestOn(
    channel: string,
    ts: string,
    blockId: string,
    text: string,
    actionId?: string,
  ): Promise<JsonObject[]>;
  fill(blockId: string, value: InputValue): Promise<void>;
  fillHome(blockId: string, value: InputValue): Promise<void>;
  fillOn(channel: string, ts: string, blockId: string, value: InputValue): Promise<void>;
  press(actionId: string, options?: ClickOptions): Promise<ActionResult>;
  pressHome(actionId: string, options?: ClickOptions): Promise<ActionResult>;
  /** Submits the top view. `times`: deliveries of the same submission. */
  submit(options?: { readonly times?: number }): Promise<SubmitResult>;
  /** Cancel; with `all` the x in the corner, which closes the whole modal. */
  close(options?: { readonly all?: boolean }): Promise<void>;
  click(channel: string, ts: string, actionId: string, options?: ClickOptions): Promise<ActionResult>;
  openHome(tab?: 'home' | 'messages'): Promise<void>;
  /** The app's direct messages to this person, oldest first. */
  dms(): StoredMessage[];
  /** A message of the person's own. */
  say(channel: string, text: string): StoredMessage;
  /** Deletes a message as a workspace admin can. */
  remove(channel: string, ts: string): void;
}

const openAppHome = async (
  { core, dispatcher, user }: PersonaContext,
  tab: 'home' | 'messages',
): Promise<void> => {
  const { app_home } = core.manifest.features;
  const enabled = tab === 'home' ? app_home.home_tab_enabled : app_home.messages_tab_enabled;
  if (!enabled) throw new CannotDo(`the app has no ${tab} tab`);
  const channel = openDm(core, user);
  if (!core.manifest.settings.event_subscriptions.bot_events.includes('app_home_opened')) return;
  const view = core.modals.home(user.id)?.view;
  await dispatcher.event({
    type: 'app_home_opened',
    user: user.id,
    channel: channel.id,
    tab,
    event_ts: core.mint.ts(),
    ...(view === undefined ? {} : { view }),
  });
};

/** @throws CannotDo when there is no such person */
export const createPersona = (core: Core, dispatcher: Dispatcher, userId: string): Persona => {
  const user = core.workspace.users.get(userId);
  if (user === undefined) throw new CannotDo(`there is no user ${userId}`);
  const context: PersonaContext = { core, dispatcher, user, offers: new Map(), typed: new Map() };

  const top = (): OpenView => {
    const open = core.modals.stack(user.id).at(-1);
    if (open === undefined) throw new CannotDo(`${user.realName} has no modal open`);
    return open;
  };
  const homeView = (): OpenView => {
    const open = core.modals.home(user.id);
    if (open === undefined) throw new CannotDo(`${user.realName} has no Home view`);
    return open;
  };
  const fill = (open: OpenView, blockId: string, value: InputValue): Promise<void> =>
    fillInput(context, open, inputOf(open.view.blocks, blockId), value);
  const copyOfView = (open: OpenView | undefined): View | undefined => (open ? copyOf(open.view) : undefined);

  return {
    user,
    command: (channel, text) => typeCommand(context, channel, text),
    ephemerals: (place) => {
      const channel = place === undefined ? undefined : findChannel(core.workspace, place);
      return core.workspace.ephemerals.filter(
        (one) => one.ephemeral_to === user.id && (place === undefined || one.channel === channel?.id),
      );
    },
    view: () => copyOfView(core.modals.stack(user.id).at(-1)),
    home: () => copyOfView(core.modals.home(user.id)),
    depth: () => core.modals.stack(user.id).length,
    suggest: async (blockId, text, actionId) =>
      suggestOptions(context, viewPlace(top()), blockId, text, actionId),
    suggestHome: async (blockId, text, actionId) =>
      suggestOptions(context, viewPlace(homeView()), blockId, text, actionId),
    suggestOn: async (channel, ts, blockId, text, actionId) =>
      suggestOptions(context, messagePlace(context, channel, ts), blockId, text, actionId),
    fill: async (blockId, value) => fill(top(), blockId, value),
    fillHome: async (blockId, value) => fill(homeView(), blockId, value),
    fillOn: (channel, ts, blockId, value) => fillOnMessage(context, channel, ts, blockId, value),
    press: (actionId, options = {}) => pressInView(context, top(), actionId, options),
    pressHome: (actionId, options = {}) => pressInView(context, homeView(), actionId, options),
    submit: (options = {}) => submitView(context, top(), options.times),
    close: (options = {}) => closeView(context, options.all === true),
    click: (channel, ts, actionId, options = {}) => clickMessage(context, channel, ts, actionId, options),
    openHome: (tab = 'home') => openAppHome(context, tab),
    dms: () =>
      dmOf(core.workspace, user.id, SEED.users.bot)?.messages.filter((one) => one.user === SEED.users.bot) ??
      [],
    say: (channel, text) => postAsPerson(context, channel, text),
    remove: (place, ts) => {
      const channel = channelFor(context, place);
      removeMessage(channel, messageAt(channel, ts));
      core.changed();
    },
  };
};
