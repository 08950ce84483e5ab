import { describe, expect, it } from 'vitest';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import type { FaultAct } from '../../src/sandbox/cloud/switches.ts';
import {
  addGrant,
  approves,
  askAssignment,
  askModelarts,
  askProfile,
  changesOf,
  expectNoRequest,
  failing,
  fillAssignment,
  grantsOf,
  inStory,
  refusal,
  type Story,
  type Told,
  toldEnd,
  viewSays,
} from '../support/e2e.ts';

/** One of the two revocations of Identity Center, from the command to the recorded approval. */
interface Revocation {
  readonly name: string;
  /** The changing call. */
  readonly operation: string;
  readonly action: string;
  readonly userName: string;
  readonly begin: (story: Story) => Promise<string>;
  /** How many of the user's grants are to go. */
  readonly goes: number;
}

const profile: Revocation = {
  name: 'an approved /revoke-profile',
  operation: 'DisassociateProfile',
  action: 'IdentityCenter:accountAssignment:disassociationProfile',
  userName: 'mallory.finch',
  begin: async (story) => {
    const id = await askProfile(story);
    await approves(story, story.bob, id);
    return id;
  },
  goes: 5,
};

const assignment: Revocation = {
  name: 'a /revoke-assignment by rule',
  operation: 'DeleteAccountAssignment',
  action: 'IdentityCenter:accountAssignment:delete',
  userName: 'trent.osei',
  begin: askAssignment,
  goes: 1,
};

interface Row {
  readonly fault: string;
  readonly plan: (cloud: LocalCloud, revocation: Revocation) => void;
  readonly state: 'succeeded' | 'failed';
  /** Changing calls that the cloud saw, and those of them that it acted on. */
  readonly calls: number;
  readonly acted: number;
  /** Words on the card besides its state; `REQUEST` stands for the last call's request id. */
  readonly card?: readonly string[];
  /** Words in the thread and in the audit channel. */
  readonly told: readonly string[];
  /** Words that would not be true. */
  readonly never?: readonly string[];
}

const plan =
  (act: FaultAct, times = 1) =>
  (cloud: LocalCloud, { operation }: Revocation): void =>
    failing(cloud, operation, act, times);

const startedAgain = 'Calling the cloud again (start 2), because reading showed the access still there';
const unknown = 'Whether the cloud accepted the call is unknown; reading will tell';
const refused = 'The cloud did not accept the call';

const rows: readonly Row[] = [
  {
    fault: 'is answered 400',
    plan: plan(refusal(400, 'IIC.400', 'Bad Request: id.')),
    state: 'failed',
    calls: 1,
    acted: 0,
    card: ['HTTP 400', 'IIC.400', 'REQUEST', 'Bad Request: id.'],
    told: [refused, 'HTTP 400, IIC.400, cloud request REQUEST', 'Bad Request: id.'],
    never: ['unknown', 'Succeeded'],
  },
  {
    fault: 'is forbidden by 403',
    plan: ({ switches }, { action }) => void switches.deniedActions.add(action),
    state: 'failed',
    calls: 1,
    acted: 0,
    card: ['HTTP 403', 'IIC.1000', 'REQUEST', 'No permission for action'],
    told: [refused, 'HTTP 403, IIC.1000, cloud request REQUEST', 'No permission for action'],
    never: ['ENCODED', 'encoded_authorization_message', 'unknown'],
  },
  {
    fault: 'is answered 404 although the access is there',
    plan: plan(refusal(404, 'IIC.404', 'Not Found: assignment.')),
    state: 'failed',
    calls: 1,
    acted: 0,
    card: ['HTTP 404', 'IIC.404', 'REQUEST'],
    told: [refused, 'HTTP 404, IIC.404, cloud request REQUEST', 'still there'],
    never: ['Already gone', 'Succeeded'],
  },
  {
    fault: 'meets a concurrency conflict (409, 1006) twice',
    plan: plan(refusal(409, 'IIC.1006', 'Concurrency conflicts. Try again later.'), 2),
    state: 'succeeded',
    calls: 3,
    acted: 1,
    card: ['HTTP 200', 'REQUEST'],
    told: ['The cloud accepted the call', 'REQUEST'],
    never: [refused, unknown],
  },
  {
    fault: 'meets a concurrency conflict (409, 1006) for longer than the client repeats it',
    plan: plan(refusal(409, 'IIC.1006', 'Concurrency conflicts. Try again later.'), 5),
    state: 'succeeded',
    calls: 6,
    acted: 1,
    told: [refused, 'HTTP 409, IIC.1006', startedAgain, 'The cloud accepted the call'],
    never: [unknown],
  },
  {
    fault: 'meets a conflict that does not pass (409, 1204)',
    plan: plan(refusal(409, 'IIC.1204', 'The permission set exists.')),
    state: 'failed',
    calls: 1,
    acted: 0,
    card: ['HTTP 409', 'IIC.1204', 'REQUEST'],
    told: [refused, 'HTTP 409, IIC.1204, cloud request REQUEST'],
  },
  {
    fault: 'fails to change the data (409, 1007) once',
    plan: plan(refusal(409, 'IIC.1007', 'Data modification failed.')),
    state: 'succeeded',
    calls: 2,
    acted: 1,
    told: [refused, 'HTTP 409, IIC.1007', startedAgain, 'The cloud accepted the call'],
  },
  {
    fault: 'is throttled by 429',
    plan: plan(refusal(429, 'APIGW.0308', 'The throttling threshold has been reached.')),
    state: 'succeeded',
    calls: 2,
    acted: 1,
    told: ['The cloud accepted the call'],
    never: [refused, unknown],
  },
  {
    fault: 'is answered 500 without having acted',
    plan: plan(refusal(500, 'IIC.1209', 'Bad Request: Organizations.')),
    state: 'succeeded',
    calls: 2,
    acted: 1,
    told: [unknown, 'HTTP 500, IIC.1209', startedAgain, 'The cloud accepted the call'],
  },
  {
    fault: 'is answered 500 every time',
    plan: plan(refusal(500, 'IIC.1209', 'Bad Request: Organizations.'), 99),
    state: 'failed',
    calls: 3,
    acted: 0,
    card: ['tried 3 times; none was confirmed', 'HTTP 500', 'IIC.1209', 'REQUEST'],
    told: [unknown, startedAgain, 'tried 3 times', 'still there'],
    never: ['no answer came', 'Succeeded'],
  },
  {
    fault: 'is cut off before the cloud has acted',
    plan: plan({ kind: 'cut-before' }),
    state: 'succeeded',
    calls: 2,
    acted: 1,
    told: [unknown, 'no whole answer came back', startedAgain],
  },
  {
    fault: 'loses its answer after the cloud has acted',
    plan: plan({ kind: 'cut-after' }),
    state: 'succeeded',
    calls: 1,
    acted: 1,
    told: [unknown, 'no whole answer came back', 'none of the approved grants of this step is listed'],
    never: ['again'],
  },
  {
    fault: 'is answered 200 with something else, having acted',
    plan: plan({ kind: 'garbage', acts: true }),
    state: 'succeeded',
    calls: 1,
    acted: 1,
    card: ['HTTP 200', 'REQUEST'],
    told: [unknown, 'in a form nobody agreed on', 'none of the approved grants of this step is listed'],
    never: ['again'],
  },
  {
    fault: 'is answered 200 with something else, not having acted',
    plan: plan({ kind: 'garbage' }),
    state: 'succeeded',
    calls: 2,
    acted: 1,
    told: [unknown, 'in a form nobody agreed on', startedAgain],
  },
];

const expectWords = (told: Told, row: Row, requestId: string): void => {
  const exact = (words: string) => words.replaceAll('REQUEST', requestId);
  for (const words of row.card ?? []) expect(told.card).toContain(exact(words));
  for (const words of row.told) {
    expect(told.thread).toContain(exact(words));
    expect(told.audit).toContain(exact(words));
  }
  for (const words of row.never ?? []) {
    for (const place of [told.card, told.thread, told.audit]) expect(place).not.toContain(words);
  }
};

describe.each([profile, assignment])('$name', (revocation) => {
  it.concurrent.each(rows)('ends $state and says what happened when its call $fault', (row) =>
    inStory(async (story) => {
      const { cloud } = story;
      const before = grantsOf(cloud, revocation.userName).length;
      row.plan(cloud, revocation);
      const id = await revocation.begin(story);
      const told = await toldEnd(story, id, row.state);
      const calls = changesOf(cloud, revocation.operation);
      expect(calls).toHaveLength(row.calls);
      expect(cloud.calls.changes()).toHaveLength(row.calls);
      expect(calls.filter((call) => call.acted)).toHaveLength(row.acted);
      expect(grantsOf(cloud, revocation.userName)).toHaveLength(before - row.acted * revocation.goes);
      expectWords(told, row, calls.at(-1)?.requestId ?? 'no request id');
      expect(story.slack.troubles).toEqual([]);
    }),
  );
});

it.concurrent('ends failed with the reason when the asynchronous deletion ends as FAILED', () =>
  inStory(async (story) => {
    const reason = 'The principal is being changed by somebody else.';
    story.cloud.switches.failDeletions = reason;
    const id = await askAssignment(story);
    const told = await toldEnd(story, id, 'failed');
    const job = story.cloud.organisation.deletions[0]?.request_id ?? 'no deletion';
    for (const place of [told.card, told.thread, told.audit]) {
      expect(place).toContain(`The deletion failed: ${reason}`);
      expect(place).toContain(`deletion ${job}`);
      expect(place).toContain('0 of 1 grants are proven gone, 1 not');
    }
    expect(changesOf(story.cloud, 'DeleteAccountAssignment')).toHaveLength(1);
  }));

it.concurrent('finds the running deletion of a call whose answer was lost, and tells its reason when it fails', () =>
  inStory(async (story) => {
    const { cloud } = story;
    // Long enough to be found while it runs, however slow this computer is.
    cloud.switches.deletionDelayMs = 2_000;
    cloud.switches.failDeletions = 'The account is being closed.';
    failing(cloud, 'DeleteAccountAssignment', { kind: 'cut-after' });
    const id = await askAssignment(story);
    const told = await toldEnd(story, id, 'failed');
    for (const place of [told.card, told.thread, told.audit]) {
      expect(place).toContain('The deletion failed: The account is being closed.');
    }
    expect(changesOf(cloud, 'DeleteAccountAssignment')).toHaveLength(1);
  }));

it.concurrent.each([
  ['a deletion that never ends', assignment],
  ['a profile whose grants stay listed', profile],
] as const)('calls %s unverified, not done, once the time for the proof is over', (_, revocation) =>
  inStory(
    async (story) => {
      const { cloud } = story;
      cloud.switches.deletionDelayMs = 3_600_000;
      cloud.switches.disassociateDelayMs = 3_600_000;
      const id = await revocation.begin(story);
      const told = await toldEnd(story, id, 'unverified');
      for (const place of [told.card, told.thread, told.audit]) {
        expect(place).toContain('Not proven in time.');
        expect(place).toContain('The cloud accepted it, but the access is still listed.');
        expect(place).not.toContain('Succeeded');
      }
      expect(changesOf(cloud, revocation.operation)).toHaveLength(1);
    },
    {
      adjust: (config) => ({ ...config, patience: { ...config.patience, verificationWindow: 300 } }),
    },
  ),
);

it.concurrent.each([
  [403, 'IIC.1000', 'No permission for action IdentityCenter:list.'],
  [404, 'IIC.404', 'Not Found: principal.'],
] as const)(
  'says unverified when the cloud cannot be read back (%d), and names what the reading met',
  (status, code, words) =>
    inStory(
      async (story) => {
        const { cloud } = story;
        // Long enough to be listed still, so that nothing but a listing could tell that it is gone.
        cloud.switches.disassociateDelayMs = 3_600_000;
        cloud.switches.faults.push({
          match: (call) =>
            call.operation === 'ListAccountAssignmentsForPrincipal' && cloud.calls.changes().length > 0,
          times: 99,
          act: refusal(status, code, words),
        });
        const id = await profile.begin(story);
        const told = await toldEnd(story, id, 'unverified');
        for (const place of [told.card, told.thread, told.audit]) {
          expect(place).toContain('The cloud could not be read back');
          expect(place).toContain(words);
        }
      },
      { adjust: (config) => ({ ...config, patience: { ...config.patience, verificationWindow: 300 } }) },
    ),
);

it.concurrent('shows what was added between the review and the call, and removes it too', () =>
  inStory(async (story) => {
    const { cloud, bob } = story;
    const id = await askProfile(story);
    addGrant(cloud, 'mallory.finch', 'network-hub', 'NetworkOperator');
    await approves(story, bob, id);
    const told = await toldEnd(story, id, 'succeeded');
    expect(grantsOf(cloud, 'mallory.finch')).toEqual([]);
    expect(told.card).toContain('New since it was asked');
    for (const place of [told.card, told.thread, told.audit]) {
      expect(place).toContain('NetworkOperator');
      expect(place).toContain('network-hub');
    }
    expect(told.thread).toContain('Since it was asked, 1 grant came on top');
    expect(told.audit).toContain(`${id} impact_grew`);
  }));

it.concurrent('waits out an outage between the approval and the call, and calls once', () =>
  inStory(async (story) => {
    const { cloud, bob } = story;
    const id = await askProfile(story);
    // As many as the client tries one read, and once more.
    failing(cloud, 'ListAccountAssignmentsForPrincipal', { kind: 'cut-before' }, 5);
    await approves(story, bob, id);
    const told = await toldEnd(story, id, 'succeeded');
    expect(story.sandbox.lines.some((line) => line.includes('cannot be begun yet'))).toBe(true);
    expect(told.thread).not.toContain('again');
    expect(cloud.calls.changes()).toHaveLength(1);
  }));

it.concurrent('ends failed without a call when reading is forbidden after the approval', () =>
  inStory(async (story) => {
    const { cloud, bob } = story;
    const id = await askProfile(story);
    cloud.switches.deniedActions.add('IdentityCenter:accountAssignmentForPrincipals:list');
    await approves(story, bob, id);
    const told = await toldEnd(story, id, 'failed');
    for (const place of [told.card, told.thread, told.audit]) {
      expect(place).toContain('It could not be begun');
      expect(place).toContain('Nothing was called');
      expect(place).not.toContain('ENCODED');
    }
    expect(cloud.calls.changes()).toEqual([]);
  }));

it.concurrent.each(['socket', 'http'] as const)(
  'says in the form why the cloud could not be read for a review, and makes no request (%s)',
  (transport) =>
    inStory(
      async (story) => {
        const { stage, cloud, alice } = story;
        await stage.types(alice, '/revoke-profile mallory.finch INC-7 "Laptop stolen"');
        await stage.view(alice, 'profile');
        cloud.switches.deniedActions.add('IdentityCenter:accountAssignmentForPrincipals:list');
        await alice.submit();
        const forbidden = await viewSays(story, alice, 'The cloud could not be read');
        expect(forbidden).toContain('HTTP 403');
        expect(forbidden).toContain('IdentityCenter:accountAssignmentForPrincipals:list');
        expect(forbidden).toContain('Nothing was done. Please try again.');
        expect(forbidden).not.toContain('ENCODED');
        expectNoRequest(story);

        cloud.switches.deniedActions.clear();
        cloud.switches.outage = true;
        await alice.submit();
        const out = await viewSays(story, alice, 'no whole answer came back');
        expect(out).toContain('Nothing was done. Please try again.');
        expectNoRequest(story);

        cloud.switches.outage = false;
        expect(await stage.reviews(alice, 'profile')).toContain('5 grants will be removed');
      },
      { transport },
    ),
);

it.concurrent('revokes for one ModelArts user although deleting says that the user has no authorization', () =>
  inStory(async (story) => {
    const { cloud } = story;
    failing(cloud, 'DeleteAuthorizations', refusal(404, 'ModelArts.0102', 'The resource does not exist.'));
    const id = await askModelarts(story, 'cn-north-4_vision', 'liu.yang');
    const told = await toldEnd(story, id, 'failed');
    expect(told.card).toContain('ModelArts.0102');
    expect(told.card).toContain('0 of 1 grants are proven gone, 1 not');
  }));

it.concurrent('shows the form again with what was chosen when an account cannot be read any more', () =>
  inStory(async (story) => {
    const { cloud, alice } = story;
    await fillAssignment(story, 'trent.osei', ['prod-storefront', 'PowerUser']);
    cloud.switches.deniedActions.add('IdentityCenter:accountAssignment:list');
    await alice.submit();
    const shown = await viewSays(story, alice, 'The cloud could not be read');
    expect(shown).toContain('IdentityCenter:accountAssignment:list');
    cloud.switches.deniedActions.clear();
    expect(await story.stage.reviews(alice, 'account-assignment')).toContain('1 grant will be removed');
    expectNoRequest(story);
  }));
