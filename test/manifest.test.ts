import { readdirSync, readFileSync } from 'node:fs';
import { WebClient } from '@slack/web-api';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { registry } from '../src/revocations/registry.ts';
import { revocationsCommand } from '../src/slack/revocations-command.ts';

const root = new URL('../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const document: unknown = parse(textOf('manifest.yml'));
const manifest = z
  .object({
    display_information: z.object({ name: z.string() }),
    features: z.object({
      slash_commands: z.array(
        z.object({
          command: z.string(),
          description: z.string(),
          usage_hint: z.string(),
          should_escape: z.boolean(),
        }),
      ),
      app_home: z.record(z.string(), z.boolean()),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()) }).default({ bot_events: [] }),
      interactivity: z.object({ is_enabled: z.boolean() }),
      socket_mode_enabled: z.boolean(),
    }),
  })
  .parse(document);

/** The bot's scopes by Web API method, from the methods' reference pages. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  // By the kind of channel: public and private ones; direct messages are not looked at.
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  filesUploadV2: ['files:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  // The second one adds the e-mail, by which the affected person is recognised.
  'users.info': ['users:read', 'users:read.email'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

const webApi = new WebClient();

/** What the official client has under a dotted name. */
const inWebApi = (path: readonly string[]): unknown => {
  let at: unknown = webApi;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
};

/** The longest end of a chain of names that is a method of Slack's Web API; its generic ways of calling too. */
const methodIn = (chain: string): string | undefined => {
  const parts = chain.split('.');
  for (let from = 0; from < parts.length; from += 1) {
    const path = parts.slice(from);
    const [only = ''] = path;
    const generic =
      path.length === 1 && ['apiCall', 'paginate', 'filesUploadV2', 'chatStream'].includes(only);
    if ((path.length > 1 || generic) && typeof inWebApi(path) === 'function') return path.join('.');
  }
  return undefined;
};

/** All Web API methods that a source text calls; with `super` it passes on what another one calls. */
const calledIn = (source: string): string[] => {
  const joined = source.replace(/\s*\?*\.\s*/g, '.');
  const chains = [...joined.matchAll(/\b[A-Za-z_$][\w$]*(?:\.[\w$]+)+(?=\s*[(<])/g)].map(([chain]) => chain);
  const own = chains.filter((chain) => !chain.startsWith('super.'));
  return [...new Set(own.flatMap((chain) => methodIn(chain) ?? []))];
};

const room = new URL('src/slack/', root);
const sources = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(new URL(path, room), 'utf8'));
const called = [...new Set(sources.flatMap(calledIn))];

const sorted = (texts: Iterable<string>): string[] => [...texts].sort((a, b) => (a < b ? -1 : 1));

describe('the app manifest', () => {
  it("is valid by Slack's own schema", () => {
    const schema: object = JSON.parse(textOf('test/support/slack-manifest.schema.json'));
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has a command for each kind of revocation, and one to look', () => {
    const kinds = registry.map(({ command }) => command);
    expect(manifest.features.slash_commands).toEqual(
      [...kinds, revocationsCommand].map(({ name, description, usage }) => ({
        command: name,
        description,
        usage_hint: usage,
        should_escape: true,
      })),
    );
  });

  it('lets people write to the bot, and has a Home tab', () => {
    expect(manifest.features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
  });

  it('uses Socket Mode and interactivity, and hears exactly the events that are listened to', () => {
    const heard = sources.flatMap((source) =>
      [...source.matchAll(/\bapp\.event\(\s*(['"`]?[^'"`,)]+)/g)].map(([, event = '']) => event.slice(1)),
    );
    expect(manifest.settings.socket_mode_enabled).toBe(true);
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    expect(sorted(manifest.settings.event_subscriptions.bot_events)).toEqual(sorted(heard));
  });
});

describe('the scopes', () => {
  it('are looked for in every way of calling the Web API', () => {
    expect(
      calledIn(`
        await desk.client.views.open({});
        await clients.people.auth.test();
        await client.chat
          .postMessage({});
        client?.usergroups.users.list({});
        await web.filesUploadV2({});
        await client.apiCall('users.list');
        await super.paginate(method);
        client.on('x'); desk.channels.place(1); [].map(String);
      `),
    ).toEqual([
      'views.open',
      'auth.test',
      'chat.postMessage',
      'usergroups.users.list',
      'filesUploadV2',
      'apiCall',
    ]);
  });

  it('are known for every method that is called', () => {
    expect(called).toContain('chat.postMessage');
    expect(called).toContain('views.open');
    expect(called.filter((method) => !(method in scopesOf))).toEqual([]);
  });

  it('are exactly those that the called methods and the commands need', () => {
    const needed = new Set(['commands', ...called.flatMap((method) => scopesOf[method] ?? [])]);
    expect(sorted(manifest.oauth_config.scopes.bot)).toEqual(sorted(needed));
  });
});
