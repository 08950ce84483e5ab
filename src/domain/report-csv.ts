import type { Grant } from './facts.ts';
import type { ReportedGrant } from './report.ts';
import { forCsv } from './text.ts';

/** The mark by which spreadsheet programs know that a file is UTF-8. */
const byteOrderMark = '\ufeff';

const table = (rows: readonly (readonly string[])[]): string =>
  `${byteOrderMark}${rows.map((row) => `${row.map((cell) => forCsv(cell)).join(',')}\r\n`).join('')}`;

/** The grants of a request before anything was done, one a line. */
export const grantsCsv = (id: string, grants: readonly Grant[]): string =>
  table([['request', 'grant', 'words'], ...grants.map(({ key, words }) => [id, key, words])]);

/** The grants of a request with what became of each, one a line. */
export const resultsCsv = (id: string, grants: readonly ReportedGrant[]): string =>
  table([
    [
      'request',
      'grant',
      'words',
      'result',
      'http_status',
      'cloud_code',
      'cloud_message',
      'cloud_request',
      'restore',
    ],
    ...grants.map(({ key, words, result, cloud, restore = '' }) => [
      id,
      key,
      words,
      result,
      cloud?.status?.toString() ?? '',
      cloud?.code ?? '',
      cloud?.message ?? '',
      cloud?.cloudRequest ?? '',
      restore,
    ]),
  ]);
