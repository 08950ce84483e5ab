import { webApi } from '@slack/bolt';

/**
 * What to do after Slack did not do what it was asked:
 * `later`: try again after `waitMs`. `token`: nothing goes until the installation is mended. `channel`: this channel
 * cannot be posted to. `content`: this text or view was refused. `gone`: the message or view is not there any more.
 */
export interface SlackFault {
  readonly kind: 'later' | 'token' | 'channel' | 'content' | 'gone';
  readonly code: string;
  readonly waitMs: number;
}

const kinds: Readonly<Record<string, SlackFault['kind']>> = Object.fromEntries([
  ...[
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
  ].map((code) => [code, 'token']),
  ...['not_allowed_token_type', 'org_login_required', 'team_disabled'].map((code) => [code, 'token']),
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'user_not_in_channel', 'restricted_action'].map(
    (code) => [code, 'channel'],
  ),
  ...['messages_tab_disabled', 'user_disabled', 'user_not_found', 'cannot_dm_bot'].map((code) => [
    code,
    'channel',
  ]),
  ...['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'msg_blocks_too_long', 'no_text'].map(
    (code) => [code, 'content'],
  ),
  ...['invalid_arguments', 'view_too_large', 'invalid_metadata_format', 'invalid_metadata_schema'].map(
    (code) => [code, 'content'],
  ),
  ...['metadata_too_large', 'duplicate_external_id'].map((code) => [code, 'content']),
  ...[
    'message_not_found',
    'cant_update_message',
    'not_found',
    'expired_trigger_id',
    'exchanged_trigger_id',
  ].map((code) => [code, 'gone']),
]);

/** Sorts any error of a Web API call; what nobody knows is worth another try later. */
export const slackFault = (error: unknown): SlackFault => {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { kind: 'later', code: 'ratelimited', waitMs: error.retryAfter * 1000 };
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const code = error.data.error;
    return { kind: kinds[code] ?? 'later', code, waitMs: 0 };
  }
  const code = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
  return { kind: 'later', code, waitMs: 0 };
};
