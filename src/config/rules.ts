import type { z } from 'zod';
import { type ApproverRule, isFulfilled, namedIn } from '../domain/approvers.ts';
import { Environment } from './environment.ts';
import type { Problem } from './problems.ts';
import { isLoopback } from './values.ts';

/** What several variables must be together. Silent while one of them has a problem of its own. */
export type Rule = (env: Readonly<Record<string, string | undefined>>) => readonly Problem[];

const rule =
  <T>(some: z.ZodType<T>, check: (values: T) => readonly Problem[]): Rule =>
  (env) => {
    const values = some.safeParse(env);
    return values.success ? check(values.data) : [];
  };

const oneTransport = rule(
  Environment.pick({ SLACK_APP_TOKEN: true, SLACK_SIGNING_SECRET: true }),
  ({ SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret }) =>
    appToken !== undefined || signingSecret !== undefined
      ? []
      : [
          {
            name: 'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET',
            wrong: 'is missing: one of the two says how Slack reaches the bot',
            form: 'xapp-… for Socket Mode, or the signing secret for HTTP mode',
            source:
              'api.slack.com/apps, your app, Basic Information: App-Level Tokens (with connections:write), or App Credentials',
          },
        ],
);

const endpoints = {
  HUAWEICLOUD_ENDPOINT_IDENTITYCENTER: true,
  HUAWEICLOUD_ENDPOINT_IDENTITYSTORE: true,
  HUAWEICLOUD_ENDPOINT_ORGANIZATIONS: true,
  HUAWEICLOUD_ENDPOINT_MODELARTS: true,
  HUAWEICLOUD_ENDPOINT_IAM: true,
  HUAWEICLOUD_ENDPOINT_STS: true,
} as const;

const onLoopback = (url: string | undefined): boolean => url !== undefined && isLoopback(url);

/** Variables of the services that are asked elsewhere than on this machine; those left out count. */
const elsewhere = (urls: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.keys(endpoints).filter((name) => !onLoopback(urls[name]));

const oneWorld = rule(Environment.pick(endpoints), (urls) => {
  const others = elsewhere(urls);
  if (others.length === 0 || others.length === Object.keys(endpoints).length) return [];
  return [
    {
      name: others.join(', '),
      wrong: 'is not on loopback while other services are: reads and changes would go to different clouds',
      form: 'all six HUAWEICLOUD_ENDPOINT_… on loopback, or none',
      source: 'leave all of them out for the public cloud, or give all of them the address of the local one',
    },
  ];
});

const noLocalSlackWithRealCloud = rule(
  Environment.pick({ ...endpoints, SLACK_API_URL: true }),
  ({ SLACK_API_URL: slack, ...urls }) =>
    !onLoopback(slack) || elsewhere(urls).length === 0
      ? []
      : [
          {
            name: 'SLACK_API_URL',
            wrong: 'is on loopback while the cloud is real: anybody on this machine could act as an approver',
            form: 'left out, or all six HUAWEICLOUD_ENDPOINT_… on loopback too',
            source: 'leave it out for slack.com',
          },
        ],
);

/**
 * Whether enough people are named; groups count for as many as it takes.
 * @param name the variable that names them
 */
export const enoughApprovers = (
  name: string,
  approvers: ApproverRule,
  needed: number,
): readonly Problem[] => {
  const names = namedIn(approvers);
  const people = names.map((id) => ({ user: id, seats: [id] }));
  if (names.some((id) => id.startsWith('S')) || isFulfilled(approvers, needed, people)) return [];
  return [
    {
      name,
      wrong: 'names fewer people than APPROVALS_NEEDED asks for, so nothing could ever be approved',
      form: 'at least as many people as APPROVALS_NEEDED, or a user group',
      source: "Slack: a person's profile, Copy member ID; a user group's menu, Copy group ID",
    },
  ];
};

const enoughForEveryKind = rule(
  Environment.pick({ APPROVERS: true, APPROVALS_NEEDED: true }),
  ({ APPROVERS: approvers, APPROVALS_NEEDED: needed }) => enoughApprovers('APPROVERS', approvers, needed),
);

const escalationInTime = rule(
  Environment.pick({ ESCALATE_TO: true, ESCALATE_AFTER: true, APPROVAL_WINDOW: true }),
  ({ ESCALATE_TO: people, ESCALATE_AFTER: after, APPROVAL_WINDOW: window }) =>
    people.length === 0 || after < window
      ? []
      : [
          {
            name: 'ESCALATE_AFTER',
            wrong: 'is not shorter than APPROVAL_WINDOW, so ESCALATE_TO would never be told of anything',
            form: 'a duration shorter than APPROVAL_WINDOW',
            source: 'your choice; ESCALATE_AFTER is 10m and APPROVAL_WINDOW 30m when left out',
          },
        ],
);

const aSecretForEachKey = rule(
  Environment.pick({ HUAWEICLOUD_SDK_AK: true, HUAWEICLOUD_SDK_SK: true }),
  ({ HUAWEICLOUD_SDK_AK: ids, HUAWEICLOUD_SDK_SK: secrets }) =>
    ids.length === secrets.length
      ? []
      : [
          {
            name: 'HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK',
            wrong: `do not go together (key ids: ${ids.length}, secrets: ${secrets.length})`,
            form: 'as many comma-separated secrets as key ids, the n-th secret belongs to the n-th id',
            source: 'the file that is downloaded once when each access key is created',
          },
        ],
);

const eachKeyOnce = rule(Environment.pick({ HUAWEICLOUD_SDK_AK: true }), ({ HUAWEICLOUD_SDK_AK: ids }) =>
  new Set(ids).size === ids.length
    ? []
    : [
        {
          name: 'HUAWEICLOUD_SDK_AK',
          wrong: 'names the same access key id more than once',
          form: 'comma-separated access key ids, each once',
          source: 'Huawei Cloud console, My Credentials, Access Keys',
        },
      ],
);

const oneKeyWithToken = rule(
  Environment.pick({ HUAWEICLOUD_SDK_AK: true, HUAWEICLOUD_SDK_SECURITY_TOKEN: true }),
  ({ HUAWEICLOUD_SDK_AK: ids, HUAWEICLOUD_SDK_SECURITY_TOKEN: token }) =>
    token === undefined || ids.length === 1
      ? []
      : [
          {
            name: 'HUAWEICLOUD_SDK_SECURITY_TOKEN',
            wrong: 'is given with several access keys, but belongs to one of them only',
            form: 'left out, or one access key with its token',
            source: 'the answer that gave the temporary credentials; leave it out for permanent ones',
          },
        ],
);

export const rules: readonly Rule[] = [
  oneTransport,
  oneWorld,
  noLocalSlackWithRealCloud,
  enoughForEveryKind,
  escalationInTime,
  aSecretForEachKey,
  eachKeyOnce,
  oneKeyWithToken,
];
