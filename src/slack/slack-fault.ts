import { webApi } from '@slack/bolt';

/**
 * What to do after Slack did not do what it was asked:
 * `later`: try again after `waitMs`. `token`: nothing goes until the installation is mended. `channel`: this channel
 * cannot be posted to. `content`: what was sent was refused, also for a reason that nobody knows. `gone`: the message,
 * thread, view or trigger is not there any more.
 */
export interface SlackFault {
  readonly kind: 'later' | 'token' | 'channel' | 'content' | 'gone';
  readonly code: string;
  readonly waitMs: number;
  /** It may have been done all the same: no answer came, or one that leaves this open. */
  readonly mayBeDone: boolean;
}

const codes: Readonly<Record<Exclude<SlackFault['kind'], 'content'>, readonly string[]>> = {
  token: [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
    'not_allowed_token_type',
    'org_login_required',
    'team_disabled',
    'user_removed_from_team',
  ],
  channel: [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'is_inactive',
    'user_not_in_channel',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_locked',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'messages_tab_disabled',
    'user_disabled',
    'user_not_found',
    'cannot_dm_bot',
    'posting_to_channel_denied',
    'channel_is_limited_access',
    'access_denied',
    'no_permission',
    'team_access_not_granted',
    'external_channel_migrating',
    'method_not_supported_for_channel_type',
    'slack_connect_canvas_sharing_blocked',
    'slack_connect_clip_sharing_blocked',
    'slack_connect_file_link_sharing_blocked',
    'slack_connect_lists_sharing_blocked',
  ],
  gone: [
    'message_not_found',
    'cant_update_message',
    'edit_window_closed',
    'thread_not_found',
    'cannot_reply_to_message',
    'not_found',
    'expired_trigger_id',
    'exchanged_trigger_id',
    'invalid_trigger_id',
    'trigger_expired',
    'trigger_exchanged',
  ],
  later: [
    'ratelimited',
    'rate_limited',
    'message_limit_exceeded',
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
    'accesslimited',
    'ekm_access_denied',
    'hash_conflict',
  ],
};

const scopeCodes: ReadonlySet<string> = new Set(['missing_scope', 'not_allowed_token_type']);

/** The token is good, but not for this call: only an installation with all scopes helps. */
export const lacksScope = ({ code }: Pick<SlackFault, 'code'>): boolean => scopeCodes.has(code);

/** By Slack's documentation, part of the work may be done when it answers with one of these. */
const openCodes: ReadonlySet<string> = new Set(['internal_error', 'fatal_error']);

/** Slack has failed over it, and says neither why nor how far it came. */
export const leavesOpen = ({ code }: Pick<SlackFault, 'code'>): boolean => openCodes.has(code);

const kinds: ReadonlyMap<string, SlackFault['kind']> = new Map(
  (['token', 'channel', 'gone', 'later'] as const).flatMap((kind) => codes[kind].map((code) => [code, kind])),
);

/** Sorts any error of a Web API call. Where no answer came, another try later is worth it. */
export const slackFault = (error: unknown): SlackFault => {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { kind: 'later', code: 'ratelimited', waitMs: error.retryAfter * 1000, mayBeDone: false };
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const code = error.data.error;
    return {
      // What is not in the table is refused for good: asked again in the same way, Slack would say the same.
      kind: kinds.get(code) ?? 'content',
      code,
      waitMs: 0,
      mayBeDone: leavesOpen({ code }),
    };
  }
  const code = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
  return { kind: 'later', code, waitMs: 0, mayBeDone: true };
};
