import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, clientOf, manifestWith, refusal } from './support.ts';

const { channels, users } = SEED;

describe('tokens and scopes', () => {
  it.each([
    ['an unknown token', 'xoxb-unknown', 'invalid_auth'],
    ['the app-level token', SEED.appToken, 'not_allowed_token_type'],
  ])('refuses %s for bot methods', async (_what, token, error) => {
    const { slack } = await bench();
    expect((await refusal(clientOf(slack, token).auth.test())).error).toBe(error);
  });

  it('refuses a call without a token', async () => {
    const { slack } = await bench();
    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(await answer.json()).toEqual({ ok: false, error: 'not_authed' });
  });

  it('refuses the bot token for opening a connection', async () => {
    const { client } = await bench();
    expect((await refusal(client.apps.connections.open({}))).error).toBe('not_allowed_token_type');
  });

  it('refuses a revoked token', async () => {
    const { slack, client } = await bench();
    slack.switches.revokedToken = true;
    expect((await refusal(client.auth.test())).error).toBe('token_revoked');
  });

  it('names the scope that is missing and those there are', async () => {
    const { client } = await bench({ manifest: manifestWith(['commands']) });
    const answer = await refusal(client.chat.postMessage({ channel: channels.incident, text: 'x' }));
    expect(answer).toMatchObject({ error: 'missing_scope', needed: 'chat:write', provided: 'commands' });
  });

  it('asks for the scope of the kind of channel', async () => {
    const { client } = await bench({ manifest: manifestWith(['groups:read']) });
    const answer = await refusal(client.conversations.info({ channel: channels.incident }));
    expect(answer).toMatchObject({ error: 'missing_scope', needed: 'channels:read' });
  });

  it('shows an e-mail only with its own scope', async () => {
    const withScope = await bench();
    const shown = await withScope.client.users.info({ user: users.mallory });
    expect(shown.user?.profile?.email).toBe('mallory@example.com');
    const without = await bench({ manifest: manifestWith(['users:read']) });
    const hidden = await without.client.users.info({ user: users.mallory });
    expect(hidden.user?.profile).not.toHaveProperty('email');
  });
});

describe('calls', () => {
  it('answers an unknown method with HTTP 200 and a code', async () => {
    const { client } = await bench();
    expect((await refusal(client.apiCall('chat.shout'))).error).toBe('unknown_method');
  });

  it('takes JSON where Slack does, and warns about a missing charset', async () => {
    const { slack } = await bench();
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
      body: JSON.stringify({ channel: channels.incident, text: 'x', team_id: SEED.team }),
    });
    expect(await answer.json()).toMatchObject({ ok: true, warning: 'missing_charset' });
  });

  it('does not read JSON where Slack does not', async () => {
    const { slack } = await bench();
    const answer = await fetch(`${slack.apiUrl}users.info`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        authorization: `Bearer ${slack.botToken}`,
      },
      body: JSON.stringify({ user: users.alice }),
    });
    expect(await answer.json()).toMatchObject({ ok: false, error: 'invalid_arguments' });
  });

  it('logs every call without its token', async () => {
    const { slack, client } = await bench();
    await client.users.info({ user: users.alice, token: slack.botToken });
    await refusal(client.users.info({ user: 'U0NOBODY00' }));
    expect(slack.calls).toMatchObject([
      { method: 'users.info', ok: true, args: { user: users.alice } },
      { method: 'users.info', ok: false, error: 'user_not_found' },
    ]);
    expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken);
  });
});

describe('the switchboard', () => {
  it('answers 429 with Retry-After as often as asked', async () => {
    const { slack, client } = await bench();
    slack.switches.rateLimited['auth.test'] = { times: 1, retryAfter: 7 };
    const refused = await client.auth.test().catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(WebAPIRateLimitedError);
    expect(refused).toMatchObject({ retryAfter: 7 });
    expect((await client.auth.test()).ok).toBe(true);
  });

  it('fails with a code or an HTTP status as often as asked', async () => {
    const { slack, client } = await bench();
    slack.switches.failWith['*'] = { times: 1, error: 'fatal_error' };
    expect((await refusal(client.auth.test())).error).toBe('fatal_error');
    slack.switches.failWith['auth.test'] = { times: 1, status: 503 };
    await expect(client.auth.test()).rejects.toBeInstanceOf(WebAPIHTTPError);
    expect((await client.auth.test()).ok).toBe(true);
  });

  it('cuts every connection in an outage', async () => {
    const { slack, client } = await bench();
    slack.switches.outage = true;
    await expect(client.auth.test()).rejects.toBeInstanceOf(WebAPIRequestError);
  });

  it('limits posts to one a second and channel only when asked to', async () => {
    const { slack, client, clock } = await bench({ switches: { rateLimits: true } });
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    for (let count = 0; count < 5; count += 1) await post(channels.incident);
    await expect(post(channels.incident)).rejects.toBeInstanceOf(WebAPIRateLimitedError);
    await post(channels.audit);
    clock.advance(1_000);
    await post(channels.incident);
    slack.switches.rateLimits = false;
    await post(channels.incident);
    expect(slack.channel(channels.incident).messages).toHaveLength(7);
  });
});
