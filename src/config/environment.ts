import { z } from 'zod';
import type { Value } from './values.ts';
import * as value from './values.ts';

/** What people are told of a variable. */
interface About {
  readonly form: string;
  readonly source: string;
  /** Refused when empty, instead of taken as left out. */
  readonly secret?: true;
  /** Empty is an answer of its own, instead of taken as left out. */
  readonly mayBeEmpty?: true;
}

export interface Variable extends About {
  readonly name: string;
  readonly mandatory: boolean;
  /** The text that counts when the variable is left out. */
  readonly fallback?: string;
}

const abouts = z.registry<Omit<Variable, 'name'>>();

const mandatory = <T>(schema: Value<T>, about: About): Value<T> =>
  // A schema that two variables share would keep only what was said of the last.
  schema.clone().register(abouts, { ...about, mandatory: true });

const optional = <T>(schema: Value<T>, about: About): z.ZodType<T | undefined, string | undefined> =>
  schema.optional().register(abouts, { ...about, mandatory: false });

const defaulted = <T>(schema: Value<T>, fallback: string, about: About): z.ZodType<T, string | undefined> =>
  schema.prefault(fallback).register(abouts, { ...about, mandatory: false, ...(fallback && { fallback }) });

const choice = 'your choice';
const slackApp = 'api.slack.com/apps, your app';
const duration = 'a whole number and s, m, h or d, from 1s to 24d';

const endpoint = (service: string) =>
  optional(value.baseUrl, {
    form: `base URL of ${service}: https: without user info, or http: on loopback (then for all six services)`,
    source: 'leave it out for the public cloud; set it for another site or a local cloud',
  });

const slackIds = 'comma-separated Slack user ids (U… or W…) and user group ids (S…)';
const copyId = "Slack: a person's profile, Copy member ID; a user group's menu, Copy group ID";

/** The one table of everything that is read from the environment, in the order of `.env.example`. */
export const Environment = z.object({
  SLACK_BOT_TOKEN: mandatory(value.secret(/^xoxb-/), {
    form: 'bot token, xoxb-…',
    source: `${slackApp}, OAuth & Permissions, Bot User OAuth Token`,
    secret: true,
  }),
  AUDIT_CHANNEL: mandatory(value.matching(/^[CG][A-Z0-9]{2,}$/), {
    form: 'id of the channel for the evidence, C… or G…; the bot must be a member',
    source: "Slack: the channel's details, at the bottom",
  }),
  REQUESTERS: mandatory(value.staffIds, {
    form: `${slackIds} of those who may ask for revocations; at least one`,
    source: copyId,
  }),
  APPROVERS: mandatory(value.approverRule, {
    form: `${slackIds} of those who may approve and deny; S1+S2: one different person from each; at least one`,
    source: copyId,
  }),
  AUDIT_KEY: mandatory(value.auditKey, {
    form: '32 characters or more, without a comma; it seals the journal',
    source: 'make it once with `openssl rand -hex 32` and keep it as safe as the journal is to be believed',
    secret: true,
  }),
  HUAWEICLOUD_SDK_AK: mandatory(value.accessKeyIds, {
    form: 'access key id (AK) of the management account or a delegated administrator; for more speed several with the same permissions, comma-separated',
    source: 'Huawei Cloud console, My Credentials, Access Keys',
    secret: true,
  }),
  HUAWEICLOUD_SDK_SK: mandatory(value.accessKeySecrets, {
    form: 'secret access key (SK) that belongs to the access key id; of several the n-th to the n-th, comma-separated',
    source: 'the file that is downloaded once when the access key is created',
    secret: true,
  }),

  SLACK_APP_TOKEN: optional(value.secret(/^xapp-/), {
    form: 'app-level token, xapp-…, with connections:write: the bot then uses Socket Mode',
    source: `${slackApp}, Basic Information, App-Level Tokens`,
    secret: true,
  }),
  SLACK_SIGNING_SECRET: optional(value.secret(), {
    form: 'signing secret, 32 hexadecimal digits: HTTP mode, when there is no SLACK_APP_TOKEN',
    source: `${slackApp}, Basic Information, App Credentials`,
    secret: true,
  }),
  SLACK_API_URL: optional(value.baseUrl, {
    form: "base URL of Slack's Web API: https: without user info, or http: on loopback (only with a local cloud)",
    source: 'leave it out for slack.com',
  }),
  HOST: defaulted(value.matching(/^[A-Za-z0-9.:-]+$/), '127.0.0.1', {
    form: 'address to listen on',
    source: `${choice}; 0.0.0.0 to be reached from outside this machine`,
  }),
  PORT: defaulted(value.wholeNumber(0, 65_535), '3000', {
    form: 'port to listen on, 0 to 65535 (0: any free one)',
    source: choice,
  }),

  APPROVALS_NEEDED: defaulted(value.wholeNumber(1, 20), '1', {
    form: 'how many people must approve where a second approver is needed: 1 to 20',
    source: choice,
  }),
  APPROVER_COOL_OFF: defaulted(value.durationOrNone, '0', {
    form: `how long somebody who has just come into a group of APPROVERS cannot approve: ${duration}; 0: at once`,
    source: choice,
  }),
  ESCALATE_TO: defaulted(value.slackIds, '', {
    form: `${slackIds} of those who are told of what still waits after ESCALATE_AFTER; to approve they must be APPROVERS too`,
    source: copyId,
  }),
  ESCALATE_AFTER: defaulted(value.duration, '10m', {
    form: `how long a request waits until ESCALATE_TO is told: ${duration}`,
    source: choice,
  }),
  APPROVAL_WINDOW: defaulted(value.duration, '30m', {
    form: `how long a request waits for its approval: ${duration}`,
    source: choice,
  }),
  EXECUTION_WINDOW: defaulted(value.duration, '1h', {
    form: `how long after the approval the execution may begin: ${duration}`,
    source: choice,
  }),
  REQUIRE_APPROVAL: defaulted(value.oneOf(['risky', 'always']), 'risky', {
    form: 'risky (a second approver where the policy says so) or always',
    source: choice,
  }),
  GROUP_APPROVAL_THRESHOLD: defaulted(value.wholeNumber(0, 1_000_000), '5', {
    form: 'groups with more members than this need a second approver: a whole number, 0 or more',
    source: choice,
  }),
  UNAPPROVED_LIMIT: defaulted(value.wholeNumber(0, 1000), '3', {
    form: 'revocations by rule alone in 10 minutes per requester; twice as many for everybody: 0 to 1000',
    source: choice,
  }),
  PROTECTED_PRINCIPALS: defaulted(value.names, '', {
    form: 'comma-separated ids, names and e-mails of users and groups that cost one approval more',
    source: 'IAM Identity Center console, Users and Groups',
  }),

  POLL_INTERVAL: defaulted(value.duration, '1s', {
    form: `first wait between two reads of a running deletion (it grows to 5 times): ${duration}`,
    source: choice,
  }),
  VERIFICATION_WINDOW: defaulted(value.duration, '5m', {
    form: `how long a revocation may take to be proven: ${duration}`,
    source: choice,
  }),
  RECHECK: defaulted(value.durations, '15m,24h', {
    form: `comma-separated times after a success at which the cloud is read once more; 0 or empty: never; each ${duration}`,
    source: choice,
    mayBeEmpty: true,
  }),
  CLOUD_TIMEOUT: defaulted(value.duration, '10s', {
    form: `how long one call to the cloud may take: ${duration}`,
    source: choice,
  }),
  AUTH_FAILURE_PAUSE: defaulted(value.duration, '5m', {
    form: `how long an access key rests that the cloud refused: ${duration}`,
    source: `${choice}; the gateway locks a key for 5 minutes`,
  }),

  DATA_DIR: defaulted(value.matching(/^[^\0]+$/), './data', {
    form: 'directory of the journal; only one process may use it',
    source: `${choice}; on a disk that outlives the process`,
  }),
  AUDIT_KEYS_OLD: defaulted(value.auditKeys, '', {
    form: 'comma-separated earlier values of AUDIT_KEY, 32 characters or more each, to verify older lines; none of them may become AUDIT_KEY again',
    source: 'whoever kept them when AUDIT_KEY was changed',
    secret: true,
  }),

  HUAWEICLOUD_SDK_SECURITY_TOKEN: optional(value.secret(), {
    form: 'security token that came with a temporary AK and SK; only with one access key',
    source: 'the answer that gave the temporary credentials; leave it out for permanent ones',
    secret: true,
  }),
  HUAWEICLOUD_SDK_DOMAIN_ID: optional(value.matching(/^[A-Za-z0-9-]{1,64}$/), {
    form: 'id of the account that owns the access key, 32 hexadecimal digits',
    source: 'Huawei Cloud console, My Credentials, Account ID',
  }),
  HUAWEICLOUD_REGION: optional(value.matching(/^[a-z0-9-]{1,64}$/), {
    form: 'region of the Identity Center instance, such as cn-north-4',
    source: 'IAM Identity Center console, Settings; found by itself when left out',
  }),
  IDENTITY_CENTER_INSTANCE_ID: optional(value.matching(/^[A-Za-z0-9-]{1,64}$/), {
    form: 'id of the Identity Center instance, 20 characters',
    source: 'IAM Identity Center console, Settings; found by itself when left out',
  }),
  IDENTITY_STORE_ID: optional(value.matching(/^[A-Za-z0-9-]{1,64}$/), {
    form: 'id of the identity store, d-…',
    source: 'IAM Identity Center console, Settings; found by itself when left out',
  }),
  MODELARTS_PROJECTS: defaulted(value.projects, '', {
    form: 'region=project_id,… of the projects whose ModelArts authorizations may be revoked; each id once',
    source: 'Huawei Cloud console, My Credentials, Projects',
  }),
  HUAWEICLOUD_ENDPOINT_IDENTITYCENTER: endpoint('IAM Identity Center'),
  HUAWEICLOUD_ENDPOINT_IDENTITYSTORE: endpoint('the identity store'),
  HUAWEICLOUD_ENDPOINT_ORGANIZATIONS: endpoint('Organizations'),
  HUAWEICLOUD_ENDPOINT_MODELARTS: endpoint('ModelArts'),
  HUAWEICLOUD_ENDPOINT_IAM: endpoint('IAM'),
  HUAWEICLOUD_ENDPOINT_STS: endpoint('STS'),

  LOG_LEVEL: defaulted(value.oneOf(['debug', 'info', 'warn', 'error']), 'info', {
    form: 'debug, info, warn or error',
    source: choice,
  }),
});
export type Environment = z.infer<typeof Environment>;

/** Every variable that is read, mandatory ones first. */
export const variables: readonly Variable[] = Object.entries(Environment.shape).map(([name, schema]) => {
  const about = abouts.get(schema);
  if (about === undefined) throw new Error(`${name} is not described`);
  return { name, ...about };
});
