import { expect, it } from 'vitest';
import { Export } from '../../src/domain/report.ts';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import type { StoredMessage } from '../../src/sandbox/slack/workspace.ts';
import {
  addGrant,
  approves,
  askAssignment,
  askProfile,
  failing,
  grantsOf,
  inStory,
  letIn,
  refusal,
  type Story,
  toldEnd,
} from '../support/e2e.ts';

/** Gives a user every permission set on every account, which is more than a card can show. */
const giveEverything = (cloud: LocalCloud, userName: string): number => {
  const { accounts, permissionSets } = cloud.organisation;
  const before = new Set(
    grantsOf(cloud, userName).map((row) => `${row.account_id} ${row.permission_set_id}`),
  );
  for (const account of accounts) {
    for (const set of permissionSets) {
      const isNew = !before.has(`${account.id} ${set.permission_set_id}`);
      if (isNew) addGrant(cloud, userName, account.name, set.name);
    }
  }
  return grantsOf(cloud, userName).length;
};

/** The text of a file that stands on one of these messages, once it does. */
const fileOn = ({ slack }: Story, messages: () => readonly StoredMessage[], name: string): Promise<string> =>
  slack.until(
    `the file ${name}`,
    () =>
      messages()
        .flatMap(({ files }) => files.flatMap((id) => slack.workspace.files.get(id) ?? []))
        .find((file) => file.name === name && file.completed)
        ?.content?.toString('utf8'),
    15_000,
  );

const threadOf = ({ slack, stage }: Story, id: string): StoredMessage[] => {
  const channel = slack.channel(stage.incident);
  const card = channel.posts.find((post) => post.text.startsWith(`${id} `));
  return card === undefined ? [] : channel.thread(card.ts);
};

const evidenceOf = (story: Story, id: string): Promise<string> =>
  story.slack.until(
    `the evidence of ${id}`,
    () =>
      threadOf(story, id)
        .map(visibleText)
        .find((text) => text.includes(`${id} · evidence`)),
    15_000,
  );

const linesOf = (csv: string): readonly string[] => csv.split('\r\n').filter((line) => line !== '');

it('many grants: the whole list in the thread, evidence at the end, found by a search, exported as files', () =>
  inStory(
    async (story) => {
      const { cloud, stage, slack, alice, bob } = story;
      const mallory = slack.as(SEED.users.mallory);
      const count = giveEverything(cloud, 'mallory.finch');
      expect(count).toBeGreaterThan(20);
      const id = await askProfile(story);
      const list = await fileOn(story, () => threadOf(story, id), `${id}-grants.csv`);
      expect(linesOf(list)).toHaveLength(count + 1);

      await stage.types(mallory, '/revocations search Mallory');
      await stage.hears(mallory, 'No revocations here.');
      await stage.types(mallory, '/revocations export INC-7');
      await stage.hears(mallory, 'There is no request or incident "INC-7"');
      await stage.types(mallory, `/revocations export ${id}`);
      await stage.hears(mallory, `There is no request or incident "${id}"`);

      await approves(story, bob, id);
      await toldEnd(story, id, 'succeeded');
      const evidence = await evidenceOf(story, id);
      for (const words of [
        `all ${count} grants are gone`,
        'Asked by: Alice',
        'Reason: Laptop stolen',
        'Incident: INC-7',
        'Approved by: Bob',
        `Removed, proven gone: ${count} grants`,
      ]) {
        expect(evidence).toContain(words);
      }
      expect(evidence).toMatch(/cloud request \S+/);
      expect(evidence).toMatch(/Ledger \d+:[0-9a-f]{64}/);
      expect(evidence).toMatch(/\/revoke-sessions mallory\.finch INC-7 "Laptop stolen"/);
      const results = await fileOn(story, () => threadOf(story, id), `${id}-results.csv`);
      expect(linesOf(results).filter((line) => line.includes('"gone"'))).toHaveLength(count);

      await stage.types(alice, '/revocations search LAPTOP');
      await stage.hears(alice, 'No revocations here.');
      await stage.types(alice, '/revocations search mallory FINCH');
      await stage.hears(alice, `${id} · succeeded`);
      await stage.types(mallory, '/revocations search mallory');
      await stage.hears(mallory, `${id} · succeeded`);

      await stage.types(alice, '/revocations export inc-7');
      await stage.hears(alice, 'The export of INC-7 is in your direct messages with me: 1 request.');
      const json = await fileOn(story, () => alice.dms(), 'INC-7.json');
      const whole = Export.parse(JSON.parse(json));
      expect(whole).toMatchObject({ of: 'INC-7', more: false });
      expect(whole.requests[0]?.grants).toHaveLength(count);
      expect(whole.requests[0]).toMatchObject({ id, state: 'succeeded', askedBy: { user: alice.user.id } });
      const markdown = await fileOn(story, () => alice.dms(), 'INC-7.md');
      expect(markdown).toContain(`## ${id}: succeeded`);
      for (const secret of [SEED.botToken, SEED.appToken, slack.signingSecret]) {
        expect(json + markdown + list + results).not.toContain(secret);
      }
      expect(threadOf(story, id).filter(({ files }) => files.length > 0)).toHaveLength(2);
      expect(slack.calls.filter((call) => !call.ok)).toEqual([]);
      expect(slack.troubles).toEqual([]);
    },
    { prepare: letIn(SEED.groups.responders, SEED.users.mallory) },
  ));

it('few grants: everything is in the one message, and it says what the cloud refused with what code', () =>
  inStory(async (story) => {
    const { cloud } = story;
    failing(cloud, 'DeleteAccountAssignment', refusal(403, 'PAP5.0030', 'No right to do this.'), 1_000);
    const id = await askAssignment(story);
    await toldEnd(story, id, 'failed');
    const evidence = await evidenceOf(story, id);
    expect(evidence).toContain('Still there: 1 grant\n');
    expect(evidence).toMatch(/refused, HTTP 403, PAP5\.0030, cloud request \S+, .*No right to do this/);
    expect(threadOf(story, id).flatMap(({ files }) => files)).toEqual([]);
  }));

it('a part that failed: of each grant whether it is gone, or with what the cloud refused it', () =>
  inStory(async (story) => {
    const { cloud, stage, alice } = story;
    const { sessions, users } = cloud.organisation;
    const mallory = users.find(({ user_name }) => user_name === 'mallory.finch')?.user_id;
    const [like] = sessions.filter(({ user_id }) => user_id === mallory);
    if (like === undefined) throw new Error('The seed has no session of Mallory');
    const own = () => sessions.filter(({ user_id }) => user_id === mallory);
    for (let n = own().length; n < 12; n += 1) sessions.push({ ...like, session_id: `session-${n}` });
    failing(cloud, 'BatchDeleteSessions', refusal(403, 'IIS.403', 'No right to do this.'));
    await stage.types(alice, '/revoke-sessions mallory.finch INC-7 "Laptop stolen"');
    await stage.view(alice, 'portal-sessions');
    await stage.reviews(alice, 'portal-sessions');
    await stage.submits(alice);
    await toldEnd(story, 'R-000001', 'partly_failed');
    const evidence = await evidenceOf(story, 'R-000001');
    expect(own()).toHaveLength(10);
    expect(evidence).toContain('Removed, proven gone: 2 grants\n');
    expect(evidence).toContain('Still there: 10 grants\n');
    for (const { session_id } of own()) {
      expect(evidence).toMatch(
        new RegExp(`${session_id}.*\\(refused, HTTP 403, IIS\\.403, cloud request \\S+, .*No right`),
      );
    }
  }));

it('a restart of the bot repeats neither the list nor the evidence', () =>
  inStory(async (story) => {
    const { cloud, sandbox, bob, stage } = story;
    giveEverything(cloud, 'mallory.finch');
    const id = await askProfile(story);
    await fileOn(story, () => threadOf(story, id), `${id}-grants.csv`);
    await sandbox.stopBot();
    await sandbox.startBot();
    await approves(story, bob, id);
    await toldEnd(story, id, 'succeeded');
    await fileOn(story, () => threadOf(story, id), `${id}-results.csv`);
    await sandbox.stopBot();
    await sandbox.startBot();
    await stage.audit('Portcullis 0.0.0-test started');
    const thread = threadOf(story, id);
    expect(thread.filter(({ files }) => files.length > 0)).toHaveLength(2);
    expect(thread.filter((message) => visibleText(message).includes('· evidence'))).toHaveLength(1);
  }));

it('asks which one is meant where show or export name none', () =>
  inStory(async ({ stage, alice }) => {
    for (const verb of ['show', 'export']) {
      await stage.types(alice, `/revocations ${verb}`);
      expect(await stage.hears(alice, `/revocations ${verb} R-000001`)).toContain('Please say which one');
    }
  }));
