import { z } from 'zod';
import { removeWhere } from '../organisation.ts';
import { voices } from '../refusals.ts';
import { type Route, route } from '../route.ts';
import { noBody, noQuery, principalId, requireStore, someId, storeParams, storePath } from './shapes.ts';
import { requireUser } from './users.ts';

const base = {
  service: 'identitystore',
  voice: voices.identityCenter,
  params: storeParams.extend({ user_id: principalId }),
  query: noQuery,
} as const;

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
      const { organisation, now } = world;
      requireStore(organisation, params);
      requireUser(world, params.user_id);
      const session_list = organisation.sessions.filter(
        (one) => one.user_id === params.user_id && one.session_not_valid_after > now,
      );
      return { status: 200, body: { session_list } };
    },
  }),
  route({
    ...base,
    method: 'POST',
    effect: 'change',
    operation: 'BatchDeleteSessions',
    path: `${storePath}/users/{user_id}/sessions/batch-delete`,
    action: 'IdentityCenter:user:batchDeleteSession',
    body: z.strictObject({ session_ids: z.array(someId).min(1).max(100) }),
    answer: ({ params, body }, world) => {
      const { organisation } = world;
      requireStore(organisation, params);
      requireUser(world, params.user_id);
      // Sessions that are not this user's are passed over: ending what has ended is no error.
      removeWhere(
        organisation.sessions,
        (one) => one.user_id === params.user_id && body.session_ids.includes(one.session_id),
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
