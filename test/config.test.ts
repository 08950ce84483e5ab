import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, perKindNames, problemText, readConfig, variables } from '../src/config.ts';
import { Secret } from '../src/domain/secret.ts';

type Env = Record<string, string | undefined>;

const enough: Env = {
  SLACK_BOT_TOKEN: 'xoxb-1-EXAMPLE',
  SLACK_APP_TOKEN: 'xapp-1-EXAMPLE',
  AUDIT_CHANNEL: 'C0AUDIT',
  REQUESTERS: 'U0ALICE,S0RESPONDERS',
  APPROVERS: 'U0CAROL',
  AUDIT_KEY: 'an audit key of at least 32 characters',
  HUAWEICLOUD_SDK_AK: 'AKEXAMPLE00000000001',
  HUAWEICLOUD_SDK_SK: 'SkExampleNotReal',
};

const services = ['IDENTITYCENTER', 'IDENTITYSTORE', 'ORGANIZATIONS', 'MODELARTS', 'IAM', 'STS'];
const endpoints = (url: string, some = services): Env =>
  Object.fromEntries(some.map((service) => [`HUAWEICLOUD_ENDPOINT_${service}`, url]));

const kinds = ['account-assignment', 'profile'];

const configOf = (more: Env = {}): Config => {
  const result = readConfig({ ...enough, ...more }, kinds);
  if (!result.ok) throw new Error(problemText(result.problems));
  return result.config;
};

const problemsOf = (env: Env) => {
  const result = readConfig(env, kinds);
  return result.ok ? [] : result.problems;
};

const namesOf = (more: Env): string[] => problemsOf({ ...enough, ...more }).map(({ name }) => name);

const minute = 60_000;

describe('a configuration with only what is needed', () => {
  it('has the documented defaults', () => {
    const { slack, cloud, ledger, policy, patience, logLevel } = configOf();
    expect(slack).toMatchObject({ host: '127.0.0.1', port: 3000, auditChannel: 'C0AUDIT' });
    expect(slack).not.toHaveProperty('apiUrl');
    expect(cloud).toMatchObject({ projects: [], endpoints: {}, timeoutMs: 10_000, authPauseMs: 5 * minute });
    expect(Object.keys(cloud)).not.toContain('region');
    expect(ledger).toMatchObject({ directory: './data', oldKeys: [] });
    expect(policy).toEqual({
      requesters: ['U0ALICE', 'S0RESPONDERS'],
      approvers: { anyone: ['U0CAROL'], together: [] },
      approversOf: {},
      approvalsNeeded: 1,
      approvalsNeededOf: {},
      coolOff: 0,
      escalateTo: [],
      escalateAfter: 10 * minute,
      requireApproval: 'risky',
      groupThreshold: 5,
      unapprovedLimit: 3,
      protectedPrincipals: [],
      approvalWindow: 30 * minute,
      executionWindow: 60 * minute,
    });
    expect(patience).toEqual({
      pollInterval: 1000,
      verificationWindow: 5 * minute,
      authFailurePause: 5 * minute,
      rechecks: [15 * minute, 24 * 60 * minute],
    });
    expect(logLevel).toBe('info');
  });

  it('takes optional variables without text as left out, and ignores unknown ones', () => {
    expect(configOf({ PORT: ' ', HUAWEICLOUD_REGION: '', ALERTS: 'x', PATH: '/bin' })).toEqual(configOf());
  });

  it.each<[string, readonly number[]]>([
    ['24h, 15m,15m', [15 * minute, 24 * 60 * minute]],
    ['1s', [1_000]],
    ['0', []],
    ['', []],
    [' ', []],
  ])('reads again after a success as RECHECK=%j says', (RECHECK, rechecks) => {
    expect(configOf({ RECHECK }).patience.rechecks).toEqual(rechecks);
  });

  it('is frozen in every part', () => {
    const config = configOf({ MODELARTS_PROJECTS: 'cn-north-4=p1', AUDIT_KEYS_OLD: 'o'.repeat(32) });
    const parts = [config, ...Object.values(config), config.policy.requesters, config.slack.transport];
    for (const part of [...parts, config.cloud.projects, config.cloud.projects[0], config.ledger.oldKeys]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('a configuration with everything', () => {
  it('is read in parts', () => {
    const { slack, cloud, ledger, policy } = configOf({
      ...endpoints('http://127.0.0.1:18080'),
      SLACK_API_URL: 'http://localhost:18081/api/',
      REQUESTERS: ' U0ALICE , S0RESPONDERS,U0ALICE, ',
      PROTECTED_PRINCIPALS: 'Bob@Example.com, platform-admins, Re\u0301gie',
      MODELARTS_PROJECTS: 'cn-north-4=aaaa,cn-north-4=bbbb',
      HUAWEICLOUD_SDK_SECURITY_TOKEN: 'token',
      HUAWEICLOUD_SDK_DOMAIN_ID: 'd0',
      HUAWEICLOUD_REGION: 'cn-north-4',
      IDENTITY_CENTER_INSTANCE_ID: 'ins-1',
      IDENTITY_STORE_ID: 'd-1',
      AUDIT_KEYS_OLD: `${'a'.repeat(32)},${'b'.repeat(32)}`,
      GROUP_APPROVAL_THRESHOLD: '0',
    });
    expect(policy.requesters).toEqual(['U0ALICE', 'S0RESPONDERS']);
    expect(slack.apiUrl).toBe('http://localhost:18081/api/');
    expect(policy).toMatchObject({
      groupThreshold: 0,
      protectedPrincipals: ['bob@example.com', 'platform-admins', 'r\u00e9gie'],
    });
    expect(cloud).toMatchObject({
      domainId: 'd0',
      region: 'cn-north-4',
      instanceId: 'ins-1',
      identityStoreId: 'd-1',
      projects: [
        { region: 'cn-north-4', id: 'aaaa' },
        { region: 'cn-north-4', id: 'bbbb' },
      ],
    });
    expect(cloud.endpoints.sts).toBe('http://127.0.0.1:18080');
    expect(cloud.securityToken?.reveal()).toBe('token');
    expect(ledger.oldKeys.map((key) => key.reveal())).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
  });

  it.each([
    ['45s', 45_000],
    ['2m', 2 * minute],
    ['3h', 180 * minute],
    ['1d', 1440 * minute],
  ])('reads the duration %s', (text, ms) => {
    expect(configOf({ APPROVAL_WINDOW: text }).policy.approvalWindow).toBe(ms);
  });
});

describe('how Slack reaches the bot', () => {
  const modeWith = (more: Env) => configOf({ SLACK_APP_TOKEN: undefined, ...more }).slack.transport.mode;

  it('is Socket Mode whenever there is an app-level token', () => {
    expect(modeWith({ SLACK_APP_TOKEN: 'xapp-1' })).toBe('socket');
    expect(modeWith({ SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 'secret' })).toBe('socket');
  });

  it('is HTTP with only a signing secret', () => {
    expect(modeWith({ SLACK_SIGNING_SECRET: 'secret' })).toBe('http');
  });

  it('must be said by one of the two', () => {
    expect(namesOf({ SLACK_APP_TOKEN: undefined })).toEqual(['SLACK_APP_TOKEN or SLACK_SIGNING_SECRET']);
  });

  it('does not fall back to HTTP when the app-level token came out empty', () => {
    expect(namesOf({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'secret' })).toEqual(['SLACK_APP_TOKEN']);
  });
});

describe('a value in another form is refused', () => {
  it.each<[string, string]>([
    ['SLACK_BOT_TOKEN', 'xoxp-1-EXAMPLE'],
    ['SLACK_BOT_TOKEN', ''],
    ['SLACK_BOT_TOKEN', 'xoxb-1-EXAMPLE\n'],
    ['SLACK_APP_TOKEN', 'xoxb-1-EXAMPLE'],
    ['SLACK_SIGNING_SECRET', ''],
    ['SLACK_API_URL', 'slack.com'],
    ['HOST', 'a b'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['AUDIT_CHANNEL', '#audit'],
    ['AUDIT_CHANNEL', ''],
    ['REQUESTERS', ''],
    ['REQUESTERS', ', ,'],
    ['REQUESTERS', '@alice'],
    ['REQUESTERS', 'U0ALICE;U0BOB'],
    ['APPROVERS', ''],
    ['APPROVALS_NEEDED', '0'],
    ['APPROVALS_NEEDED', '1.5'],
    ['APPROVAL_WINDOW', '30'],
    ['APPROVAL_WINDOW', '0s'],
    ['APPROVAL_WINDOW', '1.5h'],
    ['EXECUTION_WINDOW', '1h30m'],
    ['REQUIRE_APPROVAL', 'never'],
    ['GROUP_APPROVAL_THRESHOLD', '-1'],
    ['GROUP_APPROVAL_THRESHOLD', '2.5'],
    ['UNAPPROVED_LIMIT', 'many'],
    ['POLL_INTERVAL', '500ms'],
    ['VERIFICATION_WINDOW', '25d'],
    ['RECHECK', '15'],
    ['RECHECK', '0s'],
    ['RECHECK', '15m,0'],
    ['RECHECK', '15m 24h'],
    ['RECHECK', 'never'],
    ['RECHECK', '25d'],
    ['CLOUD_TIMEOUT', '10 s'],
    ['AUTH_FAILURE_PAUSE', 'S'],
    ['AUDIT_KEY', 'k'.repeat(31)],
    ['AUDIT_KEY', `${'k'.repeat(32)},more`],
    ['AUDIT_KEY', ` ${'k'.repeat(32)}`],
    ['AUDIT_KEY', ''],
    ['AUDIT_KEYS_OLD', 'short'],
    ['HUAWEICLOUD_SDK_AK', ''],
    ['HUAWEICLOUD_SDK_SK', ''],
    ['HUAWEICLOUD_SDK_SK', 'two words'],
    ['HUAWEICLOUD_SDK_AK', 'AK1,,AK2'],
    ['HUAWEICLOUD_SDK_SK', 'sk1,'],
    ['HUAWEICLOUD_SDK_SECURITY_TOKEN', ''],
    ['HUAWEICLOUD_SDK_DOMAIN_ID', 'a/b'],
    ['HUAWEICLOUD_REGION', 'CN North'],
    ['IDENTITY_CENTER_INSTANCE_ID', '../x'],
    ['IDENTITY_STORE_ID', 'd_1'],
    ['MODELARTS_PROJECTS', 'cn-north-4'],
    ['MODELARTS_PROJECTS', 'cn-north-4=p1,ap-southeast-3=p1'],
    ['MODELARTS_PROJECTS', 'cn-north-4=p1=p2'],
    ['HUAWEICLOUD_ENDPOINT_IAM', 'http://iam.example.com'],
    ['HUAWEICLOUD_ENDPOINT_IAM', 'https://user@iam.example.com'],
    ['HUAWEICLOUD_ENDPOINT_IAM', 'https://iam.example.com/?a=b'],
    ['HUAWEICLOUD_ENDPOINT_IAM', 'http://127.0.0.1.example.com'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%j', (name, text) => {
    expect(namesOf({ [name]: text })).toEqual([name]);
  });
});

describe('worlds are not mixed', () => {
  it('refuses loopback for some cloud endpoints and not for all, and names the others', () => {
    expect(namesOf(endpoints('http://127.0.0.1:1', services.slice(1)))).toEqual([
      'HUAWEICLOUD_ENDPOINT_IDENTITYCENTER',
    ]);
    const mixed = {
      ...endpoints('http://localhost:1'),
      HUAWEICLOUD_ENDPOINT_STS: 'https://sts.cn-north-4.myhuaweicloud.com',
    };
    expect(namesOf(mixed)).toEqual(['HUAWEICLOUD_ENDPOINT_STS']);
  });

  it('refuses a loopback Slack with a real cloud', () => {
    expect(namesOf({ SLACK_API_URL: 'http://127.0.0.1:1/api/' })).toEqual(['SLACK_API_URL']);
    expect(
      namesOf({ SLACK_API_URL: 'https://[::1]/api/', ...endpoints('https://cloud.example.com') }),
    ).toEqual(['SLACK_API_URL']);
  });

  it('accepts a whole local world, another real one, and a real Slack with a local cloud', () => {
    expect(namesOf({ SLACK_API_URL: 'http://127.0.0.1:1/', ...endpoints('http://[::1]:2') })).toEqual([]);
    expect(namesOf(endpoints('https://iam.example.com', ['IAM']))).toEqual([]);
    expect(namesOf(endpoints('http://127.0.0.1:2'))).toEqual([]);
  });
});

describe('several access keys', () => {
  const several = { HUAWEICLOUD_SDK_AK: 'AK1, AK2,AK3', HUAWEICLOUD_SDK_SK: 'first,second , third' };

  it('are read in pairs: the n-th secret belongs to the n-th key id', () => {
    const { keys } = configOf(several).cloud;
    expect(keys.map(({ ak, sk }) => [ak, sk.reveal()])).toEqual([
      ['AK1', 'first'],
      ['AK2', 'second'],
      ['AK3', 'third'],
    ]);
  });

  it.each<[string, Env, string]>([
    [
      'without a secret for each',
      { ...several, HUAWEICLOUD_SDK_SK: 'first,second' },
      'HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK do not go together (key ids: 3, secrets: 2)',
    ],
    [
      'with a secret too many',
      { HUAWEICLOUD_SDK_SK: 'first,second' },
      'HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK do not go together (key ids: 1, secrets: 2)',
    ],
    [
      'of which two are the same',
      { ...several, HUAWEICLOUD_SDK_AK: 'AK1,AK2,AK1' },
      'HUAWEICLOUD_SDK_AK names the same access key id more than once',
    ],
    [
      'with a security token',
      { ...several, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'fourth' },
      'HUAWEICLOUD_SDK_SECURITY_TOKEN is given with several access keys, but belongs to one of them only',
    ],
  ])('are refused %s, and no value is shown', (_, more, words) => {
    const problems = problemsOf({ ...enough, ...more });
    expect(problems.map(({ name, wrong }) => `${name} ${wrong}`)).toEqual([words]);
    expect(problemText(problems)).not.toMatch(/AK1|AKEXAMPLE|first|second|fourth/);
  });
});

describe('approvals', () => {
  it('cannot ask for more people than there are', () => {
    expect(namesOf({ APPROVALS_NEEDED: '2' })).toEqual(['APPROVERS']);
    expect(namesOf({ APPROVALS_NEEDED: '2', APPROVERS: 'U0CAROL,U0CAROL' })).toEqual(['APPROVERS']);
    expect(namesOf({ APPROVALS_NEEDED: '2', APPROVERS: 'U0CAROL,U0BOB' })).toEqual([]);
  });

  it('count on a user group to be big enough', () => {
    expect(namesOf({ APPROVALS_NEEDED: '2', APPROVERS: 'S0ONCALL' })).toEqual([]);
  });
});

describe('who may approve', () => {
  const ruleOf = (APPROVERS: string) => configOf({ APPROVERS }).policy.approvers;

  it.each<[string, ReturnType<typeof ruleOf>]>([
    ['S01', { anyone: ['S01'], together: [] }],
    ['U01 , S01,U01', { anyone: ['U01', 'S01'], together: [] }],
    ['S01+S02', { anyone: [], together: [['S01', 'S02']] }],
    [
      'U01, S01 + S02 ,S03+U02+W01',
      {
        anyone: ['U01'],
        together: [
          ['S01', 'S02'],
          ['S03', 'U02', 'W01'],
        ],
      },
    ],
  ])('is read from %j: a comma means or, a plus one of each', (text, rule) => {
    expect(ruleOf(text)).toEqual(rule);
  });

  it.each(['S01+S01', 'S01+', '+S01', 'S01+,S02', 'S01 S02', 'S01+@carol', 's01', 'S01&S02'])(
    'is not read from %j',
    (text) => {
      expect(namesOf({ APPROVERS: text })).toEqual(['APPROVERS']);
      expect(namesOf({ APPROVERS_PROFILE: text })).toEqual(['APPROVERS_PROFILE']);
    },
  );

  it('may be said for each kind by itself, by the names that are told', () => {
    const { policy } = configOf({
      APPROVERS_ACCOUNT_ASSIGNMENT: 'S01+S02',
      APPROVERS_PROFILE: ' ',
      APPROVALS_NEEDED_PROFILE: '3',
      APPROVERS: 'S03',
    });
    expect(policy.approversOf).toEqual({ 'account-assignment': { anyone: [], together: [['S01', 'S02']] } });
    expect(policy.approvalsNeededOf).toEqual({ profile: 3 });
    expect(perKindNames(kinds)).toEqual([
      'APPROVERS_ACCOUNT_ASSIGNMENT',
      'APPROVERS_PROFILE',
      'APPROVALS_NEEDED_ACCOUNT_ASSIGNMENT',
      'APPROVALS_NEEDED_PROFILE',
    ]);
  });

  it.each(['APPROVERS_PROFLE', 'APPROVALS_NEEDED_PROFLE', 'APPROVERS_', 'APPROVERS_profile'])(
    'is not left to chance by a misspelt %s',
    (name) => {
      const problems = problemsOf({ ...enough, [name]: 'S01' });
      expect(problems.map((problem) => problem.name)).toEqual([name]);
      expect(problems[0]?.wrong).toContain('no kind of revocation');
      expect(problems[0]?.form).toContain(
        name.startsWith('APPROVERS') ? 'APPROVERS_PROFILE' : 'APPROVALS_NEEDED_PROFILE',
      );
    },
  );

  it.each([
    'REQUESTERS_PROFILE',
    'REQUIRE_APPROVAL_PROFILE',
    'PROTECTED_PRINCIPALS_ACCOUNT_ASSIGNMENT',
    'APPROVER_COOL_OFF_PROFILE',
  ])('is not taken for said by %s, which holds for all kinds only', (name) => {
    const problems = problemsOf({ ...enough, [name]: 'U01' });
    expect(problems.map((problem) => problem.name)).toEqual([name]);
    expect(problems[0]?.wrong).toContain('cannot be said for one kind');
  });

  it.each(['0', '21', 'two', '1.5'])('is not %j people for a kind', (text) => {
    expect(namesOf({ APPROVALS_NEEDED_PROFILE: text })).toEqual(['APPROVALS_NEEDED_PROFILE']);
  });

  it('must be enough people for each kind', () => {
    const wrong = (more: Env) => namesOf({ APPROVERS: 'U01,U02', ...more });
    expect(wrong({ APPROVALS_NEEDED_PROFILE: '3' })).toEqual(['The approvers of profile']);
    expect(wrong({ APPROVALS_NEEDED_PROFILE: '2' })).toEqual([]);
    expect(wrong({ APPROVALS_NEEDED: '2', APPROVERS_PROFILE: 'U03' })).toEqual(['The approvers of profile']);
    expect(wrong({ APPROVALS_NEEDED: '2', APPROVERS_PROFILE: 'U03', APPROVALS_NEEDED_PROFILE: '1' })).toEqual(
      [],
    );
    expect(wrong({ APPROVALS_NEEDED_PROFILE: '3', APPROVERS_PROFILE: 'S01' })).toEqual([]);
    expect(wrong({ APPROVERS: 'U01+U02', APPROVALS_NEEDED: '3' })).toEqual(['APPROVERS']);
  });
});

describe('when approvers count, and who is told of what waits', () => {
  it.each([
    ['0', 0],
    [' 0 ', 0],
    ['24h', 24 * 60 * minute],
    ['90s', 90_000],
  ])('APPROVER_COOL_OFF=%j', (text, ms) => {
    expect(configOf({ APPROVER_COOL_OFF: text }).policy.coolOff).toBe(ms);
  });

  it.each(['00', '0s', '-1h', '24', '25d', 'none'])('APPROVER_COOL_OFF is not %j', (text) => {
    expect(namesOf({ APPROVER_COOL_OFF: text })).toEqual(['APPROVER_COOL_OFF']);
  });

  it('escalation is to people and groups, after a while', () => {
    const { policy } = configOf({ ESCALATE_TO: 'S01, U0BOSS,S01', ESCALATE_AFTER: '5m' });
    expect(policy).toMatchObject({ escalateTo: ['S01', 'U0BOSS'], escalateAfter: 5 * minute });
    expect(namesOf({ ESCALATE_TO: '@boss' })).toEqual(['ESCALATE_TO']);
    expect(namesOf({ ESCALATE_TO: 'S01+S02' })).toEqual(['ESCALATE_TO']);
    expect(namesOf({ ESCALATE_AFTER: '0' })).toEqual(['ESCALATE_AFTER']);
  });

  it.each([
    [{ ESCALATE_AFTER: '30m' }, false],
    [{ ESCALATE_AFTER: '29m' }, true],
    [{ APPROVAL_WINDOW: '10m' }, false],
    [{ ESCALATE_AFTER: '2h', APPROVAL_WINDOW: '3h' }, true],
  ])('escalation comes before the approval window closes: %j', (times, isGood) => {
    expect(namesOf({ ...times, ESCALATE_TO: 'U0BOSS' })).toEqual(isGood ? [] : ['ESCALATE_AFTER']);
    expect(namesOf(times)).toEqual([]);
  });
});

describe('problems', () => {
  it('come all at once', () => {
    const missing = variables.filter(({ mandatory }) => mandatory).map(({ name }) => name);
    const names = problemsOf({ PORT: 'x', SLACK_API_URL: 'http://localhost/' }).map(({ name }) => name);
    expect(names).toEqual([...missing, 'PORT', 'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET', 'SLACK_API_URL']);
  });

  it('tell what is missing from what is empty and what has another form', () => {
    const problems = problemsOf({ ...enough, AUDIT_CHANNEL: undefined, REQUESTERS: ' ', PORT: 'x' });
    expect(problems.map(({ name, wrong }) => `${name} ${wrong}`)).toEqual([
      'AUDIT_CHANNEL is missing',
      'REQUESTERS is empty',
      'PORT has another form',
    ]);
  });

  it('are printed a paragraph each, with the form and where to get it', () => {
    const text = problemText(problemsOf({ ...enough, AUDIT_KEY: undefined, PORT: 'x' }));
    const paragraphs = text.split('\n\n');
    expect(paragraphs).toHaveLength(4);
    expect(paragraphs[0]).toContain('2 problems');
    expect(paragraphs[1]).toMatch(
      /^AUDIT_KEY is missing\.\n {2}It should be: 32 characters.*\n {2}Where to get it: .*openssl/,
    );
  });

  it('never show a value, whatever stands under whichever name', () => {
    const name = fc.constantFrom(...variables.map((variable) => variable.name));
    const value = fc.stringMatching(/^[A-Za-z0-9/+ ]{5,40}$/).map((text) => `zQ9${text}9Qz`);
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 8 }), (env) => {
        const text = problemText(problemsOf({ ...enough, ...env }));
        return Object.values(env).every((hidden) => !text.includes(hidden));
      }),
    );
  });
});

describe('secrets', () => {
  it('are wrapped, so that the configuration can be printed', () => {
    const config = configOf({
      SLACK_SIGNING_SECRET: 'signing',
      HUAWEICLOUD_SDK_SECURITY_TOKEN: 'SecurityToken',
      AUDIT_KEYS_OLD: 'old'.repeat(12),
    });
    const printed = `${inspect(config, { depth: 9 })}${JSON.stringify(config)}`;
    for (const hidden of ['xoxb-', 'xapp-', 'SkExample', 'SecurityToken', 'an audit key', 'oldold']) {
      expect(printed).not.toContain(hidden);
    }
    expect(config.slack.botToken).toBeInstanceOf(Secret);
    expect(config.slack.botToken.reveal()).toBe('xoxb-1-EXAMPLE');
    expect(config.cloud.keys.map(({ sk }) => sk.reveal())).toEqual(['SkExampleNotReal']);
    expect(config.ledger.auditKey.reveal()).toBe('an audit key of at least 32 characters');
  });
});

it('says of each list of people what they may do', () => {
  const forms = problemsOf({}).map(({ name, form }) => `${name}: ${form}`);
  expect(forms.find((form) => form.startsWith('REQUESTERS'))).toContain('may ask for revocations');
  expect(forms.find((form) => form.startsWith('APPROVERS'))).toContain('may approve and deny');
});
