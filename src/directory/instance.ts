import { z } from 'zod';
import { listAll } from '../domain/listing.ts';
import { type Clock, type Cloud, CloudFault, type Instance } from '../domain/ports.ts';
import { cached } from './cached.ts';

const InstanceRow = z.object({ instance_id: z.string(), identity_store_id: z.string() });
const RegisteredRegions = z.object({ regions: z.array(z.object({ region_id: z.string() })) });

/** Where Identity Center lives: configured, or found once by asking. */
export interface Home {
  readonly instance: () => Promise<Instance>;
  /** Region of the instance, and so of the identity store's host. */
  readonly region: () => Promise<string>;
}

export interface HomeConfig {
  readonly instanceId?: string;
  readonly identityStoreId?: string;
  readonly region?: string;
}

const unclear = (words: string) => new CloudFault('unexpected-answer', words, { retryable: false });

/** @throws {CloudFault} unless exactly one is left */
const only = <T>(rows: readonly T[], what: string, variable: string): T => {
  const [first, second] = rows;
  if (first === undefined) {
    throw unclear(
      `The cloud lists no ${what} that fits. Check ${variable}, and that the access key belongs to the ` +
        'management account or a delegated administrator of IAM Identity Center.',
    );
  }
  if (second !== undefined)
    throw unclear(`The cloud lists ${rows.length} of ${what}. Set ${variable} to the one that is meant.`);
  return first;
};

export const createHome = (cloud: Cloud, clock: Pick<Clock, 'now'>, config: HomeConfig): Home => {
  const findInstance = async (): Promise<Instance> => {
    const { instanceId, identityStoreId } = config;
    if (instanceId !== undefined && identityStoreId !== undefined) return { instanceId, identityStoreId };
    const rows = await listAll(
      cloud,
      { service: 'identitycenter', path: ['v1', 'instances'] },
      'instances',
      InstanceRow,
    );
    const fitting = rows
      .filter((row) => instanceId === undefined || row.instance_id === instanceId)
      .filter((row) => identityStoreId === undefined || row.identity_store_id === identityStoreId);
    const variable = identityStoreId === undefined ? 'IDENTITY_CENTER_INSTANCE_ID' : 'IDENTITY_STORE_ID';
    const row = only(fitting, 'Identity Center instance', variable);
    return { instanceId: row.instance_id, identityStoreId: row.identity_store_id };
  };

  const findRegion = async (): Promise<string> => {
    if (config.region !== undefined) return config.region;
    const { body } = await cloud.call({
      service: 'identitycenter',
      method: 'GET',
      path: ['v1', 'registered-regions'],
      answer: RegisteredRegions,
      effect: 'read',
    });
    return only(body.regions, 'registered region', 'HUAWEICLOUD_REGION').region_id;
  };

  const instance = cached(clock, Number.POSITIVE_INFINITY, findInstance);
  const region = cached(clock, Number.POSITIVE_INFINITY, findRegion);
  return { instance: instance.get, region: region.get };
};
