import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kooCommand } from '../../src/domain/restore.ts';

const restore = (value: string) => kooCommand('ModelArts', 'CreateAuthorization', { user_name: value });

/** What a shell hands to the programs that these lines call, each ended by NUL; `hcloud` only says what it got. */
const calledBy = (shell: string, lines: readonly string[]): readonly string[] => {
  const script = ['hcloud() { printf \'%s\\0\' "$#" "$@"; }', ...lines].join('\n');
  return execFileSync(shell, ['-c', script], { encoding: 'utf8', env: {} }).split('\0').slice(0, -1);
};

/** Texts in which shells, terminals and eyes may find more than there is. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '`',
        '$(',
        ')',
        ';',
        '\n',
        '\r',
        '\t',
        ' ',
        '  ',
        '\u001b[2J',
        '\u202e',
      ),
      fc.constantFrom(
        '\u200b',
        '\u00a0',
        "'; hcloud evil '",
        '$HOME',
        '\\x27',
        '#',
        '&&',
        '|',
        '!',
        '-',
        '王',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));

describe('a command to be pasted', () => {
  it('quotes every value and leaves out those that are not there', () => {
    expect(kooCommand('IdentityCenter', 'CreateAccountAssignment', { a: 'x-1', b: undefined, c: '' })).toBe(
      "hcloud IdentityCenter CreateAccountAssignment --a='x-1' --c=''",
    );
  });

  it.each([
    ['Ann Lee', "'Ann Lee'"],
    ["O'Brien", String.raw`$'O\x27Brien'`],
    ['a\nb', String.raw`$'a\x0ab'`],
    ['a\\b', String.raw`$'a\x5cb'`],
    ['\u202eevil', String.raw`$'\xe2\x80\xaeevil'`],
    ['two  blanks', String.raw`$'two \x20blanks'`],
    [' at its ends ', String.raw`$'\x20at its ends\x20'`],
    ['\ud800', String.raw`$'\xef\xbf\xbd'`],
  ])('writes %j as %s', (value, quoted) => {
    expect(restore(value)).toBe(`hcloud ModelArts CreateAuthorization --user_name=${quoted}`);
  });

  it('gives bash exactly the value, and runs nothing else', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 50, maxLength: 50 }), (values) => {
        expect(calledBy('bash', values.map(restore))).toEqual(
          values.flatMap((value) => ['3', 'ModelArts', 'CreateAuthorization', `--user_name=${value}`]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('runs nothing else in a shell that knows no escapes either', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 50, maxLength: 50 }), (values) => {
        const called = calledBy('sh', values.map(restore));
        expect(called.filter((_, index) => index % 4 !== 3)).toEqual(
          values.flatMap(() => ['3', 'ModelArts', 'CreateAuthorization']),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('is one line in which everything can be seen', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        expect(restore(value)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]| {2}/u);
      }),
    );
  });
});
