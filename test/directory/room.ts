import { onTestFinished } from 'vitest';
import { createDirectory, type DirectoryParts } from '../../src/directory/directory.ts';
import { type Clock, CloudFault, type Directory } from '../../src/domain/ports.ts';
import { Secret } from '../../src/domain/secret.ts';
import { createCloud } from '../../src/huaweicloud/client.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { startLocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import type { Organisation } from '../../src/sandbox/cloud/organisation.ts';
import type { CloudSwitches } from '../../src/sandbox/cloud/switches.ts';
import { fakeClock, recordingLog } from '../huaweicloud/fake-parts.ts';

/** The longest sleep of the directory that only makes it gentle, in ms; longer ones are its patience. */
const gentle = 50;

/** The same clock for somebody whose patience ends only when told to. Short sleeps pass by themselves. */
const patient = (clock: Clock) => {
  const waiting = new Map<() => void, number>();
  return {
    now: () => clock.now(),
    sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
      ms <= gentle
        ? clock.sleep(ms)
        : new Promise((resolve) => {
            const wake = () => {
              waiting.delete(wake);
              resolve();
            };
            waiting.set(wake, ms);
            signal?.addEventListener('abort', wake, { once: true });
          }),
    /** Nobody waits any longer who would wait for at most so many ms. */
    end: (longest = Number.POSITIVE_INFINITY) => {
      for (const [wake, ms] of waiting) if (ms <= longest) wake();
    },
  };
};

/** The directory with the real client in front of a local cloud; time moves only when told to. */
export const startDirectory = async (
  config: Partial<DirectoryParts['config']> = {},
  switches: Partial<CloudSwitches> = {},
  seed?: Organisation,
) => {
  const clock = fakeClock();
  const patience = patient(clock);
  const log = recordingLog();
  const local = await startLocalCloud({
    now: () => clock.now(),
    switches,
    ...(seed && { organisation: seed }),
  });
  const { url, credentials } = local;
  const cloud = createCloud({
    credentials: fixedCredentials({ ak: credentials.ak, sk: new Secret(credentials.sk) }),
    endpoints: {
      identitycenter: url,
      identitystore: url,
      organizations: url,
      modelarts: url,
      iam: url,
      sts: url,
    },
    clock,
    random: () => 0.5,
    log,
    timeoutMs: 10_000,
    authPauseMs: 300_000,
  });
  const { organisation } = local;
  const projects = organisation.projects.map(({ id, region }) => ({ id, region }));
  const directory: Directory = createDirectory({
    cloud,
    clock: patience,
    log,
    config: { projects, ...config },
  });

  const one = <T>(list: readonly T[], match: (item: T) => boolean): T => {
    const found = list.find(match);
    if (found === undefined) throw new Error('the seed does not have it');
    return found;
  };
  return {
    close: async () => {
      await cloud.close();
      await local.close();
    },
    clock,
    endPatience: patience.end,
    log,
    local,
    organisation,
    switches: local.switches,
    directory,
    /** Names of the calls that arrived. */
    operations: (): string[] => local.calls.all.map((call) => call.operation),
    refuse: (operation: string, status: number, code: string, times = 1) => {
      local.switches.faults.push({
        match: (call) => call.operation === operation,
        times,
        act: { kind: 'status', status, body: { error_code: code, error_msg: 'as told' } },
      });
    },
    user: (userName: string) => one(organisation.users, (user) => user.user_name === userName),
    group: (name: string) => one(organisation.groups, (group) => group.display_name === name),
    account: (name: string) => one(organisation.accounts, (account) => account.name === name),
    set: (name: string) => one(organisation.permissionSets, (set) => set.name === name),
    project: (name: string) => one(organisation.projects, (project) => project.name === name),
    iamUser: (name: string, account: string) => {
      const { id } = one(organisation.accounts, (row) => row.name === account);
      return one(organisation.iamUsers, (user) => user.name === name && user.domain_id === id);
    },
  };
};

/** The directory in front of a local cloud of its own, until the test ends. */
export const openDirectory = async (...how: Parameters<typeof startDirectory>) => {
  const room = await startDirectory(...how);
  onTestFinished(room.close);
  return room;
};

/** The fault that a question ends with; fails when it ends in any other way. */
export const faultOf = async (question: Promise<unknown>): Promise<CloudFault> => {
  const end = await question.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (end instanceof CloudFault) return end;
  throw new Error('the question did not end with a fault of the cloud', { cause: end });
};
