import { z } from 'zod';
import { reachOf, setsOf } from '../domain/assignment.ts';
import type { Grant } from '../domain/facts.ts';
import { defineKind } from '../domain/kind.ts';
import { readFirst } from '../domain/listing.ts';
import type { Cloud } from '../domain/ports.ts';
import {
  aimAtUser,
  inStore,
  knowPrincipal,
  onlyUserField,
  principalField,
  principalKey,
  principalRisk,
  sessionWordsOf,
  UserTarget,
} from '../domain/principal.ts';
import { clip } from '../domain/text.ts';

/** Sessions ended by one call. The cloud's own maximum is not published, so this is far below any likely one. */
const batchSize = 10;

/** ms since the epoch, up to the last moment that a date can tell; anything else is not shown. */
const Moment = z.number().min(0).max(8.64e15).optional().catch(undefined);

const Session = z.object({
  session_id: z.string().min(1),
  user_id: z.string().nullish(),
  creation_time: Moment,
  session_not_valid_after: Moment,
  ip_address: z.string().nullish(),
  user_agent: z.string().nullish(),
});
type Session = z.infer<typeof Session>;

/** The listing has no pages by its documentation; should it come in pages after all, it is not the agreed answer. */
const Sessions = z.object({
  session_list: z.array(Session),
  page_info: z.object({ next_marker: z.literal('').nullish() }).nullish(),
});

const utc = (ms: number | undefined): string =>
  ms === undefined ? 'an unknown time' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const keyPrefix = ({ principal }: UserTarget): string => `USER/${principal}/session/`;

const grantOf = (target: UserTarget, session: Session): Grant => {
  const from = session.ip_address ?? 'an unknown address';
  const by = session.user_agent ? ` (${clip(session.user_agent, 80)})` : '';
  const lasts = `since ${utc(session.creation_time)}, until ${utc(session.session_not_valid_after)}`;
  return {
    key: `${keyPrefix(target)}${session.session_id}`,
    words: `portal session ${session.session_id} ${lasts}, from ${from}${by}`,
  };
};

/** The user's live portal sessions; rows of another user are dropped. */
const sessionsOf = async (target: UserTarget, cloud: Cloud): Promise<readonly Grant[]> => {
  const { body } = await cloud.call({
    ...inStore(target, 'users', target.principal, 'sessions'),
    method: 'GET',
    answer: Sessions,
    effect: 'read',
  });
  return body.session_list
    .filter((session) => (session.user_id ?? target.principal) === target.principal)
    .map((session) => grantOf(target, session));
};

/** End the portal sessions of one user that are live now: exactly those that were approved, not later ones. */
export const portalSessions = defineKind<UserTarget>({
  name: 'portal-sessions',
  command: {
    name: '/revoke-sessions',
    description: 'End the live access portal sessions of a user in IAM Identity Center',
    usage: '[name, e-mail, id or @person] [INC-42] ["reason"]',
  },
  title: 'End portal sessions',
  about:
    'Signs one user out of the access portal of IAM Identity Center, everywhere. They can sign in again.',
  fields: [onlyUserField, principalField],
  spoken: ['principal'],
  target: UserTarget,

  aim: aimAtUser,

  async impact(target, cloud, directory) {
    const user = await knowPrincipal('USER', target.principal, directory);
    if (typeof user === 'string') return { result: 'no-such', words: user };
    const [grants, reach] = await Promise.all([
      sessionsOf(target, cloud),
      reachOf(target.principal, cloud, directory),
    ]);
    return {
      result: 'assessed',
      impact: {
        title: `End the portal sessions of ${user.words}`,
        lines: [`Live portal sessions of ${user.words}`, `Identity store ${target.store}`],
        names: [...user.names],
        grants,
        residual: [
          user.enabled
            ? 'The user can sign in again at once: grants, group memberships and the sign-in itself stay.'
            : 'The user is disabled and cannot sign in again; grants and group memberships stay.',
          ...(await sessionWordsOf(setsOf(reach), directory)),
        ],
        people: user.people,
      },
    };
  },

  risk: (target, impact) => principalRisk(target, impact, false),

  principal: principalKey,

  steps(target, impact) {
    const keys = impact.grants.map((grant) => grant.key);
    return Array.from({ length: Math.ceil(keys.length / batchSize) }, (_, index) => {
      const grants = keys.slice(index * batchSize, (index + 1) * batchSize);
      const many = grants.length === 1 ? '1 portal session' : `${grants.length} portal sessions`;
      return { key: `end-${index + 1}`, words: `end ${many}`, target, grants };
    });
  },

  async start(step, cloud) {
    const target = UserTarget.parse(step.target);
    // A session that has ended by itself meanwhile may make the cloud refuse the others too.
    const live = new Set((await readFirst(sessionsOf(target, cloud))).map((grant) => grant.key));
    const stillLive = step.grants.filter((key) => live.has(key));
    const ending = stillLive.length > 0 ? stillLive : step.grants;
    const answer = await cloud.call({
      ...inStore(target, 'users', target.principal, 'sessions', 'batch-delete'),
      method: 'POST',
      body: { session_ids: ending.map((key) => key.slice(keyPrefix(target).length)) },
      answer: z.unknown(),
      effect: 'change',
    });
    return {
      status: answer.status,
      ...(answer.requestId !== undefined && { cloudRequest: answer.requestId }),
    };
  },

  async look(step, _job, cloud) {
    const live = await sessionsOf(UserTarget.parse(step.target), cloud);
    const remaining = live.map((grant) => grant.key).filter((key) => step.grants.includes(key));
    const since = live.filter((grant) => !step.grants.includes(grant.key));
    if (remaining.length === 0) return { state: 'gone', remaining, since };
    return { state: 'present', surely: false, remaining, since };
  },
});
