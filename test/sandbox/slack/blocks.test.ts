import { describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { bench, refusal } from './support.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const long = (length: number) => 'x'.repeat(length);
const option = (value: string, label = value) => ({ text: plain(label), value });
const options = (count: number) => Array.from({ length: count }, (_one, index) => option(`v${index}`));
const button = (more: object) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: object[]) => [{ type: 'actions', elements }];
const input = (element: object, more: object = {}) => [
  { type: 'input', label: plain('L'), element, ...more },
];
const rich = (...elements: object[]) => [{ type: 'rich_text', elements }];
const leaf = (one: object) => rich({ type: 'rich_text_section', elements: [one] });
const confirm = (more: object) => ({
  confirm: { title: plain('T'), text: plain('X'), confirm: plain('Y'), deny: plain('N'), ...more },
});
const dividers = (count: number) => Array.from({ length: count }, () => ({ type: 'divider' }));
const tooLong = (max: number, pointer: string) =>
  `must be less than ${max + 1} characters [json-pointer:${pointer}]`;

const refused: [string, unknown[], string][] = [
  [
    'a section of 3001',
    [{ type: 'section', text: mrkdwn(long(3001)) }],
    tooLong(3000, '/blocks/0/text/text'),
  ],
  [
    'an empty section',
    [{ type: 'section', text: mrkdwn('') }],
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  ['a section of nothing', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
  [
    'a field of 2001',
    [{ type: 'section', fields: [plain(long(2001))] }],
    tooLong(2000, '/blocks/0/fields/0/text'),
  ],
  [
    '11 fields',
    [{ type: 'section', fields: Array(11).fill(plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  ['a header of 151', [{ type: 'header', text: plain(long(151)) }], tooLong(150, '/blocks/0/text/text')],
  [
    'a header in mrkdwn',
    [{ type: 'header', text: mrkdwn('x') }],
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ],
  [
    '11 context elements',
    [{ type: 'context', elements: Array(11).fill(plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  ['no elements', actions(), 'must provide at least 1 items [json-pointer:/blocks/0/elements]'],
  [
    '26 buttons',
    actions(...Array.from({ length: 26 }, (_one, n) => button({ action_id: `a${n}` }))),
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'a button text of 76',
    actions(button({ text: plain(long(76)) })),
    tooLong(75, '/blocks/0/elements/0/text/text'),
  ],
  [
    'a button value of 2001',
    actions(button({ value: long(2001) })),
    tooLong(2000, '/blocks/0/elements/0/value'),
  ],
  [
    'an action_id of 256',
    actions(button({ action_id: long(256) })),
    tooLong(255, '/blocks/0/elements/0/action_id'),
  ],
  [
    'an unknown style',
    actions(button({ style: 'scary' })),
    'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'a confirm title of 101',
    actions(button(confirm({ title: plain(long(101)) }))),
    tooLong(100, '/blocks/0/elements/0/confirm/title/text'),
  ],
  [
    'a confirm text of 301',
    actions(button(confirm({ text: plain(long(301)) }))),
    tooLong(300, '/blocks/0/elements/0/confirm/text/text'),
  ],
  [
    'a confirm button of 31',
    actions(button(confirm({ deny: plain(long(31)) }))),
    tooLong(30, '/blocks/0/elements/0/confirm/deny/text'),
  ],
  [
    'an option value of 151',
    actions({ type: 'overflow', options: [option(long(151), 'x')] }),
    tooLong(150, '/blocks/0/elements/0/options/0/value'),
  ],
  [
    'an option text of 76',
    actions({ type: 'overflow', options: [option('x', long(76))] }),
    tooLong(75, '/blocks/0/elements/0/options/0/text/text'),
  ],
  [
    '6 overflow options',
    actions({ type: 'overflow', options: options(6) }),
    'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    '101 options',
    actions({ type: 'static_select', options: options(101) }),
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'a menu of nothing',
    actions({ type: 'static_select' }),
    'missing required field: options [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a choice that is not offered',
    actions({ type: 'static_select', options: options(2), initial_option: option('w') }),
    'failed to match all allowed schemas [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a placeholder of 151',
    actions({ type: 'users_select', placeholder: plain(long(151)) }),
    tooLong(150, '/blocks/0/elements/0/placeholder/text'),
  ],
  [
    'a button in an input',
    input(button({})),
    'unsupported type: button [json-pointer:/blocks/0/element/type]',
  ],
  [
    'a label of 2001',
    input({ type: 'plain_text_input' }, { label: plain(long(2001)) }),
    tooLong(2000, '/blocks/0/label/text'),
  ],
  [
    'a max_length of 3001',
    input({ type: 'plain_text_input', max_length: 3001 }),
    'must be less than or equal to 3000 [json-pointer:/blocks/0/element/max_length]',
  ],
  [
    'an initial value that is too long',
    input({ type: 'plain_text_input', max_length: 2, initial_value: 'abc' }),
    'must be less than 3 characters [json-pointer:/blocks/0/element]',
  ],
  [
    'an impossible date',
    input({ type: 'datepicker', initial_date: '2026-13-01' }),
    'must be a valid date [json-pointer:/blocks/0/element/initial_date]',
  ],
  [
    'an image without alt_text',
    [{ type: 'image', image_url: 'https://x.example/a.png' }],
    'missing required field: alt_text [json-pointer:/blocks/0]',
  ],
  [
    'an image of nothing',
    [{ type: 'image', alt_text: 'x' }],
    'failed to match all allowed schemas [json-pointer:/blocks/0]',
  ],
  [
    'an empty rich text leaf',
    leaf({ type: 'text', text: '' }),
    'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
  ],
  [
    'an unknown leaf',
    leaf({ type: 'shout', text: 'x' }),
    'unsupported type: shout [json-pointer:/blocks/0/elements/0/elements/0/type]',
  ],
  [
    'an unknown leaf style',
    leaf({ type: 'text', text: 'x', style: { loud: true } }),
    'invalid additional property: loud [json-pointer:/blocks/0/elements/0/elements/0/style]',
  ],
  [
    'a mention in preformatted text',
    rich({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }),
    'unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]',
  ],
  [
    'a list indented 9 times',
    rich({
      type: 'rich_text_list',
      style: 'bullet',
      indent: 9,
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
    }),
    'must be less than or equal to 8 [json-pointer:/blocks/0/elements/0/indent]',
  ],
  ['an unknown block', [{ type: 'sections' }], 'unsupported type: sections [json-pointer:/blocks/0/type]'],
  ['a block without a type', [{}], 'missing required field: type [json-pointer:/blocks/0]'],
  ['a block that is none', ['x'], 'must provide an object [json-pointer:/blocks/0]'],
  [
    'an unknown member',
    [{ type: 'divider', color: 'red' }],
    'invalid additional property: color [json-pointer:/blocks/0]',
  ],
  ['a block_id of 256', [{ type: 'divider', block_id: long(256) }], tooLong(255, '/blocks/0/block_id')],
  [
    'a repeated block_id',
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ],
    '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    'a repeated action_id',
    actions(button({}), button({})),
    '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  ['51 blocks', dividers(51), 'no more than 50 items allowed [json-pointer:/blocks]'],
];

const accepted: [string, unknown[]][] = [
  [
    'everything at its limit',
    [
      {
        type: 'section',
        text: mrkdwn(long(3000)),
        accessory: button({ value: long(2000), ...confirm({ title: plain(long(100)) }) }),
      },
      { type: 'header', text: plain(long(150)) },
      ...actions(
        { type: 'static_select', options: options(100), initial_option: option('v99') },
        button({ text: plain(long(75)) }),
      ),
      ...input(
        { type: 'plain_text_input', min_length: 0, max_length: 3000 },
        { optional: true, dispatch_action: true },
      ),
      ...actions({ type: 'overflow', options: [option(long(150), long(75))] }),
    ],
  ],
  ['50 blocks', dividers(50)],
  ['the same action_id in two blocks', [...actions(button({})), ...actions(button({}))]],
  [
    'every leaf of rich text',
    rich({
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'x', style: { bold: true, italic: true, strike: true, code: true } },
        { type: 'link', url: 'https://x.example', text: 'x' },
        { type: 'user', user_id: 'U1' },
        { type: 'usergroup', usergroup_id: 'S1' },
        { type: 'channel', channel_id: 'C1' },
        { type: 'broadcast', range: 'here' },
        { type: 'emoji', name: 'wave' },
        { type: 'date', timestamp: 1_800_000_000, format: '{date}' },
        { type: 'team', team_id: 'T1' },
        { type: 'color', value: '#FF0000' },
      ],
    }),
  ],
];

const post = { channel: SEED.channels.incident, text: 'fallback' };

describe('blocks of a message', () => {
  it.each(refused)('refuse %s', async (_what, blocks, error) => {
    const { client } = await bench();
    const answer = await refusal(client.apiCall('chat.postMessage', { ...post, blocks }));
    expect(answer).toMatchObject({ error: 'invalid_blocks', errors: [error] });
    expect(answer.response_metadata).toMatchObject({ messages: [`[ERROR] ${error}`] });
  });

  it.each(accepted)('accept %s', async (_what, blocks) => {
    const { client } = await bench();
    expect((await client.apiCall('chat.postMessage', { ...post, blocks })).ok).toBe(true);
  });

  it('are refused with all faults at once', async () => {
    const { client } = await bench();
    const blocks = [{ type: 'header' }, { type: 'nope' }, { type: 'divider', x: 1 }];
    const answer = await refusal(client.apiCall('chat.postMessage', { ...post, blocks }));
    expect(answer.errors).toHaveLength(3);
  });

  it('can be checked without posting', async () => {
    const { slack, client } = await bench();
    const answer = await refusal(client.apiCall('blocks.validate', { blocks: [{ type: 'header' }] }));
    expect(answer).toMatchObject({
      error: 'invalid_blocks',
      errors: [{ code: 'failed_constraint', pointer: '/0' }],
    });
    expect((await client.apiCall('blocks.validate', { blocks: [{ type: 'divider' }] })).ok).toBe(true);
    expect(slack.channel(SEED.channels.incident).messages).toEqual([]);
  });
});
