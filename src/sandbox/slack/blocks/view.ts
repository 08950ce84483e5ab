import { z } from 'zod';
import { Block } from './block.ts';

const textObject = z.looseObject({ type: z.string(), text: z.string() });

/** Current value of an input, by its type (reference 2.3). */
export const StateValue = z.looseObject({ type: z.string() });
export type StateValue = z.infer<typeof StateValue>;

/** block_id → action_id → value. */
export type StateValues = Record<string, Record<string, StateValue>>;

/** A view as Slack stores and sends it. */
export const View = z.object({
  id: z.string(),
  team_id: z.string(),
  type: z.enum(['modal', 'home']),
  title: textObject.nullable(),
  submit: textObject.nullable(),
  close: textObject.nullable(),
  blocks: z.array(Block),
  private_metadata: z.string(),
  callback_id: z.string(),
  external_id: z.string(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), StateValue)) }),
  hash: z.string(),
  clear_on_close: z.boolean(),
  notify_on_close: z.boolean(),
  submit_disabled: z.boolean(),
  root_view_id: z.string(),
  previous_view_id: z.string().nullable(),
  app_id: z.string(),
  app_installed_team_id: z.string(),
  bot_id: z.string(),
});
export type View = z.infer<typeof View>;
