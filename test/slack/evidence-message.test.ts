import { describe, expect, it } from 'vitest';
import type { Fact, FactOf, Grant } from '../../src/domain/facts.ts';
import { messageFaults } from '../../src/sandbox/slack/blocks/view-check.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { type Evidence, evidenceAt, isLong } from '../../src/slack/evidence.ts';
import {
  approved,
  asRecords,
  ends,
  person,
  proof,
  requested,
  stepOutcome,
  stepStarted,
  tell,
} from '../support/stories.ts';

const grantsOf = (count: number, restore?: string): readonly Grant[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `k${n}`,
    words: `grant ${n}`,
    ...(restore !== undefined && { restore: `${restore} ${n}` }),
  }));

const asking = (grants: readonly Grant[], changes: Partial<FactOf<'requested'>> = {}) =>
  requested({
    incident: 'INC-7',
    impact: { ...requested().impact, grants, residual: ['A portal session lives on.'] },
    ...changes,
  });

const ada = person('UADA');
const accepted = stepOutcome('accepted', { status: 200, cloudRequest: 'c-1' });
const refused = stepOutcome('refused', {
  status: 403,
  code: 'PAP5.0030',
  message: 'no right',
  cloudRequest: 'c-2',
});

const evidenceOf = (...facts: readonly Fact[]): Evidence => {
  const evidence = evidenceAt(asRecords(facts), facts.length);
  if (evidence === undefined) throw new Error('There is no evidence');
  return evidence;
};
const succeeded = (grants: readonly Grant[], changes: Partial<FactOf<'requested'>> = {}): Evidence =>
  evidenceOf(asking(grants, changes), approved(ada), stepStarted(), accepted, proof('gone'), ends.succeeded);
const textOf = ({ message }: Evidence): string => visibleText({ ...message, blocks: message.blocks ?? [] });
const preformatted = ({ message }: Evidence): readonly string[] =>
  (message.blocks ?? [])
    .filter((block) => JSON.stringify(block).includes('rich_text_preformatted'))
    .map((block) => visibleText({ blocks: [block] }));

describe('the evidence of a request', () => {
  it('says who, why, when, what was called, what is gone, what remains, and where the ledger stood', () => {
    const text = textOf(succeeded(grantsOf(2)));
    for (const words of [
      'R-000001 · evidence',
      'Succeeded. gone',
      'What: Revoke all',
      'Asked by: unora (UNORA), 2026-03-14 15:00:00 UTC',
      'Reason: incident',
      'Incident: INC-7',
      'Approved by: uada (UADA), 2026-03-14 15:00:01 UTC',
      'Called: delete (accepted, HTTP 200, cloud request c-1), 2026-03-14 15:00:02 UTC',
      'Ended: succeeded, 2026-03-14 15:00:05 UTC',
      'Removed, proven gone: 2 grants',
      'grant 0\ngrant 1',
      'A portal session lives on.',
      'Ledger 6:h6',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('wrong person');
  });

  it('names whom it was about, what was called and what is gone to the end, however long a name is', () => {
    const long = (what: string) => `${what} ${'x'.repeat(2_000)} (mallory, u-1)`;
    const { impact } = requested();
    const grants = [{ key: 'k0', words: long('grant of') }];
    const text = textOf(
      evidenceOf(
        requested({ impact: { ...impact, title: long('Revoke all of'), grants, residual: [long('group')] } }),
        approved(ada),
        { fact: 'step_started', step: 's', attempt: 1, words: long('Delete all of') },
        accepted,
        proof('gone'),
        ends.succeeded,
      ),
    );
    for (const words of ['grant of', 'Revoke all of', 'group', 'Delete all of'])
      expect(text).toMatch(new RegExp(`${words} x+…x+ \\(mallory, u-1\\)`));
  });

  it('says by when the last console session that was open has ended', () => {
    const consoleLife = 12 * 3_600_000;
    const impact = { ...requested().impact, grants: grantsOf(1), consoleLife };
    expect(textOf(succeeded(grantsOf(1), { impact }))).toContain(
      'Console sessions that were open have all ended by 2026-03-15 03:00:05 UTC',
    );
    expect(textOf(succeeded(grantsOf(1)))).not.toContain('Console sessions');
  });

  it('tells by which rule nobody had to approve', () => {
    const text = textOf(
      evidenceOf(
        asking(grantsOf(1), { approvals: 0 }),
        approved(),
        stepStarted(),
        proof('gone'),
        ends.succeeded,
      ),
    );
    expect(text).toContain('Approved by: rule, ');
  });

  it.each<[string, readonly Fact[], readonly string[]]>([
    [
      'a part failed',
      [refused, proof('present', ['k1']), ends.partly_failed],
      [
        'Still there: 1 grant\ngrant 1 (refused, HTTP 403, PAP5.0030, cloud request c-2, no right)',
        'Removed, proven gone: 1 grant\ngrant 0',
      ],
    ],
    [
      'all of it failed',
      [refused, proof('present', ['k0', 'k1']), ends.failed],
      ['Still there: 2 grants\ngrant 0 (refused, HTTP 403, PAP5.0030, cloud request c-2, no right)\ngrant 1'],
    ],
    [
      'the time ran out',
      [accepted, proof('late', ['k1']), ends.unverified],
      [
        'Not proven: 1 grant\ngrant 1 (accepted, HTTP 200, cloud request c-1)',
        'Removed, proven gone: 1 grant\ngrant 0',
      ],
    ],
  ])('says of each grant what became of it where %s', (_, facts, parts) => {
    const text = textOf(evidenceOf(asking(grantsOf(2)), approved(ada), stepStarted(), ...facts));
    for (const part of parts) expect(text).toContain(part);
  });

  it('is that of the end that it is asked for, not of a later one', () => {
    const facts = [
      asking(grantsOf(1)),
      approved(ada),
      stepStarted(),
      accepted,
      proof('late', ['k0']),
      ends.unverified,
      proof('gone'),
      ends.succeeded,
    ];
    const records = asRecords(facts);
    const [first, second] = [6, 8].map((seq) => evidenceAt(records, seq));
    expect(first && textOf(first)).toContain('Unverified');
    expect(second && textOf(second)).toContain('Succeeded');
    expect(evidenceAt(records, 5)).toBeUndefined();
  });
});

it('says how to go on against what remains, with incident and reason', () => {
  const { impact } = requested();
  const evidence = succeeded(grantsOf(1), {
    reason: 'Laptop stolen',
    impact: {
      ...impact,
      residual: [
        '2 portal sessions are live: /revoke-sessions mallory.finch',
        'And: /disable-user mallory.finch',
      ],
    },
  });
  expect(preformatted(evidence)).toEqual([
    '/revoke-sessions mallory.finch INC-7 "Laptop stolen"\n/disable-user mallory.finch INC-7 "Laptop stolen"',
  ]);
  expect(JSON.stringify(evidence.message.blocks).split('rich_text_preformatted')).toHaveLength(3);
});

describe('the commands that give it back by hand', () => {
  it('are in the message while they are few, with a word on who may use them', () => {
    const evidence = succeeded(grantsOf(5, 'hcloud give'));
    expect(preformatted(evidence)).toEqual([
      'hcloud give 0\nhcloud give 1\nhcloud give 2\nhcloud give 3\nhcloud give 4',
    ]);
    expect(textOf(evidence)).toContain('the bot has no right to grant anything');
    expect(evidence.files).toEqual([]);
  });

  it.each([
    ['many', grantsOf(6, 'hcloud give')],
    ['long', grantsOf(2, `hcloud give ${'x'.repeat(1_000)}`)],
  ])('are in a file where they are %s', (_, grants) => {
    const evidence = succeeded(grants);
    expect(preformatted(evidence)).toEqual([]);
    expect(textOf(evidence)).toContain('R-000001-restore.sh.txt');
    expect(evidence.files.map(({ name }) => name)).toEqual(['R-000001-restore.sh.txt']);
    const lines = evidence.files[0]?.text.split('\n') ?? [];
    expect(lines[1]).toBe('# grant 0');
    expect(lines[2]).toBe(grants[0]?.restore);
    expect(lines).toHaveLength(2 * grants.length + 2);
  });

  it('are only for what is gone or may be', () => {
    const begun = [asking(grantsOf(2, 'hcloud give')), approved(ada), stepStarted(), refused];
    const evidence = evidenceOf(...begun, proof('present', ['k1']), ends.partly_failed);
    expect(preformatted(evidence)).toEqual(['hcloud give 0']);
  });

  it('stay one line each, whatever a grant is called', () => {
    const evil = 'x\nrm -rf /\r\u2028rm\u202e';
    const { files } = succeeded(
      Array.from({ length: 6 }, (_, n) => ({ key: `k${n}`, words: evil, restore: `hcloud ${evil}` })),
    );
    const lines = (files[0]?.text ?? '').split(/[\r\n\u2028\u2029]/).filter((line) => line !== '');
    expect(lines.every((line) => line.startsWith('# ') || line.startsWith('hcloud '))).toBe(true);
    expect(files[0]?.text).not.toContain('\u202e');
  });
});

describe('much of everything', () => {
  it.each([
    [20, [], 'grant 19'],
    [21, ['R-000001-results.csv'], '… and 11 more, in the file'],
  ])('of %i grants gives the files %j', (count, names, words) => {
    const evidence = succeeded(grantsOf(count));
    expect(evidence.files.map(({ name }) => name)).toEqual(names);
    expect(textOf(evidence)).toContain(words);
    expect(isLong(tell(asking(grantsOf(count))))).toBe(names.length > 0);
  });

  it("keeps Slack's limits, and no reason or name makes a line of its own", () => {
    const evil = `\n${'\u200b'.repeat(900)}\nEvil line <!channel>`;
    const steps = Array.from({ length: 60 }, (_, n): readonly Fact[] => [
      { fact: 'step_started', step: `s${n}`, attempt: 1, words: evil },
      { ...refused, step: `s${n}`, message: evil },
      { ...proof('present', [`k${n}`]), step: `s${n}` },
    ]);
    const grants = grantsOf(5_000, 'hcloud give').map((grant) => ({ ...grant, words: evil }));
    const residual = Array.from({ length: 100 }, () => evil);
    const evidence = evidenceOf(
      asking(grants, { reason: evil, impact: { ...requested().impact, title: evil, grants, residual } }),
      approved({ ...ada, name: evil }),
      ...steps.flat(),
      ends.partly_failed,
    );
    const { text, blocks = [] } = evidence.message;
    expect(messageFaults(blocks, '/blocks')).toEqual([]);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(JSON.stringify(blocks).length).toBeLessThan(24_000);
    expect(textOf(evidence)).toContain('… and 55 more calls');
    const lines = textOf(evidence).split('\n');
    expect(lines.filter((line) => line.startsWith('Evil'))).toEqual([]);
    expect(evidence.files.map(({ name }) => name)).toEqual([
      'R-000001-results.csv',
      'R-000001-restore.sh.txt',
    ]);
  });
});
