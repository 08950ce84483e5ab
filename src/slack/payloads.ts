import { z } from 'zod';
import { ViewState } from './form.ts';

/** What is used of Slack's payloads, checked where they enter. Unknown keys are ignored. */
const user = z.object({ id: z.string() });

export const Command = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
});
export type Command = z.infer<typeof Command>;

const View = z.object({
  id: z.string(),
  callback_id: z.string(),
  private_metadata: z.string().default(''),
  hash: z.string().optional(),
  /** The view below, where this one was pushed onto it. */
  previous_view_id: z.string().nullish(),
  state: ViewState.optional(),
});

export const Submission = z.object({ user, view: View });
export type Submission = z.infer<typeof Submission>;

/** A button on a message, or a field of a form that was changed. */
export const Click = z.object({
  user,
  trigger_id: z.string(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string() }).optional(),
  view: View.optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().default(''),
        value: z.string().optional(),
        action_ts: z.string().default(''),
      }),
    )
    .min(1),
});
export type Click = z.infer<typeof Click>;

/** Somebody opened a tab of the app's own place. */
export const HomeOpened = z.object({ event: z.object({ user: z.string(), tab: z.string() }) });

export const Suggestion = z.object({
  user,
  action_id: z.string(),
  block_id: z.string(),
  value: z.string().default(''),
  view: View,
});
export type Suggestion = z.infer<typeof Suggestion>;
