import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { realClock } from '../src/clock.ts';
import type { Log } from '../src/domain/ports.ts';
import { Secret } from '../src/domain/secret.ts';
import { createCloud } from '../src/huaweicloud/client.ts';
import { fixedCredentials } from '../src/huaweicloud/credentials.ts';
import type { OrganisationName } from './organisations.ts';

const Started = z.object({ url: z.string(), region: z.string(), ak: z.string(), sk: z.string() });

export const silent: Log = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

/**
 * The real client in front of a local cloud, which is a process of its own: what the event loop is blocked by is
 * then only our own work.
 */
export const startCloud = async (organisation: OrganisationName, latencyMs = 0) => {
  const child = fork(fileURLToPath(new URL('./cloud-process.ts', import.meta.url)), [organisation]);
  const [message]: unknown[] = await once(child, 'message');
  const { url, region, ak, sk } = Started.parse(message);
  const slowDown = (ms: number) => child.send({ latencyMs: ms });
  slowDown(latencyMs);
  const cloud = createCloud({
    credentials: fixedCredentials({ ak, sk: new Secret(sk) }),
    endpoints: {
      identitycenter: url,
      identitystore: url,
      organizations: url,
      modelarts: url,
      iam: url,
      sts: url,
    },
    region,
    clock: realClock,
    random: () => 0.5,
    log: silent,
    timeoutMs: 10_000,
    authPauseMs: 300_000,
  });
  return {
    cloud,
    /** How long the cloud takes for each answer from now on. */
    slowDown,
    close: async () => {
      await cloud.close();
      child.disconnect();
    },
  };
};
