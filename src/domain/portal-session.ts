import { z } from 'zod';
import type { Cloud } from './ports.ts';
import { inStore, type StoreUser } from './principal.ts';

/** ms since the epoch, up to the last moment that a date can tell; anything else is not shown. */
const Moment = z.number().min(0).max(8.64e15).optional().catch(undefined);

const PortalSession = z.object({
  session_id: z.string().min(1),
  user_id: z.string().nullish(),
  creation_time: Moment,
  session_not_valid_after: Moment,
  ip_address: z.string().nullish(),
  user_agent: z.string().nullish(),
});
export type PortalSession = z.infer<typeof PortalSession>;

/** The listing has no pages by its documentation; should it come in pages after all, it is not the agreed answer. */
const Sessions = z.object({
  session_list: z.array(PortalSession),
  page_info: z.object({ next_marker: z.literal('').nullish() }).nullish(),
});

/** The user's live portal sessions (ListSessions); rows of another user are dropped. @throws {CloudFault} */
export const portalSessionsOf = async (user: StoreUser, cloud: Cloud): Promise<readonly PortalSession[]> => {
  const { body } = await cloud.call({
    ...inStore(user, 'users', user.principal, 'sessions'),
    method: 'GET',
    answer: Sessions,
    effect: 'read',
  });
  return body.session_list.filter((session) => (session.user_id || user.principal) === user.principal);
};
