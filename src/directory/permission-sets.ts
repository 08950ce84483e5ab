import { z } from 'zod';
import { listAll } from '../domain/listing.ts';
import type { Cloud, PermissionSet } from '../domain/ports.ts';
import { readById } from './by-id.ts';
import type { Home } from './instance.ts';
import { type ReadPage, readPage } from './pages.ts';

const PermissionSetRow = z
  .object({
    permission_set_id: z.string(),
    name: z.string().nullish(),
    session_duration: z.string().nullish(),
  })
  .transform(
    (row): PermissionSet => ({
      id: row.permission_set_id,
      name: row.name || row.permission_set_id,
      ...(row.session_duration && { sessionDuration: row.session_duration }),
    }),
  );

/** Reads of the instance's permission sets, straight from the cloud. All throw {@link CloudFault}. */
export interface PermissionSets {
  readonly page: ReadPage<PermissionSet>;
  readonly byId: (id: string) => Promise<PermissionSet | undefined>;
}

export const createPermissionSets = (cloud: Cloud, home: Home): PermissionSets => {
  const place = async (...path: readonly string[]) => {
    const { instanceId } = await home.instance();
    return {
      service: 'identitycenter',
      path: ['v1', 'instances', instanceId, 'permission-sets', ...path],
    } as const;
  };
  const all = async () => listAll(cloud, await place(), 'permission_sets', PermissionSetRow);
  const describe = async (at: Awaited<ReturnType<typeof place>>): Promise<PermissionSet> => {
    const { body } = await cloud.call({
      ...at,
      method: 'GET',
      answer: z.object({ permission_set: PermissionSetRow }),
      effect: 'read',
    });
    return body.permission_set;
  };
  return {
    page: async (marker) => readPage(cloud, await place(), 'permission_sets', PermissionSetRow, marker),
    byId: (id) => readById(id, () => place(id), describe, all),
  };
};
