import type { AddressInfo } from 'node:net';
import { type ChannelView, channelView } from './channel-view.ts';
import type { ApiCall, Core } from './core.ts';
import type { Transport } from './delivery.ts';
import { createDispatcher } from './dispatcher.ts';
import { createHttpTransport } from './http-delivery.ts';
import { SlackAppManifest, type SlackAppManifestInput } from './manifest.ts';
import { createMint } from './mint.ts';
import { createModals } from './modals.ts';
import { createPersona, type Persona } from './persona.ts';
import { createRawDelivery, type RawDelivery } from './raw-delivery.ts';
import { CannotDo } from './refused.ts';
import { createResponseUrls } from './response-urls.ts';
import { SEED, seedWorkspace } from './seed.ts';
import { createSlackServer } from './server.ts';
import { createSocketHub, type DisconnectReason } from './socket-hub.ts';
import { defaultSwitches, type SlackSwitches } from './switches.ts';
import { createTriggers } from './triggers.ts';
import { visibleText } from './visible-text.ts';
import { type Changes, createChanges } from './waiting.ts';
import { findChannel, type Workspace } from './workspace.ts';

export interface LocalSlackOptions {
  /** Milliseconds since the epoch; triggers, response URLs, rates and time stamps follow it. */
  readonly now: () => number;
  /** 0 (default) takes any free port. */
  readonly port?: number;
  readonly manifest: SlackAppManifestInput;
  /** How the app is reached. */
  readonly transport: 'socket' | 'http';
  /** The app's request URL (HTTP only); may be set later by `deliverTo`. */
  readonly requestUrl?: string;
  readonly workspace?: Workspace;
  readonly switches?: Partial<SlackSwitches>;
  /** Real milliseconds the app has to acknowledge (Slack: 3000). */
  readonly ackTimeoutMs?: number;
}

/** A running local Slack. All credentials are made up. */
export interface LocalSlack {
  /** Base of the Web API, with a slash at the end. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly appId: string;
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly workspace: Workspace;
  readonly manifest: SlackAppManifest;
  readonly switches: SlackSwitches;
  /** All Web API calls so far, oldest first. */
  readonly calls: readonly ApiCall[];
  /** What people saw go wrong, in words. */
  readonly troubles: readonly string[];
  readonly deliver: RawDelivery;
  deliverTo(url: string): void;
  as(userId: string): Persona;
  /** Throws CannotDo for an unknown channel. */
  channel(idOrName: string): ChannelView;
  /** Socket Mode: at least one live connection. */
  whenConnected(timeoutMs?: number): Promise<void>;
  connections(): number;
  /** Sends `disconnect` over every connection. */
  disconnect(reason: DisconnectReason, count?: number): void;
  /** Cuts every connection without a word. */
  dropConnections(): void;
  /** Called after every change: messages, views, ephemerals, calls, connections. Returns how to stop. */
  onChange(listener: () => void): () => void;
  until: Changes['until'];
  close(): Promise<void>;
}

const recentMessages = (core: Core): string => {
  const named = [...core.workspace.channels.values()].flatMap(({ name, messages }) =>
    messages.map((message) => ({ name, message })),
  );
  const shown = [...named, ...core.workspace.ephemerals.map((message) => ({ name: 'ephemeral', message }))];
  const lines = shown
    .toSorted((a, b) => (a.message.ts < b.message.ts ? -1 : 1))
    .slice(-8)
    .map(({ name, message }) => `  #${name} ${message.ts}: ${visibleText(message).slice(0, 300)}`);
  const failed = core.calls.filter((call) => !call.ok).slice(-5);
  const refusals = failed.map((call) => `  ${call.method}: ${call.error}`);
  return [
    'recent messages:',
    ...lines,
    'recent refused calls:',
    ...refusals,
    'recent troubles:',
    ...core.troubles.slice(-5).map((one) => `  ${one}`),
  ].join('\n');
};

/** Timers of artificial latency, ended early when the server closes. */
const createPauses = () => {
  const pending = new Map<NodeJS.Timeout, () => void>();
  return {
    pause: (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          pending.delete(timer);
          resolve();
        }, ms);
        pending.set(timer, resolve);
      }),
    endAll: () => {
      for (const [timer, resolve] of pending) {
        clearTimeout(timer);
        resolve();
      }
      pending.clear();
    },
  };
};

/** Starts a Slack of its own on the loopback interface. */
export const startLocalSlack = async (options: LocalSlackOptions): Promise<LocalSlack> => {
  const { now, ackTimeoutMs = 3_000 } = options;
  const workspace = options.workspace ?? seedWorkspace();
  const mint = createMint(now);
  const changes = createChanges(() => recentMessages(core));
  let port = options.port ?? 0;
  const core: Core = {
    now,
    manifest: SlackAppManifest.parse(options.manifest),
    workspace,
    switches: defaultSwitches(options.switches),
    mint,
    triggers: createTriggers(now, mint),
    modals: createModals(workspace.teamId, mint, () => changes.changed()),
    responseUrls: createResponseUrls(now, mint),
    calls: [],
    troubles: [],
    baseUrl: () => `http://127.0.0.1:${port}`,
    tickets: new Map(),
    changed: () => changes.changed(),
  };
  const hub = createSocketHub(core, ackTimeoutMs);
  const http =
    options.transport === 'http' ? createHttpTransport(core, ackTimeoutMs, options.requestUrl) : undefined;
  const transport: Transport = http ?? hub;
  const dispatcher = createDispatcher(core, transport);
  const personas = new Map<string, Persona>();
  const pauses = createPauses();
  const server = createSlackServer(core, pauses.pause);
  server.on('upgrade', (request, socket, head) => hub.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A TCP server that listens has an AddressInfo; only pipes have text.
  port = (server.address() as AddressInfo).port;

  return {
    apiUrl: `${core.baseUrl()}/api/`,
    botToken: SEED.botToken,
    appToken: SEED.appToken,
    signingSecret: SEED.signingSecret,
    appId: SEED.app,
    teamId: workspace.teamId,
    botUserId: SEED.users.bot,
    botId: SEED.bot,
    workspace,
    manifest: core.manifest,
    switches: core.switches,
    calls: core.calls,
    troubles: core.troubles,
    deliver: createRawDelivery(core, dispatcher, transport, http),
    deliverTo: (url) => {
      if (http === undefined) throw new Error('deliverTo is for the HTTP transport');
      http.deliverTo(url);
    },
    as: (userId) => {
      const persona = personas.get(userId) ?? createPersona(core, dispatcher, userId);
      personas.set(userId, persona);
      return persona;
    },
    channel: (idOrName) => {
      const channel = findChannel(workspace, idOrName);
      if (channel === undefined) throw new CannotDo(`there is no channel ${idOrName}`);
      return channelView(channel);
    },
    whenConnected: async (timeoutMs) => {
      await changes.until('a Socket Mode connection', () => hub.connections() > 0, timeoutMs);
    },
    connections: () => hub.connections(),
    disconnect: (reason, count) => hub.disconnect(reason, count),
    dropConnections: () => hub.drop(),
    onChange: (listener) => changes.onChange(listener),
    until: (what, probe, timeoutMs) => changes.until(what, probe, timeoutMs),
    close: async () => {
      changes.close();
      dispatcher.close();
      http?.close();
      await hub.close();
      pauses.endAll();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
