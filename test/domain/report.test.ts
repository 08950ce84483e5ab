import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, FactOf, Grant } from '../../src/domain/facts.ts';
import {
  answerWords,
  Export,
  type Report,
  type ReportedGrant,
  Report as ReportSchema,
  reportOf,
} from '../../src/domain/report.ts';
import { grantsCsv, resultsCsv } from '../../src/domain/report-csv.ts';
import { exportMarkdown } from '../../src/domain/report-markdown.ts';
import {
  anyFollowing,
  approved,
  asRecords,
  ends,
  person,
  proof,
  requested,
  stepOutcome,
  stepStarted,
  waysTo,
} from '../support/stories.ts';

const grants: readonly Grant[] = [
  { key: 'k1', words: 'one', restore: 'hcloud give one' },
  { key: 'k2', words: 'two' },
];
const { impact } = requested();
const asking = (changes: Partial<FactOf<'requested'>> = {}) =>
  requested({ impact: { ...impact, grants, residual: ['a session'] }, incident: 'INC-7', ...changes });

const say = (fact: Fact): string => `said ${fact.fact}`;
const told = (...facts: readonly Fact[]): Report => {
  const report = reportOf(asRecords(facts), say);
  if (report === undefined) throw new Error('No facts, no report');
  return report;
};
const ada = person('UADA', 'ada@example.com');
const begun = [asking(), approved(ada), stepStarted()] as const;
const refusedByCloud = stepOutcome('refused', {
  status: 403,
  code: 'PAP5.0030',
  message: 'no right',
  cloudRequest: 'c-1',
});

const exportOf = (...requests: Report[]): Export => ({
  format: 'portcullis-export',
  version: 1,
  exportedAt: '2026-03-14T16:00:00.000Z',
  of: 'INC-7',
  more: false,
  requests,
});

describe('what became of each grant', () => {
  it.each<[string, readonly Fact[], readonly [string, string]]>([
    ['before anything was done', [asking()], ['untouched', 'untouched']],
    ['while it runs', begun, ['unproven', 'unproven']],
    ['proven in part while the rest runs', [...begun, proof('gone')], ['unproven', 'unproven']],
    ['where it ended without a proof', [...begun, ends.unverified], ['unproven', 'unproven']],
    [
      'where it was halted after a call',
      [...begun, stepOutcome('unknown'), ends.halted],
      ['unproven', 'unproven'],
    ],
    [
      'where it was halted before any call',
      [asking(), approved(ada), ends.halted],
      ['untouched', 'untouched'],
    ],
    [
      'where an earlier proof found a part there that is gone now',
      [...begun, proof('present', ['k2']), stepStarted(2), proof('gone', ['k2']), ends.succeeded],
      ['gone', 'gone'],
    ],
    ['after success', [...begun, stepOutcome('accepted'), proof('gone'), ends.succeeded], ['gone', 'gone']],
    [
      'where the cloud refused a part',
      [...begun, refusedByCloud, proof('present', ['k2']), ends.partly_failed],
      ['gone', 'present'],
    ],
    [
      'where nothing went',
      [...begun, refusedByCloud, proof('present', ['k1', 'k2']), ends.failed],
      ['present', 'present'],
    ],
    [
      'where the key was refused for the call and for reading it back',
      [...begun, refusedByCloud, { ...proof('present', ['k1', 'k2']), unread: true }, ends.failed],
      ['unproven', 'unproven'],
    ],
    [
      'where the time ran out',
      [...begun, stepOutcome('accepted'), proof('late', ['k2']), ends.unverified],
      ['gone', 'unproven'],
    ],
    ['where it was never begun', [asking(), approved(ada), ends.failed], ['untouched', 'untouched']],
    [
      'where a part came back later',
      [...begun, proof('gone'), ends.succeeded, { fact: 'came_back', grants: grants.slice(1) }],
      ['gone', 'back'],
    ],
    [
      'where it stayed gone',
      [...begun, proof('gone'), ends.succeeded, { fact: 'stayed_gone', after: 900_000 }],
      ['gone', 'gone'],
    ],
    [
      'where one step was gone before anything was called, and the time to begin the other ran out',
      [asking(), approved(ada), proof('gone'), ends.expired],
      ['untouched', 'untouched'],
    ],
    [
      'where it was gone at first, and listed again before anything was called',
      [asking(), approved(ada), proof('gone'), ends.failed],
      ['untouched', 'untouched'],
    ],
    ['where it was denied', [asking(), ends.denied], ['untouched', 'untouched']],
  ])('%s', (_, facts, results) => {
    expect(told(...facts).grants.map(({ result }) => result)).toEqual(results);
  });

  it("says of what is still there the cloud's code, message and request id, and of the rest nothing", () => {
    const report = told(...begun, refusedByCloud, proof('present', ['k2']), ends.partly_failed);
    expect(report.grants).toEqual([
      { key: 'k1', words: 'one', restore: 'hcloud give one', result: 'gone' },
      {
        key: 'k2',
        words: 'two',
        result: 'present',
        cloud: {
          outcome: 'refused',
          status: 403,
          code: 'PAP5.0030',
          message: 'no right',
          cloudRequest: 'c-1',
        },
      },
    ]);
  });

  it('counts what came on top of everything', () => {
    const grew: Fact = { fact: 'impact_grew', added: [{ key: 'k3', words: 'three' }] };
    const report = told(asking(), approved(ada), grew, stepStarted(), proof('gone'), ends.succeeded);
    expect(report.grants.map(({ key, result }) => `${key} ${result}`)).toEqual([
      'k1 gone',
      'k2 gone',
      'k3 gone',
    ]);
  });
});

describe("the cloud's answer on one line", () => {
  it.each([
    [{ outcome: 'unknown' as const }, 'unknown'],
    [
      { outcome: 'accepted' as const, status: 200, cloudRequest: 'c-1', job: 'j-1' },
      'accepted, HTTP 200, cloud request c-1, deletion j-1',
    ],
    [
      { outcome: 'refused' as const, status: 403, code: 'PAP5.0030', message: 'no right' },
      'refused, HTTP 403, PAP5.0030, no right',
    ],
  ])('%j: %s', (answer, words) => {
    expect(answerWords(answer)).toBe(words);
  });
});

describe('the report of a request', () => {
  it('says who, why, when, how often, and where the ledger stood', () => {
    const report = told(...begun, stepOutcome('accepted', { status: 200 }), proof('gone'), ends.succeeded);
    expect(report).toMatchObject({
      id: 'R-000001',
      state: 'succeeded',
      reason: 'incident',
      incident: 'INC-7',
      askedAt: '2026-03-14T15:00:00.000Z',
      askedBy: { user: 'UNORA' },
      approvals: [{ at: '2026-03-14T15:00:01.000Z', by: { user: 'UADA' } }],
      calls: [{ words: 'delete', starts: 1, cloud: { outcome: 'accepted', status: 200 } }],
      end: { at: '2026-03-14T15:00:05.000Z', words: 'said succeeded' },
      ledger: { seq: 6, hash: 'h6' },
    });
  });

  it('is what its schema says in every state, also after a way through JSON', () => {
    for (const facts of Object.values(waysTo)) {
      const report = told(...facts);
      expect(ReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    }
    fc.assert(
      fc.property(fc.array(anyFollowing, { maxLength: 12 }), (facts) => {
        const report = told(asking(), ...facts);
        const sent = Export.parse(JSON.parse(JSON.stringify(exportOf(report))));
        expect(sent.requests).toEqual([report]);
        expect(report.grants.map(({ key }) => key)).toEqual(['k1', 'k2']);
      }),
    );
  });

  it('is none where there are no facts, and leaves out what is about Slack only', () => {
    expect(reportOf([], say)).toBeUndefined();
    const report = told(asking(), { fact: 'card_posted', channel: 'C1', ts: '1.2' }, approved(ada));
    expect(report.facts).toEqual([
      { seq: 1, at: '2026-03-14T15:00:00.000Z', fact: 'requested', words: 'said requested' },
      { seq: 3, at: '2026-03-14T15:00:02.000Z', fact: 'approved', words: 'said approved' },
    ]);
  });

  it('names the lines, what remains, and the request whose rest it takes; nothing in their place where there are none', () => {
    const full = told(
      asking({
        impact: { ...impact, lines: ['user mallory'], residual: ['a session'] },
        retries: 'R-000009',
      }),
    );
    expect(full).toMatchObject({ lines: ['user mallory'], residual: ['a session'], retries: 'R-000009' });
    const bare = told(requested());
    expect(bare).toMatchObject({ lines: [], residual: [], newSince: [], calls: [] });
    for (const name of ['retries', 'incident', 'consolesUntil', 'end']) expect(bare).not.toHaveProperty(name);
  });

  it('names each grant once that is there but was not approved, in its latest words', () => {
    const since = (words: string): Fact => ({ ...proof('present', ['k1']), since: [{ key: 'k9', words }] });
    const other: Fact = {
      ...proof('gone'),
      step: 't',
      since: [
        { key: 'k9', words: 'nine, by then' },
        { key: 'k8', words: 'eight' },
      ],
    };
    const startedToo: Fact = { fact: 'step_started', step: 't', attempt: 1, words: 'delete more' };
    const report = told(...begun, since('nine'), startedToo, other, ends.partly_failed);
    expect(report.newSince).toEqual([
      { key: 'k9', words: 'nine, by then' },
      { key: 'k8', words: 'eight' },
    ]);
  });

  it('tells of each call in the words it was started with, how often, and when last', () => {
    const report = told(
      ...begun,
      stepOutcome('unknown'),
      stepStarted(2),
      stepOutcome('accepted', { job: 'j-1' }),
    );
    expect(report.calls).toEqual([
      {
        words: 'delete',
        starts: 2,
        startedAt: '2026-03-14T15:00:04.000Z',
        cloud: { outcome: 'accepted', job: 'j-1' },
      },
    ]);
    const found = told(asking(), approved(ada), proof('gone'), { ...ends.succeeded, alreadyGone: true });
    expect(found.calls).toEqual([]);
  });

  it('says when open consoles have ended, counted from the end, and only where something was called', () => {
    const open = asking({ impact: { ...impact, consoleLife: 3_600_000 } });
    const ended = told(open, approved(ada), stepStarted(), proof('gone'), ends.succeeded);
    expect(ended.consolesUntil).toBe('2026-03-14T16:00:04.000Z');
    const second: Fact = { ...proof('gone'), step: 't' };
    expect(
      told(open, approved(ada), second, stepStarted(), proof('gone'), ends.succeeded).consolesUntil,
    ).toBe('2026-03-14T16:00:05.000Z');
    for (const facts of [
      [open, approved(ada), stepStarted(), proof('gone')],
      [open, approved(ada), proof('gone'), ends.succeeded],
      [open, ends.denied],
      [asking(), approved(ada), stepStarted(), proof('gone'), ends.succeeded],
    ])
      expect(told(...facts)).not.toHaveProperty('consolesUntil');
  });

  it('does not say when consoles have ended that were opened by what came on top, because nobody asked how long they last', () => {
    const open = asking({ impact: { ...impact, consoleLife: 3_600_000 } });
    const grew: Fact = { fact: 'impact_grew', added: [{ key: 'k3', words: 'three' }] };
    const report = told(open, approved(ada), grew, stepStarted(), proof('gone'), ends.succeeded);
    expect(report).not.toHaveProperty('consolesUntil');
  });
});

const evil = '=cmd|"x"\n# heading [a](https://evil.example) <script> `tick` \u202e';

/** Every cell of a CSV text, by a reader written apart from the writer. */
const cellsIn = (csv: string): string[][] =>
  csv
    .replace(/^\ufeff/, '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replace(/""/g, '"')),
    );

describe('the CSV files', () => {
  it('have a line for each grant, below the names of the columns', () => {
    expect(grantsCsv('R-000001', grants)).toBe(
      '\ufeff"request","grant","words"\r\n"R-000001","k1","one"\r\n"R-000001","k2","two"\r\n',
    );
    const report = told(...begun, refusedByCloud, proof('present', ['k2']), ends.partly_failed);
    expect(cellsIn(resultsCsv('R-000001', report.grants))).toEqual([
      'request grant words result http_status cloud_code cloud_message cloud_request restore'.split(' '),
      ['R-000001', 'k1', 'one', 'gone', '', '', '', '', 'hcloud give one'],
      ['R-000001', 'k2', 'two', 'present', '403', 'PAP5.0030', 'no right', 'c-1', ''],
    ]);
  });

  it('leave empty what the cloud did not tell', () => {
    const told: ReportedGrant = {
      key: 'k1',
      words: 'one',
      result: 'unproven',
      cloud: { outcome: 'unknown' },
    };
    expect(cellsIn(resultsCsv('R-000001', [told]))[1]).toEqual([
      'R-000001',
      'k1',
      'one',
      'unproven',
      '',
      '',
      '',
      '',
      '',
    ]);
  });

  it('keep their lines and columns, whatever grants are called', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (names) => {
        const named = [...names, evil].map((words, n) => ({ key: `k${n}`, words }));
        const cells = cellsIn(grantsCsv('R-000001', named));
        expect(cells.map((row) => row.length)).toEqual(Array.from({ length: named.length + 1 }, () => 3));
        expect(cells.slice(1).map(([, key]) => key)).toEqual(named.map(({ key }) => key));
      }),
    );
  });
});

/** What is left of Markdown when its code is taken out. */
const withoutCode = (markdown: string): string =>
  markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '').replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');

describe('the Markdown file of hostile names', () => {
  it('has foreign text in code only, so that nothing comes alive', () => {
    const hostile = { key: evil, words: evil, restore: evil };
    const report = told(
      asking({
        by: { ...person('U1'), name: evil, email: evil },
        reason: evil,
        incident: evil,
        impact: { ...impact, title: evil, lines: [evil], grants: [hostile], residual: [evil] },
      }),
      approved({ ...ada, name: evil }),
      { fact: 'step_started', step: 's', attempt: 1, words: evil },
      stepOutcome('refused', { code: evil, message: evil, cloudRequest: evil, job: evil }),
      { ...proof('late', [evil]), since: [hostile] },
      ends.unverified,
    );
    const rest = withoutCode(exportMarkdown({ ...exportOf(report), of: evil }));
    expect(rest).not.toMatch(/evil|script|cmd|tick|\u202e|`/);
    expect(rest.match(/^#+ .*$/gm)?.every((heading) => /^#{1,3} [A-Z]/.test(heading))).toBe(true);
  });
});
