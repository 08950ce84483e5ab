import { webApi } from '@slack/bolt';
import type { TextFile } from '../../src/slack/files.ts';
import type { Post, Poster } from '../../src/slack/poster.ts';

type Args = Readonly<Record<string, string>>;
type Answer = Readonly<Record<string, unknown>>;

/** Slack's own client, whose calls are answered here. An answer with an `error` is a refusal, one with `retryAfter` a 429. */
export const createFakeSlack = (answer: (method: string, args: Args) => Answer | Promise<Answer>) => {
  const calls: { readonly method: string; readonly args: Args }[] = [];
  const client = new webApi.WebClient('xoxb-unit-test', {
    slackApiUrl: 'http://slack.invalid/api/',
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: webApi.LogLevel.ERROR,
    fetch: async (url, init) => {
      const method = new URL(String(url)).pathname.replace('/api/', '');
      const args = Object.fromEntries(new URLSearchParams(typeof init?.body === 'string' ? init.body : ''));
      calls.push({ method, args });
      const said = await answer(method, args);
      if ('retryAfter' in said)
        return new Response('', { status: 429, headers: { 'retry-after': String(said.retryAfter) } });
      const body = JSON.stringify({ ok: !('error' in said), ...said });
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    },
  });
  return { client, calls };
};

/** What Slack's client throws when Slack says no. */
export const refusedBy = (error: string): Error => new webApi.WebAPIPlatformError({ ok: false, error });

interface Shared {
  readonly text: string;
  readonly blocks?: never;
  readonly thread?: string;
  readonly files: readonly TextFile[];
}

type Done =
  | { readonly did: 'share'; readonly channel: string; readonly post: Shared }
  | { readonly did: 'post'; readonly channel: string; readonly post: Post }
  | { readonly did: 'remove'; readonly channel: string; readonly ts: string; readonly post: Post }
  | {
      readonly did: 'update';
      readonly channel: string;
      readonly ts: string;
      readonly post: Omit<Post, 'thread'>;
    };

/** A poster that remembers what it was given, and refuses as long as `trouble` says so. */
export const createFakePoster = () => {
  const done: Done[] = [];
  const state = {
    done,
    /** Asked before each post and update; what it returns is thrown. */
    trouble: (one: Done): Error | undefined => (one.channel === '' ? new Error('no channel') : undefined),
    posts: () => done.flatMap((one) => (one.did === 'post' ? [one] : [])),
    shares: () => done.flatMap((one) => (one.did === 'share' ? [one] : [])),
    removals: () => done.flatMap((one) => (one.did === 'remove' ? [one] : [])),
    updates: () => done.flatMap((one) => (one.did === 'update' ? [one] : [])),
  };
  const attempt = (one: Done): void => {
    const error = state.trouble(one);
    if (error) throw error;
    done.push(one);
  };
  const poster: Poster = {
    post: async (channel, post) => {
      attempt({ did: 'post', channel, post });
      return { channel, ts: `${done.length}.000` };
    },
    update: async (channel, ts, post) => attempt({ did: 'update', channel, ts, post }),
    remove: async (channel, ts) => attempt({ did: 'remove', channel, ts, post: { text: '' } }),
    share: async ({ channel, thread }, files) => {
      const text = files.map(({ name }) => name).join(', ');
      attempt({ did: 'share', channel, post: { text, files, ...(thread !== undefined && { thread }) } });
    },
    permalink: async (channel, ts) => `https://acme.slack.com/archives/${channel}/p${ts}`,
  };
  return Object.assign(state, { poster });
};
