import { verifyLedger } from '../bot.ts';
import type { Sandbox } from './sandbox.ts';
import { SEED } from './slack/seed.ts';
import { visibleText } from './slack/visible-text.ts';
import { createStage, type Stage, type Tell } from './stage.ts';

const { alice: aliceId, bob: bobId, carol: carolId } = SEED.users;

const people = ({ slack }: Stage) => ({
  alice: slack.as(aliceId),
  bob: slack.as(bobId),
  carol: slack.as(carolId),
});

const grantsOf = ({ cloud }: Stage, userName: string) => {
  const { users, assignments } = cloud.organisation;
  const user = users.find((candidate) => candidate.user_name === userName);
  return assignments.filter((row) => row.principal_type === 'USER' && row.principal_id === user?.user_id);
};

const authorizationsIn = ({ cloud }: Stage, project: string) =>
  cloud.organisation.authorizations.filter(
    (row) => row.project_id === cloud.organisation.projects.find(({ name }) => name === project)?.id,
  );

const profileChapter = async (stage: Stage): Promise<void> => {
  const { holds, card, cloud, slack } = stage;
  const { alice, bob } = people(stage);
  stage.chapter('All access of one user, with a second approver');
  const grants = grantsOf(stage, 'mallory.finch');
  await stage.types(alice, '/revoke-profile');
  await stage.view(alice, 'profile');
  await stage.picks(alice, 'principal', 'finch', 'mallory.finch');
  await stage.fills(alice, 'reason', 'Laptop stolen, sessions seen from abroad');
  await stage.fills(alice, 'incident', 'INC-42');
  const review = await stage.reviews(alice, 'profile');
  const { accounts, permissionSets } = cloud.organisation;
  const names = grants.flatMap((row) => [
    accounts.find(({ id }) => id === row.account_id)?.name ?? '?',
    permissionSets.find((set) => set.permission_set_id === row.permission_set_id)?.name ?? '?',
  ]);
  holds(
    `the review names every account and permission set that will go (${grants.length} grants)`,
    grants.length > 0 && names.every((name) => review.includes(name)),
  );
  holds('the review says what stays through groups', review.includes('through the group'));
  holds('the request has its number', (await stage.submits(alice)).includes('R-000001'));
  const own = await stage.clicks(alice, 'R-000001', 'requested', 'approve');
  holds("Alice's own approval is refused in words", own.includes('a second person has to approve'));
  holds('nothing has been called', cloud.calls.changes().length === 0);
  await stage.clicks(bob, 'R-000001', 'requested', 'approve');
  const done = await card('R-000001', 'succeeded');
  stage.says('the card', visibleText(done));
  const calls = stage.changesOf('DisassociateProfile');
  holds('the cloud was called exactly once', calls.length === 1 && cloud.calls.changes().length === 1);
  holds('the listing is empty', grantsOf(stage, 'mallory.finch').length === 0);
  const cloudId = calls[0]?.requestId ?? '?';
  holds("the card shows the cloud's id", visibleText(done).includes(cloudId));
  holds('the card has no live buttons', !JSON.stringify(done.blocks).includes('"approve"'));
  holds(
    "the thread says so with the cloud's id",
    (await stage.thread('R-000001', 'Succeeded')).includes(cloudId),
  );
  await stage.audit(
    'R-000001 requested',
    'R-000001 refused',
    'R-000001 approved',
    cloudId,
    'R-000001 succeeded',
  );
  holds('the audit channel has every fact', true);
  await stage.types(alice, '/revocations show R-000001');
  const life = await stage.hears(alice, 'R-000001 · succeeded');
  const told = [
    'asked',
    'was refused',
    'Bob',
    'Calling the cloud',
    cloudId,
    'none of the approved grants',
    'Succeeded',
  ];
  holds(
    'show tells the whole life',
    told.every((words) => life.includes(words)),
  );
  holds('people saw no trouble', slack.troubles.length === 0);
};

const assignmentChapter = async (stage: Stage): Promise<void> => {
  const { holds, cloud } = stage;
  const { alice } = people(stage);
  stage.chapter('One account assignment, by rule, with an asynchronous deletion');
  cloud.switches.deletionDelayMs = 300;
  const before = grantsOf(stage, 'trent.osei').length;
  await stage.types(alice, '/revoke-assignment trent.osei INC-42 "Contract has ended"');
  await stage.view(alice, 'account-assignment');
  await stage.picks(alice, 'account', 'storefront', 'prod-storefront');
  await stage.picks(alice, 'permission_set', 'power', 'PowerUser');
  const review = await stage.reviews(alice, 'account-assignment');
  holds(
    'no second approver is needed by the default policy',
    review.includes('No second approver is needed'),
  );
  holds('it is executed at once', (await stage.submits(alice)).includes('R-000002 is being executed'));
  const done = await stage.card('R-000002', 'succeeded');
  stage.says('the card', visibleText(done));
  holds('exactly that grant is gone', grantsOf(stage, 'trent.osei').length === before - 1);
  const job = cloud.organisation.deletions.at(-1)?.request_id ?? '?';
  holds("the card shows the deletion's id", visibleText(done).includes(job));
  await stage.thread('R-000002', 'Succeeded');
  await stage.audit('R-000002 succeeded', job);
};

const oneModelartsUser = async (stage: Stage): Promise<void> => {
  const { holds } = stage;
  const { alice } = people(stage);
  stage.chapter('The ModelArts authorization of one user');
  const before = authorizationsIn(stage, 'cn-north-4_vision').length;
  await stage.types(alice, '/revoke-modelarts');
  await stage.view(alice, 'modelarts-authorization');
  await stage.picks(alice, 'project', 'vision', 'cn-north-4_vision');
  await stage.picks(alice, 'user', 'liu', 'liu.yang');
  await stage.fills(alice, 'reason', 'Agency was used from an unknown network');
  await stage.reviews(alice, 'modelarts-authorization');
  holds('it is executed at once', (await stage.submits(alice)).includes('R-000003 is being executed'));
  stage.says('the card', visibleText(await stage.card('R-000003', 'succeeded')));
  const now = authorizationsIn(stage, 'cn-north-4_vision');
  holds('exactly that authorization is gone', now.length === before - 1);
};

const allModelartsUsers = async (stage: Stage): Promise<void> => {
  const { holds } = stage;
  const { alice, carol } = people(stage);
  stage.chapter('The ModelArts authorizations of all users: second approver and typed confirmation');
  await stage.types(alice, '/revoke-modelarts vision');
  await stage.view(alice, 'modelarts-authorization');
  await stage.fills(alice, 'scope', 'all-users');
  await stage.fills(alice, 'reason', 'The project is compromised');
  const review = await stage.reviews(alice, 'modelarts-authorization');
  holds('another person is needed', review.includes('1 approval by another person needed'));
  await stage.fills(alice, 'confirmation', 'visions');
  holds('a mistyped confirmation is refused', (await stage.submits(alice)).includes('That is not it'));
  await stage.fills(alice, 'confirmation', 'cn-north-4_vision');
  holds('the request has its number', (await stage.submits(alice)).includes('R-000004'));
  await stage.clicks(carol, 'R-000004', 'requested', 'approve');
  stage.says('the card', visibleText(await stage.card('R-000004', 'succeeded')));
  holds('nobody is authorized any more', authorizationsIn(stage, 'cn-north-4_vision').length === 0);
  await stage.audit('R-000004 succeeded');
};

/**
 * The whole story, from a slash command to a proven result, for each kind.
 * @param tell gets the transcript, line by line
 * @param beat is waited for before each step, so that people can follow
 * @throws {StoryBroken} at the first thing that does not hold
 */
export const playStory = async (sandbox: Sandbox, tell: Tell, beat?: () => Promise<void>): Promise<void> => {
  const stage = createStage(sandbox, tell, beat);
  await profileChapter(stage);
  await assignmentChapter(stage);
  await oneModelartsUser(stage);
  await allModelartsUsers(stage);
  stage.chapter('The evidence');
  const facts = await verifyLedger(sandbox.config);
  stage.holds(`the ledger verifies: ${facts} facts`, facts > 20);
};
