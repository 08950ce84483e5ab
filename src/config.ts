import type { z } from 'zod';
import { Environment, type Variable, variables } from './config/environment.ts';
import { type PerKind, perKindNames, readPerKind } from './config/per-kind.ts';
import { type Problem, problemText } from './config/problems.ts';
import { enoughApprovers, rules } from './config/rules.ts';
import type { Policy } from './domain/policy.ts';
import type { CloudService } from './domain/ports.ts';
import { Secret } from './domain/secret.ts';

export { perKindNames, problemText, variables };

/** How Slack's deliveries reach the bot. */
type SlackTransport =
  | { readonly mode: 'socket'; readonly appToken: Secret }
  | { readonly mode: 'http'; readonly signingSecret: Secret };

interface SlackConfig {
  readonly botToken: Secret;
  readonly transport: SlackTransport;
  /** Base URL of the Web API; Slack's own when left out. */
  readonly apiUrl?: string;
  /** Where `/slack/events`, `/healthz` and `/readyz` are served. */
  readonly host: string;
  readonly port: number;
  readonly auditChannel: string;
}

interface CloudConfig {
  /** One or more, with the same permissions in the same account. */
  readonly keys: readonly { readonly ak: string; readonly sk: Secret }[];
  readonly securityToken?: Secret;
  /** The account that owns the key. */
  readonly domainId?: string;
  /** Found by asking the cloud when left out, as are the two ids. */
  readonly region?: string;
  readonly instanceId?: string;
  readonly identityStoreId?: string;
  /** ModelArts projects. */
  readonly projects: readonly { readonly region: string; readonly id: string }[];
  /** Base URLs that replace the public ones. */
  readonly endpoints: Readonly<Partial<Record<CloudService, string>>>;
  /** For one exchange. */
  readonly timeoutMs: number;
  /** How long a refused key rests. */
  readonly authPauseMs: number;
}

export interface LedgerConfig {
  readonly directory: string;
  readonly auditKey: Secret;
  /** Only to verify older lines. */
  readonly oldKeys: readonly Secret[];
}

/** How long to wait between reads, for a proof, and after a refused key. All in ms. */
interface PatienceConfig {
  readonly pollInterval: number;
  readonly verificationWindow: number;
  readonly authFailurePause: number;
  /** After a success, when the cloud is read once more; none: never. */
  readonly rechecks: readonly number[];
}

export interface Config {
  readonly slack: SlackConfig;
  readonly cloud: CloudConfig;
  readonly ledger: LedgerConfig;
  readonly policy: Policy;
  readonly patience: PatienceConfig;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type Env = Readonly<Record<string, string | undefined>>;

/** An optional variable without text counts as left out, but a secret without text is somebody's mistake. */
export const withoutBlanks = (env: Env): Env =>
  Object.fromEntries(
    variables.flatMap(({ name, secret, mandatory, mayBeEmpty }) => {
      const text = env[name];
      const blank = text?.trim() === '' && !secret && !mandatory && !mayBeEmpty;
      return text === undefined || blank ? [] : [[name, text]];
    }),
  );

const problemWith = ({ name, form, source }: Variable, text: string | undefined): Problem => {
  const wrong = text === undefined ? 'is missing' : text.trim() === '' ? 'is empty' : 'has another form';
  return { name, wrong, form, source };
};

/** What is wrong with single variables, in the order of the table. */
export const problemsIn = ({ issues }: z.ZodError, texts: Env): readonly Problem[] => {
  const wrong = new Set(issues.map((issue) => issue.path[0]));
  return variables
    .filter(({ name }) => wrong.has(name))
    .map((about) => problemWith(about, texts[about.name]));
};

/** Slack's deliveries come through a socket whenever there is an app-level token. */
const transportOf = (values: Environment): SlackTransport | undefined => {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  if (appToken !== undefined) return { mode: 'socket', appToken };
  return signingSecret === undefined ? undefined : { mode: 'http', signingSecret };
};

/** The object without its undefined fields. */
const given = <T extends object>(fields: T) =>
  // Only undefined is taken out, which the type says; fromEntries forgets the keys.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const slackOf = (values: Environment, transport: SlackTransport): SlackConfig => ({
  botToken: values.SLACK_BOT_TOKEN,
  transport,
  ...given({ apiUrl: values.SLACK_API_URL }),
  host: values.HOST,
  port: values.PORT,
  auditChannel: values.AUDIT_CHANNEL,
});

const keysOf = ({ HUAWEICLOUD_SDK_AK: ids, HUAWEICLOUD_SDK_SK: secrets }: Environment) =>
  ids.flatMap((ak, index) => {
    const sk = secrets[index];
    return sk === undefined ? [] : [{ ak, sk }];
  });

const cloudOf = (values: Environment): CloudConfig => ({
  keys: keysOf(values),
  ...given({
    securityToken: values.HUAWEICLOUD_SDK_SECURITY_TOKEN,
    domainId: values.HUAWEICLOUD_SDK_DOMAIN_ID,
    region: values.HUAWEICLOUD_REGION,
    instanceId: values.IDENTITY_CENTER_INSTANCE_ID,
    identityStoreId: values.IDENTITY_STORE_ID,
  }),
  projects: values.MODELARTS_PROJECTS,
  endpoints: given({
    identitycenter: values.HUAWEICLOUD_ENDPOINT_IDENTITYCENTER,
    identitystore: values.HUAWEICLOUD_ENDPOINT_IDENTITYSTORE,
    organizations: values.HUAWEICLOUD_ENDPOINT_ORGANIZATIONS,
    modelarts: values.HUAWEICLOUD_ENDPOINT_MODELARTS,
    iam: values.HUAWEICLOUD_ENDPOINT_IAM,
    sts: values.HUAWEICLOUD_ENDPOINT_STS,
  }),
  timeoutMs: values.CLOUD_TIMEOUT,
  authPauseMs: values.AUTH_FAILURE_PAUSE,
});

const configOf = (
  values: Environment,
  transport: SlackTransport,
  { approversOf, approvalsNeededOf }: PerKind,
): Config => ({
  slack: slackOf(values, transport),
  cloud: cloudOf(values),
  ledger: { directory: values.DATA_DIR, auditKey: values.AUDIT_KEY, oldKeys: values.AUDIT_KEYS_OLD },
  policy: {
    requesters: values.REQUESTERS,
    approvers: values.APPROVERS,
    approversOf,
    approvalsNeeded: values.APPROVALS_NEEDED,
    approvalsNeededOf,
    coolOff: values.APPROVER_COOL_OFF,
    escalateTo: values.ESCALATE_TO,
    escalateAfter: values.ESCALATE_AFTER,
    requireApproval: values.REQUIRE_APPROVAL,
    groupThreshold: values.GROUP_APPROVAL_THRESHOLD,
    unapprovedLimit: values.UNAPPROVED_LIMIT,
    protectedPrincipals: values.PROTECTED_PRINCIPALS,
    approvalWindow: values.APPROVAL_WINDOW,
    executionWindow: values.EXECUTION_WINDOW,
  },
  patience: {
    pollInterval: values.POLL_INTERVAL,
    verificationWindow: values.VERIFICATION_WINDOW,
    authFailurePause: values.AUTH_FAILURE_PAUSE,
    rechecks: values.RECHECK,
  },
  logLevel: values.LOG_LEVEL,
});

const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
};

const tooFewForAKind = (values: Environment, { approversOf, approvalsNeededOf }: PerKind) =>
  [...new Set([...Object.keys(approversOf), ...Object.keys(approvalsNeededOf)])].flatMap((kind) =>
    enoughApprovers(
      `The approvers of ${kind}`,
      approversOf[kind] ?? values.APPROVERS,
      approvalsNeededOf[kind] ?? values.APPROVALS_NEEDED,
    ),
  );

/**
 * Reads the whole configuration from an environment, or names every problem at once.
 * Pure: whoever calls it brings the environment. Variables that are not in {@link variables} or
 * {@link perKindNames} are ignored.
 * @param kinds names of the kinds of revocation, for which some things may be said by themselves
 */
export const readConfig = (env: Env, kinds: readonly string[]): ConfigResult => {
  const texts = withoutBlanks(env);
  const values = Environment.safeParse(texts);
  const perKind = readPerKind(env, kinds);
  const wrong = new Set(values.success ? [] : values.error.issues.map((issue) => issue.path[0]));
  const problems = [
    ...variables.filter(({ name }) => wrong.has(name)).map((about) => problemWith(about, texts[about.name])),
    ...rules.flatMap((rule) => rule(texts)),
    ...perKind.problems,
    ...(values.success ? tooFewForAKind(values.data, perKind) : []),
  ];
  const transport = values.success ? transportOf(values.data) : undefined;
  if (problems.length > 0 || !values.success || transport === undefined) return { ok: false, problems };
  return { ok: true, config: frozen(configOf(values.data, transport, perKind)) };
};
