import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clip,
  forCsv,
  forFallback,
  forMarkdown,
  forMarkdownBlock,
  forSlack,
  forTerminal,
  nameForSlack,
} from '../../src/domain/text.ts';

/** Written out apart from the code: what must reach nobody as it is. Newline and tab are judged by each sink. */
const invisible: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
];
const invisibleIn = (text: string): string[] =>
  Array.from(text).filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return invisible.some(([from, to]) => from <= code && code <= to);
  });
const loneSurrogate = /\p{Surrogate}/u;

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(
        '\u202e',
        '\u200b',
        '\r\n',
        '\n',
        '\t',
        '<!channel>',
        '<@U1>',
        '&amp;',
        '&',
        '\ud83d',
        '\ude00',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const sinks = { forSlack, nameForSlack, forFallback, forTerminal };

describe.each(Object.entries(sinks))('%s', (name, sink) => {
  it('lets nothing invisible, turning or broken pass', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(invisibleIn(sink(text))).toEqual([]);
        expect(sink(text)).not.toMatch(loneSurrogate);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its length', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const shown = sink(text, max).replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>');
        expect(shown.length).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('leaves plain text of any script alone', () => {
    const plain = `Zoë O\u2019Neill, 王小明, \u{1f512}, مرحبا`;
    expect(sink(plain)).toBe(plain);
    expect(sink('王'.repeat(100))).toBe('王'.repeat(100));
  });

  it('shows what it does not pass', () => {
    expect(sink('a\u202eb\u200bc')).toBe('a\\u{202e}b\\u{200b}c');
    expect(sink('tag\u{e0041}')).toBe('tag\\u{e0041}');
    expect(sink('\u0007bell')).toBe('\\u{7}bell');
  });

  it('replaces half a character', () => {
    expect(sink('a\ud83dx')).toBe('a\ufffdx');
    expect(sink('\ud83d\ud83d\ude00\ude00')).toBe('\ufffd\u{1f600}\ufffd');
  });

  it(`${name === 'nameForSlack' || name === 'forTerminal' ? 'folds' : 'keeps'} lines`, () => {
    const folded = name === 'nameForSlack' || name === 'forTerminal';
    expect(sink('a\r\nb\rc\nd\te')).toBe(folded ? 'a b c d e' : 'a\nb\nc\nd\te');
  });
});

describe('forFallback', () => {
  it('leaves nothing that Slack could take for a mention, a link or an entity', () => {
    expect(forFallback('<!channel> & <@U1> &lt;')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt; &amp;lt;');
    fc.assert(
      fc.property(nasty, (text) => {
        expect(forFallback(text)).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  it('never cuts an escape in two', () => {
    expect(forFallback('&&&&', 3)).toBe('&amp;&amp;…');
  });
});

describe('clip', () => {
  it('keeps 1,000 Chinese characters whole, and cuts the 1,001st visibly', () => {
    expect(forSlack('汉'.repeat(1_000), 1_000)).toBe('汉'.repeat(1_000));
    expect(forSlack('汉'.repeat(1_001), 1_000)).toBe(`${'汉'.repeat(999)}…`);
  });

  it('never leaves half a character', () => {
    expect(clip('\u{1f512}\u{1f512}', 3)).toBe('\u{1f512}…');
    expect(clip('\u{1f512}\u{1f512}', 2)).toBe('…');
  });
});

const hostile = fc
  .array(
    fc.oneof(
      nasty,
      fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '\uff1d',
        '"',
        '""',
        "'",
        ',',
        ';',
        '\r',
        '`',
        '```',
        '|',
        '<b>',
        '# ',
      ),
      fc.constantFrom('[a](https://evil.example)', '![a](x)', '\\', '~~~', 'https://evil.example', '\n\n'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('forCsv', () => {
  it.each([
    ['plain', '"plain"'],
    ['a "b", c', '"a ""b"", c"'],
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'=1"`],
    ['\r=1', `"'=1"`],
    ['  =1', `"'=1"`],
    ['\uff1d1', `"'\uff1d1"`],
    ['"=1"', '"""=1"""'],
    ['a\r\nb', '"a b"'],
    ['', '""'],
  ])('makes %j a cell that is only text', (text, cell) => {
    expect(forCsv(text)).toBe(cell);
  });

  it('gives one cell on one line that begins no formula, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const cell = forCsv(text);
        expect(cell).toMatch(/^"(?:[^"]|"")*"$/);
        expect(cell).not.toMatch(/[\r\n\t]/);
        expect(cell).not.toMatch(/^"[=+\-@\uff1d\uff0b\uff0d\uff20]/);
        expect(invisibleIn(cell)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('forMarkdown', () => {
  it.each([
    ['plain', '`plain`'],
    ['[a](https://evil.example) <b># *x*', '`[a](https://evil.example) <b># *x*`'],
    ['a `b` c', '``a `b` c``'],
    ['`a', '`` `a ``'],
    ['```', '```` ``` ````'],
    ['a\n\n# b', '`a # b`'],
    ['', '` `'],
  ])('shows %j as it is', (text, shown) => {
    expect(forMarkdown(text)).toBe(shown);
  });

  it('is one code span on one line, which nothing in it can end', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const span = forMarkdown(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        expect(span.endsWith(fence)).toBe(true);
        const inside = span.slice(fence.length, -fence.length);
        const runs = [...inside.matchAll(/`+/g)].map(([run]) => run.length);
        expect(runs).not.toContain(fence.length);
        expect(inside).not.toMatch(/^`|`$|[\r\n\t]/);
        expect(inside.length).toBeGreaterThan(0);
        expect(invisibleIn(span)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps lines that are to be copied in their block', () => {
    expect(forMarkdownBlock(['hcloud a', 'b'])).toBe('```text\nhcloud a\nb\n```');
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (texts) => {
        const lines = forMarkdownBlock(texts).split('\n');
        const fence = /^`+/.exec(lines[0] ?? '')?.[0] ?? '';
        expect(lines.at(-1)).toBe(fence);
        const inside = lines.slice(1, -1);
        expect(inside).toHaveLength(Math.max(1, texts.length));
        for (const line of inside) expect(line).not.toContain(fence);
      }),
      { numRuns: 500 },
    );
  });
});
