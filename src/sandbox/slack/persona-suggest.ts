import { type Check, type Inspection, list, may, rule, shape } from './blocks/checks.ts';
import { offered, option, optionGroup } from './blocks/options.ts';
import { faultText } from './blocks/view-check.ts';
import { inputOf } from './inputs.ts';
import { copyOf, type JsonObject, textOf } from './json.ts';
import type { OpenView } from './modals.ts';
import { payloadBase } from './payloads.ts';
import type { PersonaContext } from './persona-context.ts';
import { CannotDo } from './refused.ts';

/** At most 100 options (reference 2.5). */
const answer: Check = shape({
  options: may(list(option, 100, 0)),
  option_groups: may(list(optionGroup, 100, 0)),
});
const oneOfBoth: Check = rule((value) =>
  (value.options === undefined) === (value.option_groups === undefined)
    ? 'failed to match all allowed schemas'
    : undefined,
);

const answerFaults = (body: unknown): string[] => {
  const inspection: Inspection = { surface: 'modal', faults: [] };
  answer(body, '', inspection);
  oneOfBoth(body, '', inspection);
  return inspection.faults.map(faultText);
};

/**
 * Types into a menu and reads what it offers. An external one asks the app, from min_query_length characters on;
 * the payload's state is as old as the last open or update. A bad answer shows an empty menu.
 */
export const suggestOptions = async (
  { core, dispatcher, user, offers }: PersonaContext,
  open: OpenView,
  blockId: string,
  text: string,
): Promise<JsonObject[]> => {
  const { element, actionId } = inputOf(open.view, blockId);
  const type = String(element.type);
  if (!type.endsWith('external_select')) {
    if (!type.endsWith('static_select')) throw new CannotDo(`${blockId} is no menu with options`);
    const typed = text.toLowerCase();
    return offered(element).filter((one) => JSON.stringify(one.text).toLowerCase().includes(typed));
  }
  const minimum = typeof element.min_query_length === 'number' ? element.min_query_length : 3;
  if (text.length < minimum) return [];
  const view = copyOf(open.view);
  view.state.values = copyOf(open.known);
  const reply = await dispatcher.interact({
    type: 'interactive',
    answerable: true,
    payload: {
      type: 'block_suggestion',
      ...payloadBase(core, user),
      container: { type: 'view', view_id: view.id },
      action_id: actionId,
      block_id: blockId,
      value: text,
      view,
    },
  });
  const faults = reply.outcome === 'ok' ? answerFaults(reply.body) : [`outcome ${reply.outcome}`];
  if (faults.length > 0 || reply.outcome !== 'ok') {
    core.troubles.push(`the menu ${blockId} shows no results: ${faults.join('; ')}`);
    core.changed();
    return [];
  }
  const found = offered(Object(reply.body));
  const key = `${open.view.id}/${blockId}/${actionId}`;
  offers.set(key, [...(offers.get(key) ?? []), ...found]);
  return found.filter((one) => textOf(one.value) !== '');
};
