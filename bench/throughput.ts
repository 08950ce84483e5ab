import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';
import { z } from 'zod';
import { realClock } from '../src/clock.ts';
import { createDirectory } from '../src/directory/directory.ts';
import { MOST_UNDER_WAY } from '../src/huaweicloud/auth-pause.ts';
import { registry } from '../src/revocations/registry.ts';
import { createRunner } from '../src/workflow/runner.ts';
import { approvedFacts, nobody, policy } from './approved.ts';
import { silent, startCloud } from './cloud.ts';
import { startHeartbeat } from './heartbeat.ts';
import { auditKey } from './ledger-facts.ts';
import { openLedger } from './open-ledger.ts';
import { organisations } from './organisations.ts';
import type { Benchmark, Row } from './table.ts';

const latencyMs = 50;
const deletionMs = 2_000;
/** Calls a second that the gateway allows. */
const allowed = 200;
const target = 1.3;
/** What a revocation cannot do without: reading that the grant is there, deleting it, reading that it is gone. */
const leastCalls = 3;
/** Of how many the sequential way is measured. */
const sample = 20;

/** ms for `calls` at a rate, with `last` ms that nothing can overlap with. */
const atRate = (calls: number, perSecond: number, last: number): number => (calls / perSecond) * 1_000 + last;

/** One deletion from beginning to end. */
const alone = leastCalls * latencyMs + deletionMs;

/** The most calls that any second saw, by the cloud's clock. */
const busiestSecond = (times: readonly number[]): number => {
  let first = 0;
  return times.reduce((most, at, index) => {
    while ((times[first] ?? at) <= at - 1_000) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** So many access keys that they bound it less than the rate does, on a machine that is not quite as fast as the cloud. */
const enoughKeys = 5;

/** A thousand at once, by the runner and the client on a ledger on disk. */
const ours = async (
  name: 'scattered' | 'crowded',
  keyCount: number,
  title: string,
): Promise<readonly Row[]> => {
  const words = `${title}, ${keyCount === 1 ? '1 access key' : `${keyCount} access keys`}`;
  const { grants, organisation } = organisations[name]();
  const { cloud, set, calls, close } = await startCloud(name, 0, keyCount);
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-throughput-'));
  const ledger = await openLedger(directory, auditKey, silent);
  const ended = new Map<string, number>();
  const runner = createRunner({
    ledger,
    people: nobody,
    rosters: { level: async () => {} },
    cloud,
    directory: createDirectory({ cloud, clock: realClock, log: silent, config: { projects: [] } }),
    clock: realClock,
    log: silent,
    policy,
    kinds: registry,
    patience: { pollInterval: 1_000, verificationWindow: 300_000, authFailurePause: 300_000 },
  });
  try {
    const asked = grants.map((grant) =>
      ledger.append('new', 0, approvedFacts(grant, organisation, realClock.now())),
    );
    const ids = (await Promise.all(asked)).map(({ id }) => id);
    set({ latencyMs, deletionDelayMs: deletionMs, ratePerSecond: allowed });
    const heartbeat = startHeartbeat();
    const began = performance.now();
    ledger.subscribe(() => {
      for (const id of ids)
        if (!ended.has(id) && ledger.summary(id)?.progress.state === 'succeeded')
          ended.set(id, performance.now() - began);
    });
    runner.start();
    while (ledger.open().length > 0) await sleep(5);
    const taken = performance.now() - began;
    const block = heartbeat.stop();
    if (ended.size !== ids.length) throw new Error(`Only ${ended.size} of ${ids.length} succeeded`);

    const seen = await calls();
    const fromNumbers = atRate(ids.length * leastCalls, allowed, latencyMs);
    const underWay = MOST_UNDER_WAY * keyCount;
    const guarded = atRate(
      ids.length * leastCalls,
      Math.min(allowed, (underWay * 1_000) / latencyMs),
      latencyMs,
    );
    const throttled = seen.filter(({ status }) => status === 429).length;
    return [
      {
        name: `${words}, each until it is proven`,
        times: [...ended.values()],
        block,
        target: `${(taken / Math.max(alone, fromNumbers)).toFixed(2)} of at most ${target} times ${seconds(fromNumbers)}`,
      },
      {
        name: `${words}, all of them`,
        times: [taken],
        target: `${(taken / Math.max(alone, guarded)).toFixed(2)} times ${seconds(guarded)}, which ${underWay} calls under way and ${allowed} a second need for ${leastCalls} each`,
      },
      {
        name: `${words}, calls`,
        times: [],
        target: `${(seen.length / ids.length).toFixed(2)} each, at most ${busiestSecond(seen.map(({ at }) => at))} of ${allowed} in a second, ${throttled} throttled`,
      },
    ];
  } finally {
    await runner.stop();
    await ledger.close();
    await close();
    await rm(directory, { recursive: true, force: true });
  }
};

const Status = z.object({
  account_assignment_deletion_status: z.object({ request_id: z.string(), status: z.string() }),
});

const quiet = {
  ...silent,
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** One after the other, as a script on the official SDK does it: sign, call, ask after 1 s, then every 5 s. */
const sequential = async (all: number): Promise<Row> => {
  const { grants, organisation } = organisations.scattered();
  const { url, keys, domainId, set, close } = await startCloud('scattered');
  set({ latencyMs, deletionDelayMs: deletionMs });
  const client = new HcClient(new DefaultHttpClient({ logger: quiet }, [url]))
    .withEndpoints([url])
    .withCredential(new GlobalCredentials({ ...keys[0], domainId }));
  const base = `/v1/instances/${organisation.instance.instance_id}/account-assignments`;
  const call = async (method: 'GET' | 'POST', path: string, data?: Record<string, string>) => {
    const answer = await client.sendRequest({
      method,
      url: `${base}/${path}`,
      contentType: 'application/json',
      queryParams: {},
      pathParams: {},
      headers: {},
      ...(data && { data }),
    });
    return Status.parse(answer).account_assignment_deletion_status;
  };
  const times: number[] = [];
  try {
    for (const { account_id, ...grant } of grants.slice(0, sample)) {
      const began = performance.now();
      let { status, request_id } = await call('POST', 'delete', {
        ...grant,
        target_id: account_id,
        target_type: 'ACCOUNT',
      });
      for (let wait = 1_000; status === 'IN_PROGRESS'; wait = 5_000) {
        await sleep(wait);
        ({ status } = await call('GET', `deletion-status/${request_id}`));
      }
      if (status !== 'SUCCEEDED') throw new Error(`A deletion ended as ${status}`);
      times.push(performance.now() - began);
    }
  } finally {
    await close();
  }
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return {
    name: `one after the other with the official SDK, ${sample} of them`,
    times,
    target: `${seconds(mean * all)} for ${all}, extrapolated; nothing is read back`,
  };
};

/** A thousand approved revocations of one grant each. */
export const throughput: Benchmark = async () => {
  const scattered = await ours('scattered', enoughKeys, '1,000 at 1,000 places');
  const crowded = await ours('crowded', enoughKeys, '1,000 at 10 places');
  const oneKey = await ours('scattered', 1, '1,000 at 1,000 places');
  const script = await sequential(organisations.scattered().grants.length);
  return [
    ...scattered,
    ...crowded,
    ...oneKey,
    script,
    { name: 'load of the machine', times: [], target: loadavg()[0]?.toFixed(1) ?? '' },
  ];
};
