import { z } from 'zod';
import { type Reach, reachOf, reachWords, rowsOf } from '../domain/assignment.ts';
import type { Grant } from '../domain/facts.ts';
import { defineKind, startedBy } from '../domain/kind.ts';
import { ahead } from '../domain/listing.ts';
import { countWords } from '../domain/measure-words.ts';
import { type Cloud, CloudFault } from '../domain/ports.ts';
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
import { consolesOf, orSaid, outliving, portalSentences } from '../domain/residual.ts';
import { kooCommand } from '../domain/restore.ts';
import { cloudName } from '../domain/text.ts';

/** `enabled` may be left out by the SDK's model; here it is the proof, so it must be there. */
const UserState = z.object({ user_id: z.string(), enabled: z.boolean() });

const keyOf = ({ principal }: UserTarget): string => `USER/${principal}/sign-in`;

/** @throws {CloudFault} also when the cloud describes somebody else */
const isEnabled = async (target: UserTarget, cloud: Cloud): Promise<boolean> => {
  const { body } = await cloud.call({
    ...inStore(target, 'users', target.principal),
    method: 'GET',
    answer: UserState,
    effect: 'read',
  });
  if (body.user_id === target.principal) return body.enabled;
  throw new CloudFault('unexpected-answer', `The cloud described another user than ${target.principal}.`, {
    retryable: false,
  });
};

/** Groups that the impact names; the rest is counted. */
const groupsShown = 10;

/** What cannot be reached any more without signing in, a line a way. */
const reachLines = ({ own, groups, unread }: Reach): readonly string[] => {
  const giving = groups.filter(({ rows }) => rows.length > 0);
  const more = giving.slice(groupsShown);
  return [
    `Out of reach without it: ${reachWords(own)} of their own`,
    ...giving
      .slice(0, groupsShown)
      .map(
        ({ group, rows }) =>
          `Also ${reachWords(rows)} through the group ${cloudName(group.displayName)} (${group.id})`,
      ),
    ...(more.length === 0
      ? []
      : [
          `Also ${reachWords(more.flatMap(({ rows }) => rows))} through ${countWords(more.length, 'more group')}`,
        ]),
    ...(unread === 0 ? [] : [`Also what ${countWords(unread, 'more group')} grant, which was not read`]),
  ];
};

/** EnableUser by hand. */
const restoreOf = ({ store, region, principal }: UserTarget): string =>
  kooCommand('IdentityCenterStore', 'EnableUser', {
    'cli-region': region,
    identity_store_id: store,
    user_id: principal,
  });

/** Disable one user of the identity store: nobody signs in as this user any more. Grants are left as they are. */
export const userDisable = defineKind<UserTarget>({
  name: 'user-disable',
  command: {
    name: '/disable-user',
    description: 'Disable a user of IAM Identity Center, so that they cannot sign in any more',
    usage: '[name, e-mail, id or @person] [INC-42] ["reason"]',
  },
  title: 'Disable a user',
  about:
    'Disables one user of IAM Identity Center, who cannot sign in any more. A second person must approve it.',
  fields: [onlyUserField, principalField],
  spoken: ['principal'],
  target: UserTarget,

  aim: aimAtUser,

  async impact(target, cloud, directory) {
    const state = ahead(isEnabled(target, cloud));
    const user = await knowPrincipal('USER', target.principal, directory);
    if (typeof user === 'string') return { result: 'no-such', words: user };
    const reach = reachOf(target.principal, cloud, directory);
    const [enabled, lines, portal, console] = await Promise.all([
      state,
      orSaid('Grants of the user', async () => reachLines(await reach)),
      portalSentences(target.principal, user, cloud, directory),
      consolesOf(async () => rowsOf(await reach), cloud, directory),
    ]);
    const signIn: Grant = {
      key: keyOf(target),
      words: `sign-in of ${user.words}`,
      restore: restoreOf(target),
    };
    return {
      result: 'assessed',
      impact: {
        title: `Disable ${user.words}`,
        lines: enabled
          ? [`Sign-in of ${user.words}`, `Identity store ${target.store}`, ...lines]
          : [`${user.words} is disabled already`],
        names: [...user.names],
        grants: enabled ? [signIn] : [],
        residual: [
          'Portal sessions that are live now are not ended by this.',
          ...portal,
          ...console.sentences,
          'An external identity provider (SCIM) may enable the user again.',
          `Grants and group memberships stay, and work again as soon as somebody enables the user: /revoke-profile ${user.spoken}`,
        ],
        ...outliving(console),
        people: user.people,
      },
    };
  },

  /** It takes every way in at once. */
  risk: (target, impact) => principalRisk(target, impact, true),

  principal: principalKey,

  steps: (target, impact) => [
    {
      key: 'disable',
      words: 'disable the user',
      target,
      grants: impact.grants.map((grant) => grant.key),
    },
  ],

  async start(step, cloud) {
    const target = UserTarget.parse(step.target);
    const answer = await cloud.call({
      ...inStore(target, 'users', target.principal, 'disable'),
      method: 'POST',
      answer: z.unknown(),
      effect: 'change',
    });
    return startedBy(answer);
  },

  async look(step, _job, cloud) {
    const enabled = await isEnabled(UserTarget.parse(step.target), cloud);
    if (!enabled) return { state: 'gone', remaining: [], since: [] };
    return { state: 'present', surely: false, remaining: [...step.grants], since: [] };
  },
});
