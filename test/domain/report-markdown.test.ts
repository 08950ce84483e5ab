import { describe, expect, it } from 'vitest';
import type { Export, Report } from '../../src/domain/report.ts';
import { exportMarkdown } from '../../src/domain/report-markdown.ts';
import { person } from '../support/stories.ts';

const at = '2026-03-14T15:00:00.000Z';
const bare: Report = {
  id: 'R-000002',
  kind: 'profile',
  title: 'Revoke all',
  state: 'denied',
  reason: 'wrong person',
  askedAt: at,
  askedBy: person('UNORA'),
  target: { principal: 'u-1' },
  lines: [],
  approvals: [],
  approvalsNeeded: 1,
  digest: 'd2',
  grants: [],
  residual: [],
  newSince: [],
  calls: [],
  facts: [],
  ledger: { seq: 9, hash: 'h9' },
};
const full: Report = {
  ...bare,
  id: 'R-000001',
  state: 'partly_failed',
  incident: 'INC-7',
  retries: 'R-000000',
  askedBy: person('UNORA', 'nora@example.com'),
  lines: ['user mallory (u-1)', '4 grants'],
  approvals: [{ at, by: person('UADA', 'ada@example.com') }, { at }],
  grants: [
    { key: 'k1', words: 'one', restore: 'give one', result: 'gone' },
    {
      key: 'k2',
      words: 'two',
      restore: 'give two',
      result: 'present',
      cloud: { outcome: 'refused', status: 403 },
    },
    { key: 'k3', words: 'three', restore: 'give three', result: 'unproven' },
    { key: 'k4', words: 'four', restore: 'give four', result: 'back' },
    { key: 'k5', words: 'five', restore: 'give five', result: 'untouched' },
    { key: 'k6', words: 'six', result: 'gone' },
  ],
  residual: ['a session'],
  consolesUntil: '2026-03-14T23:00:00.000Z',
  newSince: [{ key: 'k9', words: 'nine' }],
  calls: [
    { words: 'delete one', starts: 1, startedAt: at },
    { words: 'delete two', starts: 2, startedAt: at, cloud: { outcome: 'refused', status: 403 } },
  ],
  end: { at, words: 'one is still there' },
  facts: [{ seq: 1, at, fact: 'requested', words: 'nora asked' }],
};

const exported = (requests: Report[], more = false): string => {
  const all: Export = {
    format: 'portcullis-export',
    version: 1,
    exportedAt: at,
    of: 'INC-7',
    more,
    requests,
  };
  return exportMarkdown(all);
};

describe('the Markdown of an export', () => {
  it('tells of a request all that is known, one part after the other', () => {
    expect(exported([full])).toBe(
      [
        '# Revocations: `INC-7`',
        '',
        'Exported at 2026-03-14T15:00:00.000Z by Portcullis, 1 request.',
        '',
        '## R-000001: partly failed',
        '',
        '- What: `Revoke all` (kind `profile`)',
        '- Target: `user mallory (u-1)`',
        '- Target: `4 grants`',
        '- Asked by `unora (UNORA, nora@example.com)` at 2026-03-14T15:00:00.000Z',
        '- Reason: `wrong person`',
        '- Incident: `INC-7`',
        '- Retries: `R-000000`',
        '- Approved by `uada (UADA, ada@example.com)` at 2026-03-14T15:00:00.000Z',
        '- Approved by rule at 2026-03-14T15:00:00.000Z',
        '- Ended at 2026-03-14T15:00:00.000Z: `one is still there`',
        '- Digest of what was approved: `d2`',
        '- Ledger: 9:`h9`',
        '',
        '### Grants: 6',
        '',
        '- gone: `one`, key `k1`',
        '- still there: `two`, key `k2` (`refused, HTTP 403`)',
        '- not proven: `three`, key `k3`',
        '- came back: `four`, key `k4`',
        '- not touched: `five`, key `k5`',
        '- gone: `six`, key `k6`',
        '',
        '### Calls to the cloud',
        '',
        '- `delete one`, started once, last at 2026-03-14T15:00:00.000Z',
        '- `delete two`, started 2 times, last at 2026-03-14T15:00:00.000Z: `refused, HTTP 403`',
        '',
        '### What remains',
        '',
        '- `a session`',
        '- Console sessions that were open have all ended by 2026-03-14T23:00:00.000Z',
        '',
        '### New since the approval',
        '',
        '- `nine`, key `k9`',
        '',
        '### To give it back by hand',
        '',
        'The bot itself has no right to grant. Somebody who has can use these commands:',
        '',
        '```text\ngive one\ngive three\n```',
        '',
        '### What happened',
        '',
        '- 2026-03-14T15:00:00.000Z #1 `nora asked`',
        '',
      ].join('\n'),
    );
  });

  it('leaves out every part for which there is nothing', () => {
    expect(exported([bare], true)).toBe(
      [
        '# Revocations: `INC-7`',
        '',
        'Exported at 2026-03-14T15:00:00.000Z by Portcullis, 1 request.',
        '',
        'There are more; these are the newest.',
        '',
        '## R-000002: denied',
        '',
        '- What: `Revoke all` (kind `profile`)',
        '- Asked by `unora (UNORA)` at 2026-03-14T15:00:00.000Z',
        '- Reason: `wrong person`',
        '- Digest of what was approved: `d2`',
        '- Ledger: 9:`h9`',
        '',
      ].join('\n'),
    );
  });

  it('offers no way to give back what was never taken', () => {
    const denied = exported([
      { ...bare, grants: full.grants.filter(({ result }) => result === 'untouched') },
    ]);
    expect(denied).toContain('- not touched: `five`');
    expect(denied).not.toContain('by hand');
    const found = exported([{ ...bare, grants: full.grants.filter(({ result }) => result === 'gone') }]);
    expect(found).toContain('```text\ngive one\n```');
  });

  it('counts the requests, also when there are none', () => {
    expect(exported([full, bare])).toContain('by Portcullis, 2 requests.\n\n## R-000001: partly failed\n');
    expect(exported([])).toMatch(/by Portcullis, 0 requests\.\n$/);
  });
});
