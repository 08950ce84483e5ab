import { z } from 'zod';
import type { Account } from '../organisation.ts';
import { pageOf, wholeNumber } from '../paging.ts';
import { voices } from '../refusals.ts';
import { type Route, route, type World } from '../route.ts';
import { noBody, noQuery, someId } from './shapes.ts';

const read = {
  service: 'organizations',
  voice: voices.organizations,
  method: 'GET',
  effect: 'read',
  body: noBody,
} as const;
const organizationId = 'o-localcloud';
const rootId = 'r-local';

const rowOf = (account: Account, { organisation }: World, withContact: boolean) => ({
  ...account,
  urn: `organizations::${organisation.managementAccountId}:account:${organizationId}/${account.id}`,
  ...(withContact
    ? { email: `${account.name}@example.com`, mobile_phone: '13800000000', intl_number_prefix: '0086' }
    : {}),
});

/** Accounts of the organisation; all of them stand directly under its root. */
export const accountRoutes: readonly Route[] = [
  route({
    ...read,
    operation: 'ListAccounts',
    path: '/v1/organizations/accounts',
    action: 'organizations:accounts:list',
    params: z.strictObject({}),
    query: z
      .strictObject({
        parent_id: z
          .string()
          .regex(/^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{8,32})$/)
          .optional(),
        limit: wholeNumber(1, 1000).optional(),
        marker: z.string().min(1).max(400).optional(),
        with_register_contact_info: z.enum(['true', 'false']).optional(),
      })
      .refine((query) => query.with_register_contact_info !== 'true' || (query.limit ?? 200) <= 200, {
        message: 'limit is above 200',
      }),
    answer: ({ query }, world) => {
      const { parent_id: parent, marker } = query;
      const withContact = query.with_register_contact_info === 'true';
      const limit = query.limit ?? (withContact ? 200 : 1000);
      const rows = parent === undefined || parent === rootId ? world.organisation.accounts : [];
      const listing = JSON.stringify(['accounts', parent]);
      const page = pageOf(rows, (account) => account.id, { listing, limit, marker }, { ...world, ...read });
      const accounts = page.rows.map((account) => rowOf(account, world, withContact));
      const page_info = { next_marker: page.nextMarker ?? null, current_count: accounts.length };
      return { status: 200, body: { accounts, page_info } };
    },
  }),
  route({
    ...read,
    operation: 'DescribeAccount',
    path: '/v1/organizations/accounts/{account_id}',
    action: 'organizations:accounts:get',
    params: z.strictObject({ account_id: someId }),
    query: z.strictObject({ with_register_contact_info: z.enum(['true', 'false']).optional() }),
    answer: ({ params, query }, world) => {
      const account = world.organisation.accounts.find((one) => one.id === params.account_id);
      if (account === undefined) throw voices.organizations.notFound(`account ${params.account_id}`);
      return {
        status: 200,
        body: { account: rowOf(account, world, query.with_register_contact_info === 'true') },
      };
    },
  }),
  route({
    ...read,
    operation: 'DescribeOrganization',
    path: '/v1/organizations',
    action: 'organizations:organizations:get',
    params: z.strictObject({}),
    query: noQuery,
    answer: (_input, { organisation }) => {
      const management = organisation.accounts.find((one) => one.id === organisation.managementAccountId);
      return {
        status: 200,
        body: {
          organization: {
            id: organizationId,
            urn: `organizations::${organisation.managementAccountId}:organization:${organizationId}`,
            management_account_id: organisation.managementAccountId,
            management_account_name: management?.name ?? '',
            created_at: management?.joined_at ?? '',
          },
        },
      };
    },
  }),
];
