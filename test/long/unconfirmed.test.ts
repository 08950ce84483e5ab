import { expect, it } from 'vitest';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import { removeWhere } from '../../src/sandbox/cloud/organisation.ts';
import type { CloudSwitches } from '../../src/sandbox/cloud/switches.ts';
import {
  approves,
  askAssignment,
  askModelarts,
  askModelartsForAll,
  askProfile,
  authorizationsIn,
  changesOf,
  grantsOf,
  inStory,
  type Story,
  toldEnd,
} from '../support/e2e.ts';

/** More authorizations than one page of the listing holds. */
const manyEntries = 1_200;

const projectId = ({ organisation }: LocalCloud, project: string): string =>
  organisation.projects.find(({ name }) => name === project)?.id ?? '';

/** Fills more than a page; the last entry by name is of an IAM user, `training-pipeline`. */
const fillProject = (cloud: LocalCloud, project: string): void => {
  const { iamUsers, authorizations } = cloud.organisation;
  const entry = {
    project_id: projectId(cloud, project),
    type: 'agency',
    content: 'ma_agency_members',
  } as const;
  const last = iamUsers.find(({ name }) => name === 'training-pipeline');
  if (last) authorizations.push({ ...entry, user_id: last.id, user_name: last.name, create_time: 1 });
  for (let index = 0; index < manyEntries; index += 1) {
    authorizations.push({
      ...entry,
      user_id: `user${String(index).padStart(6, '0')}`,
      user_name: `member-${index}`,
      create_time: index,
    });
  }
};

/** Somebody else is faster: what a call of this operation aims at goes right before the cloud looks at it. */
const rightBefore = (cloud: LocalCloud, operation: string, remove: () => void): void => {
  cloud.switches.faults.push({
    match: (call) => {
      if (call.operation === operation) remove();
      return false;
    },
    times: 1,
    act: { kind: 'cut-before' },
  });
};

const profilePath = async (story: Story): Promise<void> => {
  const id = await askProfile(story);
  await approves(story, story.bob, id);
  await toldEnd(story, id, 'succeeded');
  expect(grantsOf(story.cloud, 'mallory.finch')).toEqual([]);
  expect(changesOf(story.cloud, 'DisassociateProfile')).toHaveLength(1);
};

const assignmentPath = async (story: Story): Promise<void> => {
  const before = grantsOf(story.cloud, 'trent.osei').length;
  await toldEnd(story, await askAssignment(story), 'succeeded');
  expect(grantsOf(story.cloud, 'trent.osei')).toHaveLength(before - 1);
  expect(changesOf(story.cloud, 'DeleteAccountAssignment')).toHaveLength(1);
};

const modelartsPaths = async (story: Story): Promise<void> => {
  const { cloud } = story;
  const before = authorizationsIn(cloud, 'cn-north-4_vision').length;
  await toldEnd(story, await askModelarts(story, 'cn-north-4_vision', 'liu.yang'), 'succeeded');
  expect(authorizationsIn(cloud, 'cn-north-4_vision')).toHaveLength(before - 1);
  const all = await askModelartsForAll(story, 'cn-north-4_vision');
  await approves(story, story.carol, all);
  await toldEnd(story, all, 'succeeded');
  expect(authorizationsIn(cloud, 'cn-north-4_vision')).toEqual([]);
  expect(changesOf(cloud, 'DeleteAuthorizations').map((call) => call.query.user_id)).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    'all',
  ]);
};

it.concurrent.each<Partial<CloudSwitches>>([
  { nextMarkerEnd: 'missing' },
  { nextMarkerEnd: '' },
  { codePrefix: 'IdentityCenter' },
  { emptyBodyContentLength: false },
  { extraFields: true },
  { userNameMatch: 'fuzzy' },
  { shortPages: 1 },
  { shortPages: 2, nextMarkerEnd: 'missing' },
  { disassociateDelayMs: 300 },
])('every kind of revocation succeeds where the cloud is one with %o', (setting) =>
  inStory(async (story) => {
    Object.assign(story.cloud.switches, setting);
    await profilePath(story);
    await assignmentPath(story);
    await modelartsPaths(story);
    expect(story.cloud.calls.changes()).toHaveLength(4);
  }),
);

it.concurrent.each(['page', 'element'] as const)(
  'reads every ModelArts authorization to the last where offset counts by %s',
  (modelartsOffset) =>
    inStory(async (story) => {
      const { cloud, slack } = story;
      cloud.switches.modelartsOffset = modelartsOffset;
      fillProject(cloud, 'cn-north-4_vision');
      const known = authorizationsIn(cloud, 'cn-north-4_vision').length;
      // By name it is the last entry, so it stands on the second page.
      await toldEnd(story, await askModelarts(story, 'cn-north-4_vision', 'training-pipeline'), 'succeeded');
      expect(authorizationsIn(cloud, 'cn-north-4_vision')).toHaveLength(known - 1);
      const all = await askModelartsForAll(story, 'cn-north-4_vision');
      await approves(story, story.carol, all);
      const { card } = await toldEnd(story, all, 'succeeded');
      expect(card).toContain(`all ${known - 1} grants are gone`);
      expect(authorizationsIn(cloud, 'cn-north-4_vision')).toEqual([]);
      expect(slack.troubles).toEqual([]);
    }),
);

it.concurrent.each(['404', '409', 'failed-status'] as const)(
  'an assignment that somebody else took right before the call is proven gone where the answer is %s',
  (missingAssignment) =>
    inStory(async (story) => {
      const { cloud } = story;
      cloud.switches.missingAssignment = missingAssignment;
      const [grant] = grantsOf(cloud, 'trent.osei');
      rightBefore(cloud, 'DeleteAccountAssignment', () =>
        removeWhere(cloud.organisation.assignments, (row) => row === grant),
      );
      const told = await toldEnd(story, await askAssignment(story), 'succeeded');
      expect(told.card).toContain('Proven by reading the cloud back');
      expect(told.thread).toContain('none of the approved grants of this step is listed');
      expect(cloud.calls.changes()).toHaveLength(1);
    }),
);

it.concurrent.each([404, 400] as const)(
  'a ModelArts authorization that somebody else took right before the call is proven gone where the answer is %d',
  (modelartsMissingUser) =>
    inStory(async (story) => {
      const { cloud } = story;
      cloud.switches.modelartsMissingUser = modelartsMissingUser;
      rightBefore(cloud, 'DeleteAuthorizations', () =>
        removeWhere(
          cloud.organisation.authorizations,
          (row) => row.project_id === projectId(cloud, 'cn-north-4_vision') && row.user_name === 'liu.yang',
        ),
      );
      const id = await askModelarts(story, 'cn-north-4_vision', 'liu.yang');
      const told = await toldEnd(story, id, 'succeeded');
      expect(told.thread).toContain(`HTTP ${modelartsMissingUser}`);
      expect(cloud.calls.changes()).toHaveLength(1);
    }),
);

it.concurrent.each([
  ['only-entry', 'succeeded', 'Proven by reading the cloud back'],
  ['all', 'succeeded', 'Proven by reading the cloud back'],
  ['error', 'failed', 'user_id all-users'],
] as const)(
  'the entry for all users ends as the cloud shows it where all-users means %s',
  (modelartsAllUsers, state, words) =>
    inStory(async (story) => {
      const { cloud } = story;
      cloud.switches.modelartsAllUsers = modelartsAllUsers;
      const research = projectId(cloud, 'cn-north-4');
      removeWhere(
        cloud.organisation.authorizations,
        (row) => row.project_id === research && row.user_type !== 'all-users',
      );
      const id = await askModelartsForAll(story, 'cn-north-4');
      await approves(story, story.bob, id);
      const told = await toldEnd(story, id, state);
      expect(told.card).toContain(words);
      expect(authorizationsIn(cloud, 'cn-north-4')).toHaveLength(state === 'succeeded' ? 0 : 1);
      expect(changesOf(cloud, 'DeleteAuthorizations').map((call) => call.query.user_id)).toEqual([
        'all-users',
      ]);
    }),
);
