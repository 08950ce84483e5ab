import { storedBlocks } from './blocks/block.ts';
import { stateFor } from './blocks/state.ts';
import { type StateValues, View } from './blocks/view.ts';
import { copyOf, type JsonObject } from './json.ts';
import type { Mint } from './mint.ts';
import { Refused } from './refused.ts';
import { SEED } from './seed.ts';

/** Views in one modal (reference 2.4). */
const MAX_STACK = 3;

/** A view that somebody has on the screen. */
export interface OpenView {
  view: View;
  readonly userId: string;
  /** Input values as of the last open or update: all that a block_suggestion knows (reference 2.5). */
  known: StateValues;
}

export interface Modals {
  /** A person's modal, bottom first; empty when none is open. */
  stack(userId: string): readonly OpenView[];
  home(userId: string): OpenView | undefined;
  byId(viewId: string): OpenView | undefined;
  byExternalId(externalId: string): OpenView | undefined;
  /** Opens a new modal; one that was open is gone. Throws Refused duplicate_external_id. */
  open(userId: string, input: JsonObject): View;
  /** Puts a view on top. Throws Refused push_limit_reached, not_found, duplicate_external_id. */
  push(userId: string, input: JsonObject): View;
  /** Replaces a view in place; input values are kept by block_id and action_id. */
  update(open: OpenView, input: JsonObject): View;
  publish(userId: string, input: JsonObject): View;
  /** Takes the top view off; the whole modal when it has clear_on_close and `mayClear`. */
  pop(userId: string, mayClear: boolean): void;
  clear(userId: string): void;
}

/** @param teamId the workspace's own team */
export const createModals = (teamId: string, mint: Mint, changed: () => void): Modals => {
  const stacks = new Map<string, OpenView[]>();
  const homes = new Map<string, OpenView>();
  const everyone = () => [...homes.values(), ...[...stacks.values()].flat()];

  const build = (
    input: JsonObject,
    place: Pick<View, 'id' | 'root_view_id' | 'previous_view_id'>,
    before: StateValues,
  ) => {
    const blocks = storedBlocks(input.blocks, () => mint.id('b'));
    return View.parse({
      ...place,
      team_id: teamId,
      type: input.type,
      title: withEmoji(input.title),
      submit: withEmoji(input.submit),
      close: withEmoji(input.close),
      blocks,
      private_metadata: input.private_metadata ?? '',
      callback_id: input.callback_id ?? '',
      external_id: input.external_id ?? '',
      state: { values: stateFor(blocks, before) },
      hash: mint.hash(),
      clear_on_close: input.clear_on_close ?? false,
      notify_on_close: input.notify_on_close ?? false,
      submit_disabled: input.submit_disabled ?? false,
      app_id: SEED.app,
      app_installed_team_id: teamId,
      bot_id: SEED.bot,
    });
  };

  const refuseDuplicate = (input: JsonObject, self?: OpenView) => {
    const { external_id } = input;
    if (external_id === undefined || external_id === '') return;
    const other = everyone().find((one) => one.view.external_id === external_id && one !== self);
    if (other !== undefined) throw new Refused('duplicate_external_id');
  };

  const show = (userId: string, view: View): OpenView => ({ view, userId, known: copyOf(view.state.values) });

  return {
    stack: (userId) => stacks.get(userId) ?? [],
    home: (userId) => homes.get(userId),
    byId: (viewId) => everyone().find(({ view }) => view.id === viewId),
    byExternalId: (externalId) => everyone().find(({ view }) => view.external_id === externalId),
    open: (userId, input) => {
      stacks.delete(userId);
      refuseDuplicate(input);
      const id = mint.id('V');
      const view = build(input, { id, root_view_id: id, previous_view_id: null }, {});
      stacks.set(userId, [show(userId, view)]);
      changed();
      return view;
    },
    push: (userId, input) => {
      const stack = stacks.get(userId);
      const top = stack?.at(-1);
      if (stack === undefined || top === undefined) throw new Refused('not_found');
      if (stack.length >= MAX_STACK) throw new Refused('push_limit_reached');
      refuseDuplicate(input);
      const place = { root_view_id: top.view.root_view_id, previous_view_id: top.view.id };
      const view = build(input, { id: mint.id('V'), ...place }, {});
      stack.push(show(userId, view));
      changed();
      return view;
    },
    update: (open, input) => {
      refuseDuplicate(input, open);
      open.view = build(input, open.view, open.view.state.values);
      open.known = copyOf(open.view.state.values);
      changed();
      return open.view;
    },
    publish: (userId, input) => {
      const existing = homes.get(userId);
      refuseDuplicate(input, existing);
      const id = existing?.view.id ?? mint.id('V');
      const place = { id, root_view_id: id, previous_view_id: null };
      const view = build(input, place, existing?.view.state.values ?? {});
      homes.set(userId, show(userId, view));
      changed();
      return view;
    },
    pop: (userId, mayClear) => {
      const stack = stacks.get(userId) ?? [];
      const top = stack.pop();
      if (stack.length === 0 || (mayClear && top?.view.clear_on_close === true)) stacks.delete(userId);
      changed();
    },
    clear: (userId) => {
      stacks.delete(userId);
      changed();
    },
  };
};

const withEmoji = (title: unknown): unknown =>
  title === undefined ? null : { type: 'plain_text', emoji: true, ...Object(title) };
