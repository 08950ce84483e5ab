import { membersWords } from '../domain/approval-words.ts';
import { named } from '../domain/decide.ts';
import type { Fact, FactOf, Grant, Member } from '../domain/facts.ts';
import type { State } from '../domain/state.ts';
import { endsForSlack, oneLine } from '../domain/text.ts';
import { utc } from './blocks.ts';
import { limits } from './limits.ts';

/** How a state is called on cards and in lists. */
export const stateWords: Readonly<Record<State, string>> = {
  requested: 'waiting for approval',
  approved: 'approved',
  executing: 'executing',
  verifying: 'verifying',
  unverified: 'unverified: not proven in time',
  denied: 'denied',
  cancelled: 'cancelled',
  expired: 'expired',
  succeeded: 'succeeded: proven gone',
  failed: 'failed',
  partly_failed: 'partly failed',
  halted: 'halted',
};

/** Where a request stands, and whether what was proven gone is there again by the last reading since. */
export const standingWords = (state: State, isBack: boolean): string =>
  `${stateWords[state]}${isBack ? ', but it came back' : ''}`;

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** How many others have to approve: each is somebody else. */
export const approvalsOfOthers = (count: number): string =>
  `${plural(count, 'approval')} by ${count === 1 ? 'another person' : 'other people'}`;

/** About how long, in words. */
const lasting = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return plural(seconds, 'second');
  if (seconds < 2 * 3_600) return plural(Math.round(seconds / 60), 'minute');
  return seconds < 3 * 86_400
    ? plural(Math.round(seconds / 3_600), 'hour')
    : plural(Math.round(seconds / 86_400), 'day');
};

/** Of a grant in a sentence: ten of them leave room for what else has to be said. */
const mostOfGrant = 150;

/** The first of the grants, and how many there are besides. */
export const few = (grants: readonly Grant[], most = 10): string => {
  const shown = grants.slice(0, most).map((grant) => endsForSlack(grant.words, mostOfGrant));
  const rest = grants.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
};

/** The ids by which the cloud's own records can be searched. */
export const cloudIds = (outcome: FactOf<'step_outcome'>): string =>
  [
    ...(outcome.status === undefined ? [] : [`HTTP ${outcome.status}`]),
    ...(outcome.code === undefined ? [] : [outcome.code]),
    ...(outcome.cloudRequest === undefined ? [] : [`cloud request ${outcome.cloudRequest}`]),
    ...(outcome.job === undefined ? [] : [`deletion ${outcome.job}`]),
  ].join(', ');

/**
 * The reason stands last, and names are cut one by one: where the whole is cut, nobody may have written out of it what goes
 * and who is needed.
 */
const requestedLines = (fact: FactOf<'requested'>): string[] => [
  `${named(fact.by)} asked: ${endsForSlack(fact.impact.title, limits.title)}.`,
  ...(fact.incident === undefined ? [] : [`Incident: ${fact.incident}`]),
  ...(fact.retries === undefined ? [] : [`Retries ${fact.retries}: takes what is still there.`]),
  `${plural(fact.impact.grants.length, 'grant')}: ${few(fact.impact.grants)}.`,
  fact.approvals === 0
    ? 'No second approver is needed.'
    : `Needs ${plural(fact.approvals, 'approval')} by ${utc(fact.approveBefore)}, because ${fact.because.join('; ')}.${membersWords(fact)}`,
  `Reason: ${fact.reason}`,
];

const outcomeWords = (fact: FactOf<'step_outcome'>): string => {
  const ids = cloudIds(fact);
  const said = {
    accepted: 'The cloud accepted the call',
    refused: 'The cloud did not accept the call',
    unknown: 'Whether the cloud accepted the call is unknown; reading will tell',
  }[fact.outcome];
  const where = ids === '' ? '' : ` (${ids})`;
  const message = fact.message === undefined ? '' : `: ${fact.message}`;
  return `${said}${where}${message}.`.replace(/\.\.$/, '.');
};

const proofWords = (fact: FactOf<'proof'>): string =>
  fact.by === undefined ? resultWords(fact) : `${named(fact.by)} checked again. ${resultWords(fact)}`;

/** What was read of grants that are not gone, where it was. */
const presentWords = ({ remaining, unread }: FactOf<'proof'>): string => {
  const count = plural(remaining.length, 'approved grant');
  const verb = remaining.length === 1 ? 'counts' : 'count';
  return unread
    ? `Not read back, because the cloud could not be asked: ${count} ${verb} as still there.`
    : `Read back: ${count} still there.`;
};

const resultWords = (fact: FactOf<'proof'>): string => {
  const since = fact.since.length === 0 ? '' : ` New since the approval, not part of it: ${few(fact.since)}.`;
  switch (fact.result) {
    case 'gone':
      return `Read back to the last page: none of the approved grants of this step is listed.${since}`;
    case 'present':
      return `${presentWords(fact)}${since} ${fact.words ?? ''}`.trim();
    case 'late':
      return `Not proven in time: ${plural(fact.remaining.length, 'approved grant')} still listed or unread.${since} ${fact.words ?? ''}`.trim();
    default:
      return fact.result satisfies never;
  }
};

const memberNames = (members: readonly Member[]): string => {
  const shown = members
    .slice(0, 20)
    .map(({ user, name }) => (name === undefined ? user : named({ user, name })));
  const rest = members.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
};

const groupWords = ({ group, name, first, added, removed }: FactOf<'group_changed'>): string => {
  const which = `The user group ${name === undefined ? group : `${name} (${group})`}`;
  if (first) {
    return added.length === 0
      ? `${which} has no members.`
      : `${which} has ${plural(added.length, 'member')}: ${memberNames(added)}.`;
  }
  const came = added.length === 0 ? '' : ` Came in: ${memberNames(added)}.`;
  const left = removed.length === 0 ? '' : ` Went out: ${memberNames(removed)}.`;
  return `${which} has changed.${came}${left}`;
};

/** `decided` is on record also where Slack refused to change the message. */
const noticeWords: Readonly<Record<FactOf<'notified'>['why'], string>> = {
  asked: 'was told of it',
  reminded: 'was reminded of it',
  escalated: 'was told of it, because it was not decided yet',
  decided: 'need not decide any more',
  denied: 'was told that it was denied',
  outcome: 'was told what became of it',
};

const wordsOf = (fact: Fact): string => {
  switch (fact.fact) {
    case 'requested':
      return requestedLines(fact).map(oneLine).join('\n');
    case 'approved':
      return fact.by === undefined
        ? `Approved by rule. ${fact.rule ?? ''}`.trim()
        : `${named(fact.by)} approved.`;
    case 'approval_void':
      return `Approval void: ${fact.words}`;
    case 'denied':
      return `${named(fact.by)} denied: ${fact.reason}`;
    case 'cancelled':
      return `${named(fact.by)} cancelled it.`;
    case 'expired':
      return `Expired: ${fact.words}`;
    case 'impact_grew':
      return `Since it was asked, ${plural(fact.added.length, 'grant')} came on top: ${few(fact.added)}.`;
    case 'halted':
      return `Halted: ${fact.words}`;
    case 'step_started':
      return fact.attempt === 1
        ? `Calling the cloud: ${fact.words}.`
        : `Calling the cloud again (start ${fact.attempt}), because reading showed the access still there: ${fact.words}.`;
    case 'step_outcome':
      return outcomeWords(fact);
    case 'proof':
      return proofWords(fact);
    case 'succeeded':
      return `Succeeded. ${fact.words}`;
    case 'unverified':
      return `Unverified. ${fact.words}`;
    case 'partly_failed':
      return `Partly failed. ${fact.words}`;
    case 'failed':
      return `Failed. ${fact.words}`;
    case 'stayed_gone':
      return `Still gone: read again ${lasting(fact.after)} after the success, to the last page; none of the approved grants is listed.`;
    case 'came_back':
      return `Came back: ${plural(fact.grants.length, 'grant')} that had been proven gone ${fact.grants.length === 1 ? 'is' : 'are'} listed again: ${few(fact.grants)}.`;
    case 'refused':
      return `${named(fact.by)} tried "${fact.tried}" and was refused (${fact.code}): ${fact.words}`;
    case 'refusals_counted':
      return `${named(fact)} tried "${fact.tried}" ${plural(fact.count, 'more time')} and was refused (${fact.code}).`;
    case 'started':
      return `Portcullis ${fact.version} started, policy ${fact.policy}${fact.approvers ? `, approvers ${fact.approvers.join(', ')}` : ''}.`;
    case 'group_changed':
      return groupWords(fact);
    case 'policy_changed':
      return `Policy ${fact.policy} is in force. ${fact.changes.join('; ')}.`;
    case 'stopped':
      return `Portcullis stopped: ${fact.words}`;
    case 'anchor':
      return `Anchor: ${fact.words}`;
    case 'recovered':
      return `Recovered: ${fact.words}`;
    case 'key_rejected':
      return `Access key rejected: ${fact.words}`;
    case 'key_accepted':
      return `Access key accepted: ${fact.words}`;
    case 'notified':
      return `${fact.user} ${noticeWords[fact.why]}.`;
    case 'card_posted':
      return `The card was posted in ${fact.channel}.`;
    case 'cursor':
      return `Cursor ${fact.name} at ${fact.at}.`;
    default:
      return fact satisfies never;
  }
};

/**
 * The one table from a fact to the sentence that people read, in thread, audit channel and `show`. Its line breaks
 * are ours: with those of a reason or a name, somebody could write lines that look like further facts.
 */
export const sentenceOf = (fact: Fact): string =>
  fact.fact === 'requested' ? wordsOf(fact) : oneLine(wordsOf(fact));
