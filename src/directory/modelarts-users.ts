import { z } from 'zod';
import { listAll } from '../domain/listing.ts';
import { type Cloud, CloudFault, type Log } from '../domain/ports.ts';
import { CloudId } from '../domain/principal.ts';
import type { ConfiguredProject } from './projects.ts';

export interface IamUser {
  readonly id: string;
  readonly userName: string;
}

const IamUserRow = z
  .object({ user_id: z.string(), user_name: z.string() })
  .transform((row): IamUser => ({ id: row.user_id, userName: row.user_name }));

/** Rows also have a `secret_key` in the API's model; a zod object drops what it does not name. */
const Authorizations = z.object({
  auth: z.array(
    z.object({
      user_id: z.string().nullish(),
      user_name: z.string().nullish(),
      user_type: z.string().nullish(),
    }),
  ),
});

/** Names of the entry for everybody, which is no user. */
const everybody: ReadonlySet<string> = new Set(['all', 'all-users']);

/** All users of the account that the key belongs to. @throws {CloudFault} */
export const iamUsers = (cloud: Cloud): Promise<readonly IamUser[]> =>
  listAll(cloud, { service: 'iam', path: ['v5', 'users'] }, 'users', IamUserRow, 200);

/**
 * Users with an authorization in the project: the first 1,000 by name, which is enough to suggest. Federated
 * users have no id, so they cannot be chosen.
 */
const authorizedUsers = async (cloud: Cloud, project: ConfiguredProject): Promise<readonly IamUser[]> => {
  const { body } = await cloud.call({
    service: 'modelarts',
    region: project.region,
    project: project.id,
    method: 'GET',
    path: ['v2', project.id, 'authorizations'],
    query: { limit: 1000, offset: 0, sort_by: 'user_name', order: 'asc' },
    answer: Authorizations,
    effect: 'read',
  });
  return body.auth.flatMap(({ user_id: id, user_name: name, user_type: type }) => {
    if (!id || !CloudId.safeParse(id).success) return [];
    if (type === 'all-users' || everybody.has(id.toLowerCase())) return [];
    return [{ id, userName: name || id }];
  });
};

/** A user who may be chosen for a project. */
export interface ModelArtsUser extends IamUser {
  readonly authorized: boolean;
}

/**
 * Users with an authorization in the project and all IAM users, each once. One of the two listings is enough.
 * @throws {CloudFault} when neither can be read
 */
export const modelArtsUsers = async (
  cloud: Cloud,
  project: ConfiguredProject,
  log: Log,
): Promise<readonly ModelArtsUser[]> => {
  const answers = await Promise.allSettled([authorizedUsers(cloud, project), iamUsers(cloud)]);
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  for (const failure of failures) {
    if (!(failure instanceof CloudFault) || failures.length === answers.length) throw failure;
    log.warn('only some of the users of a ModelArts project can be suggested', { error: failure.message });
  }
  const [authorized, others] = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const users = new Map<string, ModelArtsUser>();
  for (const user of others ?? []) users.set(user.id, { ...user, authorized: false });
  for (const user of authorized ?? []) users.set(user.id, { ...user, authorized: true });
  return [...users.values()];
};
