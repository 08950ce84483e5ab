import { realClock } from '../src/clock.ts';
import { createDirectory } from '../src/directory/directory.ts';
import type { FormValues, Kind } from '../src/domain/kind.ts';
import type { Directory } from '../src/domain/ports.ts';
import { registry } from '../src/revocations/registry.ts';
import { kindNamed } from '../src/workflow/needs.ts';
import { silent, startCloud } from './cloud.ts';
import { organisations } from './organisations.ts';
import { type Benchmark, measured, type Row } from './table.ts';

const latencyMs = 20;

/** From a filled-in form to the impact, 20 ms away from the cloud. */
export const impact: Benchmark = async () => {
  const { organisation, holder, crowd, joiner, membership } = organisations.wide();
  const { cloud, close } = await startCloud('wide', latencyMs);
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
  const one = organisation.assignments.find((row) => row.principal_id === holder.principal);
  const oneAssignment = {
    ...holder,
    account: one?.account_id ?? '',
    permission_set: one?.permission_set_id ?? '',
  };
  try {
    const rows: (readonly Row[])[] = [];
    rows.push(await both('profile: user, 5,000 grants', 'profile', holder));
    rows.push(await both('profile: group, 5,000 grants, 2,000 members', 'profile', crowd));
    rows.push(await both('profile: user in 100 groups', 'profile', joiner));
    rows.push(await both('account-assignment: 1 of 5,000', 'account-assignment', oneAssignment));
    rows.push(await both('group-membership: of 2,000, 5,000 grants', 'group-membership', membership));
    rows.push(await both('user-disable: 5,000 grants', 'user-disable', holder));
    rows.push(await both('portal-sessions: 5,000 grants', 'portal-sessions', holder));
    rows.push(
      await both('modelarts-authorization: all users', 'modelarts-authorization', {
        project: project?.id ?? '',
        scope: 'all-users',
      }),
    );
    return rows.flat();
  } finally {
    await close();
  }
};
