import { describe, expect, it } from 'vitest';
import { liveInBlocks, liveSequences } from '../../../src/sandbox/slack/mrkdwn.ts';
import { visibleText } from '../../../src/sandbox/slack/visible-text.ts';

describe('live sequences', () => {
  it.each([
    ['<@U0ALICE001>', 'user', 'U0ALICE001'],
    ['<@W123|al>', 'user', 'W123'],
    ['<#C0INC04201|inc-042>', 'channel', 'C0INC04201'],
    ['<!subteam^S0APPROVE1>', 'usergroup', 'S0APPROVE1'],
    ['<!channel>', 'broadcast', 'channel'],
    ['<!here|here>', 'broadcast', 'here'],
    ['<https://evil.example|a friend>', 'link', 'https://evil.example'],
    ['<mailto:a@x.example|a>', 'link', 'mailto:a@x.example'],
    ['<!date^1800000000^{date}|then>', 'date', '1800000000'],
  ])('%s is a %s', (text, kind, target) => {
    expect(liveSequences(`before ${text} after`)).toMatchObject([{ kind, target }]);
  });

  it.each(['&lt;!channel&gt;', '< !channel >', '<nothing>', '@here', '<@alice>', '<javascript:x>'])(
    '%s is dead',
    (text) => {
      expect(liveSequences(text)).toEqual([]);
    },
  );

  it('in blocks stand in mrkdwn and in leaves, never in plain text or text leaves', () => {
    const evil = '<!channel>';
    const dead = [
      { type: 'header', text: { type: 'plain_text', text: evil } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: evil }] }],
      },
    ];
    expect(liveInBlocks(dead)).toEqual([]);
    const live = [
      { type: 'section', text: { type: 'mrkdwn', text: evil } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U1' }] }],
      },
    ];
    expect(liveInBlocks(live).map(({ kind }) => kind)).toEqual(['broadcast', 'user']);
  });
});

describe('visible text', () => {
  it('joins the leaves of a line and puts everything else below each other', () => {
    const elements = [
      { type: 'text', text: 'by ' },
      { type: 'user', user_id: 'U1' },
    ];
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Title' } },
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] },
      { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Go' } }] },
    ];
    expect(visibleText({ text: 'fallback', blocks })).toBe('Title\nby @U1\nGo');
    expect(visibleText({ text: 'only text', blocks: [] })).toBe('only text');
  });
});
