import { z } from 'zod';
import { pageInfo, pageOf, pagingQuery } from '../paging.ts';
import { voices } from '../refusals.ts';
import { type Route, route } from '../route.ts';
import { instanceParams, instancePath, noBody, noQuery, requireInstance } from './shapes.ts';

const read = {
  service: 'identitycenter',
  method: 'GET',
  effect: 'read',
  voice: voices.identityCenter,
} as const;

/** The one instance, its region and its identity store. */
export const instanceRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListInstances',
    path: '/v1/instances',
    action: 'IdentityCenter:instance:list',
    params: z.strictObject({}),
    query: z.strictObject(pagingQuery),
    body: noBody,
    answer: ({ query }, world) => {
      const { instance } = world.organisation;
      const page = pageOf(
        [instance],
        (row) => row.instance_id,
        { listing: 'instances', ...query },
        { ...world, ...read },
      );
      const instances = page.rows.map(({ instance_id, identity_store_id, alias }) => ({
        identity_store_id,
        instance_id,
        alias,
        instance_urn: `IdentityCenter::${world.organisation.managementAccountId}:instance:${instance_id}`,
      }));
      return { status: 200, body: { instances, page_info: pageInfo(page, world.switches.nextMarkerEnd) } };
    },
  }),
  route({
    ...read,
    operation: 'DescribeRegisteredRegions',
    path: '/v1/registered-regions',
    action: 'IdentityCenter:instance:describeRegisteredRegions',
    params: z.strictObject({}),
    query: noQuery,
    body: noBody,
    answer: (_input, { organisation }) => ({
      status: 200,
      body: { regions: [{ region_id: organisation.instance.region }] },
    }),
  }),
  route({
    ...read,
    operation: 'GetIdentityCenterServiceStatus',
    path: '/v1/identity-center-service/status',
    action: 'IdentityCenter:instance:getIdentityCenterServiceStatus',
    params: z.strictObject({}),
    query: noQuery,
    body: noBody,
    answer: () => ({ status: 200, body: { serviceStatus: 'ENABLED', serviceStatusReasons: [] } }),
  }),
  route({
    ...read,
    operation: 'ListIdentityStoreAssociation',
    path: `${instancePath}/identity-store-associations`,
    action: 'IdentityCenter:instance:listIdentityStoreAssociations',
    params: instanceParams,
    query: noQuery,
    body: noBody,
    answer: ({ params }, { organisation }) => {
      requireInstance(organisation, params);
      return {
        status: 200,
        body: {
          identity_store_associations: [
            {
              identity_store_id: organisation.instance.identity_store_id,
              identity_store_type: 'UserPool',
              authentication_type: 'DEFAULT',
              provisioning_type: ['DEFAULT'],
              status: 'ENABLED',
            },
          ],
        },
      };
    },
  }),
];
