import { z } from 'zod';
import { hexOf } from '../ids.ts';
import { voices } from '../refusals.ts';
import { type Route, route } from '../route.ts';
import { noBody, noQuery } from './shapes.ts';

/** Who signs: always the same user of the management account. */
export const stsRoutes: readonly Route[] = [
  route({
    service: 'sts',
    voice: voices.sts,
    method: 'GET',
    effect: 'read',
    operation: 'GetCallerIdentity',
    path: '/v5/caller-identity',
    params: z.strictObject({}),
    query: noQuery,
    body: noBody,
    answer: (_input, { organisation }) => {
      const account = organisation.managementAccountId;
      return {
        status: 200,
        body: {
          account_id: account,
          principal_urn: `iam::${account}:user:revocation-bot`,
          principal_id: hexOf(`iam-user:${account}:revocation-bot`, 32),
        },
      };
    },
  }),
];
