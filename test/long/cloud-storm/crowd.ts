import { assignmentKey } from '../../../src/domain/assignment.ts';
import { grantsOf } from '../../../src/domain/authorization.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { Fact, Grant, Target } from '../../../src/domain/facts.ts';
import { registry } from '../../../src/revocations/registry.ts';
import { hexOf } from '../../../src/sandbox/cloud/ids.ts';
import { largeOrganisation } from '../../../src/sandbox/cloud/large-seed.ts';
import type { Assignment, Authorization, Organisation } from '../../../src/sandbox/cloud/organisation.ts';
import { kindNamed } from '../../../src/workflow/needs.ts';
import { ada, nora, policy } from '../../support/world.ts';

/** One approved request, and who it is aimed at. */
export interface Wish {
  readonly facts: readonly Fact[];
  readonly grants: readonly string[];
  /** The cloud's id of the user, which every changing call for it names. */
  readonly user: string;
}

/** Within it, everything that waits for pauses has begun. */
const executionWindow = 30 * 24 * 60 * 60_000;

const person = (user: string) => ({ team: 'T1', user, name: user, email: `${user}@example.com` });

const wishFor = (
  now: number,
  kindName: string,
  user: string,
  target: Target,
  grants: readonly Grant[],
): Wish => {
  const kind = kindNamed(registry, kindName);
  const digest = digestOf(kindName, target, grants);
  const needsApproval = kindName === 'profile';
  const startBefore = now + executionWindow;
  const approved: Fact = needsApproval
    ? { fact: 'approved', digest, by: person(ada), via: {}, seats: [...policy.approvers.anyone], startBefore }
    : { fact: 'approved', digest, rule: 'No rule asks for a second approver.', startBefore };
  return {
    user,
    grants: grants.map(({ key }) => key),
    facts: [
      {
        fact: 'requested',
        by: person(nora),
        via: {},
        kind: kindName,
        target,
        impact: { title: kindName, lines: [], names: [user], grants: [...grants], residual: [], people: [] },
        digest,
        principal: kind.principal(target),
        reason: 'A contract has ended',
        approvals: needsApproval ? 1 : 0,
        from: policy.approvers,
        because: [],
        approveBefore: now + policy.approvalWindow,
        channel: 'C1',
        askedIn: 'C1',
      },
      approved,
    ],
  };
};

/** How many requests of each kind there are. */
export interface CrowdSize {
  readonly assignments: number;
  readonly profiles: number;
  readonly authorizations: number;
}

/**
 * An organisation, and approved requests for people in it. Whoever loses one assignment has a second one, and in each
 * project somebody has an authorization, that nobody asked to take.
 */
export const createCrowd = (now: number, size: CrowdSize) => {
  const people = size.assignments + size.profiles;
  const organisation = largeOrganisation(now, {
    users: people + 200,
    groups: 40,
    accounts: 100,
    permissionSets: 60,
  });
  const { accounts, permissionSets, instance } = organisation;
  const region = instance.region;
  const assignmentOf = (user: string, place: number): Assignment => ({
    account_id: accounts[place % accounts.length]?.id ?? '',
    permission_set_id:
      permissionSets[Math.floor(place / accounts.length) % permissionSets.length]?.permission_set_id ?? '',
    principal_id: user,
    principal_type: 'USER',
  });
  const wishes: Wish[] = [];
  const bystanders: string[] = [];
  const instanceId = instance.instance_id;

  for (const [index, { user_id: user }] of organisation.users.slice(-people).entries()) {
    const own = [0, 1, 2].map((turn) => assignmentOf(user, index * 3 + turn));
    organisation.assignments.push(...own);
    const named = own.map((row): Grant => ({ key: assignmentKey(row), words: 'access' }));
    if (index < size.profiles) {
      const target = {
        instance: instanceId,
        store: instance.identity_store_id,
        principal_type: 'USER',
        principal: user,
      };
      wishes.push(wishFor(now, 'profile', user, target, named));
    } else {
      const [row] = own;
      const target = {
        instance: instanceId,
        principal_type: 'USER',
        principal: user,
        account: row?.account_id ?? '',
        permission_set: row?.permission_set_id ?? '',
      };
      wishes.push(wishFor(now, 'account-assignment', user, target, named.slice(0, 1)));
      bystanders.push(...named.slice(1).map(({ key }) => key));
    }
  }
  const projects = Array.from({ length: size.authorizations }, (_, index) => {
    const project = hexOf(`storm-project:${index}`, 32);
    const place = { region, project };
    const rows = ['leaves', 'stays'].map((name): Authorization => {
      const user = hexOf(`storm-${name}:${index}`, 32);
      organisation.iamUsers.push({
        id: user,
        name: `${name}-${index}`,
        domain_id: accounts[0]?.id ?? '',
        enabled: true,
      });
      return {
        project_id: project,
        user_id: user,
        user_name: `${name}-${index}`,
        user_type: 'iam',
        type: 'agency',
        content: 'modelarts_agency',
        create_time: now,
      };
    });
    organisation.projects.push({
      id: project,
      name: `${region}_${index}`,
      region,
      account_id: accounts[0]?.id ?? '',
      description: '',
    });
    organisation.authorizations.push(...rows);
    const [leaves, stays] = rows.map((row) => grantsOf(place, [row]));
    bystanders.push(...(stays ?? []).map(({ key }) => key));
    const user = rows[0]?.user_id ?? '';
    wishes.push(
      wishFor(now, 'modelarts-authorization', user, { region, project, scope: 'user', user }, leaves ?? []),
    );
    return { id: project, region };
  });
  return { organisation, wishes, projects, bystanders };
};

/** The keys of everything that somebody, or anybody at all, can reach now. */
export const keysIn = (
  { assignments, authorizations, projects }: Organisation,
  user?: string,
): ReadonlySet<string> => {
  const isMeant = (id: string | undefined) => user === undefined || id === user;
  const regions = new Map(projects.map(({ id, region }) => [id, region]));
  return new Set([
    ...assignments.filter((row) => isMeant(row.principal_id)).map(assignmentKey),
    ...authorizations
      .filter((row) => isMeant(row.user_id))
      .flatMap((row) =>
        grantsOf({ project: row.project_id, region: regions.get(row.project_id) ?? '' }, [row]),
      )
      .map(({ key }) => key),
  ]);
};
