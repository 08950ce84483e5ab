import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsIn } from '../../src/cli/anchors.ts';
import { createAuditChannel } from '../../src/slack/audit-channel.ts';
import type { Post } from '../../src/slack/poster.ts';
import { manualClock } from '../ledger/manual-clock.ts';
import { silent } from '../ledger/silent-log.ts';
import { openTemporary } from '../ledger/temporary-ledger.ts';
import { createFakePoster } from '../slack/fake-slack.ts';
import { run, written } from './terminal.ts';

const hash = 'ab'.repeat(32);

/** What the audit channel shows of this ledger in one post. */
const postOf = async (directory: string): Promise<Post> => {
  const ledger = await openTemporary(directory);
  const fake = createFakePoster();
  const options = { ledger, clock: manualClock(), log: silent, channel: 'CAUDIT', uncleanStop: false };
  const audit = createAuditChannel({ ...options, poster: fake.poster });
  const posted = new Promise<Post>((resolve) => {
    fake.trouble = (one) => {
      if (one.did === 'post') resolve(one.post);
      return undefined;
    };
  });
  audit.start();
  const post = await posted;
  await audit.stop();
  await ledger.close();
  return post;
};

describe('anchors', () => {
  it.each<[string, string, readonly number[]]>([
    ['a pasted post', `#7 R-000001 approved\nafter #5 · 7:${hash}\n`, [7]],
    [
      'a post about a start',
      `Anchor: the ledger stood at 7:${hash} before this start. after #7 · 9:${hash}`,
      [7, 9],
    ],
    ['a channel that was exported', JSON.stringify({ text: `x\nafter #1 · 12:${hash}` }), [12]],
    ['an anchor alone', `7:${hash}`, [7]],
    ['lines of another system', `7:${hash}\r\n8:${hash}\r\n`, [7, 8]],
    ['times and other numbers', '10:41, 7:abc, 1:2:3', []],
    ['a longer hash', `7:${hash}0`, []],
    ['a shorter hash', `7:${hash.slice(1)}`, []],
    ['a number that no ledger reaches', `1${'0'.repeat(20)}:${hash}`, []],
  ])('are found in %s', (_, text, seqs) => {
    const found = anchorsIn(text, 'posts.txt');
    expect(found.map(({ seq }) => seq)).toEqual(seqs);
    expect(found.every((anchor) => anchor.hash === hash)).toBe(true);
  });

  it('are found in what the audit channel posts, as shown and as exported', async () => {
    const journal = await written();
    const post = await postOf(journal.directory);
    const shown = JSON.stringify(post.blocks?.at(-1));
    expect(shown).toContain(`after #0 · ${journal.anchor(5)}`);
    const file = join(journal.directory, 'posts.txt');
    for (const text of [shown, JSON.stringify(post)]) {
      await writeFile(file, text);
      const { end, out } = await journal.verify('--anchors', file);
      expect(end).toBe(0);
      expect(out).toMatch(/^1 anchor holds\. .* the last anchor \(5:/m);
    }
  });

  it('are named by file and line', async () => {
    const journal = await written();
    const file = join(journal.directory, 'posts.txt');
    await writeFile(file, `after #1 · ${journal.anchor(2)}\n\nafter #2 · ${journal.anchor(4)}\n`);
    expect((await journal.verify('--anchors', file)).out).toContain(
      '2 anchors hold. 1 fact follows the last',
    );
    await journal.forget();
    await journal.write(journal.lines.slice(0, 2));
    const { end, err } = await journal.verify('--anchors', file);
    expect(end).toBe(65);
    expect(err).toContain(`(${file}, line 3): the end was cut off`);
  });
});

describe('a file of anchors', () => {
  it('without an anchor in it is no verification', async () => {
    const journal = await written();
    const file = join(journal.directory, 'posts.txt');
    await writeFile(file, 'after #5 · 7:…\n');
    const { end, out, err } = await journal.verify('--anchors', file);
    expect({ end, out }).toEqual({ end: 64, out: '' });
    expect(err).toContain('posts.txt has no anchor in it. It should have: SEQ:HASH');
  });

  it('that cannot be read is named', async () => {
    const { env, directory } = await written();
    const { end, err } = await run(['audit', 'verify', '--anchors', join(directory, 'none.txt')], env);
    expect(end).toBe(64);
    expect(err).toContain('the file of --anchors cannot be read (ENOENT');
  });
});
