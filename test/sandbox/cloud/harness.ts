import { onTestFinished } from 'vitest';
import { startLocalCloud } from '../../../src/sandbox/cloud/local-cloud.ts';
import type { CloudSwitches } from '../../../src/sandbox/cloud/switches.ts';
import { officialSdk } from './official-sdk.ts';

/** A cloud for one test, with a clock that moves only when told to. */
export const startCloud = async (switches: Partial<CloudSwitches> = {}) => {
  let time = Date.UTC(2026, 10, 22, 9, 0, 0);
  const now = () => time;
  const cloud = await startLocalCloud({ now, switches });
  onTestFinished(() => cloud.close());
  const { organisation, instanceId, identityStoreId } = cloud;
  const one = <T>(list: readonly T[], match: (item: T) => boolean): T => {
    const found = list.find(match);
    if (found === undefined) throw new Error('the seed does not have it');
    return found;
  };
  return {
    cloud,
    now,
    pass: (ms: number) => {
      time += ms;
    },
    sdk: officialSdk(cloud, now),
    instance: `/v1/instances/${instanceId}`,
    store: `/v1/identity-stores/${identityStoreId}`,
    user: (userName: string) => one(organisation.users, (user) => user.user_name === userName),
    group: (name: string) => one(organisation.groups, (group) => group.display_name === name),
    account: (name: string) => one(organisation.accounts, (account) => account.name === name),
    set: (name: string) => one(organisation.permissionSets, (set) => set.name === name),
    project: (name: string) => one(organisation.projects, (project) => project.name === name),
    iamUser: (name: string, account: string) =>
      one(organisation.iamUsers, (user) => user.name === name && user.domain_id === account),
  };
};

export type Started = Awaited<ReturnType<typeof startCloud>>;

/** Body for the deletion or creation of one of trent.osei's grants. */
export const trentsGrant = ({ user, account, set }: Started) => ({
  permission_set_id: set('PowerUser').permission_set_id,
  principal_id: user('trent.osei').user_id,
  principal_type: 'USER',
  target_id: account('prod-storefront').id,
  target_type: 'ACCOUNT',
});

/** How many grants of a principal the cloud has now. */
export const grantsOf = ({ cloud }: Started, principalId: string): number =>
  cloud.organisation.assignments.filter((row) => row.principal_id === principalId).length;
