import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { lifeOf } from '../slack/evidence.ts';
import { askProfile, fillAssignment, storyIn, textOf, viewSays } from '../support/e2e.ts';
import { openSandbox } from '../support/sandbox.ts';

it('tells the audit channel of a line that was changed behind the checkpoint, and promises nothing any more', async () => {
  const sandbox = await openSandbox('socket');
  try {
    const story = storyIn(sandbox);
    const { stage, alice, bob, cloud, slack } = story;
    const id = await askProfile(story);
    const card = await stage.card(id, 'requested');
    await sandbox.stopBot();
    const journal = join(sandbox.config.ledger.directory, 'journal.jsonl');
    const text = await readFile(journal, 'utf8');
    const line = text.split('\n').findIndex((one) => one.includes('0.0.0-test')) + 1;
    await writeFile(journal, text.replace('0.0.0-test', '0.0.0-tess'));
    await sandbox.startBot();

    const audit = slack.channel(SEED.channels.audit);
    const alarm = await slack.until('the alarm', () =>
      audit.messages.map(textOf).find((text) => text.includes('The ledger is damaged')),
    );
    expect(alarm).toContain(`nothing is executed: journal.jsonl, line ${line}: `);
    expect(alarm).toContain('restore journal.jsonl from a backup');
    const ready = await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining(`line ${line}: `)]);

    const before = bob.ephemerals().length;
    await bob.click(stage.incident, card.ts, 'approve');
    const answer = await slack.until('an answer', () => bob.ephemerals()[before]);
    expect(visibleText(answer)).toContain(
      'The ledger cannot be used, so nothing was executed or recorded by this: journal.jsonl, line',
    );
    await fillAssignment(story, 'trent.osei', ['prod-storefront', 'PowerUser']);
    await stage.reviews(alice, 'account-assignment');
    await alice.submit();
    expect(await viewSays(story, alice, 'cannot be used')).toContain('nothing was executed');
    expect(lifeOf(sandbox, id)).not.toContain('approved');
    expect(cloud.calls.changes()).toEqual([]);
  } finally {
    await sandbox.close();
  }
});
