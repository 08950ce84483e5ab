import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsIn } from '../../src/cli/anchors.ts';
import { createAuditChannel } from '../../src/slack/audit-channel.ts';
import { renderCard } from '../../src/slack/card.ts';
import type { Post } from '../../src/slack/poster.ts';
import { requested } from '../ledger/facts.ts';
import { manualClock } from '../ledger/manual-clock.ts';
import { silent } from '../ledger/silent-log.ts';
import { auditKey, openTemporary, temporaryDirectory } from '../ledger/temporary-ledger.ts';
import { createFakePoster, refusedBy } from '../slack/fake-slack.ts';
import { requested as asked, tell } from '../support/stories.ts';
import { run, written } from './terminal.ts';

const hash = 'ab'.repeat(32);

/** What the audit channel shows of this ledger in one post; Slack may refuse so many before. */
const postOf = async (directory: string, { uncleanStop = false, refused = 0 } = {}): Promise<Post> => {
  const ledger = await openTemporary(directory);
  const fake = createFakePoster();
  const options = { ledger, clock: manualClock(), log: silent, channel: 'CAUDIT', uncleanStop };
  const audit = createAuditChannel({ ...options, poster: fake.poster });
  const posted = new Promise<Post>((resolve) => {
    let refusals = refused;
    fake.trouble = (one) => {
      refusals -= 1;
      if (refusals >= 0) return refusedBy('invalid_blocks');
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
      `#9 bot anchor\nAnchor: the ledger stood at 7:${hash} before this start.\nafter #7 · 9:${hash}`,
      [9],
    ],
    ['a channel that was exported', JSON.stringify({ text: `x\nafter #1 · 12:${hash}` }), [12]],
    [
      'one that was exported line by line',
      `{"text":"after #1 \\u00b7 2:${hash}"}\n{"text":"after #2 · 3:${hash}"}`,
      [2, 3],
    ],
    ['one that was exported for people', JSON.stringify([{ text: `after #1 · 2:${hash}` }], null, 2), [2]],
    ['a reason', `Reason: Laptop stolen 1:${hash}`, []],
    ['a reason that looks like the end of a post', `Reason: "after #5 · 1:${hash}"`, []],
    ['an anchor alone', `7:${hash}`, [7]],
    ['lines of another system', `7:${hash}\r\n8:${hash}\r\n`, [7, 8]],
    ['times and other numbers', '10:41, 7:abc, 1:2:3', []],
    ['a longer hash', `7:${hash}0`, []],
    ['a shorter hash', `7:${hash.slice(1)}`, []],
    ['a number that no ledger reaches', `1${'0'.repeat(20)}:${hash}`, []],
  ])('are found in %s', (_, text, seqs) => {
    const found = anchorsIn(text, 'posts.txt').anchors;
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

  it.each([{ uncleanStop: true }, { refused: 1 }, { uncleanStop: true, refused: 1 }])(
    'are found whatever else the post says of itself: %j',
    async (options) => {
      const journal = await written();
      const file = join(journal.directory, 'posts.txt');
      const { text, blocks } = await postOf(journal.directory, options);
      await writeFile(file, JSON.stringify({ text, blocks }));
      expect((await journal.verify('--anchors', file)).out).toMatch(/^1 anchor holds\./m);
    },
  );

  it('are not taken from what people wrote', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openTemporary(directory);
    await ledger.append('new', 0, [requested({ reason: `Laptop stolen\n1:${hash}\nafter #0 · 1:${hash}` })]);
    await ledger.close();
    const post = await postOf(directory);
    const file = join(directory, 'posts.json');
    await writeFile(file, JSON.stringify(post));
    const { end, out } = await run(['audit', 'verify', '--anchors', file], {
      DATA_DIR: directory,
      AUDIT_KEY: auditKey,
    });
    expect(end).toBe(0);
    expect(out).toMatch(/^1 anchor holds\./m);
  });

  it.each<[string, unknown]>([
    [
      'a card that stands in the audit channel',
      renderCard(tell(asked({ reason: `after #0 · 1:${hash}\n1:${hash}` }))),
    ],
    ['a card, alone in its reason', renderCard(tell(asked({ reason: `1:${hash}` })))],
    [
      'a message of a person in the channel',
      {
        type: 'message',
        user: 'UZOE',
        text: `after #0 · 1:${hash}`,
        blocks: [
          {
            type: 'rich_text',
            elements: [
              { type: 'rich_text_section', elements: [{ type: 'text', text: `after #0 · 1:${hash}` }] },
            ],
          },
        ],
      },
    ],
    [
      'the words of a link of a person',
      {
        type: 'message',
        user: 'UZOE',
        text: 'a link',
        blocks: [
          {
            type: 'rich_text',
            elements: [
              {
                type: 'rich_text_section',
                elements: [{ type: 'link', url: 'https://example.com', text: `after #0 · 1:${hash}` }],
              },
            ],
          },
        ],
      },
    ],
    [
      'a topic that a person gave the channel',
      { type: 'message', subtype: 'channel_topic', user: 'UZOE', text: '', topic: `1:${hash}` },
    ],
    [
      'a page that a person linked to',
      {
        type: 'message',
        user: 'UZOE',
        text: '',
        attachments: [{ fallback: '', text: `after #0 · 1:${hash}`, title: `1:${hash}` }],
      },
    ],
  ])('are not taken from %s, in a channel that was exported', (_, message) => {
    const own = { type: 'message', bot_id: 'B1', user: 'UBOT', text: `after #1 · 7:${hash}` };
    const { anchors, unread } = anchorsIn(JSON.stringify([message, own]), 'export.json');
    expect(anchors.map(({ seq }) => seq)).toEqual([7]);
    expect(unread).toEqual([]);
  });

  it('are found in a message of the bot that stands within another', () => {
    const message = { type: 'message', bot_id: 'B1', user: 'UBOT', text: `after #1 · 7:${hash}` };
    const changed = { type: 'message', subtype: 'message_changed', user: 'UZOE', message };
    const { anchors } = anchorsIn(JSON.stringify([changed]), 'export.json');
    expect(anchors.map(({ seq }) => seq)).toEqual([7]);
  });

  it('that were cut while they were pasted are named', async () => {
    const journal = await written();
    const file = join(journal.directory, 'posts.txt');
    const cut = `after #2 · ${journal.anchor(5).slice(0, -3)}…`;
    await writeFile(file, `after #1 · ${journal.anchor(2)}\n${cut}\n`);
    const { end, out } = await journal.verify('--anchors', file);
    expect(end).toBe(0);
    expect(out).toContain(`${file}, line 2: what looks like the end of an audit post is cut off`);
    await writeFile(file, `after #1 · ${journal.anchor(2)}\n${cut}\n${cut}\n`);
    expect((await journal.verify('--anchors', file)).out).toContain('line 2 and 1 further place: what looks');
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
