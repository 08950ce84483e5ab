import { readdir } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { faultyFiles } from '../ledger/faulty-files.ts';
import { factsIn, lifeOf } from '../slack/evidence.ts';
import { approves, askProfile, fillAssignment, storyIn, toldEnd, viewSays } from '../support/e2e.ts';
import { openSandbox } from '../support/sandbox.ts';

/** Both approvers have their message, and that is on record. */
const allAreTold = (sandbox: Sandbox) =>
  vi.waitFor(() => expect(factsIn(sandbox).filter(({ fact }) => fact.fact === 'notified')).toHaveLength(2));

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
