import type { Config } from '../config.ts';
import { Secret } from '../domain/secret.ts';
import type { LocalCloud } from './cloud/local-cloud.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import { SEED } from './slack/seed.ts';

const minute = 60_000;

/**
 * The sandbox's configuration: constants, and the addresses of its own servers. It reads no environment, so it
 * cannot reach anything real.
 */
export const sandboxConfig = (parts: {
  readonly slack: LocalSlack;
  readonly cloud: LocalCloud;
  readonly transport: 'socket' | 'http';
  readonly directory: string;
  readonly pollInterval: number;
}): Config => {
  const { slack, cloud, transport, directory, pollInterval } = parts;
  const { ak, sk, domainId } = cloud.credentials;
  return {
    slack: {
      botToken: new Secret(slack.botToken),
      transport:
        transport === 'socket'
          ? { mode: 'socket', appToken: new Secret(slack.appToken) }
          : { mode: 'http', signingSecret: new Secret(slack.signingSecret) },
      apiUrl: slack.apiUrl,
      host: '127.0.0.1',
      port: 0,
      auditChannel: SEED.channels.audit,
    },
    cloud: {
      keys: [{ ak, sk: new Secret(sk) }],
      domainId,
      region: cloud.region,
      projects: cloud.organisation.projects.map(({ id, region }) => ({ id, region })),
      endpoints: {
        identitycenter: cloud.url,
        identitystore: cloud.url,
        organizations: cloud.url,
        modelarts: cloud.url,
        iam: cloud.url,
        sts: cloud.url,
      },
      timeoutMs: 10_000,
      authPauseMs: 5 * minute,
    },
    ledger: {
      directory,
      auditKey: new Secret('sandbox-audit-key-that-is-not-secret-0001'),
      oldKeys: [],
    },
    policy: {
      requesters: [SEED.groups.responders],
      approvers: { anyone: [SEED.groups.approvers], together: [] },
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
    },
    patience: {
      pollInterval,
      verificationWindow: 5 * minute,
      authFailurePause: 5 * minute,
      rechecks: [15 * minute, 24 * 60 * minute],
    },
    logLevel: 'info',
  };
};
