import { visibleText } from '../../slack/visible-text.ts';
import type { ShownCall, SlackScene } from '../../wire.ts';
import type { Where } from '../where.ts';

/** What the tour goes by: what anybody can see in the channels, and what the cloud was told. */
interface Evidence {
  readonly slack: SlackScene;
  readonly calls: readonly ShownCall[];
  readonly where: Where;
}

/** One thing to try. */
export interface Step {
  readonly title: string;
  /** What to do, in order. */
  readonly todo: readonly string[];
  /** What to notice. */
  readonly notice: string;
  /** Who does it, and where. */
  readonly as: string;
  readonly at: string;
  /** A line for the message field. */
  readonly line?: string;
  isDone(evidence: Evidence): boolean;
}

const wasCalled = (calls: readonly ShownCall[], operation: string): boolean =>
  calls.some((call) => call.operation === operation && call.status !== null && call.status < 300);

/** Whether some card says that it succeeded, and contains these words. */
const hasSucceeded = ({ places }: SlackScene, words: string): boolean =>
  places
    .flatMap(({ messages }) => messages)
    .some(
      ({ metadata, text }) =>
        metadata?.event_type === 'portcullis_request' &&
        metadata.event_payload.state === 'succeeded' &&
        text.includes(words),
    );

const auditSays = ({ places }: SlackScene, words: RegExp): boolean =>
  places
    .filter(({ name }) => name === 'security-audit')
    .flatMap(({ messages }) => messages)
    .some((message) => words.test(visibleText(message)));

/** The five steps of the tour. */
export const steps: readonly Step[] = [
  {
    title: 'Revoke one assignment',
    todo: [
      'As Alice, send the line below in #inc-042.',
      'In the form choose the account prod-storefront and the permission set PowerUser, then press Review.',
      'Read what will be lost and what remains, then press Revoke.',
    ],
    notice: 'Small revocations run by rule. The card says succeeded only after the cloud was read back.',
    as: 'alice',
    at: 'inc-042',
    line: '/revoke-assignment trent.osei INC-42 "Contract has ended"',
    isDone: ({ slack, calls }) =>
      wasCalled(calls, 'DeleteAccountAssignment') && hasSucceeded(slack, 'trent.osei'),
  },
  {
    title: 'Try to approve your own request',
    todo: [
      'As Alice, send the line below, press Review, then Request approval.',
      'On the card that appears, press Approve yourself.',
    ],
    notice:
      'Refused, in words only you can see. Nothing has been called; look at the log under Huawei Cloud.',
    as: 'alice',
    at: 'inc-042',
    line: '/revoke-profile mallory.finch INC-42 "Laptop stolen"',
    isDone: ({ slack }) => auditSays(slack, /R-\d{6} refused/),
  },
  {
    title: 'Approve as someone else',
    todo: [
      'Under Huawei Cloud choose the user mallory.finch, to see her grants go.',
      'Become Bob, here or in a second window, and press Approve on the same card.',
    ],
    notice: 'One call removes everything, and the proof is the empty listing afterwards.',
    as: 'bob',
    at: 'inc-042',
    isDone: ({ slack, calls }) =>
      wasCalled(calls, 'DisassociateProfile') && hasSucceeded(slack, 'mallory.finch'),
  },
  {
    title: 'Revoke for all users',
    todo: [
      'As Alice, send the line below. Under Whose authorization choose All users, give a reason, and press Review.',
      'Type the name of the project as confirmation, and request the approval.',
      'Become Carol and approve.',
    ],
    notice: 'The widest revocation wants the most: a typed confirmation and a second person.',
    as: 'alice',
    at: 'inc-042',
    line: '/revoke-modelarts vision INC-42',
    isDone: ({ slack, calls }) =>
      wasCalled(calls, 'DeleteAuthorizations') && hasSucceeded(slack, 'all users'),
  },
  {
    title: 'Read the evidence',
    todo: [
      'Open #security-audit: every fact stands there, with its place in the chain of the ledger.',
      'Open the thread of a finished card, or send the line below in #inc-042.',
    ],
    notice: 'Who asked, who approved, what was called, what the cloud answered, and what remains.',
    as: 'alice',
    at: 'security-audit',
    line: '/revocations show R-000002',
    isDone: ({ slack, where }) => where.at === 'security-audit' && auditSays(slack, /R-\d{6} succeeded/),
  },
];
