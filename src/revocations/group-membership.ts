import { z } from 'zod';
import {
  type Assignment,
  accessWords,
  assignmentsOf,
  type Reach,
  reachOf,
  reachWords,
} from '../domain/assignment.ts';
import { defineKind, startedBy } from '../domain/kind.ts';
import { ahead, listAll, readFirst } from '../domain/listing.ts';
import { countWords } from '../domain/measure-words.ts';
import { type Cloud, CloudFault, type Directory } from '../domain/ports.ts';
import {
  aimAtUser,
  CloudId,
  inStore,
  type KnownPrincipal,
  knowPrincipal,
  onlyUserField,
  principalField,
  principalKey,
  principalRisk,
  UserTarget,
} from '../domain/principal.ts';
import {
  consolesOf,
  groupsNamed,
  groupWords,
  leaveCommand,
  orSaid,
  outliving,
  portalSentences,
  type Sentences,
} from '../domain/residual.ts';
import { kooCommand } from '../domain/restore.ts';
import { cloudName } from '../domain/text.ts';

const MembershipTarget = UserTarget.extend({ group: CloudId });
type MembershipTarget = z.infer<typeof MembershipTarget>;

const Membership = z.object({
  membership_id: CloudId,
  group_id: z.string().min(1),
  member_id: z.object({ user_id: z.string().min(1) }),
});
type Membership = z.infer<typeof Membership>;

/** Lost grants that the impact names; the rest is counted. */
const grantsShown = 15;

/** By user and group, not by the membership's own id: one that was written back is the same access under another id. */
const keyOf = ({ principal, group }: MembershipTarget): string => `USER/${principal}/GROUP/${group}`;

/** The membership, if it is among those of the user, read to the last page. */
const membershipOf = async (target: MembershipTarget, cloud: Cloud): Promise<Membership | undefined> => {
  const rows = await listAll(
    cloud,
    { ...inStore(target, 'group-memberships-for-member'), query: { user_id: target.principal } },
    'group_memberships',
    Membership,
  );
  return rows.find((row) => row.group_id === target.group && row.member_id.user_id === target.principal);
};

const lossLines = async (lost: readonly Assignment[], directory: Directory): Promise<readonly string[]> => {
  if (lost.length === 0) return ['The group itself grants nothing on any account'];
  const shown = lost.slice(0, grantsShown);
  const wordsFor = await accessWords(shown, directory);
  const more = lost.length - shown.length;
  return [
    `With it go ${reachWords(lost)}`,
    ...shown.map((row) => `Lost with it: ${wordsFor(row)}`),
    ...(more > 0 ? [`Lost with it: ${countWords(more, 'more grant')} of the group`] : []),
  ];
};

const accessKey = (row: Assignment): string => `${row.account_id}/${row.permission_set_id}`;

/** Ways that give some of what is lost, a sentence each. */
const sameByOtherWays = async (
  user: KnownPrincipal,
  { own, groups, unread }: Reach,
  lost: readonly Assignment[],
  directory: Directory,
): Promise<Sentences> => {
  const lostKeys = new Set(lost.map(accessKey));
  const ways = [
    { words: 'an assignment of their own', rows: own, command: `/revoke-assignment ${user.spoken}` },
    ...groups.map(({ group, rows }) => ({
      words: groupWords(group),
      rows,
      command: leaveCommand(user, group),
    })),
  ]
    .map((way) => ({ ...way, rows: way.rows.filter((row) => lostKeys.has(accessKey(row))) }))
    .filter(({ rows }) => rows.length > 0);
  const more = ways.length - groupsNamed;
  const named = await Promise.all(
    ways.slice(0, groupsNamed).map(async ({ words, rows, command }) => {
      const one = rows.slice(0, 1);
      const [first = ''] = one.map(await accessWords(one, directory));
      const others = rows.length > 1 ? ` and ${rows.length - 1} more of it` : '';
      return `Warning: ${words} still grants ${first}${others}: ${command}`;
    }),
  );
  return [
    ...named,
    ...(more > 0 ? [`Warning: ${countWords(more, 'more way')} to some of it stay.`] : []),
    ...(unread > 0
      ? [`${countWords(unread, 'more group was', 'more groups were')} not read and may grant the same.`]
      : []),
  ];
};

/** CreateGroupMembership by hand. */
const restoreOf = ({ store, region, principal, group }: MembershipTarget): string =>
  kooCommand('IdentityCenterStore', 'CreateGroupMembership', {
    'cli-region': region,
    identity_store_id: store,
    group_id: group,
    'member_id.user_id': principal,
  });

/** Take one user out of one group, and so away from everything that the group gives. */
export const groupMembership = defineKind<MembershipTarget>({
  name: 'group-membership',
  command: {
    name: '/revoke-membership',
    description: 'Take a user out of one group in IAM Identity Center',
    usage: '[user] [group] [INC-42] ["reason"]',
  },
  title: 'Take out of a group',
  about: 'Takes one user out of one group of IAM Identity Center, and so away from what the group grants.',
  fields: [
    onlyUserField,
    principalField,
    {
      id: 'group',
      label: 'Out of which group',
      hint: 'The groups of this user: type a part of the name or an id.',
      type: 'lookup',
      lookup: 'group-of-user',
      within: ['principal'],
    },
  ],
  spoken: ['principal', 'group'],
  target: MembershipTarget,

  async aim(values, directory) {
    const user = await aimAtUser(values, directory);
    if (user.result === 'wrong') return user;
    const target = MembershipTarget.safeParse({ ...user.target, group: values.group });
    if (target.success) return { result: 'aimed', target: target.data };
    return { result: 'wrong', errors: { group: 'Choose one of the groups of this user, or type its id.' } };
  },

  async impact(target, cloud, directory) {
    const [user, group] = await Promise.all([
      knowPrincipal('USER', target.principal, directory),
      directory.group(target.group),
    ]);
    if (typeof user === 'string') return { result: 'no-such', words: user };
    if (group === undefined) {
      return { result: 'no-such', words: `There is no such group in the identity store: ${target.group}.` };
    }
    const { instanceId } = await directory.instance();
    const others = ahead(reachOf(target.principal, cloud, directory, group.id));
    const [membership, lost] = await Promise.all([
      membershipOf(target, cloud),
      assignmentsOf(cloud, instanceId, 'GROUP', group.id),
    ]);
    const [lines, ways, portal, console] = await Promise.all([
      lossLines(lost, directory),
      orSaid('Other ways to the same access', async () => {
        return sameByOtherWays(user, await others, lost, directory);
      }),
      portalSentences(target.principal, user, cloud, directory),
      consolesOf(async () => lost, cloud, directory),
    ]);
    const from = `group ${cloudName(group.displayName)} (${group.id})`;
    return {
      result: 'assessed',
      impact: {
        title: `Take ${user.words} out of the ${from}`,
        lines:
          membership === undefined
            ? [`${user.words} is not in the ${from}`]
            : [`Membership of ${user.words}`, `In the ${from}`, ...lines],
        names: [...user.names],
        grants:
          membership === undefined
            ? []
            : [
                {
                  key: keyOf(target),
                  words: `membership of ${user.words} in the ${from}`,
                  restore: restoreOf(target),
                },
              ],
        residual: [
          ...ways,
          `Assignments of their own and other group memberships stay: /revoke-profile ${user.spoken}`,
          ...portal,
          ...console.sentences,
          'An external identity provider (SCIM) may write the membership back.',
        ],
        ...outliving(console),
        people: user.people,
      },
    };
  },

  risk: (target, impact) => principalRisk(target, impact, false),

  principal: principalKey,

  steps: (target, impact) => [
    {
      key: 'delete',
      words: 'delete the group membership',
      target,
      grants: impact.grants.map((grant) => grant.key),
    },
  ],

  async start(step, cloud) {
    const target = MembershipTarget.parse(step.target);
    const membership = await readFirst(membershipOf(target, cloud));
    if (membership === undefined) {
      throw new CloudFault('refused', 'The membership is not listed any more, so nothing was called.', {
        retryable: false,
      });
    }
    const answer = await cloud.call({
      ...inStore(target, 'group-memberships', membership.membership_id),
      method: 'DELETE',
      answer: z.unknown(),
      effect: 'change',
    });
    return startedBy(answer);
  },

  async look(step, _job, cloud) {
    const membership = await membershipOf(MembershipTarget.parse(step.target), cloud);
    if (membership === undefined) return { state: 'gone', remaining: [], since: [] };
    return { state: 'present', surely: false, remaining: [...step.grants], since: [] };
  },
});
