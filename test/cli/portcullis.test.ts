import { mkdir, rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { auditKey, temporaryDirectory } from '../ledger/temporary-ledger.ts';
import { run, written } from './terminal.ts';

it.each([['help'], ['--help'], ['audit', 'verify', '--help'], ['audit', '-h']])(
  'helps: %s %s %s',
  async (...args) => {
    const { end, out, err } = await run(
      args.filter((word) => word !== undefined),
      {},
    );
    expect({ end, err }).toEqual({ end: 0, err: '' });
    for (const word of ['audit verify', 'audit export', '--anchor', '--out', 'AUDIT_KEYS_OLD']) {
      expect(out).toContain(word);
    }
  },
);

it.each<[readonly string[], string]>([
  [[], 'a command is missing'],
  [['audit'], 'there is no command "audit"'],
  [['audit', 'verfy'], 'there is no command "audit verfy"'],
  [['constructor'], 'there is no command "constructor"'],
  [['audit', 'verify\u001b[2J'], 'there is no command "audit verify\\u{1b}[2J"'],
  [['audit', 'verify', '5:ab'], '"5:ab" was not expected here'],
  [['audit', 'verify', '--', 'x'], '"--" was not expected here'],
  [['audit', 'verify', '--anchr', 'x'], 'there is no option --anchr here'],
  [['audit', 'verify', '-a'], 'there is no option -a here'],
  [['audit', 'verify', '--format', 'csv'], 'there is no option --format here'],
  [['audit', 'verify', '--anchor'], '--anchor needs a value'],
  [['audit', 'verify', '--anchor='], '--anchor needs a value'],
  [['audit', 'verify', '--anchor', '5'], 'an --anchor has another form. It should be: SEQ:HASH'],
  [['audit', 'verify', '--anchor', `x5:${'a'.repeat(64)}`], 'an --anchor has another form'],
  [['audit', 'verify', '--anchor', `5:${'A'.repeat(64)}`], 'an --anchor has another form'],
  [['audit', 'export', '--format', 'xml'], '--format should be jsonl or csv'],
  [['audit', 'export', '--format', 'toString'], '--format should be jsonl or csv'],
  [['audit', 'export', '--out'], '--out needs a value'],
])('refuses %j and says what is wrong, with the usage', async (args, words) => {
  const { end, out, err } = await run(args, {});
  expect({ end, out }).toEqual({ end: 64, out: '' });
  expect(err).toContain(`portcullis: ${words}`);
  expect(err).toContain('Usage:');
});

it('takes an option with its value in one word too', async () => {
  const { verify, anchor } = await written();
  expect((await verify(`--anchor=${anchor(5)}`)).out).toContain('1 anchor holds');
});

it('needs the variables of the ledger and no others, and says where to get them', async () => {
  const { end, out, err } = await run(['audit', 'verify'], {
    AUDIT_KEYS_OLD: 'short',
    SLACK_BOT_TOKEN: 'wrong',
  });
  expect({ end, out }).toEqual({ end: 78, out: '' });
  expect(err).toContain('the configuration has 2 problems');
  expect(err).toMatch(
    /AUDIT_KEY is missing\.\n {2}It should be: 32 characters.*\n {2}Where to get it: make it once/,
  );
  expect(err).toContain('AUDIT_KEYS_OLD has another form.');
  expect(err).not.toMatch(/SLACK|HUAWEI|short/);
});

it('says when DATA_DIR is another directory, and makes nothing there', async () => {
  const DATA_DIR = await temporaryDirectory();
  const { end, err } = await run(['audit', 'export'], { DATA_DIR, AUDIT_KEY: auditKey });
  expect(end).toBe(78);
  expect(err).toContain(`DATA_DIR leads to no journal: there is no ${DATA_DIR}/journal.jsonl.`);
});

it('takes ./data when DATA_DIR is left out or blank', async () => {
  for (const DATA_DIR of [undefined, ' ']) {
    const { err } = await run(['audit', 'verify'], { DATA_DIR, AUDIT_KEY: auditKey });
    expect(err).toContain('/data/journal.jsonl');
  }
});

it('prints no key, whatever is wrong', async () => {
  const { env, write, lines } = await written();
  const keys = { AUDIT_KEY: 'current-key-that-nobody-may-see-0001', AUDIT_KEYS_OLD: auditKey };
  await write(lines.slice(1));
  const said = [
    await run(['audit', 'verify'], { ...env, ...keys }),
    await run(['audit', 'export'], { ...env, ...keys }),
    await run(['audit', 'verify', '--anchor', keys.AUDIT_KEY], { ...env, ...keys }),
    await run(['audit', 'export', '--format', keys.AUDIT_KEY], { ...env, ...keys }),
    await run(['audit', 'verify'], { ...env, ...keys, AUDIT_KEY: `${keys.AUDIT_KEY},` }),
    await run(['audit', 'verify'], { ...env, ...keys, AUDIT_KEYS_OLD: `${auditKey},short` }),
  ];
  expect(said.map(({ end }) => end)).toEqual([65, 65, 64, 64, 78, 78]);
  for (const { out, err } of said) {
    expect(`${out}${err}`).not.toContain(keys.AUDIT_KEY);
    expect(`${out}${err}`).not.toContain(auditKey);
  }
});

it('ends with 1 and words when the journal cannot be read to its end', async () => {
  const { env } = await written();
  const path = `${env.DATA_DIR}/journal.jsonl`;
  await rm(path);
  await mkdir(path);
  const { end, err } = await run(['audit', 'verify'], env);
  expect(end).toBe(1);
  expect(err).toContain('portcullis could not finish: EISDIR');
});
