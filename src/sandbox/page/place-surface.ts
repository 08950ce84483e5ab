import type { View } from '../slack/blocks/view.ts';
import type { Act, Answer, Spot } from '../wire.ts';
import type { FieldValue, Surface } from './surface.ts';

type Do = (act: Act) => Promise<Answer>;

const surface = (
  spot: Spot,
  act: Do,
  view: View | undefined,
  errors: Readonly<Record<string, string>>,
): Surface => ({
  press: (blockId, actionId, value) =>
    act({ do: 'press', spot, blockId, actionId, ...(value !== undefined && { value: copied(value) }) }),
  fill: (blockId, value) => act({ do: 'fill', spot, blockId, value: copied(value) }),
  suggest: async (blockId, actionId, text) =>
    (await act({ do: 'suggest', spot, blockId, actionId, text })).choices ?? [],
  valueOf: (blockId, actionId) => view?.state.values[blockId]?.[actionId],
  errorOf: (blockId) => errors[blockId],
});

const copied = (value: FieldValue) => (typeof value === 'object' && value !== null ? [...value] : value);

/** Blocks on a message: they hold no state that others could change. */
export const messageSurface = (place: string, ts: string, act: Do): Surface =>
  surface({ on: 'message', place, ts }, act, undefined, {});

/** @param errors words beside fields, by block id */
export const modalSurface = (view: View, act: Do, errors: Readonly<Record<string, string>>): Surface =>
  surface({ on: 'modal' }, act, view, errors);

/** Blocks on the app's Home tab. */
export const homeSurface = (view: View, act: Do): Surface => surface({ on: 'home' }, act, view, {});
