import { z } from 'zod';
import { removeWhere } from '../organisation.ts';
import { voices } from '../refusals.ts';
import { type Route, route, type World } from '../route.ts';
import {
  noBody,
  noQuery,
  principalId,
  requireStore,
  someId,
  storeParams,
  storePath,
  takeEffect,
} from './shapes.ts';
import { requireUser } from './users.ts';

const base = {
  service: 'identitystore',
  voice: voices.identityCenter,
  params: storeParams.extend({ user_id: principalId }),
  query: noQuery,
} as const;

const liveSessions = ({ organisation, now }: World, userId: string) =>
  organisation.sessions.filter((one) => one.user_id === userId && one.session_not_valid_after > now);

/** @throws {Refusal} as switched, when one of the ids is of no live session of this user */
const requireLive = (world: World, userId: string, ids: readonly string[]): void => {
  const { endedSession } = world.switches;
  const live = new Set(liveSessions(world, userId).map((one) => one.session_id));
  const ended = ids.find((id) => !live.has(id));
  if (ended === undefined || endedSession === 'ignored') return;
  if (endedSession === 404) throw voices.identityCenter.notFound(`session ${ended}`);
  throw voices.identityCenter.badRequest(`session ${ended} has ended`);
};

/** Portal sessions, and the counters of the identity store. */
export const sessionRoutes: readonly Route[] = [
  route({
    ...base,
    method: 'GET',
    effect: 'read',
    operation: 'ListSessions',
    path: `${storePath}/users/{user_id}/sessions`,
    action: 'IdentityCenter:user:listSessions',
    body: noBody,
    answer: ({ params }, world) => {
      requireStore(world.organisation, params);
      requireUser(world, params.user_id);
      return { status: 200, body: { session_list: liveSessions(world, params.user_id) } };
    },
  }),
  route({
    ...base,
    method: 'POST',
    effect: 'change',
    operation: 'BatchDeleteSessions',
    path: `${storePath}/users/{user_id}/sessions/batch-delete`,
    action: 'IdentityCenter:user:batchDeleteSession',
    body: z.strictObject({ session_ids: z.array(someId).min(1) }),
    answer: ({ params, body }, world) => {
      const { organisation, switches } = world;
      if (body.session_ids.length > switches.sessionBatchMost)
        throw voices.identityCenter.badRequest(`more than ${switches.sessionBatchMost} session_ids`);
      requireStore(organisation, params);
      requireUser(world, params.user_id);
      requireLive(world, params.user_id, body.session_ids);
      takeEffect(world, () =>
        removeWhere(
          organisation.sessions,
          (one) => one.user_id === params.user_id && body.session_ids.includes(one.session_id),
        ),
      );
      return { status: 200 };
    },
  }),
  route({
    ...base,
    method: 'GET',
    effect: 'read',
    operation: 'GetIdentityStoreSummary',
    path: `${storePath}/identity-store-summary`,
    action: 'IdentityCenter:identityStore:getSummary',
    params: storeParams,
    body: noBody,
    answer: ({ params }, { organisation }) => {
      requireStore(organisation, params);
      return {
        status: 200,
        body: {
          users: organisation.users.length,
          users_quota: 100_000,
          groups: organisation.groups.length,
          groups_quota: 100_000,
        },
      };
    },
  }),
];
