import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createHome } from '../../src/directory/instance.ts';
import type { Cloud, CloudRequest } from '../../src/domain/ports.ts';
import { faultOf, openDirectory } from './room.ts';

/** A cloud with any number of instances and regions; the local cloud has one of each. */
const cloudOf = (instances: readonly (readonly [string, string])[], regions: readonly string[]) => {
  const paths: string[] = [];
  const cloud: Cloud = {
    async call<A>(request: CloudRequest<A>) {
      const path = request.path.join('/');
      paths.push(path);
      const answer: z.ZodType<A> = request.answer;
      const body = path.endsWith('registered-regions')
        ? { regions: regions.map((region_id) => ({ region_id })) }
        : {
            instances: instances.map(([instance_id, identity_store_id]) => ({
              instance_id,
              identity_store_id,
            })),
            page_info: { next_marker: null },
          };
      return { body: answer.parse(body), status: 200 };
    },
  };
  return { cloud, paths };
};
const clock = { now: () => 0 };
const two = [
  ['ins-1', 'd-1'],
  ['ins-2', 'd-2'],
] as const;

describe('the Identity Center instance', () => {
  it('is found with its region by asking once', async () => {
    const { directory, local, operations, user } = await openDirectory();
    const { instanceId, identityStoreId, region } = local;
    expect(await directory.instance()).toEqual({ instanceId, identityStoreId, region });
    await directory.instance();
    await directory.user(user('alice').user_id);
    await directory.user(user('bob').user_id);
    expect(operations()).toEqual([
      'ListInstances',
      'DescribeRegisteredRegions',
      'DescribeUser',
      'DescribeUser',
    ]);
  });

  it('is not asked for when it is configured', async () => {
    const { cloud, paths } = cloudOf([], []);
    const home = createHome(cloud, clock, { instanceId: 'ins-9', identityStoreId: 'd-9', region: 'r-9' });
    expect(await home.instance()).toEqual({ instanceId: 'ins-9', identityStoreId: 'd-9' });
    expect(await home.region()).toBe('r-9');
    expect(paths).toEqual([]);
  });

  it.each([
    ['its id', { instanceId: 'ins-2' }],
    ['its identity store', { identityStoreId: 'd-2' }],
  ])('is the one of several that is configured by %s', async (_what, config) => {
    const home = createHome(cloudOf(two, []).cloud, clock, config);
    expect(await home.instance()).toEqual({ instanceId: 'ins-2', identityStoreId: 'd-2' });
  });

  it('must be configured when there are several', async () => {
    const fault = await faultOf(createHome(cloudOf(two, []).cloud, clock, {}).instance());
    expect(fault.family).toBe('unexpected-answer');
    expect(fault.message).toContain('Set IDENTITY_CENTER_INSTANCE_ID');
  });

  it('that is configured must be among those of the cloud', async () => {
    const fault = await faultOf(
      createHome(cloudOf(two, []).cloud, clock, { instanceId: 'ins-3' }).instance(),
    );
    expect(fault.message).toContain('Check IDENTITY_CENTER_INSTANCE_ID');
  });

  it.each([
    [[], 'Check HUAWEICLOUD_REGION'],
    [['a', 'b'], 'Set HUAWEICLOUD_REGION'],
  ])('has a region that must be clear: %j', async (regions, words) => {
    const fault = await faultOf(createHome(cloudOf(two, regions).cloud, clock, {}).region());
    expect(fault.message).toContain(words);
  });

  it('is asked for again after a failure', async () => {
    const { directory, local, refuse } = await openDirectory();
    refuse('ListInstances', 403, 'IIC.1000');
    expect((await faultOf(directory.instance())).status).toBe(403);
    expect((await directory.instance()).instanceId).toBe(local.instanceId);
  });
});
