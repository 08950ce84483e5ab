import { z } from 'zod';
import { type Membership, removeWhere } from '../organisation.ts';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { type Refusal, voices } from '../refusals.ts';
import { type Answer, type Route, route, type World } from '../route.ts';
import { requireGroup } from './groups.ts';
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

const base = { service: 'identitystore', voice: voices.identityCenter, params: storeParams } as const;
const read = { ...base, method: 'GET', effect: 'read', body: noBody } as const;
const ask = { ...base, method: 'POST', effect: 'read', query: noQuery } as const;
/** Ids in membership bodies are shorter than elsewhere. */
const memberIdText = z.string().min(1).max(47);
const memberId = z.strictObject({ user_id: memberIdText });

const rowOf = (row: Membership, { organisation }: World) => ({
  group_id: row.group_id,
  identity_store_id: organisation.instance.identity_store_id,
  member_id: { user_id: row.user_id },
  membership_id: row.membership_id,
});

const noMembership = (status: 404 | 400): Refusal =>
  status === 404
    ? voices.identityCenter.notFound('group membership')
    : voices.identityCenter.badRequest('no such group membership');

const membershipPage = (
  world: World,
  match: (row: Membership) => boolean,
  asked: { listing: string; limit: number; marker?: string | undefined },
): Answer => {
  const rows = world.organisation.memberships.filter(match);
  const page = pageOf(rows, (row) => row.membership_id, asked, { ...world, ...base });
  return {
    status: 200,
    body: {
      group_memberships: page.rows.map((row) => rowOf(row, world)),
      page_info: pageInfo(page, world.switches.nextMarkerEnd),
    },
  };
};

/** Who is in which group, asked from both sides. */
export const membershipRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListGroupMembershipsForMember',
    path: `${storePath}/group-memberships-for-member`,
    action: 'IdentityCenter:groupMembership:listForMember',
    query: z.strictObject({ ...pagingQuery, user_id: principalId }),
    answer: ({ params, query }, world) => {
      requireStore(world.organisation, params);
      requireUser(world, query.user_id);
      const listing = JSON.stringify(['groups-of', query.user_id]);
      return membershipPage(world, (row) => row.user_id === query.user_id, { ...query, listing });
    },
  }),
  route({
    ...read,
    operation: 'ListGroupMemberships',
    path: `${storePath}/group-memberships`,
    action: 'IdentityCenter:groupMembership:list',
    query: z.strictObject({ ...pagingQuery, group_id: principalId }),
    answer: ({ params, query }, world) => {
      requireStore(world.organisation, params);
      requireGroup(world, query.group_id);
      const listing = JSON.stringify(['members-of', query.group_id]);
      return membershipPage(world, (row) => row.group_id === query.group_id, { ...query, listing });
    },
  }),
  route({
    ...ask,
    operation: 'IsMemberInGroups',
    path: `${storePath}/is-member-in-groups`,
    action: 'IdentityCenter:groupMembership:isMemberInGroups',
    body: z.strictObject({ member_id: memberId, group_ids: z.array(memberIdText).min(1).max(100) }),
    answer: ({ params, body }, world) => {
      requireStore(world.organisation, params);
      const { user_id } = requireUser(world, body.member_id.user_id);
      const results = body.group_ids.map((group_id) => ({
        group_id,
        member_id: { user_id },
        membership_exists: world.organisation.memberships.some(
          (row) => row.group_id === group_id && row.user_id === user_id,
        ),
      }));
      return { status: 200, body: { results } };
    },
  }),
  route({
    ...ask,
    operation: 'GetGroupMembershipId',
    path: `${storePath}/group-memberships/retrieve-group-membership-id`,
    action: 'IdentityCenter:groupMembership:getGroupMembershipId',
    body: z.strictObject({ group_id: memberIdText, member_id: memberId }),
    answer: ({ params, body }, { organisation }) => {
      requireStore(organisation, params);
      const found = organisation.memberships.find(
        (row) => row.group_id === body.group_id && row.user_id === body.member_id.user_id,
      );
      if (found === undefined) throw voices.identityCenter.notFound('group membership');
      const { identity_store_id } = organisation.instance;
      return { status: 200, body: { identity_store_id, membership_id: found.membership_id } };
    },
  }),
  route({
    ...base,
    method: 'DELETE',
    effect: 'change',
    operation: 'DeleteGroupMembership',
    path: `${storePath}/group-memberships/{membership_id}`,
    action: 'IdentityCenter:groupMembership:delete',
    params: storeParams.extend({ membership_id: someId }),
    query: noQuery,
    body: noBody,
    answer: ({ params }, world) => {
      const { organisation, switches } = world;
      requireStore(organisation, params);
      const isIt = (row: Membership) => row.membership_id === params.membership_id;
      const found = organisation.memberships.find(isIt);
      if (found === undefined) throw noMembership(switches.missingMembership);
      takeEffect(world, () => {
        removeWhere(organisation.memberships, isIt);
        if (switches.writtenBack) organisation.memberships.push({ ...found, membership_id: world.newId() });
      });
      return { status: 200 };
    },
  }),
];
