import { z } from 'zod';
import { assignmentsOf, compare, namedGrant } from '../domain/assignment.ts';
import { defineKind } from '../domain/kind.ts';
import type { Cloud, Directory } from '../domain/ports.ts';
import {
  CloudId,
  knowPrincipal,
  PrincipalType,
  principalField,
  principalKey,
  principalRisk,
  principalTypeField,
  sessionWords,
} from '../domain/principal.ts';

const ProfileTarget = z.object({
  instance: CloudId,
  store: CloudId,
  principal_type: PrincipalType,
  principal: CloudId,
});
type ProfileTarget = z.infer<typeof ProfileTarget>;

/** What the principal's groups still give after its own assignments are gone, a sentence a group. */
const throughGroups = async (
  target: ProfileTarget,
  cloud: Cloud,
  directory: Directory,
): Promise<string[]> => {
  if (target.principal_type === 'GROUP') return [];
  const groups = await directory.groupsOf(target.principal);
  const words = await Promise.all(
    groups.map(async (group) => {
      const rows = await assignmentsOf(cloud, target.instance, 'GROUP', group.id);
      if (rows.length === 0) return [];
      const count = rows.length === 1 ? '1 grant stays' : `${rows.length} grants stay`;
      return [`${count} through the group ${group.displayName} (${group.id}).`];
    }),
  );
  return words.flat();
};

/**
 * Disassociate all account authorizations of one user or group: one synchronous call (DisassociateProfile) that
 * has no status to ask and no counterpart, so the listing of the principal's assignments is the proof.
 */
export const profile = defineKind<ProfileTarget>({
  name: 'profile',
  command: {
    name: '/revoke-profile',
    description: 'Take away all account authorizations of a user or group in IAM Identity Center',
    usage: '[name, e-mail, id or @person] [INC-42] ["reason"]',
  },
  title: 'Revoke all access',
  about:
    'Disassociates every account and permission set of one user or group in IAM Identity Center. A second person must approve it.',
  fields: [principalTypeField, principalField],
  spoken: ['principal'],
  target: ProfileTarget,

  async aim(values, directory) {
    const { instanceId, identityStoreId } = await directory.instance();
    const target = ProfileTarget.safeParse({
      ...values,
      instance: instanceId,
      store: identityStoreId,
    });
    if (target.success) return { result: 'aimed', target: target.data };
    return {
      result: 'wrong',
      errors: { principal: 'Choose a user or group from the list, or type its id.' },
    };
  },

  async impact(target, cloud, directory) {
    const principal = await knowPrincipal(target.principal_type, target.principal, directory);
    if (typeof principal === 'string') return { result: 'no-such', words: principal };
    const rows = await assignmentsOf(cloud, target.instance, target.principal_type, target.principal);
    const [grants, groups, sets] = await Promise.all([
      Promise.all(rows.map((row) => namedGrant(row, directory))),
      throughGroups(target, cloud, directory),
      Promise.all(
        [...new Set(rows.map((row) => row.permission_set_id))].map((id) => directory.permissionSet(id)),
      ),
    ]);
    const durations = sets.flatMap((set) =>
      set?.sessionDuration === undefined ? [] : [set.sessionDuration],
    );
    return {
      result: 'assessed',
      impact: {
        title: `Revoke all account access of ${principal.words}`,
        lines: [`Everything of ${principal.words}`, `Identity store ${target.store}`],
        names: [...principal.names],
        grants,
        residual: [
          ...groups,
          ...(target.principal_type === 'USER'
            ? ['Group memberships stay, and so do live portal sessions.']
            : []),
          ...sessionWords(durations),
        ],
        people: principal.people,
      },
    };
  },

  risk: (target, impact) => principalRisk(target, impact, true),

  principal: principalKey,

  steps: (target, impact) => [
    {
      key: 'disassociate',
      words: 'disassociate all account authorizations',
      target,
      grants: impact.grants.map((grant) => grant.key),
    },
  ],

  async start(step, cloud) {
    const target = ProfileTarget.parse(step.target);
    const answer = await cloud.call({
      service: 'identitycenter',
      method: 'POST',
      path: ['v1', 'instances', target.instance, 'disassociate-profile'],
      body: { id: target.principal, accessor_type: target.principal_type, identity_store_id: target.store },
      answer: z.unknown(),
      effect: 'change',
    });
    return {
      status: answer.status,
      ...(answer.requestId !== undefined && { cloudRequest: answer.requestId }),
    };
  },

  async look(step, _job, cloud) {
    const target = ProfileTarget.parse(step.target);
    const rows = await assignmentsOf(cloud, target.instance, target.principal_type, target.principal);
    const listed = compare(rows, step.grants);
    if (listed.remaining.length === 0) return { state: 'gone', ...listed };
    return { state: 'present', surely: false, ...listed };
  },
});
