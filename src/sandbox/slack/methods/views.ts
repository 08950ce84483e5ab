import { z } from 'zod';
import { faultText, viewFaults } from '../blocks/view-check.ts';
import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { jsonArgument } from '../messages.ts';
import { method } from '../method.ts';
import type { OpenView } from '../modals.ts';
import { Refused } from '../refused.ts';

/** Characters of a view's JSON. */
const MAX_VIEW = 250_000;

const invalid = (...messages: string[]): Refused =>
  new Refused('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });

/**
 * A checked view of an argument. Throws Refused invalid_arguments with every fault, or view_too_large.
 * @param type what the place takes
 */
export const readView = (argument: unknown, type: 'modal' | 'home' | undefined): JsonObject => {
  const view = jsonArgument(argument);
  if (JSON.stringify(view ?? null).length > MAX_VIEW) throw new Refused('view_too_large');
  const faults = viewFaults(view, '/view').map(faultText);
  if (faults.length > 0 || !isObject(view)) throw invalid(...faults);
  if (type !== undefined && view.type !== type)
    throw invalid('must be a valid enum value [json-pointer:/view/type]');
  return view;
};

/** Slack refuses a pushed view of another type than the modal below it. */
const refuseOtherType = (view: JsonObject): void => {
  if (view.type !== 'modal') {
    throw invalid(
      "must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]",
    );
  }
};

const withTrigger = {
  view: z.unknown(),
  trigger_id: z.string().optional(),
  interactivity_pointer: z.string().optional(),
};

const triggerOf = (args: {
  trigger_id?: string | undefined;
  interactivity_pointer?: string | undefined;
}): string => {
  const trigger = args.trigger_id ?? args.interactivity_pointer;
  if (trigger === undefined) throw invalid('missing required field: trigger_id');
  return trigger;
};

const open = method({
  name: 'views.open',
  json: true,
  perMinute: 100,
  args: z.looseObject(withTrigger),
  run: (args, core) => {
    const view = readView(args.view, 'modal');
    const { userId } = core.triggers.exchange(triggerOf(args));
    return { view: core.modals.open(userId, view) };
  },
});

const push = method({
  name: 'views.push',
  json: true,
  perMinute: 100,
  args: z.looseObject(withTrigger),
  run: (args, core) => {
    const view = readView(args.view, undefined);
    refuseOtherType(view);
    const { userId, viewId } = core.triggers.exchange(triggerOf(args));
    const inStack = core.modals.stack(userId).some((one) => one.view.id === viewId);
    if (viewId === undefined) throw new Refused('invalid_trigger_id');
    if (!inStack) throw new Refused('not_found');
    return { view: core.modals.push(userId, view) };
  },
});

const refuseStale = (open: OpenView | undefined, hash: string | undefined): void => {
  if (hash !== undefined && open !== undefined && open.view.hash !== hash) throw new Refused('hash_conflict');
};

const target = (
  core: Core,
  args: { view_id?: string | undefined; external_id?: string | undefined },
): OpenView => {
  if (args.view_id === undefined && args.external_id === undefined) {
    throw invalid('missing required field: view_id');
  }
  const found =
    args.view_id === undefined
      ? core.modals.byExternalId(args.external_id ?? '')
      : core.modals.byId(args.view_id);
  if (found === undefined) throw new Refused('not_found');
  return found;
};

const update = method({
  name: 'views.update',
  json: true,
  perMinute: 100,
  args: z.looseObject({
    view: z.unknown(),
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
  }),
  run: (args, core) => {
    const view = readView(args.view, undefined);
    const found = target(core, args);
    if (view.type !== found.view.type) refuseOtherType(view);
    refuseStale(found, args.hash);
    return { view: core.modals.update(found, view) };
  },
});

const publish = method({
  name: 'views.publish',
  json: true,
  perMinute: 100,
  args: z.looseObject({ user_id: z.string(), view: z.unknown(), hash: z.string().optional() }),
  run: (args, core) => {
    const view = readView(args.view, 'home');
    if (!core.manifest.features.app_home.home_tab_enabled) throw new Refused('not_enabled');
    if (!core.workspace.users.has(args.user_id)) throw new Refused('user_not_found');
    refuseStale(core.modals.home(args.user_id), args.hash);
    return { view: core.modals.publish(args.user_id, view) };
  },
});

export const viewMethods = [open, push, update, publish];
