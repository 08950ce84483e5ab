import { expect } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { Call } from '../../src/sandbox/cloud/call-log.ts';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import type { Assignment } from '../../src/sandbox/cloud/organisation.ts';
import type { FaultAct } from '../../src/sandbox/cloud/switches.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { LocalSlack } from '../../src/sandbox/slack/local-slack.ts';
import type { Persona } from '../../src/sandbox/slack/persona.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import type { StoredMessage } from '../../src/sandbox/slack/workspace.ts';
import { createStage, type Stage } from '../../src/sandbox/stage.ts';
import { type Logged, openSandbox } from './sandbox.ts';

/** A sandbox with its people, and the steps that the stories of these tests share. */
export interface Story {
  readonly sandbox: Sandbox & Logged;
  readonly stage: Stage;
  readonly slack: LocalSlack;
  readonly cloud: LocalCloud;
  /** Asks, does not approve. */
  readonly alice: Persona;
  /** Asks and approves. */
  readonly bob: Persona;
  /** Approves, does not ask. */
  readonly carol: Persona;
}

interface StoryOptions {
  readonly transport?: 'socket' | 'http';
  readonly adjust?: (config: Config) => Config;
  /** Changes the local Slack before the bot is started. */
  readonly prepare?: (slack: LocalSlack) => void;
}

/** Lets somebody into a user group. */
export const letIn =
  (group: string, user: string) =>
  ({ workspace }: LocalSlack): void => {
    workspace.userGroups.get(group)?.users.push(user);
  };

/** As many revocations by rule as a test likes, and reads that follow quickly. */
const patient = (config: Config): Config => ({
  ...config,
  policy: { ...config.policy, unapprovedLimit: 1000 },
  patience: { ...config.patience, pollInterval: 5 },
});

/** The people and the steps of a story in a sandbox that runs. */
export const storyIn = (sandbox: Sandbox & Logged): Story => {
  const { slack, cloud } = sandbox;
  return {
    sandbox,
    stage: createStage(sandbox, () => undefined),
    slack,
    cloud,
    alice: slack.as(SEED.users.alice),
    bob: slack.as(SEED.users.bob),
    carol: slack.as(SEED.users.carol),
  };
};

/** Plays a story in a sandbox of its own, and closes it whatever happens. */
export const inStory = async (
  play: (story: Story) => Promise<void>,
  { transport = 'socket', adjust = (config) => config, prepare }: StoryOptions = {},
): Promise<void> => {
  const sandbox = await openSandbox(transport, (config) => adjust(patient(config)), prepare);
  try {
    sandbox.cloud.switches.deletionDelayMs = 20;
    await play(storyIn(sandbox));
  } finally {
    await sandbox.close();
  }
};

/** The next calls of this operation go wrong like this. */
export const failing = (cloud: LocalCloud, operation: string, act: FaultAct, times = 1): void => {
  cloud.switches.faults.push({ match: (call) => call.operation === operation, times, act });
};

/** An answer of Identity Center that is no 200. */
export const refusal = (status: number, code: string, message: string): FaultAct => ({
  kind: 'status',
  status,
  body: { error_code: code, error_msg: message },
});

export const changesOf = (cloud: LocalCloud, operation: string): readonly Call[] =>
  cloud.calls.changes().filter((call) => call.operation === operation);

const only = <T>(found: T | undefined, what: string): T => {
  if (found === undefined) throw new Error(`There is no ${what}`);
  return found;
};

export const userId = ({ organisation }: LocalCloud, userName: string): string =>
  only(
    organisation.users.find((user) => user.user_name === userName),
    `user ${userName}`,
  ).user_id;

/** The user's own assignments as the cloud has them now. */
export const grantsOf = (cloud: LocalCloud, userName: string): readonly Assignment[] => {
  const id = userId(cloud, userName);
  return cloud.organisation.assignments.filter(
    (row) => row.principal_type === 'USER' && row.principal_id === id,
  );
};

/** Gives a user one more permission set on one more account. */
export const addGrant = (cloud: LocalCloud, userName: string, account: string, set: string): Assignment => {
  const { accounts, permissionSets, assignments } = cloud.organisation;
  const row: Assignment = {
    principal_type: 'USER',
    principal_id: userId(cloud, userName),
    account_id: only(
      accounts.find(({ name }) => name === account),
      account,
    ).id,
    permission_set_id: only(
      permissionSets.find(({ name }) => name === set),
      set,
    ).permission_set_id,
  };
  assignments.push(row);
  return row;
};

export const authorizationsIn = (cloud: LocalCloud, project: string) => {
  const { projects, authorizations } = cloud.organisation;
  const id = projects.find(({ name }) => name === project)?.id;
  return authorizations.filter((row) => row.project_id === id);
};

/** The text of the open view, once it contains the words. */
export const viewSays = ({ slack }: Story, who: Persona, words: string): Promise<string> =>
  slack.until(
    `a view with "${words}"`,
    () => {
      const text = visibleText(who.view() ?? { blocks: [] });
      return text.includes(words) ? text : undefined;
    },
    15_000,
  );

/** Nothing was asked for, and nothing was called. */
export const expectNoRequest = (story: Story): void => {
  expect(story.cloud.calls.changes()).toEqual([]);
  const cards = story.slack.channel(story.stage.incident).posts.filter((post) => post.text.startsWith('R-'));
  expect(cards).toEqual([]);
};

const numberIn = (words: string): string => only(/R-\d{6}/.exec(words)?.[0], `request number in: ${words}`);

/** Reviews and submits the form that is open; resolves with the request's number. */
const submitForm = async ({ stage }: Story, who: Persona, kind: string): Promise<string> => {
  await stage.reviews(who, kind);
  return numberIn(await stage.submits(who));
};

/** From `/revoke-profile` to a request that waits for its approval. */
export const askProfile = async (story: Story, userName = 'mallory.finch', who = story.alice) => {
  await story.stage.types(who, `/revoke-profile ${userName} INC-7 "Laptop stolen"`);
  await story.stage.view(who, 'profile');
  return submitForm(story, who, 'profile');
};

/** The form of `/revoke-assignment`, filled in for one grant. */
export const fillAssignment = async ({ stage, alice }: Story, userName: string, words: [string, string]) => {
  await stage.types(alice, `/revoke-assignment ${userName} INC-7 "Contract has ended"`);
  await stage.view(alice, 'account-assignment');
  await stage.picks(alice, 'account', words[0], words[0]);
  await stage.picks(alice, 'permission_set', words[1], words[1]);
};

/** From `/revoke-assignment` to a request that is executed by rule. */
export const askAssignment = async (story: Story): Promise<string> => {
  await fillAssignment(story, 'trent.osei', ['prod-storefront', 'PowerUser']);
  return submitForm(story, story.alice, 'account-assignment');
};

/** From `/revoke-modelarts` for one user to a request that is executed by rule. */
export const askModelarts = async (story: Story, project: string, userName: string): Promise<string> => {
  const { stage, alice } = story;
  await stage.types(alice, `/revoke-modelarts ${project} ${userName} INC-7 "Agency was misused"`);
  await stage.view(alice, 'modelarts-authorization');
  return submitForm(story, alice, 'modelarts-authorization');
};

/** From `/revoke-modelarts` for all users to a request that waits for its approval. */
export const askModelartsForAll = async (story: Story, project: string): Promise<string> => {
  const { stage, alice } = story;
  await stage.types(alice, `/revoke-modelarts ${project} INC-7 "The project is compromised"`);
  await stage.view(alice, 'modelarts-authorization');
  await stage.fills(alice, 'scope', 'all-users');
  await stage.reviews(alice, 'modelarts-authorization');
  await stage.fills(alice, 'confirmation', project);
  return numberIn(await stage.submits(alice));
};

export const approves = ({ stage }: Story, who: Persona, id: string): Promise<string> =>
  stage.clicks(who, id, 'requested', 'approve');

/** What people read of a request once it has ended. */
export interface Told {
  /** Text and blocks of the card. */
  readonly card: string;
  readonly thread: string;
  /** The audit posts that name the request. */
  readonly audit: string;
}

export const textOf = (message: StoredMessage): string => `${message.text}\n${visibleText(message)}`;

/** Waits until the card, the thread and the audit channel all say that the request has ended like this. */
export const toldEnd = async ({ stage, slack }: Story, id: string, state: string): Promise<Told> => {
  const card = textOf(await stage.card(id, state));
  const word = state.replaceAll('_', ' ');
  const sentence = `${word.charAt(0).toUpperCase()}${word.slice(1)}.`;
  const thread = await stage.thread(id, sentence);
  await stage.audit(`${id} ${state}`);
  const audit = slack
    .channel(SEED.channels.audit)
    .messages.map(textOf)
    .filter((text) => text.includes(id))
    .join('\n');
  return { card, thread, audit };
};
