import { expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { Secret } from '../../src/domain/secret.ts';
import { furtherKeys, permanentKey } from '../../src/sandbox/cloud/keys.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import {
  approves,
  askAssignment,
  askProfile,
  changesOf,
  failing,
  inStory,
  refusal,
  type Story,
  textOf,
  toldEnd,
} from '../support/e2e.ts';

const rest = 400;

const resting = (config: Config): Config => ({
  ...config,
  cloud: { ...config.cloud, authPauseMs: rest },
  patience: { ...config.patience, authFailurePause: rest },
});

/** The audit posts that tell of an access key. */
const posts = ({ slack }: Story): string[] =>
  slack
    .channel(SEED.channels.audit)
    .messages.map(textOf)
    .filter((text) => text.includes(' key_'));

it('a key that is rejected is told once in the audit channel, waited for, and told again when it is accepted', () =>
  inStory(
    async (story) => {
      const { cloud, stage } = story;
      const unauthorized = refusal(
        401,
        'APIGW.0301',
        'Incorrect IAM authentication information: Get secretKey failed',
      );
      failing(cloud, 'DeleteAccountAssignment', unauthorized);
      const id = await askAssignment(story);
      const { thread } = await toldEnd(story, id, 'succeeded');
      await stage.audit('key_accepted');

      const [rejected, accepted, ...others] = posts(story);
      expect(others).toEqual([]);
      expect(rejected).toMatch(
        /Access key rejected: 127\.0\.0\.1:\d+ did not accept the access key \(HTTP 401, once\)\. Nothing is sent with it until \S+Z/,
      );
      expect(rejected).toContain('Check that HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are right');
      expect(accepted).toMatch(/Access key accepted: 127\.0\.0\.1:\d+ accepts the access key again\./);
      expect(posts(story).join()).not.toContain(permanentKey.ak);
      expect(thread).toContain('The access key rests until');
      const [first, second] = changesOf(cloud, 'DeleteAccountAssignment');
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(rest);
    },
    { adjust: resting },
  ));

/** Another program uses a key wrongly until the gateway locks it; what the bot does with it meanwhile counts against that. */
const lock = async ({ cloud }: Story, ak: string): Promise<void> => {
  const headers = {
    'x-sdk-date': new Date().toISOString().replace(/[-:]|\.\d{3}/g, ''),
    authorization: `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=x-sdk-date, Signature=${'0'.repeat(64)}`,
  };
  for (let tries = 0; tries < 1_000; tries += 1) {
    const answer = await fetch(`${cloud.url}/v1/identity-center-service/status`, { headers });
    if ((await answer.text()).includes('failed to reach the limit')) return;
  }
  throw new Error('The key was not locked');
};

it('one key of two that somebody locked stops nothing, and is told by its place', () =>
  inStory(
    async (story) => {
      const id = await askProfile(story);
      for (const { ak } of furtherKeys) await lock(story, ak);
      await approves(story, story.bob, id);
      await toldEnd(story, id, 'succeeded');
      await story.stage.audit('key_rejected');
      const told = posts(story).join('\n');
      expect(told).toContain('did not accept access key 2 of 2 (HTTP 401, once)');
      expect(told).toContain('Another access key is used meanwhile.');
      expect(told).not.toContain('key_accepted');
      for (const secret of [permanentKey, ...furtherKeys].flatMap(({ ak, sk }) => [ak, sk]))
        expect(told).not.toContain(secret);
    },
    {
      adjust: (config) => ({
        ...config,
        cloud: {
          ...config.cloud,
          keys: [permanentKey, ...furtherKeys].slice(0, 2).map(({ ak, sk }) => ({ ak, sk: new Secret(sk) })),
        },
      }),
    },
  ));
