import { readdir } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { registry } from '../../src/revocations/registry.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Persona } from '../../src/sandbox/slack/persona.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { faultyFiles } from '../ledger/faulty-files.ts';
import { factsIn, lifeOf } from '../slack/evidence.ts';
import {
  approves,
  askProfile,
  fillAssignment,
  type Story,
  storyIn,
  toldEnd,
  viewSays,
} from '../support/e2e.ts';
import { openSandbox } from '../support/sandbox.ts';

/** For what comes at once where nothing else has the core. */
const patience = { timeout: 20_000 };

/** Both approvers have their message, and that is on record. */
const allAreTold = (sandbox: Sandbox) =>
  vi.waitFor(() => {
    const told = factsIn(sandbox).map(({ fact }) => fact.fact);
    expect(told.filter((fact) => fact === 'notified' || fact === 'card_posted')).toHaveLength(3);
  }, patience);

it('executes nothing while the disk is full, tells everybody who tries, and goes on once there is room', async () => {
  const { files, fail } = faultyFiles();
  const isFull = (full: boolean) => fail('write journal.jsonl', 'ENOSPC', { times: full ? 1_000_000 : 0 });
  const sandbox = await openSandbox('socket', undefined, undefined, undefined, files);
  try {
    const story = storyIn(sandbox);
    const { stage, bob, alice, cloud } = story;
    const id = await askProfile(story);
    await stage.card(id, 'requested');
    const card = await stage.card(id, 'requested');
    await allAreTold(sandbox);
    const facts = factsIn(sandbox).length;
    isFull(true);
    const before = bob.ephemerals().length;
    await bob.click(stage.incident, card.ts, 'approve');
    const answer = await story.slack.until('an answer', () => bob.ephemerals()[before]);
    expect(visibleText(answer)).toContain('The ledger cannot be used, so nothing was executed');
    expect(visibleText(answer)).toContain('make room');
    const ready = async () => {
      const told = await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`);
      return [told.status, await told.text()];
    };
    expect(await ready()).toEqual([503, expect.stringContaining('make room')]);
    await fillAssignment(story, 'trent.osei', ['prod-storefront', 'PowerUser']);
    await stage.reviews(alice, 'account-assignment');
    await alice.submit();
    expect(await viewSays(story, alice, 'cannot be used')).toContain('nothing was executed');
    await alice.close({ all: true });
    await stage.types(alice, '/revocations list');
    expect(await stage.hears(alice, id)).toContain('waiting for approval');
    expect(cloud.calls.changes()).toEqual([]);
    expect(factsIn(sandbox)).toHaveLength(facts);
    isFull(false);
    await approves(story, bob, id);
    expect(await ready()).toEqual([200, 'ok\n']);
    await toldEnd(story, id, 'succeeded');
    expect(lifeOf(sandbox, id).filter((fact) => fact === 'approved')).toHaveLength(1);
    expect(cloud.calls.changes()).toHaveLength(1);
  } finally {
    await sandbox.close();
  }
});

it('ends a start in order that cannot be recorded, and leaves the directory to the next one', async () => {
  const { files, fail } = faultyFiles();
  const sandbox = await openSandbox('socket', undefined, undefined, undefined, files);
  try {
    await sandbox.stopBot();
    fail('write journal.jsonl', 'ENOSPC', { times: 1_000_000 });
    await expect(sandbox.startBot()).rejects.toThrow('make room');
    expect(await readdir(sandbox.config.ledger.directory)).not.toContain('lock.json');
    fail('write journal.jsonl', 'ENOSPC', { times: 0 });
    await sandbox.startBot();
  } finally {
    await sandbox.close();
  }
});

it('stops while the disk is full, says what could not be recorded, and leaves the rest to the next start', async () => {
  const { files, fail } = faultyFiles();
  const isFull = (full: boolean) => fail('write journal.jsonl', 'ENOSPC', { times: full ? 1_000_000 : 0 });
  const sandbox = await openSandbox('socket', undefined, undefined, undefined, files);
  try {
    const story = storyIn(sandbox);
    const id = await askProfile(story);
    await allAreTold(sandbox);
    isFull(true);
    await expect(sandbox.stopBot()).rejects.toThrow('make room');
    isFull(false);
    await sandbox.startBot();
    await approves(story, story.bob, id);
    await toldEnd(story, id, 'succeeded');
  } finally {
    await sandbox.close();
  }
});

/** A story in which one request is unproven and one waits, when the disk fills up. */
const onFullDisk = async (
  play: (
    story: Story,
    ids: { unproven: string; waiting: string },
    isFull: (full: boolean) => void,
  ) => Promise<void>,
): Promise<void> => {
  const { files, fail } = faultyFiles();
  const isFull = (full: boolean) => fail('write journal.jsonl', 'ENOSPC', { times: full ? 1_000_000 : 0 });
  const sandbox = await openSandbox(
    'socket',
    (config) => ({
      ...config,
      patience: { ...config.patience, pollInterval: 5, verificationWindow: 100 },
    }),
    undefined,
    undefined,
    files,
  );
  try {
    const story = storyIn(sandbox);
    story.cloud.switches.disassociateDelayMs = 3_600_000;
    const unproven = await askProfile(story);
    await approves(story, story.bob, unproven);
    await toldEnd(story, unproven, 'unverified');
    const waiting = await askProfile(story, 'trent.osei');
    await story.stage.card(waiting, 'requested');
    await vi.waitFor(() => expect(lifeOf(sandbox, waiting)).toContain('card_posted'), patience);
    isFull(true);
    await play(story, { unproven, waiting }, isFull);
  } finally {
    isFull(false);
    await sandbox.close();
  }
};

const full = ['The ledger cannot be used, so nothing was executed or recorded by this', 'make room'];

/** Clicks Deny and types why; what the dialog says in the end. */
const denies = async (story: Story, id: string, words: string): Promise<string> => {
  const card = await story.stage.card(id, 'requested');
  await story.carol.click(story.stage.incident, card.ts, 'deny');
  await story.stage.view(story.carol, 'deny');
  await story.carol.fill('reason', 'Not her laptop');
  await story.carol.submit();
  return viewSays(story, story.carol, words);
};

/** Clicks Retry and submits its review; what the view says in the end. */
const retries = async (story: Story, id: string, words: string): Promise<string> => {
  const card = await story.stage.card(id, 'unverified');
  await story.alice.click(story.stage.incident, card.ts, 'retry');
  await viewSays(story, story.alice, 'will be removed');
  await story.alice.submit();
  return viewSays(story, story.alice, words);
};

const clicks =
  (who: (story: Story) => Persona, of: 'unproven' | 'waiting', button: string) =>
  (story: Story, ids: Record<'unproven' | 'waiting', string>): Promise<string> =>
    story.stage.clicks(who(story), ids[of], of === 'waiting' ? 'requested' : 'unverified', button);

it.concurrent.each([
  { name: 'Approve', tries: clicks(({ bob }) => bob, 'waiting', 'approve'), done: 'You approved' },
  { name: 'Cancel', tries: clicks(({ alice }) => alice, 'waiting', 'cancel'), done: 'You cancelled' },
  { name: 'Check', tries: clicks(({ alice }) => alice, 'unproven', 'check'), done: 'still there' },
  {
    name: 'Deny',
    tries: (story: Story, { waiting }: { waiting: string }, words: string) => denies(story, waiting, words),
    done: 'You denied',
  },
  {
    name: 'Retry',
    tries: (story: Story, { unproven }: { unproven: string }, words: string) =>
      retries(story, unproven, words),
    done: 'waits for',
  },
])('$name says on a full disk that it did nothing, and does it once there is room', ({ tries, done }) =>
  onFullDisk(async (story, ids, isFull) => {
    const before = factsIn(story.sandbox).length;
    const calls = story.cloud.calls.changes().length;
    const said = await tries(story, ids, 'cannot be used');
    for (const words of full) expect(said).toContain(words);
    expect(factsIn(story.sandbox)).toHaveLength(before);
    expect(story.cloud.calls.changes()).toHaveLength(calls);
    isFull(false);
    expect(await tries(story, ids, done)).toContain(done);
  }),
);

it.concurrent('a refused click is refused in words on a full disk too', () =>
  onFullDisk(async (story, { waiting }) => {
    expect(await story.stage.clicks(story.carol, waiting, 'requested', 'cancel')).toContain('Only');
  }));

it.concurrent('every slash command answers on a full disk, because it only reads', () =>
  onFullDisk(async (story, { unproven, waiting }) => {
    const { stage, alice } = story;
    for (const { command, title } of registry) {
      await stage.types(alice, command.name);
      expect(await viewSays(story, alice, 'Reason')).not.toContain('cannot be used');
      expect(alice.view()?.title?.text).toBe(title);
      await alice.close({ all: true });
    }
    const answers = [
      ['list waiting', waiting],
      [`show ${unproven}`, 'Not proven in time'],
      ['search trent', waiting],
      ['policy', 'When a second person is needed'],
      ['help', 'How to use Portcullis'],
      [`export ${unproven}`, 'preparing the export'],
    ];
    for (const [typed = '', words = ''] of answers) {
      const before = alice.ephemerals().length;
      await stage.types(alice, `/revocations ${typed}`);
      const told = await story.slack.until(`an answer to ${typed}`, () => alice.ephemerals()[before]);
      expect(`${told.text} ${visibleText(told)}`).toContain(words);
    }
  }));
