import { createDirectory } from '../../../src/directory/directory.ts';
import type { Fact, LedgerRecord } from '../../../src/domain/facts.ts';
import { type Clock, CloudFault } from '../../../src/domain/ports.ts';
import { fold, type Request } from '../../../src/domain/request.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { createCloud } from '../../../src/huaweicloud/client.ts';
import { fixedCredentials } from '../../../src/huaweicloud/credentials.ts';
import { registry } from '../../../src/revocations/registry.ts';
import { type LocalCloud, startLocalCloud } from '../../../src/sandbox/cloud/local-cloud.ts';
import { type Assignment, removeWhere } from '../../../src/sandbox/cloud/organisation.ts';
import type { PendingCall } from '../../../src/sandbox/cloud/switches.ts';
import { check } from '../../../src/workflow/check.ts';
import { createRosters } from '../../../src/workflow/rosters.ts';
import { createRunner } from '../../../src/workflow/runner.ts';
import { recordingLog } from '../../huaweicloud/fake-parts.ts';
import { createFakePeople } from '../../support/fake-people.ts';
import { createMemoryStore, openMemoryLedger } from '../../support/memory-ledger.ts';
import { settle } from '../../support/virtual-clock.ts';
import { ada, nora, patience, policy } from '../../support/world.ts';
import { type CrowdSize, createCrowd, type Wish } from './crowd.ts';
import { createPressedClock } from './pressed-clock.ts';

/** A wish with what became of it. */
export interface Fate {
  readonly wish: Wish;
  readonly request: Request;
  readonly records: readonly LedgerRecord[];
  readonly facts: readonly Fact[];
}

/** Below those that systems give away: while the cloud refuses connections, nothing else may be given its port. */
const port = 20_000 + (process.pid % 10_000);

/** From when until when every connection was cut or refused, ms since the epoch. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

const minute = 60_000;
/** A minute lies between two; a key that was rejected too often rests for an hour. */
const mostClicks = 120;
/** What the other program asks for, and the bot never does. */
const foreign = '/v1/identity-center-service/status';
/**
 * The real client and the real runner before a local cloud, with a crowd of approved requests.
 * @param timeoutMs how long the client waits for an answer, in real ms
 * @param keyCount how many access keys the client signs with
 */
export const openStorm = async (size: CrowdSize, chance: () => number, timeoutMs: number, keyCount = 1) => {
  const clock = createPressedClock();
  const { organisation, wishes, projects, bystanders } = createCrowd(clock.now(), size);
  const local: LocalCloud = await startLocalCloud({ now: () => clock.now(), organisation, port });
  const { url, credentials } = local;
  const log = recordingLog();
  const services = ['identitycenter', 'identitystore', 'organizations', 'modelarts', 'iam', 'sts'] as const;
  const cloud = createCloud({
    credentials: fixedCredentials(
      ...[credentials, ...credentials.further]
        .slice(0, keyCount)
        .map(({ ak, sk }) => ({ ak, sk: new Secret(sk) })),
    ),
    endpoints: Object.fromEntries(services.map((service) => [service, url])),
    region: local.region,
    clock,
    random: chance,
    log,
    timeoutMs,
    authPauseMs: patience.authFailurePause,
  });
  const people = createFakePeople(
    [nora, ada].map((user) => ({ user, name: user, email: `${user}@example.com` })),
  );
  people.roles.requester.add(nora);
  people.roles.approver.add(ada);
  const memory = createMemoryStore();
  const ledger = openMemoryLedger(memory, { clock });
  const directory = createDirectory({ cloud, clock, log, config: { projects } });
  const needs = {
    ledger,
    people,
    rosters: createRosters({ people, ledger, log, policy, clock }),
    cloud,
    directory,
    clock,
    log,
    policy,
    kinds: registry,
    patience,
  };
  // Its rests between two that it begins would last until nothing is on its way, and no two would be under way at once.
  const restless: Clock = { ...clock, sleep: (ms, signal) => (ms <= 5 ? settle() : clock.sleep(ms, signal)) };
  const runner = createRunner({ ...needs, clock: restless });
  const ids: string[] = [];
  const outages: Outage[] = [];
  for (const { facts } of wishes) ids.push((await ledger.append('new', 0, facts)).id);

  return {
    clock,
    local,
    log,
    ledger,
    memory,
    bystanders,
    start: () => runner.start(),
    /** Runs until every request has ended, with an outage of some minutes now and then. */
    run: async (): Promise<void> => {
      runner.start();
      const over = new AbortController();
      const comingAndGoing = (async () => {
        while (!over.signal.aborted) {
          await clock.sleep(20 * minute + chance() * 20 * minute, over.signal);
          const from = clock.now();
          // Cut after something was sent, or refused before: only the latter surely did nothing.
          const isRefused = outages.length % 2 === 0;
          const listenAgain = isRefused ? await local.refuseConnections() : undefined;
          local.switches.outage = !isRefused;
          await clock.sleep(chance() * 4 * minute, over.signal);
          local.switches.outage = false;
          await listenAgain?.();
          outages.push({ from, until: clock.now() });
        }
      })();
      await clock.runUntil(() => ledger.open().length === 0);
      over.abort();
      await comingAndGoing;
    },
    outages: outages as readonly Outage[],
    /** Somebody else takes what this call aims at, of the one user that it names. */
    takeAway: ({ operation, body, query }: PendingCall): void => {
      if (operation === 'DeleteAccountAssignment') {
        const named = JSON.stringify(body);
        const isMeant = (row: Assignment) =>
          [row.principal_id, row.account_id, row.permission_set_id].every((one) => named.includes(one));
        removeWhere(local.organisation.assignments, isMeant);
      }
      if (operation === 'DeleteAuthorizations')
        removeWhere(local.organisation.authorizations, (row) => row.user_id === query.user_id);
    },
    /** A requester has each of these read once more, and clicks again later when the cloud cannot be asked. */
    check: async (requests: readonly string[]): Promise<void> => {
      const checked = async (id: string): Promise<void> => {
        for (let click = 1; click <= mostClicks; click += 1) {
          try {
            await check(needs, id, { user: nora, via: { actionTs: `${id}.${click}` } });
            return;
          } catch (error) {
            if (!(error instanceof CloudFault)) throw error;
            await clock.sleep(minute);
          }
        }
        throw new Error(`${id} could not be checked in ${mostClicks} minutes`);
      };
      let over = false;
      const all = Promise.all(requests.map(checked)).finally(() => {
        over = true;
      });
      void all.catch(() => undefined);
      await clock.runUntil(() => over);
      await all;
    },
    /** Another program uses the same key wrongly until the gateway locks it. */
    lockKey: async (): Promise<void> => {
      const headers = {
        'x-sdk-date': new Date(clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, ''),
        authorization: `SDK-HMAC-SHA256 Access=${credentials.ak}, SignedHeaders=x-sdk-date, Signature=${'0'.repeat(64)}`,
      };
      await Promise.all(Array.from({ length: 6 }, () => fetch(`${url}${foreign}`, { headers })));
    },
    /** The calls of the bot. */
    calls: () => local.calls.all.filter(({ path }) => path !== foreign),
    fates: (): readonly Fate[] =>
      wishes.map((wish, index) => {
        const records = memory.streams.get(ids[index] ?? '') ?? [];
        const request = fold(records);
        if (request === undefined) throw new Error(`There is no ${ids[index]}`);
        return { wish, request, records, facts: records.map(({ fact }) => fact) };
      }),
    close: async (): Promise<void> => {
      await runner.stop();
      await cloud.close();
      await local.close();
      clock.stop();
    },
  };
};
export type Storm = Awaited<ReturnType<typeof openStorm>>;
