import { z } from 'zod';

const slashCommand = z.looseObject({
  command: z.string().regex(/^\/\S{1,31}$/),
  description: z.string(),
  usage_hint: z.string().optional(),
  should_escape: z.boolean().default(false),
});

/** The parts of an app manifest that change how Slack behaves towards the app; the rest is let through. */
export const SlackAppManifest = z.looseObject({
  display_information: z.looseObject({ name: z.string() }).default({ name: 'App' }),
  features: z
    .looseObject({
      app_home: z
        .looseObject({
          home_tab_enabled: z.boolean().default(false),
          messages_tab_enabled: z.boolean().default(true),
          messages_tab_read_only_enabled: z.boolean().default(true),
        })
        .prefault({}),
      slash_commands: z.array(slashCommand).default([]),
    })
    .prefault({}),
  oauth_config: z
    .looseObject({
      scopes: z.looseObject({ bot: z.array(z.string()).default([]) }).prefault({}),
    })
    .prefault({}),
  settings: z
    .looseObject({
      socket_mode_enabled: z.boolean().default(false),
      event_subscriptions: z.looseObject({ bot_events: z.array(z.string()).default([]) }).prefault({}),
    })
    .prefault({}),
});
export type SlackAppManifest = z.infer<typeof SlackAppManifest>;
/** A manifest as written: everything with a default may be left out. */
export type SlackAppManifestInput = z.input<typeof SlackAppManifest>;
