import type { LedgerRecord } from '../../../src/domain/facts.ts';
import type { PendingCall } from '../../../src/sandbox/cloud/switches.ts';
import type { ApiCall } from '../../../src/sandbox/slack/core.ts';
import { SEED } from '../../../src/sandbox/slack/seed.ts';

/** Calls of Slack that change nothing anybody could see. */
const readsOfSlack = [
  'auth.test',
  'apps.connections.open',
  'users.info',
  'usergroups.list',
  'usergroups.users.list',
  'conversations.info',
  'conversations.members',
  'chat.getPermalink',
  'files.getUploadURLExternal',
];

const isCard = (channel: unknown) => channel === SEED.channels.incident;

/** What a call of the Web API does, by the name of its point; undefined when it only reads. */
export const postOf = ({ method, args }: Pick<ApiCall, 'method' | 'args'>): string | undefined => {
  if (readsOfSlack.includes(method)) return undefined;
  switch (method) {
    case 'chat.postMessage':
      if (args.thread_ts !== undefined) return 'post in thread';
      if (args.channel === SEED.channels.audit) return 'post audit';
      return isCard(args.channel) ? 'post card' : 'post notice';
    case 'chat.update':
      return isCard(args.channel) ? 'update card' : 'update notice';
    case 'chat.delete':
      return 'remove notice';
    case 'files.completeUploadExternal':
      return 'share files';
    case 'views.open':
      return 'open view';
    case 'views.update':
      return 'update view';
    case 'response_url':
      return 'answer click';
    default:
      return method;
  }
};

/** How far a request has come decides what a read is for. */
const purposes = [
  ['succeeded', 'once more'],
  ['step_started', 'for the proof'],
  ['approved', 'before the start'],
  ['requested', 'before the approval'],
] as const;

/** What a call of the cloud is for, by the name of its point. */
export const callOf = (
  { service, operation, effect }: PendingCall,
  journal: readonly LedgerRecord[],
): string | undefined => {
  if (effect === 'change') return `call ${operation}`;
  const has = (word: string) => journal.some(({ fact }) => fact.fact === word);
  const purpose = purposes.find(([word]) => has(word))?.[1];
  if (purpose === undefined) return 'look up for the review';
  // What every start looks up for whoever may ask next, whatever else goes on.
  if (service !== 'identitycenter' || operation === 'ListInstances') return undefined;
  return `read ${purpose}`;
};
