import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../src/sandbox/slack/delivery.ts';
import type { LocalSlack } from '../src/sandbox/slack/local-slack.ts';
import { SEED } from '../src/sandbox/slack/seed.ts';
import { writeApproved } from './approved.ts';
import { startBot, startServers } from './bot-process.ts';
import { type Benchmark, percentile, type Row } from './table.ts';

const revocations = 20;
/** Deliveries a second, and for how many seconds. */
const usual = { rate: 50, seconds: 60, what: 'p99', most: 100, part: 0.99 } as const;
const rush = { rate: 200, seconds: 15, what: 'none over', most: 3_000, part: 1 } as const;
const patience = 60_000;

/** One delivery of each kind as Slack sends it, from a person who fills in a form. */
const recorded = async (slack: LocalSlack): Promise<Readonly<Record<string, Delivery>>> => {
  const alice = slack.as(SEED.users.alice);
  const { incident } = SEED.channels;
  const shown = <T>(what: string, seen: () => T | undefined) => slack.until(what, seen, patience);
  await alice.command(incident, '/revocations list');
  const command = slack.deliver.last();
  await alice.command(incident, '/revoke-profile');
  await shown('a form', () => alice.view()?.blocks.find(({ block_id }) => block_id === 'principal'));
  const [someone] = await alice.suggest('principal', 'mallory');
  const suggestion = slack.deliver.last();
  if (someone === undefined) throw new Error('nobody is offered');
  await alice.fill('principal', someone);
  await alice.fill('reason', 'Laptop stolen');
  await alice.submit();
  const submission = slack.deliver.last();
  await shown('a review', () => (alice.view()?.callback_id === 'profile/review' ? true : undefined));
  await alice.submit();
  await alice.close({ all: true });
  // A card with buttons would stand in line behind what the channel is told of the revocations that run.
  const carol = slack.as(SEED.users.carol);
  const notice = await shown('a notice', () => carol.dms().find(({ text }) => /R-\d+/.test(text)));
  await carol.click(notice.channel, notice.ts, 'open');
  const click = slack.deliver.last();
  return { command, click, submission, suggestion };
};

/** Sends the deliveries in turn at a rate, whatever becomes of them. @returns ms until each was acknowledged */
const sendAll = async (
  slack: LocalSlack,
  deliveries: Readonly<Record<string, Delivery>>,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<ReadonlyMap<string, number[]>> => {
  const kinds = Object.entries(deliveries);
  const times = new Map(kinds.map(([kind]) => [kind, [] as number[]]));
  const sending: Promise<void>[] = [];
  const send = async (kind: string, delivery: Delivery): Promise<void> => {
    const began = performance.now();
    const { outcome } = await slack.deliver.send(delivery);
    times.get(kind)?.push(outcome === 'ok' ? performance.now() - began : Number.POSITIVE_INFINITY);
  };
  const began = performance.now();
  for (let count = 0; count < rate * seconds; count += 1) {
    const wait = began + (count * 1_000) / rate - performance.now();
    if (wait > 0) await sleep(wait);
    const [kind, delivery] = kinds[count % kinds.length] ?? [];
    if (kind !== undefined && delivery !== undefined) sending.push(send(kind, delivery));
  }
  await Promise.all(sending);
  return times;
};

/** The built bot in a process of its own, while it polls for deletions that do not end. */
const over = async (transport: 'socket' | 'http'): Promise<readonly Row[]> => {
  const { slack, cloud, environment } = await startServers(transport);
  const home = await mkdtemp(join(tmpdir(), 'portcullis-acks-'));
  const directory = join(home, 'data');
  cloud.switches.deletionDelayMs = 3_600_000;
  const users = cloud.organisation.assignments.filter((row) => row.principal_type === 'USER');
  const ofOnePerson = new Map(users.map((row) => [row.principal_id, row]));
  const rows = [...ofOnePerson.values()].slice(0, revocations);
  await writeApproved(directory, environment.AUDIT_KEY, rows, cloud.organisation, SEED.channels.incident);
  const { port, kill } = await startBot(home, { DATA_DIR: directory, ...environment });
  try {
    if (transport === 'http') slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
    else await slack.whenConnected(patience);
    const deliveries = await recorded(slack);
    const told: Row[] = [];
    for (const phase of [usual, rush]) {
      const times = await sendAll(slack, deliveries, phase);
      for (const [kind, taken] of times) {
        const reached = percentile(taken, phase.part).toFixed(0);
        told.push({
          name: `${transport}, ${phase.rate} a second: ${kind}`,
          times: taken,
          target: `${phase.what} ${phase.most} ms: ${reached}`,
        });
      }
    }
    const running = cloud.organisation.deletions.filter((job) => !job.settled).length;
    return [
      ...told,
      { name: `${transport}: revocations that ran meanwhile`, times: [], target: String(running) },
    ];
  } finally {
    await kill();
    await slack.close();
    await cloud.close();
    await rm(home, { recursive: true, force: true });
  }
};

/** How long Slack waits for the acknowledgement of what people do, while revocations run. */
export const acks: Benchmark = async () => {
  const rows = [...(await over('socket')), ...(await over('http'))];
  return [...rows, { name: 'load of the machine', times: [], target: loadavg()[0]?.toFixed(1) ?? '' }];
};
