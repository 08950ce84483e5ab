import { z } from 'zod';
import { reachOf, rowsOf } from '../domain/assignment.ts';
import type { Grant } from '../domain/facts.ts';
import { defineKind, startedBy } from '../domain/kind.ts';
import { readFirst } from '../domain/listing.ts';
import { countWords, utcWords } from '../domain/measure-words.ts';
import { type PortalSession, portalSessionsOf } from '../domain/portal-session.ts';
import type { Cloud } from '../domain/ports.ts';
import {
  aimAtUser,
  inStore,
  knowPrincipal,
  onlyUserField,
  principalField,
  principalKey,
  principalRisk,
  UserTarget,
} from '../domain/principal.ts';
import { consolesOf, outliving } from '../domain/residual.ts';
import { clip } from '../domain/text.ts';

/** Sessions ended by one call. The cloud's own maximum is not published, so this is far below any likely one. */
const batchSize = 10;

const keyPrefix = ({ principal }: UserTarget): string => `USER/${principal}/session/`;

const grantOf = (target: UserTarget, session: PortalSession): Grant => {
  const from = session.ip_address ?? 'an unknown address';
  const by = session.user_agent ? ` (${clip(session.user_agent, 80)})` : '';
  const lasts = `since ${utcWords(session.creation_time)}, until ${utcWords(session.session_not_valid_after)}`;
  return {
    key: `${keyPrefix(target)}${session.session_id}`,
    words: `portal session ${session.session_id} ${lasts}, from ${from}${by}`,
  };
};

const sessionsOf = async (target: UserTarget, cloud: Cloud): Promise<readonly Grant[]> =>
  (await portalSessionsOf(target, cloud)).map((session) => grantOf(target, session));

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
    const [grants, console] = await Promise.all([
      sessionsOf(target, cloud),
      consolesOf(async () => rowsOf(await reachOf(target.principal, cloud, directory)), cloud, directory),
    ]);
    return {
      result: 'assessed',
      impact: {
        title: `End the portal sessions of ${user.words}`,
        lines: [
          `Live portal sessions of ${user.words}`,
          `Identity store ${target.store}`,
          ...(grants.length > 0 ? [countWords(grants.length, 'live session')] : []),
        ],
        names: [...user.names],
        grants,
        residual: [
          user.enabled
            ? `Grants and group memberships stay, and the user can sign in again at once: /disable-user ${user.spoken}`
            : `The user is disabled and cannot sign in again; grants and group memberships stay: /revoke-profile ${user.spoken}`,
          ...console.sentences,
        ],
        ...outliving(console),
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
      const words = `end ${countWords(grants.length, 'portal session')}`;
      return { key: `end-${index + 1}`, words, target, grants };
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
    return startedBy(answer);
  },

  async look(step, _job, cloud) {
    const live = await sessionsOf(UserTarget.parse(step.target), cloud);
    const ofStep = new Set(step.grants);
    const remaining = live.map((grant) => grant.key).filter((key) => ofStep.has(key));
    const since = live.filter((grant) => !ofStep.has(grant.key));
    if (remaining.length === 0) return { state: 'gone', remaining, since };
    return { state: 'present', surely: false, remaining, since };
  },
});
