import type { SlackAppManifest } from './manifest.ts';
import type { Mint } from './mint.ts';
import type { Modals } from './modals.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { SlackSwitches } from './switches.ts';
import type { Triggers } from './triggers.ts';
import type { Workspace } from './workspace.ts';

/** One Web API call, as logged. Tokens are left out. */
export interface ApiCall {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  /** Slack's error code, or `http_<status>`. */
  readonly error?: string;
}

/** What all parts of the local Slack share. */
export interface Core {
  readonly now: () => number;
  readonly manifest: SlackAppManifest;
  readonly workspace: Workspace;
  readonly switches: SlackSwitches;
  readonly mint: Mint;
  readonly triggers: Triggers;
  readonly modals: Modals;
  readonly responseUrls: ResponseUrls;
  readonly calls: ApiCall[];
  /** What people saw go wrong (time-outs, refused answers), in words; newest last. */
  readonly troubles: string[];
  /** `http://127.0.0.1:PORT`. */
  readonly baseUrl: () => string;
  /** Single-use tickets for Socket Mode, each with its expiry in milliseconds. */
  readonly tickets: Map<string, number>;
  /** Tells everyone who waits that something is different now. */
  readonly changed: () => void;
}
