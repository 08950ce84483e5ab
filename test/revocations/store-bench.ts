import { onTestFinished } from 'vitest';
import { createDirectory } from '../../src/directory/directory.ts';
import type { Target } from '../../src/domain/facts.ts';
import type { Step } from '../../src/domain/kind.ts';
import { Secret } from '../../src/domain/secret.ts';
import { createCloud } from '../../src/huaweicloud/client.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { registry } from '../../src/revocations/registry.ts';
import type { CloudSwitches } from '../../src/sandbox/cloud/switches.ts';
import { kindNamed } from '../../src/workflow/needs.ts';
import { startCloud } from '../sandbox/cloud/harness.ts';
import { silent } from '../support/world.ts';

/** One kind before a whole local cloud, asked by the real client and the real directory. */
export const startStoreBench = async (name: string, switches: Partial<CloudSwitches> = {}) => {
  const started = await startCloud(switches);
  const { ak, sk, domainId } = started.cloud.credentials;
  const { url, region } = started.cloud;
  const clock = { now: started.now, sleep: async (ms: number) => started.pass(ms) };
  const cloud = createCloud({
    credentials: fixedCredentials({ ak, sk: new Secret(sk), domainId }),
    endpoints: { identitycenter: url, identitystore: url, organizations: url },
    region,
    clock,
    random: () => 0,
    log: silent,
    timeoutMs: 5_000,
    authPauseMs: 1_000,
  });
  onTestFinished(() => cloud.close());
  const directory = createDirectory({ cloud, clock, log: silent, config: { projects: [] } });
  const kind = kindNamed(registry, name);
  const aim = async (values: Readonly<Record<string, string>>): Promise<Target> => {
    const aimed = await kind.aim(values, directory);
    if (aimed.result !== 'aimed') throw new Error(`Not aimed: ${JSON.stringify(aimed.errors)}`);
    return aimed.target;
  };
  const prepare = async (values: Readonly<Record<string, string>>) => {
    const target = await aim(values);
    const assessment = await kind.impact(target, cloud, directory);
    if (assessment.result !== 'assessed') throw new Error(assessment.words);
    return { target, impact: assessment.impact, steps: kind.steps(target, assessment.impact) };
  };
  return {
    ...started,
    local: started.cloud,
    cloud,
    directory,
    kind,
    aim,
    prepare,
    start: (step: Step) => kind.start(step, cloud),
    look: (step: Step) => kind.look(step, undefined, cloud),
    changes: () => started.cloud.calls.changes(),
  };
};
export type StoreBench = Awaited<ReturnType<typeof startStoreBench>>;

/** The one step of a revocation that has exactly one. */
export const theStep = (steps: readonly Step[]): Step => {
  const [step, ...more] = steps;
  if (step === undefined || more.length > 0) throw new Error(`${steps.length} steps`);
  return step;
};

/** Where the cloud's documentation is silent or wide: none of it may change what becomes of a revocation. */
export const harmless: readonly Partial<CloudSwitches>[] = [
  { extraFields: true },
  { emptyBodyContentLength: false },
  { codePrefix: 'IdentityCenter' },
  { nextMarkerEnd: 'missing' },
  { nextMarkerEnd: '' },
  { shortPages: 1 },
];
