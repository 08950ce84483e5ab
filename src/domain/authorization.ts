import { z } from 'zod';
import type { Grant } from './facts.ts';
import { type Cloud, CloudFault } from './ports.ts';
import { kooCommand } from './restore.ts';
import { cloudName } from './text.ts';

/** Where authorizations of ModelArts belong to. */
export interface ProjectPlace {
  readonly region: string;
  readonly project: string;
}

/** What stands for everybody in place of a user id. */
const everybodyWords: ReadonlySet<string> = new Set(['all', 'all-users']);

/** Whether a user id is a word for everybody. */
export const meansEverybody = (id: string): boolean => everybodyWords.has(id.toLowerCase());

/**
 * A row of the listing. `secret_key`, which the API's model also has, is dropped here because a zod object keeps
 * only what it names.
 */
const Authorization = z.object({
  user_id: z.string().nullish(),
  user_name: z.string().nullish(),
  user_type: z.string().nullish(),
  type: z.string().nullish(),
  content: z.string().nullish(),
});
export type Authorization = z.infer<typeof Authorization>;

const AuthorizationPage = z.object({ total_count: z.number().int(), auth: z.array(Authorization) });

/** The entry that covers every user of the account, in whichever spelling. */
export const isForEverybody = (row: Authorization): boolean =>
  row.user_type === 'all-users' || meansEverybody(row.user_id ?? '');

const grantKey = (project: string, row: Authorization): string =>
  isForEverybody(row)
    ? `${project}/all-users`
    : `${project}/${row.user_type ?? 'iam'}/${row.user_id || `name=${row.user_name ?? ''}`}`;

/**
 * The rows of a page by what tells them apart while paging: two spellings of the entry for all users are one grant, but
 * two rows, and so are two federated users of one name. Those of one page are there at the same time, so they count.
 */
const keyed = (page: readonly Authorization[]): readonly (readonly [string, Authorization])[] => {
  const alike = new Map<string, number>();
  return page.map((row) => {
    const { user_type, user_id, user_name, content } = row;
    const key = JSON.stringify([user_type, user_id, user_name, content]);
    if (user_id) return [key, row];
    const count = (alike.get(key) ?? 0) + 1;
    alike.set(key, count);
    return [`${key}/${count}`, row];
  });
};

const typeOf = (row: Authorization): string | undefined => row.type?.toLowerCase();

/** By what the service acts for them. */
export const howOf = (row: Authorization): string =>
  typeOf(row) === 'credential' ? 'an access key' : `agency ${row.content ?? 'unknown'}`;

/** CreateAuthorization by hand, with the agency as it was; an access key cannot be given back without its secret. */
const restoreOf = ({ region, project }: ProjectPlace, row: Authorization): { restore?: string } => {
  if (typeOf(row) !== 'agency' || !row.content) return {};
  const who = isForEverybody(row)
    ? { user_id: 'all' }
    : {
        user_id: row.user_id || undefined,
        user_name: row.user_id ? undefined : (row.user_name ?? undefined),
        user_type: row.user_type ?? undefined,
      };
  const restore = kooCommand('ModelArts', 'CreateAuthorization', {
    'cli-region': region,
    project_id: project,
    ...who,
    type: 'agency',
    content: row.content,
  });
  return { restore };
};

const grantOf = (place: ProjectPlace, row: Authorization): Grant => {
  const who = isForEverybody(row)
    ? 'the entry for all users'
    : `${cloudName(row.user_name ?? 'unnamed user')} (${row.user_id || `${row.user_type ?? 'no id'}`})`;
  return {
    key: grantKey(place.project, row),
    words: `${who}, by ${howOf(row)}`,
    ...restoreOf(place, row),
  };
};

/** The grants of these rows, each once. */
export const grantsOf = (place: ProjectPlace, rows: readonly Authorization[]): readonly Grant[] => [
  ...new Map(rows.map((row) => [grantKey(place.project, row), grantOf(place, row)])).values(),
];

/** Of somebody who is no IAM user of the account, and so has no id here. */
export const isFederated = (row: Authorization): boolean => !row.user_id && !isForEverybody(row);

/**
 * All authorizations of a project. Whether `offset` counts pages or entries is not confirmed, so the second page
 * tells: when it begins with the first page's second row, entries are counted.
 * @throws {CloudFault} also when fewer distinct rows came than the cloud announced
 */
export const authorizationsOf = async (
  place: ProjectPlace,
  cloud: Cloud,
): Promise<readonly Authorization[]> => {
  const limit = 1000;
  const rows = new Map<string, Authorization>();
  const readFrom = async (offset: number) => {
    const { body } = await cloud.call({
      service: 'modelarts',
      region: place.region,
      project: place.project,
      method: 'GET',
      path: ['v2', place.project, 'authorizations'],
      query: { limit, offset, sort_by: 'user_name', order: 'asc' },
      answer: AuthorizationPage,
      effect: 'read',
    });
    const known = rows.size;
    for (const [key, row] of keyed(body.auth)) rows.set(key, row);
    return { total: body.total_count, added: rows.size - known, came: body.auth.length };
  };
  const { total } = await readFrom(0);
  let countsEntries = false;
  for (let page = 1; rows.size < total; page += 1) {
    const { added, came } = await readFrom(countsEntries ? rows.size : page);
    if (added === 0) break;
    countsEntries ||= added < came;
  }
  if (rows.size >= total) return [...rows.values()];
  throw new CloudFault(
    'unexpected-answer',
    `The listing of the project's authorizations gave ${rows.size} of ${total} entries.`,
    { retryable: true },
  );
};
