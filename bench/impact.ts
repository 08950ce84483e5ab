import { realClock } from '../src/clock.ts';
import { createDirectory } from '../src/directory/directory.ts';
import type { FormValues, Kind } from '../src/domain/kind.ts';
import type { Directory, Log } from '../src/domain/ports.ts';
import { Secret } from '../src/domain/secret.ts';
import { createCloud } from '../src/huaweicloud/client.ts';
import { fixedCredentials } from '../src/huaweicloud/credentials.ts';
import { registry } from '../src/revocations/registry.ts';
import { largeOrganisation, wideGrants } from '../src/sandbox/cloud/large-seed.ts';
import { startLocalCloud } from '../src/sandbox/cloud/local-cloud.ts';
import type { Organisation } from '../src/sandbox/cloud/organisation.ts';
import { kindNamed } from '../src/workflow/needs.ts';
import { type Benchmark, measured, type Row } from './table.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

const latencyMs = 20;
const grants = 5_000;
const members = 2_000;
const groups = 100;

const idOf = (organisation: Organisation, userName: string): string =>
  organisation.users.find((user) => user.user_name === userName)?.user_id ?? '';

/** One user with 5,000 grants, one group with as many and 2,000 members, one user in 100 groups that grant a little. */
const prepared = () => {
  const organisation = largeOrganisation(realClock.now());
  const [crowd, ...others] = organisation.groups.slice(-groups - 1);
  if (crowd === undefined) throw new Error('an organisation without groups');
  const [wide, joiner] = [idOf(organisation, 'trent.osei'), idOf(organisation, 'alice')];
  organisation.assignments.push(
    ...wideGrants(organisation, 'USER', wide, grants),
    ...wideGrants(organisation, 'GROUP', crowd.group_id, grants),
    ...others.flatMap(({ group_id }) => wideGrants(organisation, 'GROUP', group_id, 20)),
  );
  const join = (group_id: string, user_id: string) =>
    organisation.memberships.push({
      membership_id: `${group_id}-${user_id}`.slice(0, 64),
      group_id,
      user_id,
    });
  for (const { user_id } of organisation.users.slice(-members)) join(crowd.group_id, user_id);
  for (const { group_id } of others) join(group_id, joiner);
  const [member] = organisation.users.slice(-1);
  return {
    organisation,
    wide: { principal_type: 'USER', principal: wide },
    crowd: { principal_type: 'GROUP', principal: crowd.group_id },
    joiner: { principal_type: 'USER', principal: joiner },
    membership: { principal_type: 'USER', principal: member?.user_id ?? '', group: crowd.group_id },
  };
};

/** From a filled-in form to the impact, 20 ms away from the cloud. */
export const impact: Benchmark = async () => {
  const { organisation, wide, crowd, joiner, membership } = prepared();
  const local = await startLocalCloud({
    now: () => realClock.now(),
    organisation,
    switches: { latencyMs },
  });
  const { url, credentials, region } = local;
  const cloud = createCloud({
    credentials: fixedCredentials({ ak: credentials.ak, sk: new Secret(credentials.sk) }),
    endpoints: {
      identitycenter: url,
      identitystore: url,
      organizations: url,
      modelarts: url,
      iam: url,
      sts: url,
    },
    region,
    clock: realClock,
    random: () => 0.5,
    log: silent,
    timeoutMs: 10_000,
    authPauseMs: 300_000,
  });
  const [project] = organisation.projects;
  const projects = project === undefined ? [] : [{ id: project.id, region: project.region }];
  const fresh = (): Directory =>
    createDirectory({ cloud, clock: realClock, log: silent, config: { projects } });

  const assessed = async (kind: Kind, values: FormValues, directory: Directory): Promise<void> => {
    const aimed = await kind.aim(values, directory);
    if (aimed.result !== 'aimed') throw new Error(JSON.stringify(aimed.errors));
    const assessment = await kind.impact(aimed.target, cloud, directory);
    if (assessment.result !== 'assessed') throw new Error(assessment.words);
  };
  /** Cold: nothing is in memory yet. Warm: the names of accounts and permission sets are. */
  const both = async (name: string, kindName: string, values: FormValues): Promise<readonly Row[]> => {
    const kind = kindNamed(registry, kindName);
    const directory = fresh();
    const cold = await measured(`${name}, cold`, 3, () => assessed(kind, values, fresh()));
    await assessed(kind, values, directory);
    const warm = await measured(`${name}, warm`, 10, () => assessed(kind, values, directory));
    return [cold, warm];
  };
  const one = organisation.assignments.find((row) => row.principal_id === wide.principal);
  const oneAssignment = {
    ...wide,
    account: one?.account_id ?? '',
    permission_set: one?.permission_set_id ?? '',
  };
  try {
    const rows: (readonly Row[])[] = [];
    rows.push(await both('profile: user, 5,000 grants', 'profile', wide));
    rows.push(await both('profile: group, 5,000 grants, 2,000 members', 'profile', crowd));
    rows.push(await both('profile: user in 100 groups', 'profile', joiner));
    rows.push(await both('account-assignment: 1 of 5,000', 'account-assignment', oneAssignment));
    rows.push(await both('group-membership: of 2,000, 5,000 grants', 'group-membership', membership));
    rows.push(await both('user-disable: 5,000 grants', 'user-disable', wide));
    rows.push(await both('portal-sessions: 5,000 grants', 'portal-sessions', wide));
    rows.push(
      await both('modelarts-authorization: all users', 'modelarts-authorization', {
        project: project?.id ?? '',
        scope: 'all-users',
      }),
    );
    return rows.flat();
  } finally {
    await cloud.close();
    await local.close();
  }
};
