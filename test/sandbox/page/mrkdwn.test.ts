import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMrkdwn, type Token } from '../../../src/sandbox/page/mrkdwn.ts';
import { liveSequences } from '../../../src/sandbox/slack/mrkdwn.ts';

/** A short notation of a token, so that a rule fits on a line. */
const shapeOf = (token: Token): string => {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'break':
      return '⏎';
    case 'code':
    case 'code-block':
      return `[${token.kind} ${token.text}]`;
    case 'bold':
    case 'italic':
    case 'strike':
    case 'quote':
      return `[${token.kind} ${shape(token.inside)}]`;
    case 'user':
    case 'channel':
    case 'usergroup':
      return `[${token.kind} ${token.id}]`;
    case 'broadcast':
      return `[broadcast ${token.range}]`;
    case 'link':
      return `[link ${token.url} ${token.label}]`;
    case 'date':
      return `[date ${token.timestamp} ${token.format} ${token.url} ${token.fallback}]`;
    case 'emoji':
      return `[emoji ${token.name} ${token.character}]`;
  }
};

const shape = (tokens: readonly Token[]): string => tokens.map(shapeOf).join('');

const targets = (token: Token): string[] => {
  switch (token.kind) {
    case 'text':
    case 'break':
    case 'code':
    case 'code-block':
    case 'emoji':
      return [];
    case 'bold':
    case 'italic':
    case 'strike':
    case 'quote':
      return targetsOf(token.inside);
    case 'user':
    case 'channel':
    case 'usergroup':
      return [`${token.kind} ${token.id}`];
    case 'broadcast':
      return [`broadcast ${token.range}`];
    case 'link':
      return [`link ${token.url}`];
    case 'date':
      return [`date ${token.timestamp}`];
  }
};

const targetsOf = (tokens: readonly Token[]): string[] => tokens.flatMap(targets);

describe('a mrkdwn text', () => {
  it.each([
    ['*bold* _italic_ ~gone~', '[bold bold] [italic italic] [strike gone]'],
    ['*_both_*', '[bold [italic both]]'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* no * _ no _', '* no * _ no _'],
    ['*not\nover lines*', '*not⏎over lines*'],
    ['(*bold*), *<@U1>*', '([bold bold]), [bold [user U1]]'],
    ['`*code* &lt;x&gt;`', '[code *code* <x>]'],
    ['`<!channel>`', '[code <!channel>]'],
    ['before\n```\na\n<@U1>\n```\nafter', 'before[code-block a\n<@U1>]after'],
    ['&gt; one\n&gt; *two*\nthree', '[quote one⏎[bold two]]three'],
    ['a &gt; b', 'a > b'],
    ['one\n\ntwo', 'one⏎⏎two'],
    ['*`a*b`*', '[bold [code a*b]]'],
    ['*a _b* c_', '[bold a _b] c_'],
  ])('%j has its marks', (text, expected) => {
    expect(shape(parseMrkdwn(text))).toBe(expected);
  });

  it.each([
    ['<@U0A|al> <@W0B>', '[user U0A] [user W0B]'],
    ['<#C0A|general>', '[channel C0A]'],
    ['<!subteam^S0A|@team>', '[usergroup S0A]'],
    ['<!here|here> <!channel> <!everyone>', '[broadcast here] [broadcast channel] [broadcast everyone]'],
    ['<https://x.example/?a=1&amp;b=2|a &amp; b>', '[link https://x.example/?a=1&b=2 a & b]'],
    ['<mailto:a@x.example>', '[link mailto:a@x.example mailto:a@x.example]'],
    [
      '<!date^1800000000^{date} at {time}^https://x.example|then>',
      '[date 1800000000 {date} at {time} https://x.example then]',
    ],
    ['<!channel|`> `', '[broadcast channel] `'],
  ])('%j is live', (text, expected) => {
    expect(shape(parseMrkdwn(text))).toBe(expected);
  });

  it.each([
    ['&lt;!channel&gt;', '<!channel>'],
    ['&amp;lt;!channel&amp;gt;', '&lt;!channel&gt;'],
    ['<javascript:alert(1)|here>', '<javascript:alert(1)|here>'],
    ['<data:text/html,x>', '<data:text/html,x>'],
    ['<@alice> < a', '<@alice> < a'],
    ['&quot; &#60;', '&quot; &#60;'],
  ])('%j is only text', (text, expected) => {
    expect(parseMrkdwn(text)).toEqual([{ kind: 'text', text: expected }]);
  });

  it.each([
    ['see https://x.example/a_b_c.', 'see [link https://x.example/a_b_c https://x.example/a_b_c].'],
    ['(https://x.example)', '([link https://x.example https://x.example])'],
    ['&lt;https://x.example&gt;', '<[link https://x.example https://x.example]>'],
    ['`https://x.example`', '[code https://x.example]'],
  ])('%j links its bare address', (text, expected) => {
    expect(shape(parseMrkdwn(text))).toBe(expected);
  });

  it('leaves bare addresses alone when it is verbatim', () => {
    expect(shape(parseMrkdwn('https://x.example :wave:', true))).toBe('https://x.example [emoji wave 👋]');
  });

  it('shows the short names that exist, and leaves others as they are', () => {
    expect(shape(parseMrkdwn(':+1: :constructor: 12:30:45'))).toBe('[emoji +1 👍] :constructor: 12:30:45');
  });

  const pieces = [
    '<@U1>·<@W1|a b>·<#C1|x>·<!subteam^S1>·<!here>·<!channel|c>·<!date^1^{date}|x>·<https://x.example|y>',
    '<mailto:a@b>·<javascript:x>·<x>·&lt;!channel&gt;·<·>·|·*·_·~·\n· ·a·&gt; ·:wave:·&amp;·^·!channel',
  ].flatMap((line) => line.split('·'));
  const fragment = fc.constantFrom(...pieces);
  const liveBySlack = (text: string): string[] =>
    liveSequences(text).map(({ kind, target }) => `${kind} ${target}`);

  it('has alive exactly what Slack would bring to life', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 20 }), (fragments) => {
        const text = fragments.join('');
        expect(targetsOf(parseMrkdwn(text, true))).toEqual(liveBySlack(text));
      }),
    );
  });

  it('has nothing alive that Slack would not bring to life, whatever is code', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fragment, fc.constantFrom('`', '```')), { maxLength: 20 }),
        (fragments) => {
          const text = fragments.join('');
          const bySlack = liveBySlack(text);
          for (const target of targetsOf(parseMrkdwn(text, true))) {
            expect(bySlack.splice(0, bySlack.indexOf(target) + 1)).toContain(target);
          }
        },
      ),
    );
  });

  it('loses no word of a text', () => {
    const words = (tokens: readonly Token[]): string =>
      tokens
        .map((token) => ('inside' in token ? words(token.inside) : 'text' in token ? token.text : ''))
        .join('');
    const letters = (text: string): string => text.replace(/[^a-z]/g, '');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ab', 'c', '*', '_', '`', '```', '\n', ' ', '> ')), (parts) => {
        expect(letters(words(parseMrkdwn(parts.join(''))))).toBe(letters(parts.join('')));
      }),
    );
  });
});
