import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { Secret } from '../../src/domain/secret.ts';
import { permanentKey, temporaryKey } from '../../src/sandbox/cloud/keys.ts';
import {
  approves,
  askAssignment,
  askModelarts,
  askModelartsForAll,
  askProfile,
  authorizationsIn,
  expectNoRequest,
  inStory,
  type Story,
  toldEnd,
  viewSays,
} from '../support/e2e.ts';

/** Secrets by what they are called. */
type Secrets = Readonly<Record<string, string>>;

const auditKey = 'sandbox-audit-key-that-is-not-secret-0001';

const secretsOf = ({ slack, cloud }: Story): Secrets => ({
  'bot token': slack.botToken,
  'app token': slack.appToken,
  'signing secret': slack.signingSecret,
  'secret access key': permanentKey.sk,
  'temporary secret access key': temporaryKey.sk,
  'security token': temporaryKey.securityToken,
  'audit key': auditKey,
  'secret_key of a credential entry':
    cloud.organisation.authorizations.find((row) => row.secret_key)?.secret_key ?? 'the seed has none',
  // All that the local cloud encodes begins like this.
  'encoded authorization message': 'ENCODED-',
});

/** The ways in which a text may hide in JSON, in a form body or in a header. */
const spellings = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
];

const filesOf = async (directory: string): Promise<[place: string, text: string][]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(
      async (entry): Promise<[string, string]> => [
        entry.name,
        await readFile(join(entry.parentPath, entry.name), 'utf8'),
      ],
    ),
  );
};

/** Maps as their entries, files as their text. */
const opened = (_: string, value: unknown): unknown => {
  if (value instanceof Map) return [...value];
  return Buffer.isBuffer(value) ? value.toString('utf8') : value;
};

/** Everything that the bot has let out of its memory, by the place where it is. */
const everythingSaid = async ({ sandbox, slack }: Story): Promise<[place: string, text: string][]> => [
  ['log', sandbox.lines.join('\n')],
  ['Slack messages', JSON.stringify(slack.workspace, opened)],
  ['calls of Slack', JSON.stringify(slack.calls, opened)],
  ...(await filesOf(sandbox.config.ledger.directory)),
];

const leaks = async (story: Story): Promise<string[]> => {
  const places = await everythingSaid(story);
  const secrets = Object.entries(secretsOf(story));
  return places.flatMap(([place, text]) =>
    secrets
      .filter(([, secret]) => spellings(secret).some((spelling) => text.includes(spelling)))
      .map(([name]) => `${name} in ${place}`),
  );
};

/** With temporary credentials, so that there is a security token too. */
const temporary = (config: Config): Config => ({
  ...config,
  cloud: {
    ...config.cloud,
    keys: [{ ak: temporaryKey.ak, sk: new Secret(temporaryKey.sk) }],
    securityToken: new Secret(temporaryKey.securityToken),
  },
});

const success = async (story: Story): Promise<void> => {
  const id = await askProfile(story);
  const own = await story.stage.clicks(story.alice, id, 'requested', 'approve');
  expect(own).toContain('a second person has to approve');
  await approves(story, story.bob, id);
  await toldEnd(story, id, 'succeeded');
};

/** The project's listing has the credential entry with its secret_key. */
const credentialEntry = async (story: Story): Promise<void> => {
  const project = 'ap-southeast-3';
  expect(authorizationsIn(story.cloud, project).some((row) => row.secret_key)).toBe(true);
  await toldEnd(story, await askModelarts(story, project, 'forecast-batch'), 'succeeded');
  const all = await askModelartsForAll(story, project);
  await approves(story, story.carol, all);
  await toldEnd(story, all, 'succeeded');
};

const forbidden = async (story: Story): Promise<void> => {
  const { switches } = story.cloud;
  switches.deniedActions.add('IdentityCenter:accountAssignment:delete');
  await toldEnd(story, await askAssignment(story), 'failed');
  switches.deniedActions.add('IdentityCenter:accountAssignmentForPrincipals:list');
  await story.stage.types(story.alice, '/revoke-profile trent.osei INC-7 "Contract has ended"');
  await story.stage.view(story.alice, 'profile');
  await story.alice.submit();
  await viewSays(story, story.alice, 'HTTP 403');
  switches.deniedActions.clear();
};

const strangers = async (story: Story): Promise<void> => {
  await story.stage.types(story.carol, '/revoke-profile trent.osei');
  await story.stage.hears(story.carol, 'REQUESTERS');
};

it.each(['socket', 'http'] as const)(
  'no secret is found in the log, in Slack or on disk after stories that succeed, fail and are refused (%s)',
  (transport) =>
    inStory(
      async (story) => {
        const secrets = secretsOf(story);
        expect(Object.values(secrets).filter((secret) => secret.length < 8)).toEqual([]);
        expect(story.sandbox.config.ledger.auditKey.reveal()).toBe(auditKey);
        await success(story);
        await credentialEntry(story);
        await forbidden(story);
        await strangers(story);
        await story.sandbox.stopBot();
        expect(await leaks(story)).toEqual([]);
        const places = (await everythingSaid(story)).map(([place]) => place);
        expect(places).toEqual(expect.arrayContaining(['journal.jsonl', 'state.json']));
        expect(story.sandbox.lines.some((line) => line.includes('"level":"debug"'))).toBe(true);
        expect(JSON.stringify(story.slack.calls)).toContain('views.update');
      },
      { transport, adjust: temporary },
    ),
);

it.each([
  [
    'a wrong secret key',
    { keys: [{ ak: temporaryKey.ak, sk: new Secret('SkOfNobody/NotReal+00000000000000000001') }] },
    'SkOfNobody',
  ],
  ['a wrong security token', { securityToken: new Secret('a-token-of-nobody-not-real-0001') }, 'a-token-of'],
  [
    'an unknown access key',
    { keys: [{ ak: 'AKOFNOBODY0000000001', sk: new Secret(temporaryKey.sk) }] },
    'AKOFNOBODY',
  ],
] as const)('no secret is found anywhere after a story with %s', (_, wrong, hidden) =>
  inStory(
    async (story) => {
      const { stage, alice, sandbox } = story;
      await stage.types(alice, '/revoke-profile mallory.finch INC-7 "Laptop stolen"');
      await viewSays(story, alice, 'The cloud could not be asked');
      expect(story.cloud.calls.all.some((call) => call.status === 401)).toBe(true);
      expectNoRequest(story);
      await sandbox.stopBot();
      expect(await leaks(story)).toEqual([]);
      const said = (await everythingSaid(story)).map(([, text]) => text).join('\n');
      expect(said).not.toContain(hidden);
      expect(said).toContain('HUAWEICLOUD_SDK_SK');
    },
    {
      adjust: (config) => {
        const { cloud, ...rest } = temporary(config);
        return { ...rest, cloud: { ...cloud, ...wrong } };
      },
    },
  ),
);

it('finds a secret that was planted, in the log, in Slack and on disk', () =>
  inStory(async (story) => {
    const { stage, alice, sandbox, slack } = story;
    await stage.types(alice, `/revoke-profile mallory.finch INC-7 "We found ${slack.signingSecret}"`);
    await stage.view(alice, 'profile');
    await stage.reviews(alice, 'profile');
    await stage.submits(alice);
    await stage.card('R-000001', 'requested');
    await stage.audit('R-000001 requested');
    sandbox.lines.push(JSON.stringify({ token: Buffer.from(slack.botToken).toString('base64') }));
    await sandbox.stopBot();
    expect((await leaks(story)).toSorted()).toEqual([
      'bot token in log',
      'signing secret in Slack messages',
      'signing secret in calls of Slack',
      'signing secret in journal.jsonl',
    ]);
  }));
