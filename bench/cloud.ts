import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { realClock } from '../src/clock.ts';
import type { Log } from '../src/domain/ports.ts';
import { Secret } from '../src/domain/secret.ts';
import { createCloud } from '../src/huaweicloud/client.ts';
import { fixedCredentials } from '../src/huaweicloud/credentials.ts';
import { type Order, Report } from './cloud-order.ts';
import type { OrganisationName } from './organisations.ts';

const Started = z.object({
  url: z.string(),
  region: z.string(),
  domainId: z.string(),
  keys: z.array(z.object({ ak: z.string(), sk: z.string() })),
});

export const silent: Log = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

/**
 * The real client in front of a local cloud, which is a process of its own: what the event loop is blocked by is
 * then only our own work.
 * @param keyCount how many access keys the client signs with, at most 5
 */
export const startCloud = async (organisation: OrganisationName, latencyMs = 0, keyCount = 1) => {
  const child = fork(fileURLToPath(new URL('./cloud-process.ts', import.meta.url)), [organisation]);
  const [message]: unknown[] = await once(child, 'message');
  const { url, region, domainId, keys } = Started.parse(message);
  const ask = (order: Order) => child.send(order);
  const set = (switches: Extract<Order, { order: 'set' }>['switches']) => ask({ order: 'set', switches });
  set({ latencyMs });
  const cloud = createCloud({
    credentials: fixedCredentials(
      ...keys.slice(0, keyCount).map(({ ak, sk }) => ({ ak, sk: new Secret(sk) })),
    ),
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
    url,
    keys,
    domainId,
    /** How the cloud behaves from now on. */
    set,
    /** How long the cloud takes for each answer from now on. */
    slowDown: (ms: number) => set({ latencyMs: ms }),
    /** Every call that the cloud has seen. */
    calls: async () => {
      ask({ order: 'report' });
      const [report]: unknown[] = await once(child, 'message');
      return Report.parse(report);
    },
    close: async () => {
      await cloud.close();
      child.disconnect();
    },
  };
};
