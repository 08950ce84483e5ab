import { webApi } from '@slack/bolt';
import { expect, it } from 'vitest';
import { slackFault } from '../../src/slack/slack-fault.ts';
import { refusedBy } from './fake-slack.ts';

it.each([
  [
    'later',
    [
      'ratelimited',
      'internal_error',
      'fatal_error',
      'service_unavailable',
      'request_timeout',
      'message_limit_exceeded',
    ],
  ],
  ['token', ['invalid_auth', 'token_revoked', 'account_inactive', 'missing_scope']],
  [
    'channel',
    [
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'is_inactive',
      'user_disabled',
      'restricted_action',
      'team_access_not_granted',
      'external_channel_migrating',
      'method_not_supported_for_channel_type',
      'slack_connect_canvas_sharing_blocked',
    ],
  ],
  [
    'gone',
    ['message_not_found', 'thread_not_found', 'not_found', 'expired_trigger_id', 'exchanged_trigger_id'],
  ],
  [
    'content',
    ['invalid_blocks', 'msg_too_long', 'invalid_arguments', 'view_too_large', 'never_heard_of', '__proto__'],
  ],
])('is "%s" for %j', (kind, codes) => {
  for (const code of codes) expect(slackFault(refusedBy(code))).toMatchObject({ kind, code, waitMs: 0 });
});

it('waits as long as Slack asks for', () => {
  const fault = slackFault(new webApi.WebAPIRateLimitedError(7));
  expect(fault).toEqual({ kind: 'later', code: 'ratelimited', waitMs: 7_000, mayBeDone: false });
});

it.each([
  new webApi.WebAPIHTTPError(500, 'Internal Server Error', {}),
  new webApi.WebAPIRequestError(new Error('ECONNRESET')),
  new Error('x'.repeat(1_000)),
  'thrown text',
  undefined,
])('tries later when no answer came', (error) => {
  const fault = slackFault(error);
  expect(fault).toMatchObject({ kind: 'later', mayBeDone: true });
  expect(fault.code.length).toBeLessThanOrEqual(200);
});

it.each([
  ['internal_error', true],
  ['fatal_error', true],
  ['service_unavailable', false],
  ['is_archived', false],
])('knows whether it may have been done all the same after %s: %s', (code, mayBeDone) => {
  expect(slackFault(refusedBy(code)).mayBeDone).toBe(mayBeDone);
});
