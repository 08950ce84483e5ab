import { createHash } from 'node:crypto';
import type { Config } from './config.ts';
import { createDirectory } from './directory/directory.ts';
import { canonicalJson } from './domain/digest.ts';
import type { Fact } from './domain/facts.ts';
import { everyApprover, groupsOf, type Policy } from './domain/policy.ts';
import { type PolicySettings, settingsChanged, settingsOf } from './domain/policy-settings.ts';
import type { Clock, Ids, Ledger, Log } from './domain/ports.ts';
import { throughAll } from './domain/stages.ts';
import { createCloud } from './huaweicloud/client.ts';
import { fixedCredentials } from './huaweicloud/credentials.ts';
import { auditJournal } from './ledger/audit-journal.ts';
import { openFileLedger } from './ledger/file-ledger.ts';
import type { FileSystem } from './ledger/file-system.ts';
import { thisProcess } from './ledger/process-identity.ts';
import { registry } from './revocations/registry.ts';
import { createSlack } from './slack/app.ts';
import { createRechecker } from './workflow/rechecker.ts';
import { createRefusals } from './workflow/refusals.ts';
import { createRosters, type Rosters } from './workflow/rosters.ts';
import { createRunner } from './workflow/runner.ts';

export { sentenceOf } from './slack/words.ts';

/** What comes from outside the process: real in `main.ts`, chosen by tests and the sandbox. */
export interface BotParts {
  readonly clock: Clock;
  readonly ids: Ids;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly version: string;
  /** ms between two posts in one Slack channel. */
  readonly postInterval: number;
  /** The disk of the ledger; the real one when left out. */
  readonly files?: FileSystem;
}

export interface Bot {
  /** The port of `/healthz`, `/readyz` and, in HTTP mode, `/slack/events`. */
  readonly port: number;
  /**
   * Orderly: no more deliveries, running calls get their outcome recorded, what is told is posted.
   * @throws {AggregateError} when a part of it has failed; the others were done all the same
   */
  stop(why: string): Promise<void>;
}

/** For the answers that are under way at a stop, in ms. */
const lastAnswers = 4_000;
/** For the last posts at a stop, in ms. */
const farewell = 3_000;
/** ms from the start to the first listing of users, so that the start of everything else has its turn before. */
const listingBegins = 1_200;
/** ms */
const sweepInterval = 30_000;

/** How long (ms) a start waits for Slack to tell who the approvers are; the fact goes without them otherwise. */
const introductionTime = 1_000;

const resolvedApprovers = async (
  slack: ReturnType<typeof createSlack>,
  rosters: Rosters,
  policy: Policy,
  clock: Clock,
): Promise<readonly string[] | undefined> => {
  const over = new AbortController();
  const ask = async () => {
    const approvers = await slack.behind(everyApprover(policy));
    if (approvers !== undefined) await rosters.level(groupsOf(policy));
    return approvers;
  };
  const told = ask().finally(() => over.abort());
  return Promise.race([told, clock.sleep(introductionTime, over.signal).then(() => undefined)]);
};

/** A short name for the policy in force, so that a change of it shows in the ledger. */
const policyDigest = (settings: PolicySettings): string =>
  createHash('sha256').update(canonicalJson(settings)).digest('hex').slice(0, 12);

/** What the ledger is told of the policy at a start: nothing, where it is that of the last one. */
const policyFacts = (ledger: Pick<Ledger, 'inForce'>, settings: PolicySettings): readonly Fact[] => {
  const before = ledger.inForce().policy;
  const policy = policyDigest(settings);
  if (before?.digest === policy) return [];
  const changes = settingsChanged(before?.settings, settings);
  return [{ fact: 'policy_changed', policy, settings, changes }];
};

/** Names of the kinds of revocation, for which the configuration may say something by itself. */
export const kindNames: readonly string[] = registry.map(({ name }) => name);

/**
 * The composition root: joins all parts and starts them. Resolves when requests that had begun go on and deliveries
 * are taken; Slack is connected in the background.
 * @throws {JournalDamage} {@link DirectoryInUse} when the ledger cannot be opened
 */
export const startBot = async (config: Config, parts: BotParts): Promise<Bot> => {
  const { clock, ids, log } = parts;
  const ledger = await openFileLedger({
    directory: config.ledger.directory,
    clock,
    log,
    auditKey: config.ledger.auditKey.reveal(),
    oldKeys: config.ledger.oldKeys.map((key) => key.reveal()),
    instance: ids.random(),
    identity: await thisProcess(),
    ...(parts.files && { files: parts.files }),
  });
  /** Without a key that is accepted nothing can be revoked, so people hear of it at once. */
  const tellOfKey = (fact: Fact): void => {
    void ledger.append('bot', null, [fact]).catch((error: unknown) => {
      log.error('What became of an access key could not be recorded', { error });
    });
  };
  const { keys, securityToken, domainId, region, endpoints, timeoutMs, authPauseMs } = config.cloud;
  const cloud = createCloud({
    credentials: fixedCredentials(...keys.map((key) => ({ ...key, securityToken, domainId }))),
    endpoints,
    region,
    clock,
    random: parts.random,
    log,
    timeoutMs,
    authPauseMs,
    onAuthPause: ({ message }) => tellOfKey({ fact: 'key_rejected', words: message }),
    onAuthAccepted: (words) => tellOfKey({ fact: 'key_accepted', words }),
  });
  const directory = createDirectory({ cloud, clock, log, config: config.cloud });
  const slack = createSlack({
    ...config.slack,
    postInterval: parts.postInterval,
    clock,
    ids,
    log,
    ledger,
    uncleanStop: ledger.uncleanStop,
    health: {
      live: () => (runner.isAlive() ? undefined : 'the runner cannot look at the requests'),
      ready: () => ledger.trouble() ?? ledger.failure() ?? slack.trouble(),
    },
  });
  void ledger.damaged.then(({ message }) =>
    slack.alarm(`The ledger is damaged, so nothing is executed: ${message}.`),
  );
  const rosters = createRosters({ people: slack.people, ledger, log, policy: config.policy, clock });
  const needs = {
    rosters,
    ledger,
    cloud,
    directory,
    clock,
    log,
    policy: config.policy,
    patience: config.patience,
    kinds: registry,
  };
  const refusals = createRefusals(needs);
  const runner = createRunner({ ...needs, people: slack.people });
  const rechecker = createRechecker(needs, config.patience.rechecks);

  const before = ledger.head();
  runner.start();
  rechecker.start();
  let takesDeliveries = false;

  /** Everything in its order; what fails keeps nothing else from its end. */
  const end = (lastWords: () => Promise<void>, postTime: number): Promise<void> =>
    throughAll([
      () => (takesDeliveries ? [slack.quiesce(lastAnswers)] : []),
      // Before the cloud is closed, because what that turns away says nothing about the cloud.
      () => [runner.halt()],
      // Whoever waits for a host that is down would wait too long; what was not sent goes on at the next start.
      () => [rosters.stop(), rechecker.stop(), runner.stop(), cloud.close()],
      () => [lastWords()],
      () => [slack.stop(postTime)],
      () => [ledger.close()],
    ]);

  const begin = async (): Promise<number> => {
    const port = await slack.start(needs, refusals);
    takesDeliveries = true;
    const approvers = await resolvedApprovers(slack, rosters, config.policy, clock);
    rosters.start();
    const settings = settingsOf(config.policy);
    await ledger.append('bot', null, [
      ...policyFacts(ledger, settings),
      {
        fact: 'started',
        version: parts.version,
        policy: policyDigest(settings),
        ...(approvers && { approvers }),
      },
      { fact: 'anchor', words: `the ledger stood at ${before.seq}:${before.hash} before this start.` },
    ]);
    return port;
  };
  const port = await begin().catch(async (cause: unknown) => {
    await end(async () => undefined, 0).catch((error: unknown) =>
      log.error('The end of a failed start was not orderly', { error }),
    );
    throw cause;
  });
  log.info('Portcullis is running', { version: parts.version, port, region });
  const over = new AbortController();
  // Whoever types first during an incident should find the people already listed.
  const listUsers = async () => {
    await clock.sleep(listingBegins, over.signal);
    if (!over.signal.aborted) await directory.suggest('principal', { principal_type: 'USER' }, '', 1);
  };
  void listUsers().catch((error: unknown) => {
    log.warn('The list of users could not be begun; it is tried again at the first look-up', { error });
  });

  const countRefusals = (all: boolean): Promise<void> =>
    refusals.sweep(all).catch((error: unknown) => log.error('Refusals could not be counted', { error }));

  const sweeping = (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(sweepInterval, over.signal);
      await countRefusals(false);
    }
  })();

  const recordStop = async (why: string): Promise<void> => {
    if (ledger.trouble() !== undefined) return;
    await countRefusals(true);
    const { seq, hash } = ledger.head();
    await ledger.append('bot', null, [
      { fact: 'anchor', words: `the ledger stands at ${seq}:${hash} at this stop.` },
      { fact: 'stopped', words: why },
    ]);
  };

  return {
    port,
    async stop(why) {
      over.abort();
      await end(async () => {
        await sweeping;
        await recordStop(why);
      }, farewell);
      log.info('Portcullis has stopped', { why });
    },
  };
};

/**
 * Reads the whole journal and checks chain and keys, also while a bot is running on it.
 * @returns the number of facts
 * @throws {JournalDamage} at the first line that is not what was written
 */
export const verifyLedger = async ({ ledger }: Pick<Config, 'ledger'>): Promise<number> => {
  const journal = auditJournal({
    directory: ledger.directory,
    auditKey: ledger.auditKey.reveal(),
    oldKeys: ledger.oldKeys.map((key) => key.reveal()),
  });
  let facts = 0;
  for await (const _ of journal) facts += 1;
  return facts;
};
