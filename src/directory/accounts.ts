import { z } from 'zod';
import { listAll } from '../domain/listing.ts';
import type { Cloud } from '../domain/ports.ts';
import { readById } from './by-id.ts';
import { type ReadPage, readPage } from './pages.ts';

/** An account of the organisation. `status` is `active`, `suspended` or `pending_closure`. */
const Account = z
  .object({ id: z.string(), name: z.string().nullish(), status: z.string().nullish() })
  .transform((row) => ({ id: row.id, name: row.name || row.id, status: row.status ?? 'active' }));
export type Account = z.infer<typeof Account>;

/** Reads of Organizations, straight from the cloud. All throw {@link CloudFault}. */
export interface Accounts {
  readonly page: ReadPage<Account>;
  readonly byId: (id: string) => Promise<Account | undefined>;
}

const place = { service: 'organizations', path: ['v1', 'organizations', 'accounts'] } as const;

export const createAccounts = (cloud: Cloud): Accounts => {
  const all = () => listAll(cloud, place, 'accounts', Account, 200);
  const describe = async (id: string): Promise<Account> => {
    const { body } = await cloud.call({
      ...place,
      path: [...place.path, id],
      method: 'GET',
      answer: z.object({ account: Account }),
      effect: 'read',
    });
    return body.account;
  };
  return {
    page: (marker) => readPage(cloud, place, 'accounts', Account, marker, 200),
    byId: (id) => readById(id, async () => id, describe, all),
  };
};
