import { expect, it } from 'vitest';
import { readOptions } from '../../src/sandbox/options.ts';

it.each([
  [[], { play: false, http: false }],
  [['--play'], { play: true, http: false }],
  [['--http', '--play'], { play: true, http: true }],
])('the sandbox understands %j', (args, options) => {
  expect(readOptions(args)).toStrictEqual(options);
});

it.each(['--paly', 'play', '--play=1', ''])(
  'the sandbox names "%s", which it does not understand, and what it does',
  (arg) => {
    const words = readOptions(['--http', arg]);
    expect(words).toMatch(`"${arg}" was not expected here`);
    expect(words).toMatch('--play');
    expect(words).toMatch('--http');
  },
);
