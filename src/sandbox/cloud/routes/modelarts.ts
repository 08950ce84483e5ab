import { z } from 'zod';
import { type Authorization, type Organisation, removeWhere } from '../organisation.ts';
import { wholeNumber } from '../paging.ts';
import { Refusal, voices } from '../refusals.ts';
import { type Answer, type Route, route, type World } from '../route.ts';
import { noBody, noQuery } from './shapes.ts';

const path = '/v2/{project_id}/authorizations';
const base = {
  service: 'modelarts',
  voice: voices.modelArts,
  path,
  params: z.strictObject({ project_id: z.string().regex(/^[0-9a-f]{32}$/) }),
} as const;

const requireProject = (organisation: Organisation, id: string): void => {
  if (!organisation.projects.some((project) => project.id === id))
    throw voices.modelArts.notFound(`project ${id}`);
};

const done: Answer = { status: 200, body: { result: 'true' } };

const remove = ({ organisation }: World, match: (row: Authorization) => boolean): Answer => {
  removeWhere(organisation.authorizations, match);
  return done;
};

/** What one value of `user_id` removes. Undefined and empty are the same here. */
const deleteAuthorizations = (world: World, projectId: string, userId: string | undefined): Answer => {
  const { organisation, switches } = world;
  const inProject = (row: Authorization) => row.project_id === projectId;
  if (userId === undefined || userId === '') {
    if (switches.modelartsOmittedUser === 'error') throw voices.modelArts.badRequest('user_id is missing');
    return remove(world, inProject);
  }
  if (userId === 'all') return remove(world, inProject);
  if (userId === 'all-users' && switches.modelartsAllUsers === 'all') return remove(world, inProject);
  if (userId === 'all-users' && switches.modelartsAllUsers === 'error')
    throw voices.modelArts.badRequest('user_id all-users');
  const isIt = (row: Authorization) => inProject(row) && row.user_id === userId;
  if (!organisation.authorizations.some(isIt))
    throw switches.modelartsMissingUser === 404
      ? voices.modelArts.notFound(`user ${userId}`)
      : new Refusal(400, 'ModelArts.0102', `The resource does not exist: user ${userId}.`, {
          render: (code) => ({ error_code: code, error_msg: `The resource does not exist: user ${userId}.` }),
        });
  return remove(world, isIt);
};

const newEntry = z
  .strictObject({
    user_id: z
      .string()
      .regex(/^[A-Za-z0-9-]{3,32}$/)
      .optional(),
    type: z.enum(['agency', 'credential']),
    content: z.string().min(1).max(64),
    secret_key: z.string().length(40).optional(),
    user_name: z.string().min(1).optional(),
    user_type: z.enum(['iam', 'federate', 'federation-group', 'grant', 'all-users']).optional(),
  })
  .refine((body) => body.user_id !== undefined || body.user_type?.startsWith('federat') === true, {
    message: 'user_id is missing',
  })
  .refine((body) => (body.type === 'credential') === (body.secret_key !== undefined), {
    message: 'secret_key goes with type credential',
  });

const createAuthorization = (world: World, projectId: string, body: z.infer<typeof newEntry>): Answer => {
  const { organisation, now } = world;
  const all = body.user_id === 'all' || body.user_id === 'all-users' || body.user_type === 'all-users';
  const userId = all ? 'all-users' : body.user_id;
  const known = organisation.iamUsers.find((user) => user.id === userId)?.name;
  const userName = all ? 'all-users' : (body.user_name ?? known);
  if (userName === undefined)
    throw voices.modelArts.badRequest('user_id is unknown and user_name is missing');
  // Creating again updates: the old entry of the same user goes.
  removeWhere(
    organisation.authorizations,
    (row) => row.project_id === projectId && row.user_id === userId && row.user_name === userName,
  );
  organisation.authorizations.push({
    project_id: projectId,
    ...(userId === undefined ? {} : { user_id: userId }),
    user_name: userName,
    user_type: all ? 'all-users' : (body.user_type ?? 'iam'),
    type: body.type,
    content: body.content,
    ...(body.secret_key === undefined ? {} : { secret_key: body.secret_key }),
    create_time: now,
  });
  return done;
};

/** ModelArts authorizations of one project. */
export const modelArtsRoutes: readonly Route[] = [
  route({
    ...base,
    method: 'GET',
    effect: 'read',
    operation: 'GetAuthorizations',
    action: 'modelarts:authorization:list',
    query: z.strictObject({
      sort_by: z.enum(['user_name', 'create_time']).default('user_name'),
      order: z.enum(['asc', 'desc', 'ASC', 'DESC']).default('asc'),
      limit: wholeNumber(1, 1000).default(1000),
      offset: wholeNumber(0, 999_999_999).default(0),
    }),
    body: noBody,
    answer: ({ params, query }, { organisation, switches }) => {
      requireProject(organisation, params.project_id);
      const { sort_by: by, limit, offset } = query;
      const up = query.order.toLowerCase() === 'asc' ? 1 : -1;
      const rows = organisation.authorizations
        .filter((row) => row.project_id === params.project_id)
        .toSorted((one, other) => (one[by] < other[by] ? -up : one[by] > other[by] ? up : 0));
      const start = switches.modelartsOffset === 'page' ? offset * limit : offset;
      const auth = rows.slice(start, start + limit).map(({ project_id: _project, ...row }) => row);
      return { status: 200, body: { total_count: rows.length, auth } };
    },
  }),
  route({
    ...base,
    method: 'DELETE',
    effect: 'change',
    operation: 'DeleteAuthorizations',
    action: 'modelarts:authorization:delete',
    query: z.strictObject({
      user_id: z
        .string()
        .regex(/^(?:|[A-Za-z0-9-]{3,32})$/)
        .optional(),
    }),
    body: noBody,
    answer: ({ params, query }, world) => {
      requireProject(world.organisation, params.project_id);
      return deleteAuthorizations(world, params.project_id, query.user_id);
    },
  }),
  route({
    ...base,
    method: 'POST',
    effect: 'change',
    operation: 'CreateAuthorization',
    action: 'modelarts:authorization:create',
    query: noQuery,
    body: newEntry,
    answer: ({ params, body }, world) => {
      requireProject(world.organisation, params.project_id);
      return createAuthorization(world, params.project_id, body);
    },
  }),
];
