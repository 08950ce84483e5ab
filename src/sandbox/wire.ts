import { z } from 'zod';
import type { Block } from './slack/blocks/block.ts';
import type { View } from './slack/blocks/view.ts';
import { type SwitchName, switchNames } from './switch-names.ts';

const inputValue = z.union([
  z.string().max(10_000),
  z.number(),
  z.array(z.string().max(200)).max(100),
  z.null(),
]);

/** Where an element stands: on a message, in the open modal, on the Home tab. */
const Spot = z.discriminatedUnion('on', [
  z.object({ on: z.literal('message'), place: z.string(), ts: z.string() }),
  z.object({ on: z.literal('modal') }),
  z.object({ on: z.literal('home') }),
]);
export type Spot = z.infer<typeof Spot>;

/** An element by the ids that Slack gives it in payloads. */
const element = { blockId: z.string(), actionId: z.string() };

/** What a person does on the page. */
export const Act = z.discriminatedUnion('do', [
  /** Types a line into a channel: a slash command when it starts with `/`, else a message. */
  z.object({ do: z.literal('type'), place: z.string(), text: z.string().min(1).max(4_000) }),
  /** Presses a button, or chooses in a menu that is no form field; confirm dialogs were answered before. */
  z.object({ do: z.literal('press'), spot: Spot, ...element, value: inputValue.optional() }),
  /** Sets a field of a form. */
  z.object({ do: z.literal('fill'), spot: Spot, blockId: z.string(), value: inputValue }),
  /** Types into a menu that asks the app. */
  z.object({ do: z.literal('suggest'), spot: Spot, ...element, text: z.string().max(200) }),
  z.object({ do: z.literal('submit') }),
  /** Cancel, or with `all` the x in the corner. */
  z.object({ do: z.literal('close'), all: z.boolean() }),
  z.object({ do: z.literal('open-home'), tab: z.enum(['home', 'messages']) }),
  z.object({ do: z.literal('switch'), name: z.enum(switchNames), on: z.boolean() }),
  z.object({ do: z.literal('restart-bot') }),
  /** Throws everything away: a fresh Slack, a fresh cloud, an empty ledger. */
  z.object({ do: z.literal('start-over') }),
  /** Starts over and plays the story. */
  z.object({ do: z.literal('play') }),
]);
export type Act = z.infer<typeof Act>;

/** Whom a window shows, by handle, and what of the cloud stands beside it. */
export const Look = z.object({
  as: z.string(),
  principal: z.object({ type: z.enum(['USER', 'GROUP']), id: z.string() }).optional(),
});
export type Look = z.infer<typeof Look>;

/** Everything that a window sends. `id` names the act in its answer, `as` is the handle of the one who acts. */
export const FromPage = z.union([
  z.object({ look: Look }),
  z.object({ id: z.number().int(), as: z.string(), act: Act }),
]);
export type FromPage = z.infer<typeof FromPage>;

const textObject = z.object({ type: z.string(), text: z.string() });

/** A choice of a menu, in Slack's own form. */
export const Choice = z.object({ text: textObject, value: z.string(), description: textObject.optional() });
export type Choice = z.infer<typeof Choice>;

/** What came of an act, as the person sees it. */
export interface Answer {
  /**
   * `ok`: done; `timeout`: the app did not answer in 3 s; `error`: it answered with an error or is not connected;
   * `errors`: words beside fields; `trouble`: the modal stays with "We had some trouble connecting"; `cannot`: the
   * client itself does not let a person do this.
   */
  readonly outcome: 'ok' | 'timeout' | 'error' | 'errors' | 'trouble' | 'cannot';
  /** block_id → words beside the field. */
  readonly errors?: Readonly<Record<string, string>>;
  readonly choices?: readonly Choice[];
  readonly why?: string;
}

export interface ShownPerson {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
  /** What they are in the sandbox's story. */
  readonly role: string;
}

/** A file on a message, as text. */
export interface ShownFile {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** Characters that were left out at the end. */
  readonly leftOut: number;
}

export interface ShownMessage {
  readonly ts: string;
  readonly user: string;
  /** Posted by the app. */
  readonly isApp: boolean;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly files: readonly ShownFile[];
  /** The message under which it is a reply. */
  readonly thread?: string;
  readonly edited: boolean;
  /** Ephemeral: nobody else sees it. */
  readonly onlyYou: boolean;
  /** What programs read from it: name and flat fields. */
  readonly metadata?: {
    readonly event_type: string;
    readonly event_payload: Readonly<Record<string, unknown>>;
  };
}

/** A channel, or the direct messages with the app. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly isArchived: boolean;
  readonly isMember: boolean;
  readonly isShared: boolean;
  /** Oldest first, replies and ephemeral messages included. */
  readonly messages: readonly ShownMessage[];
}

/** The workspace as one person sees it now. */
export interface SlackScene {
  readonly me: string;
  readonly workspace: string;
  /** First label of `<domain>.slack.com`, by which links into the workspace are known. */
  readonly domain: string;
  readonly personas: readonly ShownPerson[];
  /** What ids are called. */
  readonly names: {
    readonly users: Readonly<Record<string, string>>;
    readonly groups: Readonly<Record<string, string>>;
    readonly channels: Readonly<Record<string, string>>;
  };
  readonly commands: readonly {
    readonly command: string;
    readonly description: string;
    readonly hint: string;
  }[];
  readonly places: readonly Place[];
  /** Top view of the open modal. */
  readonly modal: View | null;
  /** Views in the modal. */
  readonly depth: number;
  readonly home: View | null;
  readonly homeEnabled: boolean;
}

export interface ShownGrant {
  /** Stays the same while the grant exists. */
  readonly key: string;
  readonly account: string;
  readonly permissionSet: string;
}

/** One user or group of the local cloud, with what they can do now. */
export interface ShownPrincipal {
  readonly type: 'USER' | 'GROUP';
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly enabled: boolean;
  /** Assigned to themselves. */
  readonly grants: readonly ShownGrant[];
  /** Of a user: through which groups they have what. */
  readonly throughGroups: readonly (ShownGrant & { readonly group: string })[];
  /** Of a user: groups. Of a group: members. */
  readonly memberships: readonly string[];
  /** Portal sessions; times in milliseconds since the epoch. */
  readonly sessions: readonly {
    readonly id: string;
    readonly since: number;
    readonly until: number;
    readonly address: string;
    readonly agent: string;
  }[];
}

export interface ShownProject {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly entries: readonly { readonly key: string; readonly user: string; readonly through: string }[];
}

/** A signed call as the cloud logged it. */
export interface ShownCall {
  readonly number: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  /** Null when no answer was sent. */
  readonly status: number | null;
  readonly code?: string;
  readonly durationMs: number;
  readonly changes: boolean;
  readonly requestId: string;
}

/** The local Huawei Cloud now. */
export interface CloudScene {
  readonly principals: readonly {
    readonly type: 'USER' | 'GROUP';
    readonly id: string;
    readonly name: string;
    readonly displayName: string;
  }[];
  readonly principal: ShownPrincipal | null;
  readonly projects: readonly ShownProject[];
  /** The newest ones, oldest first. */
  readonly calls: readonly ShownCall[];
  /** All calls since the start. */
  readonly callCount: number;
}

/** The sandbox itself. */
export interface LabScene {
  readonly version: string;
  readonly bot: 'running' | 'starting' | 'stopped';
  readonly switches: Readonly<Record<SwitchName, boolean>>;
  /** Rises when everything starts over. */
  readonly round: number;
  readonly play: {
    readonly state: 'idle' | 'playing' | 'held' | 'broken';
    /** What was told so far. */
    readonly lines: readonly string[];
    /** Who acts now, to be looked over the shoulder. */
    readonly who: string | null;
  };
}

/** Everything that the sandbox sends to a window: scenes whenever they change, and answers to acts. */
export type ToPage =
  | { readonly slack: SlackScene }
  | { readonly cloud: CloudScene }
  | { readonly lab: LabScene }
  | { readonly id: number; readonly answer: Answer };
