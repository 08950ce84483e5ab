import type { Fact, LedgerRecord } from '../../src/domain/facts.ts';
import type { Kind } from '../../src/domain/kind.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Log } from '../../src/domain/ports.ts';
import { fold, type Request, stateOf } from '../../src/domain/request.ts';
import { registry } from '../../src/revocations/registry.ts';
import { approve } from '../../src/workflow/approve.ts';
import { type Assessed, assess } from '../../src/workflow/assess.ts';
import { kindNamed, type Needs } from '../../src/workflow/needs.ts';
import { createRosters } from '../../src/workflow/rosters.ts';
import { createRunner, type Runner } from '../../src/workflow/runner.ts';
import { createSubmit, type Submission } from '../../src/workflow/submit.ts';
import { createFakeCloud } from './fake-cloud.ts';
import { createFakeDirectory, type DirectoryContents } from './fake-directory.ts';
import { approvers, createFakePeople, requesters } from './fake-people.ts';
import { createMemoryStore, openMemoryLedger } from './memory-ledger.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const instance = 'ins-0123456789abcdef';
export const store = 'd-0a1b2c3d4e';
export const project = '0605768a3300d5762f88c0186aa8ba3c';
export const region = 'cn-north-4';

/** Slack ids: Nora asks; Ada and Ben approve; Mallory is affected; Gus is a guest; Cat and Zoe have no role. */
export const [nora, ada, ben, mallory, gus, zoe] = ['UNORA', 'UADA', 'UBEN', 'UMAL', 'UGUS', 'UZOE'] as const;
export const cat = 'UCAT';

export const policy: Policy = {
  requesters: [requesters],
  approvers: { anyone: [approvers], together: [] },
  approversOf: {},
  approvalsNeeded: 1,
  approvalsNeededOf: {},
  coolOff: 0,
  escalateTo: [],
  escalateAfter: 10 * 60_000,
  requireApproval: 'risky',
  groupThreshold: 5,
  unapprovedLimit: 3,
  protectedPrincipals: [],
  approvalWindow: 30 * 60_000,
  executionWindow: 60 * 60_000,
};

export const patience = { pollInterval: 1_000, verificationWindow: 300_000, authFailurePause: 300_000 };

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const contents = (): DirectoryContents => ({
  instanceId: instance,
  identityStoreId: store,
  users: [
    {
      id: 'u-mallory',
      userName: 'mallory.finch',
      emails: ['mallory@example.com'],
      displayName: 'Mallory Finch',
      enabled: true,
    },
    { id: 'u-trent', userName: 'trent', emails: [], displayName: 'Trent', enabled: true },
  ],
  groups: [
    { id: 'g-ops', displayName: 'Operators' },
    { id: 'g-empty', displayName: 'Nobody' },
  ],
  members: new Map([['g-ops', ['u-mallory', 'u-trent']]]),
  uncountable: new Set(),
  accounts: [
    { id: 'acc-prod', name: 'production' },
    { id: 'acc-test', name: 'testing' },
  ],
  permissionSets: [
    { id: 'ps-admin', name: 'Administrator', sessionDuration: 'PT8H' },
    { id: 'ps-read', name: 'Reader' },
  ],
  projects: [{ id: project, name: 'cn-north-4', region }],
  iamUsers: [
    { id: 'iam-mallory', userName: 'mallory', emails: ['mallory@example.com'] },
    { id: 'iam-trent', userName: 'trent', emails: [] },
  ],
  fault: undefined,
});

export const row = (principal: string, account: string, set: string, type = 'USER') => ({
  account_id: account,
  permission_set_id: set,
  principal_id: principal,
  principal_type: type,
});

export const oneAssignment = {
  principal_type: 'USER',
  principal: 'u-mallory',
  account: 'acc-prod',
  permission_set: 'ps-admin',
};
export const wholeProfile = { principal_type: 'USER', principal: 'u-mallory' };
export const oneModelArtsUser = { project, scope: 'user', user: 'iam-mallory' };
export const allModelArtsUsers = { project, scope: 'all-users' };

/** All parts of the bot but Slack and disk, with a cloud that works. */
export const createWorld = (changes: Partial<Policy> = {}) => {
  const clock = createVirtualClock();
  const cloud = createFakeCloud(clock);
  cloud.assignments = [
    row('u-mallory', 'acc-prod', 'ps-admin'),
    row('u-mallory', 'acc-test', 'ps-read'),
    row('u-trent', 'acc-prod', 'ps-admin'),
    row('g-ops', 'acc-test', 'ps-read', 'GROUP'),
  ];
  cloud.authorizations.set(project, [
    { user_id: 'iam-mallory', user_name: 'mallory', type: 'agency', content: 'ma_agency_1' },
    { user_id: 'iam-trent', user_name: 'trent', type: 'credential', content: 'AK', secret_key: 'never-kept' },
  ]);
  const known = contents();
  const people = createFakePeople([
    { user: nora, name: 'Nora', email: 'nora@example.com' },
    { user: ada, name: 'Ada', email: 'ada@example.com' },
    { user: ben, name: 'Ben', email: 'ben@example.com' },
    { user: mallory, name: 'Mallory', email: 'Mallory@Example.com' },
    { user: gus, name: 'Gus', email: 'gus@example.com', standing: 'guest' },
    { user: zoe, name: 'Zoe', email: 'zoe@example.com' },
    { user: cat, name: 'Cat', email: 'cat@example.com' },
  ]);
  people.roles.requester.add(nora);
  for (const user of [ada, ben]) people.roles.approver.add(user);
  const memory = createMemoryStore();
  const ledger = openMemoryLedger(memory, { clock });
  const inForce = { ...policy, ...changes };
  const rosters = createRosters({ people, ledger, log: silent, policy: inForce, clock });
  const needs = {
    ledger,
    people,
    rosters,
    cloud,
    directory: createFakeDirectory(known),
    clock,
    log: silent,
    policy: inForce,
    kinds: registry,
    patience,
  };
  const submit = createSubmit(needs);
  let drafts = 0;
  let clicks = 0;

  const records = (id: string): readonly LedgerRecord[] => memory.streams.get(id) ?? [];
  const request = (id: string): Request => {
    const found = fold(records(id));
    if (found === undefined) throw new Error(`There is no ${id}`);
    return found;
  };

  const world = {
    clock,
    cloud,
    known,
    people,
    rosters,
    memory,
    ledger,
    needs,
    submit,
    records,
    request,
    state: (id: string) => stateOf(request(id)),
    facts: (id: string): readonly Fact[] => records(id).map((record) => record.fact),
    words: (id: string): readonly string[] => records(id).map((record) => record.fact.fact),
    kind: (name: string): Kind => kindNamed(registry, name),
    assess: async (name: string, values: Readonly<Record<string, string>>, user: string = nora) => {
      const who = await people.who(user, 0);
      if (who === 'could not ask') throw new Error(`Nobody knows ${user}`);
      const result = await assess(needs, kindNamed(registry, name), values, who.person);
      if (result.result !== 'assessed') throw new Error(`Not assessed: ${JSON.stringify(result)}`);
      return result.assessed;
    },
    submission: (assessed: Assessed, more: Partial<Submission> = {}): Submission => {
      drafts += 1;
      return {
        draft: `draft-${drafts}`,
        user: nora,
        via: { viewId: `V${drafts}` },
        assessed,
        reason: 'left the company',
        channel: 'C1',
        askedIn: 'C1',
        ...(assessed.impact.confirm !== undefined && { confirmation: assessed.impact.confirm }),
        ...more,
      };
    },
    /** From form to request. */
    ask: async (
      name: string,
      values: Readonly<Record<string, string>>,
      more: Partial<Submission> = {},
    ): Promise<string> => {
      const assessed = await world.assess(name, values, more.user ?? nora);
      const submitted = await submit(world.submission(assessed, more));
      if (submitted.result !== 'requested') throw new Error(`Not requested: ${JSON.stringify(submitted)}`);
      return submitted.id;
    },
    click: (user: string) => {
      clicks += 1;
      return { user, via: { actionTs: `${clicks}.0` } };
    },
    approve: (id: string, user: string = ada) => approve(needs, id, world.click(user)),
    /** Starts a runner; after the test it must be stopped. */
    run: (changes: Partial<Pick<Needs, 'kinds' | 'people'>> = {}): Runner => {
      const runner = createRunner({ ...needs, ...changes });
      runner.start();
      return runner;
    },
    /** Runs until the request is over, then stops and sees to it that nothing is left running. */
    finish: async (id: string, limitMs?: number): Promise<void> => {
      const runner = world.run();
      try {
        await clock.runUntil(() => !ledger.open().includes(id), limitMs);
      } finally {
        await runner.stop();
      }
    },
  };
  return world;
};
export type World = ReturnType<typeof createWorld>;
