import { z } from 'zod';
import type { Organisation, PrincipalType } from '../organisation.ts';
import { voices } from '../refusals.ts';
import type { World } from '../route.ts';

/** A user or group id: 1 to 64 characters. */
export const principalId = z.string().min(1).max(64);
export const principalType = z.enum(['USER', 'GROUP']);
/** An id without documented limits, such as a permission set's. */
export const someId = z.string().min(1).max(256);
export const noQuery = z.strictObject({});
/** No body, or an empty JSON object. */
export const noBody = z.strictObject({}).optional();

const instanceId = z.string().length(20);
export const storeId = z.string().length(12);

export const instanceParams = z.strictObject({ instance_id: instanceId });
export const storeParams = z.strictObject({ identity_store_id: storeId });

export const instancePath = '/v1/instances/{instance_id}';
export const storePath = '/v1/identity-stores/{identity_store_id}';

/** @throws {Refusal} 404 unless it is the one instance */
export const requireInstance = (organisation: Organisation, asked: { instance_id: string }): void => {
  if (asked.instance_id !== organisation.instance.instance_id)
    throw voices.identityCenter.notFound(`instance ${asked.instance_id}`);
};

/** @throws {Refusal} 404 unless it is the one identity store */
export const requireStore = (organisation: Organisation, asked: { identity_store_id: string }): void => {
  if (asked.identity_store_id !== organisation.instance.identity_store_id)
    throw voices.identityCenter.notFound(`identity store ${asked.identity_store_id}`);
};

/** A change of the identity store: at once, or after the time that is switched. */
export const takeEffect = ({ organisation, switches, now }: World, apply: () => void): void => {
  const delay = switches.identityStoreDelayMs;
  if (delay === 0) apply();
  else organisation.storeChanges.push({ doneAt: now + delay, apply });
};

/** True for a user or group that exists, of the type that was named. */
export const principalExists = (organisation: Organisation, type: PrincipalType, id: string): boolean =>
  type === 'USER'
    ? organisation.users.some((user) => user.user_id === id)
    : organisation.groups.some((group) => group.group_id === id);
