import { z } from 'zod';
import {
  type Assignment,
  assignmentsOf,
  compare,
  namedGrants,
  reachByGroups,
  reachWords,
} from '../domain/assignment.ts';
import { defineKind, startedBy } from '../domain/kind.ts';
import { ahead } from '../domain/listing.ts';
import type { Cloud, Directory } from '../domain/ports.ts';
import {
  CloudId,
  type KnownPrincipal,
  knowPrincipal,
  membersLines,
  PrincipalType,
  principalField,
  principalKey,
  principalRisk,
  principalTypeField,
} from '../domain/principal.ts';
import {
  type Consoles,
  consolesOf,
  groupSentences,
  membersKeep,
  orSaid,
  outliving,
  portalSentences,
  type Sentences,
} from '../domain/residual.ts';

const ProfileTarget = z.object({
  instance: CloudId,
  store: CloudId,
  principal_type: PrincipalType,
  principal: CloudId,
});
type ProfileTarget = z.infer<typeof ProfileTarget>;

const stillSignsIn = ({ enabled, spoken }: KnownPrincipal): Sentences =>
  enabled ? [`Group memberships stay, and the user can still sign in: /disable-user ${spoken}`] : [];

const residualOf = async (
  target: ProfileTarget,
  principal: KnownPrincipal,
  rows: readonly Assignment[],
  cloud: Cloud,
  directory: Directory,
): Promise<Consoles> => {
  const consoles = consolesOf(async () => rows, cloud, directory);
  if (target.principal_type === 'GROUP') {
    const { sentences, ...life } = await consoles;
    return { ...life, sentences: [membersKeep, ...sentences] };
  }
  const [groups, portal, console] = await Promise.all([
    orSaid('Grants through groups', async () =>
      groupSentences(await reachByGroups(target.principal, cloud, directory), principal),
    ),
    portalSentences(target.principal, principal, cloud, directory),
    consoles,
  ]);
  const sentences = [...groups, ...portal, ...stillSignsIn(principal), ...console.sentences];
  return { ...console, sentences };
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
    const listed = ahead(assignmentsOf(cloud, target.instance, target.principal_type, target.principal));
    const principal = await knowPrincipal(target.principal_type, target.principal, directory);
    if (typeof principal === 'string') return { result: 'no-such', words: principal };
    const rows = await listed;
    const [grants, residual] = await Promise.all([
      namedGrants(rows, directory),
      residualOf(target, principal, rows, cloud, directory),
    ]);
    return {
      result: 'assessed',
      impact: {
        title: `Revoke all account access of ${principal.words}`,
        lines: [
          `Everything of ${principal.words}`,
          `Identity store ${target.store}`,
          ...(rows.length > 0 ? [reachWords(rows), ...membersLines(target.principal_type, principal)] : []),
        ],
        names: [...principal.names],
        grants: [...grants],
        residual: [...residual.sentences],
        ...outliving(residual),
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
    return startedBy(answer);
  },

  async look(step, _job, cloud) {
    const target = ProfileTarget.parse(step.target);
    const rows = await assignmentsOf(cloud, target.instance, target.principal_type, target.principal);
    const listed = compare(rows, step.grants);
    if (listed.remaining.length === 0) return { state: 'gone', ...listed };
    return { state: 'present', surely: false, ...listed };
  },
});
